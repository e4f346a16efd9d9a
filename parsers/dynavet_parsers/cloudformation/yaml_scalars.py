"""What a plain YAML scalar means to CloudFormation: YAML 1.1, with dates and times left as text."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from dynavet.regexes import regex
from dynavet.values import Data

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEAN = {
    spelling: truth
    for word, truth in (("true", True), ("false", False), ("yes", True), ("no", False), ("on", True), ("off", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_INTEGER = regex(
    r"(?P<sign>[-+]?)(?:0b(?P<binary>[01_]+)|0x(?P<hex>[0-9a-fA-F_]+)|0(?P<octal>[0-7_]+)|(?P<decimal>0|[1-9][0-9_]*))"
)
_FLOAT = regex(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_BASES = {"binary": 2, "octal": 8, "decimal": 10, "hex": 16}
_MAX_DIGITS = 300


@lru_cache(maxsize=4096)
def read_scalar(text: str) -> Data:
    """The value of an unquoted, untagged scalar.

    >>> read_scalar("yes"), read_scalar("0x10"), read_scalar("2012-10-17")
    (True, 16, '2012-10-17')
    """
    if text in _NULL:
        return None
    truth = _BOOLEAN.get(text)
    if truth is not None:
        return truth
    if text[0] not in "+-.0123456789" or len(text) > _MAX_DIGITS:
        return text
    integer = _INTEGER.fullmatch(text)
    if integer is not None:
        return _integer(integer, text)
    if _FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
        return number if math.isfinite(number) else text
    return text


def _integer(found: re.Match[str], text: str) -> int | str:
    digits = found[found.lastgroup or "decimal"].replace("_", "")
    if not digits:
        return text
    number = int(digits, _BASES[found.lastgroup or "decimal"])
    return -number if found["sign"] == "-" else number
