"""What a reader takes for one character.

The extended grapheme clusters of https://unicode.org/reports/tr29/, as far as the standard
library knows the properties of characters.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def graphemes(text: str) -> list[str]:
    """The characters of a text; without exotic ones, every code point for itself."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = []
    start = flags = 0
    for position in range(1, len(text) + 1):
        before = text[position - 1]
        flags = flags + 1 if ord(before) in _FLAGS else 0
        if position == len(text) or not _joined(before, text[position], text[start], flags, position - start):
            found.append(text[start:position])
            start, flags = position, 0
    return found


def _joined(last: str, character: str, first: str, flags: int, size: int) -> bool:
    """Whether a character goes on with what begins with `first`, has `size` and ends with `last`."""
    if last == "\r":
        return character == "\n"
    if unicodedata.category(last) in ("Cc", "Zl", "Zp"):
        return False
    if _extends(character):
        return True
    if last == _JOINER and size > 1 and _pictographic(character):
        return _pictographic(first)
    if flags and ord(character) in _FLAGS:
        return flags % 2 == 1
    return _hangul(last, character)


def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in (_JOINER, "\u200c")
        or code in _SKIN_TONES
        or code in _TAGS
    )


def _pictographic(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) == "So" or 0x1F000 <= code <= 0x1FAFF


def _hangul(last: str, character: str) -> bool:
    """A leading consonant takes what follows, a vowel a vowel or a trailing one."""
    a, b = _jamo(last), _jamo(character)
    return (
        (a == "L" and b in ("L", "V", "LV", "LVT"))
        or (a in ("V", "LV") and b in ("V", "T"))
        or (a in ("T", "LVT") and b == "T")
    )


def _jamo(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    if not 0x1100 <= code <= 0x11FF:
        return ""
    return "L" if code <= 0x115F else "V" if code <= 0x11A7 else "T"
