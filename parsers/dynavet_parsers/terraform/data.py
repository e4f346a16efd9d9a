"""Between values with origins and plain Python data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dynavet.text import Text, as_text
from dynavet.values import Known, List, Object, OneOf, Origin, Unknown, Value, assume, conditions, same


class EvaluationError(Exception):
    """An expression that Terraform would reject: a missing key, an index out of range."""


class NotPlain(Exception):
    """Something in the data is not decided."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def to_plain(value: Value[Any]) -> Any:
    """Lists, dicts, strings, numbers. Raises `NotPlain` on the first thing undecided."""
    if isinstance(value, Unknown):
        raise NotPlain(value)
    if isinstance(value, OneOf):
        raise NotPlain(Unknown(f"{value.condition} is undecided", value.origin))
    data = value.value
    if isinstance(data, List):
        if data.more:
            raise NotPlain(data.more[0])
        return [to_plain(item) for item in data.items]
    if isinstance(data, Object):
        if data.more:
            raise NotPlain(data.more[0])
        return {key: to_plain(item) for key, item in data.entries.items()}
    if isinstance(data, Text):
        if data.literal is None:
            raise NotPlain(symbolic(data, value.origin))
        return data.literal
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    raise NotPlain(Unknown(f"{data} is not a plain value", value.origin))


def symbolic(text: Text, origin: Origin | None) -> Unknown:
    """Why a symbolic text is not decided."""
    reason = text.holes[0].reason if text.holes else f"{text} is known only after deployment"
    return Unknown(reason, origin)


def from_plain(data: Any, origin: Origin | None = None) -> Value[Any]:
    """Plain Python data as a value, everything in one place."""
    if isinstance(data, (list, tuple)):
        return Known(List(tuple(from_plain(item, origin) for item in data)), origin)
    if isinstance(data, dict):
        return Known(Object({str(key): from_plain(item, origin) for key, item in data.items()}), origin)
    return Known(data, origin)


def branchwise(function: Callable[[list[Value[Any]]], Value[Any]], values: list[Value[Any]]) -> Value[Any]:
    """`function` with no open condition left in its arguments, at any depth: once per branch."""
    for condition, (labels, default) in conditions(values).items():
        branches = tuple(
            (label, branchwise(function, [assume(v, {condition: label}) for v in values])) for label in labels
        )
        first = branches[0][1]
        if all(same(branch, first) for _, branch in branches[1:]):
            return first
        return OneOf(condition, branches, default)
    return function(values)


def located(value: Value[Any], at: Origin) -> Value[Any]:
    """The value as it stands at `at`, remembering where it came from."""
    if isinstance(value, OneOf):
        branches = tuple((label, located(branch, at)) for label, branch in value.branches)
        return OneOf(value.condition, branches, value.default, at.through(value.origin))
    if isinstance(value, Unknown):
        return Unknown(value.reason, at.through(value.origin))
    return Known(value.value, at.through(value.origin))


def text_or_none(data: Any) -> Text | None:
    """Text of a scalar; `null` is absent."""
    return None if data is None else as_text(data)
