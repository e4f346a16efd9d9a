"""How a file of the framework is told from others without parsing it."""

from __future__ import annotations

import re

_COLON = re.compile(rb"""["']?[ \t\r\n]*:""")
_MEANT = [
    re.compile(rf"""^["']?{word}["']?[ \t]*:""", re.MULTILINE)
    for word in ("service", "provider", "(?:functions|resources)")
]


def looks_like_service(data: bytes) -> bool:
    """Whether the bytes may be a file of the framework; a `False` is certain, and quick."""
    return _has_key(data, b"provider") and _has_key(data, b"service")


def _has_key(data: bytes, name: bytes) -> bool:
    """Whether the name stands as a key at the start of a line, or after ``{`` or ``,``."""
    at = data.find(name)
    while at >= 0:
        if _COLON.match(data, at + len(name)) and _starts_key(data, at):
            return True
        at = data.find(name, at + 1)
    return False


def _starts_key(data: bytes, at: int) -> bool:
    if data[at - 1 : at] in (b'"', b"'"):
        at -= 1
    if at == 0 or data[at - 1 : at] == b"\n":
        return True
    while at and data[at - 1 : at].isspace():
        at -= 1
    return data[at - 1 : at] in (b"{", b",")


def has_marks_of_service(text: str) -> bool:
    """Whether text that cannot be parsed is meant as a file of the framework, written in YAML."""
    return all(mark.search(text) for mark in _MEANT)
