"""How a file of the framework is told from others without parsing it."""

from __future__ import annotations

import re

from dynavet.regexes import regex

_COLON = regex(rb"""["']?[ \t\r\n]*:""")
_LONGEST_PREFIX = 1000
_PREFIX = regex(rb"(?:\xef\xbb\xbf)?(?:(?:---|\?|[&!][^ \t]*)[ \t]+)*")
_MEANT = [
    regex(rf"""^["']?{word}["']?[ \t]*:""", re.MULTILINE) for word in ("service", "provider", "(?:functions|resources)")
]


def looks_like_service(data: bytes) -> bool:
    """Whether the bytes may be a file of the framework; a `False` is certain, and quick."""
    return has_key(data, b"provider") and has_key(data, b"service")


def has_key(data: bytes, name: bytes, *, indented: bool = False) -> bool:
    """Whether the name stands as a key at the start of a line, or after ``{`` or ``,``.

    At the start of a line it may be `indented`, and be the first of a list item. A byte order mark,
    a mark of YAML (``---``, ``?``), an anchor or a tag may stand before it.
    """
    at = data.find(name)
    while at >= 0:
        if _COLON.match(data, at + len(name)) and _starts_key(data, at, indented):
            return True
        at = data.find(name, at + 1)
    return False


def _starts_key(data: bytes, at: int, indented: bool) -> bool:
    if data[at - 1 : at] in (b'"', b"'"):
        at -= 1
    before = _without_spaces(data, at)
    if indented and before < at and data[before - 1 : before] == b"-":
        at = before - 1
        before = _without_spaces(data, at)
    at_start = before == 0 or data[before - 1 : before] in (b"\n", b"\r")
    if at_start and (indented or before == at):
        return True
    far = max(at - _LONGEST_PREFIX, 0)
    start = max(data.rfind(b"\n", far, at), data.rfind(b"\r", far, at), far - 1) + 1
    if _PREFIX.fullmatch(data, start, at):
        return True
    while before and data[before - 1 : before].isspace():
        before -= 1
    return data[before - 1 : before] in (b"{", b",")


def _without_spaces(data: bytes, at: int) -> int:
    """The end of what stands before the spaces that end at a place."""
    while at and data[at - 1 : at] in (b" ", b"\t"):
        at -= 1
    return at


def has_marks_of_service(text: str) -> bool:
    """Whether text that cannot be parsed is meant as a file of the framework, written in YAML."""
    return all(mark.search(text) for mark in _MEANT)
