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
    for character in text:
        if found and _belongs(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _belongs(before: str, character: str) -> bool:
    last = before[-1]
    if last == "\r":
        return character == "\n"
    if unicodedata.category(last) in ("Cc", "Zl", "Zp"):
        return False
    if _extends(character):
        return True
    if last == _JOINER and len(before) > 1 and _pictographic(character):
        return _pictographic(before[0])
    if ord(last) in _FLAGS and ord(character) in _FLAGS:
        return sum(ord(c) in _FLAGS for c in before) % 2 == 1
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
