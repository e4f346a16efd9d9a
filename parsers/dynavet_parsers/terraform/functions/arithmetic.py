"""Functions of numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import (
    ANY,
    NUMBER,
    Function,
    integer,
    limited,
    list_of,
)
from dynavet_parsers.terraform.numeric import FLOAT_PRECISION, compute, exact, negated, number, undecided

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_RANGE = 1024
"""Terraform's own limit for ``range``."""


def _of_float(result: float) -> Any:
    """``log`` and ``pow`` are computed with 53 bits."""
    if math.isnan(result):
        raise EvaluationError("the result is not a number")
    if math.isinf(result):
        raise undecided("an infinite number is not computed")
    if result == 0 and math.copysign(1, result) < 0:
        raise undecided("a negative zero is not computed")
    return number(Fraction(result), FLOAT_PRECISION)


def _log(value: Any, base: Any) -> Any:
    if value < 0 or base < 0:
        raise EvaluationError("log() of a negative number")
    if not value or not base or base == 1:
        raise undecided("an infinite number is not computed")
    return _of_float(math.log(value) / math.log(base))


def _pow(value: Any, power: Any) -> Any:
    try:
        return _of_float(math.pow(value, power))
    except (OverflowError, ZeroDivisionError):
        raise undecided("an infinite number is not computed") from None
    except ValueError as error:
        raise EvaluationError("pow() of a negative number to a fraction") from error


def _parse_int(text: Any, base: Any) -> int:
    base = integer(base)
    if not isinstance(text, str) or not 2 <= base <= 62:
        raise EvaluationError("parseint() takes text and a base from 2 to 62")
    digits = text[1:] if text[:1] in ("+", "-") else text
    limited(len(digits), 1000)
    value = 0
    for character in digits.lower() if base <= 36 else digits:
        digit = _DIGITS.find(character)
        if not 0 <= digit < base:
            raise EvaluationError(f"{text[:40]!r} is no number in base {base}")
        value = value * base + digit
    if not digits:
        raise EvaluationError("parseint() of an empty text")
    if text[0] == "-" and not value:
        raise undecided("a negative zero is not computed")
    return int(number(Fraction(-value if text[0] == "-" else value)))


def _range(*limits: Any) -> list[Any]:
    if not 1 <= len(limits) <= 3:
        raise EvaluationError("range() takes one to three numbers")
    start, stop = (0, limits[0]) if len(limits) == 1 else limits[:2]
    down = stop < start
    step = limits[2] if len(limits) == 3 else -1 if down else 1
    if not step or ((step < 0) is not down and start != stop):
        raise EvaluationError("range() never comes to its end")
    found: list[Any] = []
    current = start
    while (current > stop) if step < 0 else (current < stop):
        if len(found) >= _MAX_RANGE:
            raise EvaluationError(f"range() of more than {_MAX_RANGE} numbers")
        found.append(current)
        current = compute("+", current, step)
    return found


def _sum(items: list[Any]) -> Any:
    total: Any = items[0] if items else None
    if total is None or None in items:
        raise EvaluationError("sum() takes numbers")
    for item in items[1:]:
        total = compute("+", total, item)
    return total


def _rounded(direction: Any) -> Any:
    return lambda value: int(direction(exact(value)))


FUNCTIONS: dict[str, Function] = {
    "abs": Function(lambda n: negated(n) if n < 0 else n, (NUMBER,)),
    "ceil": Function(_rounded(math.ceil), (NUMBER,)),
    "floor": Function(_rounded(math.floor), (NUMBER,)),
    "log": Function(_log, (NUMBER, NUMBER)),
    "max": Function(lambda *n: max(n, key=exact), rest=NUMBER, at_least=1),
    "min": Function(lambda *n: min(n, key=exact), rest=NUMBER, at_least=1),
    "parseint": Function(_parse_int, (ANY, NUMBER)),
    "pow": Function(_pow, (NUMBER, NUMBER)),
    "range": Function(_range, rest=NUMBER, gives=list_of(NUMBER)),
    "signum": Function(lambda n: (integer(n) > 0) - (n < 0), (NUMBER,)),
    "sum": Function(_sum, (list_of(NUMBER),)),
}
