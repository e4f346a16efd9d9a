"""Into data: attributes, indexes, keys and members."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dynavet.text import Text
from dynavet.values import Known, List, Object, OneOf, Unknown, Value, bind
from dynavet_parsers.terraform.data import EvaluationError, Handle, NotPlain, symbolic
from dynavet_parsers.terraform.expressions import Attribute, Expression
from dynavet_parsers.terraform.render import render
from dynavet_parsers.terraform.type_conversion import kind_of, text_of, whole_number
from dynavet_parsers.terraform.types import ListValue, SetValue


def is_scalar(data: object) -> bool:
    """Whether the data may stand in text."""
    return data is not None and isinstance(data, (bool, int, float, str, Text))


def literal_key(value: Value[Any]) -> str | Unknown:
    """A map key as text, or why it is not known."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, OneOf):
        return Unknown(f"{value.condition} is undecided", value.origin)
    data = value.value
    if isinstance(data, Text):
        return data.literal if data.literal is not None else symbolic(data, value.origin)
    if data is None or not is_scalar(data):
        raise EvaluationError("a map key must be text")
    return str(text_of(data))


def in_branches(look_up: Callable[[Any], Value[Any]], subject: Value[Any], e: Expression) -> Value[Any]:
    """`look_up` in the subject; what Terraform would reject in one branch says nothing of the others."""
    if not isinstance(subject, OneOf):
        return bind(look_up, subject)

    def guarded(data: Any) -> Value[Any]:
        try:
            return look_up(data)
        except EvaluationError as error:
            return Unknown(f"{render(e)} cannot be evaluated: {error}", e.at)

    return bind(guarded, subject)


def step(data: Any, key: Any, e: Expression) -> Value[Any]:
    """One attribute or index step."""
    if isinstance(key, Text):
        return symbolic(key, e.at)
    if isinstance(data, Handle):
        return data.attribute(key) if isinstance(e, Attribute) else data.index(key)
    if isinstance(data, Object):
        if not is_scalar(key):
            raise EvaluationError(f"a {kind_of(key)} is not a key")
        return _entry(data, str(text_of(key)))
    if isinstance(data, List):
        return _item(data, key)
    if isinstance(data, Text) and data.literal is None:
        return Unknown(f"{data}.{key} is known only after deployment", e.at)
    raise EvaluationError(f"{'null' if data is None else f'a {kind_of(data)}'} has no {key!r}")


def _entry(data: Object, key: str) -> Value[Any]:
    if key not in data.entries and not data.more:
        raise EvaluationError(f"no key {key!r}")
    return data.get(key)


def _item(data: List, key: Any) -> Value[Any]:
    number = whole_number(key)
    if number is None or isinstance(data, SetValue):
        raise EvaluationError(f"{key!r} is not an index of a {kind_of(data)}")
    if isinstance(data, ListValue) and not data.ordered and number < len(data.items):
        raise NotPlain(Unknown("the order of a set is undecided"))
    if 0 <= number < len(data.items) and not data.more:
        return data.items[number]
    if data.more:
        return data.more[0]
    raise EvaluationError(f"index {number} is out of range")


def iterate(data: Any) -> tuple[Iterator[tuple[Value[Any], Value[Any]]], tuple[Unknown, ...]]:
    """Key and value of each member, in Terraform's order, and what may follow."""
    if isinstance(data, Object):
        return iter([(Known(key, data.keys.get(key)), data.entries[key]) for key in sorted(data.entries)]), data.more
    if isinstance(data, SetValue):
        return iter([(item, item) for item in data.items]), data.more
    if isinstance(data, List):
        return iter([(Known(number), item) for number, item in enumerate(data.items)]), data.more
    raise EvaluationError(f"cannot iterate over a {kind_of(data)}")
