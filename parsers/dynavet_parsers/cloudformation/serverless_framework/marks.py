"""How a file of the framework is told from others without parsing it."""

from __future__ import annotations

import re

_KEY = rb"""(?:^|[{,][ \t\r\n]*)["']?%s["']?[ \t\r\n]*:"""
_SERVICE = re.compile(_KEY % b"service", re.MULTILINE)
_PROVIDER = re.compile(_KEY % b"provider", re.MULTILINE)
_MEANT = [
    re.compile(rf"""^["']?{word}["']?[ \t]*:""", re.MULTILINE)
    for word in ("service", "provider", "(?:functions|resources)")
]


def looks_like_service(data: bytes) -> bool:
    """Whether the bytes may be a file of the framework; a `False` is certain, and quick."""
    return b"provider" in data and _SERVICE.search(data) is not None and _PROVIDER.search(data) is not None


def has_marks_of_service(text: str) -> bool:
    """Whether text that cannot be parsed is meant as a file of the framework, written in YAML."""
    return all(mark.search(text) for mark in _MEANT)
