"""``csvdecode``: RFC 4180, as strictly as Terraform reads it."""

from __future__ import annotations

from dynavet.regexes import regex
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import MAX_ITEMS, limited

_BARE = regex(r"[^,\n]*")


def read_csv(text: str) -> list[dict[str, str]]:
    """A mapping for each row after the first, which names the columns."""
    rows = _rows(text)
    if not rows:
        raise EvaluationError("no row with the names of the columns")
    names = rows[0]
    if len(set(names)) < len(names):
        raise EvaluationError("two columns have one name")
    if any(len(row) != len(names) for row in rows):
        raise EvaluationError("a row with more or fewer columns than the first")
    limited(len(rows) * len(names), 10 * MAX_ITEMS)
    return [dict(zip(names, row, strict=True)) for row in rows[1:]]


def _rows(text: str) -> list[list[str]]:
    text = text.replace("\r\n", "\n")
    rows: list[list[str]] = []
    position = 0
    while position < len(text):
        if text[position] == "\n":
            position += 1
            continue
        row: list[str] = []
        more = True
        while more:
            cell, position, more = _cell(text, position)
            row.append(cell)
        rows.append(row)
    return rows


def _cell(text: str, position: int) -> tuple[str, int, bool]:
    """A cell, where the next begins, and whether it is of the same row."""
    if text.startswith('"', position):
        cell, position = _quoted(text, position + 1)
    else:
        match = _BARE.match(text, position)
        cell = match[0] if match is not None else ""
        position += len(cell)
        if '"' in cell:
            raise EvaluationError("a quote within a cell without quotes")
    if position < len(text) and text[position] not in ",\n":
        raise EvaluationError("text after a closing quote")
    return cell, position + 1, text[position : position + 1] == ","


def _quoted(text: str, position: int) -> tuple[str, int]:
    pieces = []
    while True:
        end = text.find('"', position)
        if end < 0:
            raise EvaluationError("a quote that is not closed")
        pieces.append(text[position:end])
        if not text.startswith('"', end + 1):
            return "".join(pieces), end + 1
        pieces.append('"')
        position = end + 2
