"""What a comment or an entry of metadata asks for, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dynavet.catalogue import UnknownRule, find
from dynavet.records import dataclass
from dynavet.regexes import regex

FIELDS = ("reason", "until", "evidence")
EXAMPLE = 'dynavet:ignore DDB101 reason="…"'
MAX_SHOWN = 80
"""Characters of what is not understood that a message shows."""

_MARK = regex(r"dynavet[\s:_-]*(?:ignore|skip|disable|suppress)\w*|checkov:skip\s*=", re.IGNORECASE)
_FIELD = regex(r"""([A-Za-z_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?:\s+|$)""")
_NAME = regex(r"(?<![A-Za-z_-])[A-Za-z_-]+\s*=")
_OURS = regex(r"DDB\w*", re.IGNORECASE)


class Malformed(Exception):
    """A request that cannot be understood or granted; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Rule ids, and what is said about them; `around`: for the whole block that the comment is inside of."""

    rules: tuple[str, ...]
    reason: str
    until: date | None = None
    evidence: tuple[str, ...] = ()
    around: bool = False


def in_comment(text: str) -> Iterator[Request | Malformed]:
    """Every request in the text of a comment."""
    marks = list(_MARK.finditer(text))
    if not marks:
        yield Malformed(f"{text.strip()[:MAX_SHOWN]!r} is not understood; write {EXAMPLE}")
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        words = text[mark.end() : end].strip()
        try:
            if mark[0].casefold().startswith("checkov"):
                if found := _checkov(words):
                    yield found
            elif mark[0] != "dynavet:ignore":
                raise Malformed(f"{mark[0]!r} is not understood; write {EXAMPLE}")
            else:
                yield _own(words)
        except Malformed as problem:
            yield problem


def in_metadata(entry: Any) -> Request | Malformed:
    """The request in an entry ``{id, reason, until, evidence}`` of metadata, as plain data."""
    try:
        return from_entry(entry)
    except Malformed as problem:
        return problem


def from_entry(entry: Any) -> Request:
    """The request in a mapping. Raises `Malformed`."""
    if not isinstance(entry, Mapping) or not entry:
        raise Malformed("expected a list of entries with id, reason and, if need be, until and evidence")
    for name in entry:
        if name not in ("id", *FIELDS):
            raise Malformed(f"{name} is not understood; did you mean {nearest(str(name), ('id', *FIELDS))}?")
    fields = {name: _text(name, entry[name]) for name in FIELDS if name in entry}
    return _request(_text("id", entry.get("id", "")), fields)


def nearest(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    return get_close_matches(word, known, 1, 0)[0]


def _text(name: str, value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | date) for item in items):
        raise Malformed(f"{name} is not text")
    return ",".join(str(item) for item in items)


def _own(words: str) -> Request:
    first = _NAME.search(words)
    ids = words[: first.start()] if first else words
    fields: dict[str, str] = {}
    at = len(ids)
    while at < len(words):
        found = _FIELD.match(words, at)
        if found is None:
            raise Malformed(f"{words[at : at + MAX_SHOWN]!r} is not understood; write {EXAMPLE}")
        name = found[1]
        if name not in FIELDS:
            raise Malformed(f"{name} is not understood; did you mean {nearest(name, FIELDS)}?")
        if name in fields:
            raise Malformed(f"{name} is given twice")
        fields[name] = found[2] or found[3] or found[4] or ""
        at = found.end()
    return _request(ids, fields)


def _checkov(words: str) -> Request | None:
    """``ID,ID:reason``; `None` if none of the ids is like ours."""
    ids, _, reason = words.partition(":")
    ours = [each for each in re.split(r"[\s,]+", ids) if _OURS.fullmatch(each)]
    return replace(_request(",".join(ours), {"reason": reason}), around=True) if ours else None


def _request(ids: str, fields: Mapping[str, str]) -> Request:
    rules = ids.replace(",", " ").split()
    if not rules:
        raise Malformed("no rule is named")
    try:
        known = tuple(dict.fromkeys(find(each).id for each in rules))
    except UnknownRule as error:
        raise Malformed(str(error)) from error
    reason = fields.get("reason", "").strip()
    if not reason:
        raise Malformed("no reason is given")
    evidence = tuple(each for each in (item.strip() for item in fields.get("evidence", "").split(",")) if each)
    if "evidence" in fields and not evidence:
        raise Malformed("evidence is empty")
    return Request(rules=known, reason=reason, until=_date(fields.get("until")), evidence=evidence)


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Malformed(f"until={text} is not a date such as 2030-12-31") from None
