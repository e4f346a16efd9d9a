"""Numbers as Terraform has them: binary floating point with 512 bits of precision.

A whole number is an `int`. Any other is a `Number`, a float that knows its exact value.
https://github.com/zclconf/go-cty/blob/main/docs/types.md
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dynavet.regexes import regex
from dynavet.values import Unknown
from dynavet_parsers.terraform.data import EvaluationError, NotPlain

if TYPE_CHECKING:
    from fractions import Fraction  # takes a part of a small scan's time, and is seldom needed

PRECISION = 512
"""Bits of a number that is written or computed."""

FLOAT_PRECISION = 53
"""Bits of what ``log`` and ``pow`` give."""

MAX_DIGITS = 1000

_NUMBER = regex(r"([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:([eEpP])([+-]?\d+))?", re.ASCII)


class Number(float):
    """A number with a fraction; as text it is the shortest decimal that means it."""

    __slots__ = ("exact", "precision")

    exact: Fraction
    precision: int

    def __new__(cls, exact: Fraction, precision: int = PRECISION) -> Number:
        self = super().__new__(cls, exact)
        self.exact = exact
        self.precision = precision
        return self

    def is_integer(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Number):
            return self.exact == other.exact
        return False if isinstance(other, int) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.exact)

    def __str__(self) -> str:
        return shortest(self.exact, self.precision)

    __repr__ = __str__

    def __reduce__(self) -> tuple[Any, ...]:
        return (Number, (self.exact, self.precision))


def is_whole(number: int | float) -> bool:
    return isinstance(number, int) or number.is_integer()


def exact(number: int | float) -> Fraction:
    if isinstance(number, Number):
        return number.exact
    from fractions import Fraction

    return Fraction(number) if isinstance(number, int) else exact(parse_number(repr(number)))


def number(value: Fraction, precision: int = PRECISION) -> int | Number:
    """The number nearest to `value`. Raises `NotPlain` for one of more digits than are computed."""
    rounded = _rounded(value, precision)
    if rounded.denominator == 1:
        whole = rounded.numerator
        if whole.bit_length() > precision:
            raise undecided(f"a number of more than {precision} bits is not computed")
        return whole
    if rounded.denominator.bit_length() > 4 * PRECISION:
        raise undecided("a number so close to a whole one is not computed")
    return Number(rounded, precision)


def undecided(reason: str) -> NotPlain:
    """To raise for what Terraform computes and this evaluator does not; the reason says what."""
    return NotPlain(Unknown(reason))


def parse_number(text: str) -> int | Number:
    """The number that `text` writes in decimal. Raises `EvaluationError` if it writes none."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise EvaluationError(f"{text[:40]!r} is not a number")
    sign, whole, fraction, kind, exponent = match.groups()
    if len(text) > MAX_DIGITS or (exponent and abs(int(exponent)) > MAX_DIGITS):
        raise undecided(f"a number of more than {MAX_DIGITS} digits is not computed")
    if not (sign or fraction or exponent) and len(whole) < 100:
        return int(whole)
    from fractions import Fraction

    value = Fraction(int(whole + fraction), 10 ** len(fraction))
    if exponent:
        value *= Fraction(2 if kind in "pP" else 10) ** int(exponent)
    if sign == "-" and not value:
        raise undecided("a negative zero is not computed")
    return number(-value if sign == "-" else value)


def _rounded(value: Fraction, precision: int) -> Fraction:
    """The nearest binary number of so many bits, the even one of two."""
    from fractions import Fraction

    numerator, denominator = abs(value.numerator), value.denominator
    if denominator & (denominator - 1) == 0 and numerator.bit_length() <= precision:
        return value
    shift = precision - (numerator.bit_length() - denominator.bit_length())
    scaled = Fraction(numerator << max(shift, 0), denominator << max(-shift, 0))
    if scaled.numerator // scaled.denominator >= 1 << precision:
        shift -= 1
        scaled /= 2
    mantissa = round(scaled)
    result = Fraction(mantissa << max(-shift, 0), 1 << max(shift, 0))
    return -result if value < 0 else result


def shortest(value: Fraction, precision: int = PRECISION) -> str:
    """The shortest decimal that lies nearer to `value` than to any other number of that precision."""
    sign = "-" if value < 0 else ""
    places, digits = shortest_digits(value, precision)
    text = digits.rjust(places + 1, "0") if places > 0 else digits + "0" * -places
    return sign + (f"{text[:-places]}.{text[-places:]}" if places > 0 else text)


def shortest_digits(value: Fraction, precision: int = PRECISION) -> tuple[int, str]:
    """Decimal places, and the digits in front of and after the point together."""
    from fractions import Fraction

    numerator, denominator = abs(value.numerator), value.denominator
    if not numerator:
        return 0, "0"
    extra = max(0, precision + 1 - numerator.bit_length() + denominator.bit_length() - 1)
    places = max(extra, denominator.bit_length() - 1)
    middle = numerator * 10**places // denominator
    spare = numerator.bit_length() - (precision + 1)
    half = Fraction(1 << max(spare, 0), 1 << max(-spare, 0)) * Fraction(10**places, denominator)
    even = not _odd_mantissa(numerator, precision)
    low, high = Fraction(middle) - half, Fraction(middle) + half
    for kept in range(1, len(str(middle)) + 1):
        unit = 10 ** (len(str(middle)) - kept)
        nearest = round(Fraction(middle, unit)) * unit
        inside = low <= nearest <= high if even else low < nearest < high
        if inside:
            digits = str(nearest).rstrip("0")
            return places - (len(str(nearest)) - len(digits)), digits
    return places, str(middle)


def _odd_mantissa(numerator: int, precision: int) -> bool:
    spare = numerator.bit_length() - precision
    return bool((numerator >> spare) & 1) if spare > 0 else spare == 0 and bool(numerator & 1)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compute(symbol: str, a: int | float, b: int | float) -> int | float | bool:
    """Arithmetic and comparison. Raises `EvaluationError` where Terraform does."""
    both_whole = isinstance(a, int) and isinstance(b, int)
    if symbol in _COMPARISONS:
        return _COMPARISONS[symbol](a, b) if both_whole else _COMPARISONS[symbol](exact(a), exact(b))
    if isinstance(a, int) and isinstance(b, int) and symbol in "+-*":
        result = a + b if symbol == "+" else a - b if symbol == "-" else a * b
        if symbol == "*" and not result and (a < 0 or b < 0):
            raise undecided("a negative zero is not computed")
        return result if result.bit_length() <= PRECISION else number(exact(result))
    x, y = exact(a), exact(b)
    precision = max(getattr(a, "precision", PRECISION), getattr(b, "precision", PRECISION))
    if symbol in "/%" and not y:
        raise EvaluationError("zero divided by zero") if not x else undecided("a division by zero is not computed")
    if symbol == "%":
        times = int(exact(number(x / y, precision)))
        return number(x - exact(number(y * times, precision)), precision)
    if symbol in "*/" and not x and y < 0:
        raise undecided("a negative zero is not computed")
    results = {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y}
    return number(results[symbol](), precision)


def negated(value: int | float) -> int | float:
    if not value:
        raise undecided("a negative zero is not computed")
    return -value if isinstance(value, int) else Number(-exact(value), getattr(value, "precision", PRECISION))
