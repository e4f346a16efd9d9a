"""Operators of HCL over values."""

from __future__ import annotations

import operator
from typing import Any

from dynavet.text import Reference, Text
from dynavet.values import Known, List, Object, Unknown, Value, apply, bind
from dynavet_parsers.terraform.data import NotPlain, branchwise, symbolic, to_plain
from dynavet_parsers.terraform.expressions import Operation
from dynavet_parsers.terraform.numeric import compute, negated
from dynavet_parsers.terraform.type_conversion import to_bool, to_number
from dynavet_parsers.terraform.types import SetValue, Type, type_of_data


def operate(e: Operation, operands: list[Value[Any]]) -> Value[Any]:
    """The value of an operation over its operands' values."""
    if e.operator in ("==", "!="):
        return bind(lambda same: Known(same is (e.operator == "=="), e.at), equality(*operands))
    if e.operator in ("&&", "||"):
        return _logic(e, bind(to_bool, operands[0]), bind(to_bool, operands[1]))
    if e.operator == "!":
        return apply(operator.not_, bind(to_bool, operands[0]), origin=e.at)
    numbers = [bind(to_number, operand) for operand in operands]
    if len(numbers) == 1:
        return apply(negated, numbers[0], origin=e.at)
    return apply(lambda a, b: compute(e.operator, a, b), *numbers, origin=e.at)


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


def equality(a: Value[Any], b: Value[Any]) -> Value[bool]:
    """Whether two values are equal, which values of two types never are."""
    return branchwise(lambda values: _equal(*values), [a, b])


def _equal(a: Value[Any], b: Value[Any]) -> Value[bool]:
    null = [isinstance(v, Known) and v.value is None for v in (a, b)]
    if any(null) and not any(isinstance(v, Unknown) for v in (a, b)):
        # A resource attribute is never null once it is there; neither is any compound value.
        return Known(all(null))
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return a if isinstance(a, Unknown) else b if isinstance(b, Unknown) else Known(False)
    x, y = a.value, b.value  # type: ignore[union-attr]
    if isinstance(x, (str, Text)) and isinstance(y, (str, Text)):
        return _same_text(x, y)
    if _kind(x) != _kind(y):
        return Known(False)
    if isinstance(x, List) and isinstance(y, List):
        return _same_items(x, y)
    if isinstance(x, Object) and isinstance(y, Object):
        return _same_entries(x, y)
    try:
        return Known(to_plain(a) == to_plain(b))
    except NotPlain as error:
        return error.unknown


def _kind(data: Any) -> str:
    """The kind of type, which is all that is to be known of one with undecided members."""
    if isinstance(data, bool) or not isinstance(data, (int, float, List, Object)):
        return type(data).__name__
    if isinstance(data, (int, float)):
        return "number"
    return type(data).__name__


def _same_text(x: str | Text, y: str | Text) -> Value[bool]:
    if isinstance(x, Text) and x.literal is not None:
        x = x.literal
    if isinstance(y, Text) and y.literal is not None:
        y = y.literal
    if isinstance(x, str) and isinstance(y, str):
        return Known(x == y)
    if isinstance(x, Text) and isinstance(y, Text):
        if x == y and not x.holes:
            return Known(True)
        return symbolic(x, None)
    if isinstance(x, Text) and isinstance(y, str):
        return Known(False) if _excludes(x, y) else symbolic(x, None)
    return _same_text(y, x)


def _excludes(text: Text, literal: str) -> bool:
    """Whether the literal parts of `text` are not those of `literal`."""
    first, last = text.parts[0], text.parts[-1]
    if isinstance(first, Reference):
        first = first.shape.split("*")[0].split("?")[0]
    if isinstance(first, str) and not literal.startswith(first):
        return True
    return isinstance(last, str) and not literal.endswith(last)


def _same_items(x: List, y: List) -> Value[bool]:
    if not x.more and not y.more and len(x.items) != len(y.items) and not _unsettled(x) and not _unsettled(y):
        return Known(False)
    if type(x) is not List and not _same_type(type_of_data(x), type_of_data(y)):
        return Known(False)
    if not x.items and not y.items and type_of_data(x) != type_of_data(y):
        return Unknown("the types of two empty collections are undecided")
    if isinstance(x, SetValue) and (_unsettled(x) or _unsettled(y)):
        return Unknown("the items of a set are undecided")
    return _all_equal(list(zip(x.items, y.items, strict=False)), (*x.more, *y.more))


def _unsettled(data: List) -> bool:
    return not getattr(data, "ordered", True)


def _same_type(a: Type, b: Type) -> bool:
    """Whether the types of two lists, sets or maps are not certainly two."""
    if a.kind == "any" or b.kind == "any":
        return True
    if a.kind != b.kind:
        return False
    if a.of is not None and b.of is not None:
        return _same_type(a.of, b.of)
    return True


def _same_entries(x: Object, y: Object) -> Value[bool]:
    if type(x) is not Object and not _same_type(type_of_data(x), type_of_data(y)):
        return Known(False)
    missing = x.entries.keys() ^ y.entries.keys()
    if any(not (y if key in x.entries else x).more for key in missing):
        return Known(False)
    pairs = [(x.entries[key], y.entries[key]) for key in x.entries if key in y.entries]
    return _all_equal(pairs, (*x.more, *y.more))


def _all_equal(pairs: list[tuple[Value[Any], Value[Any]]], more: tuple[Unknown, ...]) -> Value[bool]:
    """One pair that differs decides; else one that is undecided leaves it so."""
    doubts: list[Unknown] = list(more)
    for a, b in pairs:
        answer = _equal(a, b)
        if isinstance(answer, Unknown):
            doubts.append(answer)
        elif isinstance(answer, Known) and not answer.value:
            return answer
    return doubts[0] if doubts else Known(True)
