"""Operators of HCL over values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from dynavet.text import Text
from dynavet.values import Known, List, Object, Unknown, Value, apply, bind
from dynavet_parsers.terraform.data import EvaluationError, NotPlain, branchwise, to_plain
from dynavet_parsers.terraform.expressions import Operation
from dynavet_parsers.terraform.functions import to_bool, to_number

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def operate(e: Operation, operands: list[Value[Any]]) -> Value[Any]:
    """The value of an operation over its operands' values."""
    if e.operator in ("==", "!="):
        return branchwise(lambda values: _equality(e, values), operands)
    if e.operator in ("&&", "||"):
        return _logic(e, bind(to_bool, operands[0]), bind(to_bool, operands[1]))
    if e.operator == "!":
        return apply(operator.not_, bind(to_bool, operands[0]), origin=e.at)
    numbers = [bind(to_number, operand) for operand in operands]
    if len(numbers) == 1:
        return apply(operator.neg, numbers[0], origin=e.at)
    return apply(lambda a, b: _arithmetic(e.operator, a, b), *numbers, origin=e.at)


def _arithmetic(symbol: str, a: Any, b: Any) -> Any:
    try:
        result = _ARITHMETIC[symbol](a, b)
    except (ArithmeticError, KeyError) as error:
        raise EvaluationError(f"{a} {symbol} {b}: {error}") from error
    return int(result) if isinstance(result, float) and result.is_integer() else result


def _logic(e: Operation, a: Value[Any], b: Value[Any]) -> Value[Any]:
    """A decided false decides ``&&`` and a decided true ``||``, whatever the other side is."""
    decisive = e.operator == "||"
    for side in (a, b):
        if isinstance(side, Known) and side.value is decisive:
            return Known(decisive, e.at)
    if isinstance(a, Known):
        return b
    if isinstance(b, Known):
        return a
    return apply(lambda x, y: (x or y) if decisive else (x and y), a, b, origin=e.at)


def _equality(e: Operation, values: list[Value[Any]]) -> Value[Any]:
    null = [isinstance(v, Known) and v.value is None for v in values]
    if any(null) and not any(isinstance(v, Unknown) for v in values):
        # A resource attribute is never null once it is there; neither is any compound value.
        return Known(all(null) is (e.operator == "=="), e.at)
    same = _known_difference(values)
    if same is not None:
        return Known(same is (e.operator == "=="), e.at)
    try:
        left, right = (to_plain(v) for v in values)
    except NotPlain as error:
        return error.unknown
    return Known((_comparable(left) == _comparable(right)) is (e.operator == "=="), e.at)


def _known_difference(values: list[Value[Any]]) -> bool | None:
    """Equality that shapes alone decide: an empty list against one with items."""
    data = [v.value for v in values if isinstance(v, Known)]
    if len(data) == 2 and all(isinstance(d, (List, Object)) for d in data):
        sizes = [len(d.items) if isinstance(d, List) else len(d.entries) for d in data]
        if sizes[0] != sizes[1] and not any(d.more for d in data):
            return False
    if len(data) == 2 and all(isinstance(d, Text) for d in data) and data[0] == data[1] and not data[0].holes:
        return True
    return None


def _comparable(data: Any) -> Any:
    if isinstance(data, bool):
        return ("bool", data)
    if isinstance(data, (int, float)):
        return ("number", float(data))
    if isinstance(data, list):
        return [_comparable(item) for item in data]
    if isinstance(data, dict):
        return {key: _comparable(item) for key, item in data.items()}
    return data
