"""Scanned text made safe and readable on a terminal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import islice
from pathlib import Path

MAX_LINE = 4096
"""Characters of a source line that are looked at."""

MAX_FILE = 8 * 1024 * 1024

_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format characters, among them those that change the direction of writing."""


def safe(text: str) -> str:
    """The text with every character spelled out that could steer a terminal; line breaks too.

    >>> safe("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(c) if unicodedata.category(c) in _DANGEROUS else c for c in text)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@lru_cache(maxsize=8)
def _source(path: str) -> tuple[str, ...]:
    try:
        if not Path(path).is_file() or Path(path).stat().st_size > MAX_FILE:
            return ()
        text = Path(path).read_text("utf-8-sig", "replace")
    except OSError:
        return ()
    return tuple(line.removesuffix("\r") for line in text.split("\n"))


def source_line(path: str, line: int) -> str | None:
    """One line of a file, `None` if it cannot be had."""
    found = next(islice(_source(path), line - 1, None), None)
    return None if found is None else found[:MAX_LINE]


def underlined(source: str, start: int, end: int) -> tuple[str, str]:
    """The line without its indent, made safe, and carets under its one-based columns `start` to `end`."""
    indent = len(source) - len(source.lstrip())
    first = min(max(start - 1, indent), len(source))
    last = min(max(end - 1, first + 1), max(len(source.rstrip()), first + 1))
    before, marked = safe(_flat(source[indent:first])), safe(_flat(source[first:last]))
    return safe(_flat(source[indent:].rstrip())), " " * columns(before) + "^" * max(columns(marked), 1)


def _flat(text: str) -> str:
    return text.replace("\t", "  ")
