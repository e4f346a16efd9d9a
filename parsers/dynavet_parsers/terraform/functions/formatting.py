"""``format`` and ``formatlist``.

The verbs of https://developer.hashicorp.com/terraform/language/functions/format
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Hole, Text
from dynavet.values import Known, List, Single, Unknown, Value, bind
from dynavet_parsers.terraform.data import EvaluationError, NotPlain, chosen, members, symbolic, to_plain
from dynavet_parsers.terraform.functions.encoding import json_text
from dynavet_parsers.terraform.functions.graphemes import graphemes
from dynavet_parsers.terraform.functions.signature import ANY, STRING, Function, integer, limited
from dynavet_parsers.terraform.functions.strings import glued
from dynavet_parsers.terraform.numeric import exact, shortest_digits
from dynavet_parsers.terraform.type_conversion import text_of, to_bool, to_number
from dynavet_parsers.terraform.types import ListValue, SetValue

MAX_WIDTH = 10_000
_VERB = regex(r"%([-+ #0]*)(\d*)(?:\.(\d*))?(?:\[(\d+)\])?([a-zA-Z%]?)", re.ASCII)
_COUNTED = {"b": "b", "o": "o", "x": "x", "X": "X"}
_PREFIX = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


@dataclass(frozen=True, slots=True)
class Verb:
    flags: str
    width: int
    precision: int | None
    letter: str

    def padded(self, text: str, *, zeros: bool = True) -> str:
        missing = self.width - len(graphemes(text))
        if missing <= 0:
            return text
        if "-" in self.flags:
            return text + " " * missing
        if "0" in self.flags and zeros:
            sign = len(text) - len(text.lstrip("+- "))
            return text[:sign] + "0" * missing + text[sign:]
        return " " * missing + text

    def signed(self, text: str) -> str:
        if text.startswith("-"):
            return text
        return ("+" if "+" in self.flags else " " if " " in self.flags else "") + text


def _format(values: list[Single[Any]]) -> Value[Any]:
    """``format(spec, …)``; plain ``%s``, ``%v`` and ``%d`` keep symbolic arguments."""
    spec = values[0]
    if isinstance(spec, Unknown):
        return spec
    if not isinstance(spec.value, str):
        return symbolic(spec.value, None)
    return _formatted(spec.value, values[1:])


def _formatted(spec: str, values: list[Single[Any]]) -> Value[Any]:
    parts: list[Value[Any]] = []
    position, used, highest = 0, 0, 0
    while (start := spec.find("%", position)) >= 0:
        parts.append(Known(spec[position:start]))
        match = _VERB.match(spec, start)
        if match is None or not match[5]:
            raise EvaluationError(f"{spec[start : start + 10]!r} is no verb of format()")
        position = match.end()
        if match[5] == "%":
            if match[0] != "%%":
                raise EvaluationError(f"{match[0]} is no verb of format()")
            parts.append(Known("%"))
            continue
        number = int(match[4]) - 1 if match[4] else used
        used = number + 1
        highest = max(highest, used)
        if not 0 <= number < len(values):
            raise EvaluationError("format() has fewer arguments than verbs")
        parts.append(_verb(_read(match), values[number]))
    if highest < len(values):
        raise EvaluationError("format() has more arguments than verbs")
    return glued([*parts, Known(spec[position:])])


def _read(match: re.Match[str]) -> Verb:
    precision = None if match[3] is None else int(match[3] or "0")
    verb = Verb(match[1], int(match[2] or "0"), precision, match[5])
    limited(max(verb.width, precision or 0), MAX_WIDTH)
    return verb


def _verb(verb: Verb, value: Value[Any]) -> Value[Any]:
    if isinstance(value, Known) and value.value is None:
        raise NotPlain(Unknown("null in format()", value.origin))
    if verb.letter in "sv" and not verb.flags and not verb.width and verb.precision is None:
        return bind(lambda data: _as_is(verb, data, value), value)
    if verb.letter == "d" and not verb.flags and not verb.width and isinstance(value, Known):
        data = value.value
        if isinstance(data, Text) and data.literal is None:
            return value
    try:
        return Known(_written(verb, to_plain(value)))
    except NotPlain as error:
        return error.unknown


def _as_is(verb: Verb, data: Any, value: Value[Any]) -> Value[Any]:
    if isinstance(data, Text):
        return value
    if isinstance(data, (str, bool, int, float)) or data is None:
        return Known(_written(verb, data))
    if verb.letter == "s" and isinstance(members(data), Known):
        raise EvaluationError("a compound value for %s")
    try:
        return Known(_written(verb, to_plain(value)))
    except NotPlain as error:
        return Known(Hole(error.unknown.reason))


def _written(verb: Verb, data: Any) -> str:
    if data is None:
        raise NotPlain(Unknown("null in format()"))
    if verb.letter == "v":
        return _value(verb, data)
    if verb.letter in "sq":
        if isinstance(data, (list, dict)):
            raise EvaluationError(f"a compound value for %{verb.letter}")
        text = str(text_of(data))
        if verb.letter == "s":
            return verb.padded(_cut(text, verb.precision))
        return verb.padded(json_text(_cut(text, verb.precision)), zeros=False)
    if verb.letter == "t":
        return str(text_of(_single(to_bool(data))))
    if verb.letter in "dboxXeEfFgG":
        return _number(verb, _single(to_number(data)))
    raise EvaluationError(f"%{verb.letter} is no verb of format()")


def _single(value: Value[Any]) -> Any:
    if isinstance(value, Unknown):
        raise NotPlain(value)
    return value.value if isinstance(value, Known) else None


def _cut(text: str, length: int | None) -> str:
    return text if length is None else "".join(graphemes(text)[:length])


def _value(verb: Verb, data: Any) -> str:
    """``%v``: text as it is, numbers as ``%g``, anything else and ``%#v`` as JSON."""
    if "#" in verb.flags or isinstance(data, (list, dict)):
        return verb.padded(json_text(data), zeros=False)
    if isinstance(data, str):
        return verb.padded(data)
    if isinstance(data, bool):
        return str(text_of(data))
    return _number(Verb(verb.flags, verb.width, verb.precision, "g"), data)


def _number(verb: Verb, number: int | float) -> str:
    if verb.letter == "d":
        return verb.padded(verb.signed(str(integer(number, bits=1024))))
    if verb.letter in _COUNTED:
        whole = integer(number, bits=1024)
        prefix = _PREFIX[verb.letter] if "#" in verb.flags else ""
        text = ("-" if whole < 0 else "") + prefix + format(abs(whole), _COUNTED[verb.letter])
        return verb.padded(verb.signed(text))
    return verb.padded(verb.signed(_floating(verb, number)))


def _floating(verb: Verb, number: int | float) -> str:
    value = exact(number)
    digits = Context(prec=4000, rounding=ROUND_HALF_EVEN, Emax=999999, Emin=-999999)
    decimal = digits.divide(Decimal(value.numerator), Decimal(value.denominator))
    letter = verb.letter.lower()
    if letter == "f":
        return f"{decimal:.{6 if verb.precision is None else verb.precision}f}"
    if not value:
        zeros = "." + "0" * (6 if verb.precision is None else verb.precision) if letter == "e" else ""
        return f"0{zeros.rstrip('.')}{verb.letter}+00" if letter == "e" else "0"
    if letter == "e":
        return _exponent(f"{decimal:.{6 if verb.precision is None else verb.precision}e}", verb.letter)
    return _general(verb, value, decimal)


def _general(verb: Verb, value: Any, decimal: Decimal) -> str:
    """``%g``: the shortest digits, or so many; with an exponent below -4 and from 6 or so many on."""
    if verb.precision is None:
        places, digits = shortest_digits(value)
        size = len(digits)
        power = size - 1 - places
        if -4 <= power < 6:
            return f"{decimal:.{max(places, 0)}f}"
        return _exponent(f"{decimal:.{size - 1}e}", verb.letter)
    size = max(1, verb.precision)
    shown = f"{decimal:.{size - 1}e}"
    power = int(shown.split("e")[1])
    if -4 <= power < size:
        text = f"{decimal:.{max(0, size - 1 - power)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = shown.partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return _exponent(f"{mantissa}e{exponent}", verb.letter)


def _exponent(text: str, letter: str) -> str:
    mantissa, _, exponent = text.partition("e")
    sign, digits = exponent[0], exponent[1:].rjust(2, "0")
    return f"{mantissa}{'E' if letter in 'EG' else 'e'}{sign}{digits}"


def _format_list(values: list[Single[Any]]) -> Value[Any]:
    """One text for each item; what is not a list is the same in each."""
    columns: list[tuple[Value[Any], ...] | None] = []
    for value in values:
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            if data.more or (isinstance(data, (ListValue, SetValue)) and not data.ordered):
                return data.more[0] if data.more else Unknown("the order of a set is undecided", value.origin)
            columns.append(data.items)
        elif isinstance(value, Unknown):
            return value  # it may be a list of any length
        else:
            columns.append(None)
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) > 1:
        raise EvaluationError("formatlist() over lists of several lengths")
    rows = range(lengths.pop() if lengths else 1)
    arguments = [[column[i] if column is not None else values[n] for n, column in enumerate(columns)] for i in rows]
    return Known(ListValue(tuple(chosen(_format, row) for row in arguments), of=STRING))


FUNCTIONS: dict[str, Function] = {
    "format": Function(_format, (STRING,), rest=ANY, partial=True, null_rest=True),
    "formatlist": Function(_format_list, (ANY,), rest=ANY, partial=True, null_rest=True),
}
