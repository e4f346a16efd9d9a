"""Between values with origins and plain Python data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from dynavet.records import dataclass
from dynavet.text import Text, as_text
from dynavet.values import (
    MAX_WORLDS,
    Known,
    List,
    Object,
    OneOf,
    Origin,
    Single,
    Unknown,
    Value,
    apply,
    assume,
    bind,
    conditions,
    same,
    single,
    worlds,
)


class EvaluationError(Exception):
    """An expression that Terraform would reject: a missing key, an index out of range."""


class NotPlain(Exception):
    """Something in the data is not decided."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


class Handle(ABC):
    """A named thing whose parts are looked up on demand: ``var``, ``module.x``, a resource."""

    __slots__ = ()

    @abstractmethod
    def attribute(self, name: str) -> Value[Any]: ...

    @abstractmethod
    def index(self, key: str | int) -> Value[Any]: ...

    @abstractmethod
    def members(self) -> Value[Any]: ...


def members(data: Any) -> Value[Any]:
    """The members of a `Handle`; anything else is what it is."""
    return data.members() if isinstance(data, Handle) else Known(data)


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


def once(doubts: Iterable[Unknown]) -> tuple[Unknown, ...]:
    """Reasons without repetition."""
    return tuple(dict.fromkeys(doubts))


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
    open_conditions = conditions(values)
    if open_conditions and worlds(open_conditions) is None:
        names = " and ".join(list(open_conditions)[:2])
        return Unknown(f"{names} and others have more than {MAX_WORLDS} combinations")
    return _each_branch(function, values, open_conditions)


def _each_branch(
    function: Callable[[list[Value[Any]]], Value[Any]],
    values: list[Value[Any]],
    open_conditions: dict[str, tuple[tuple[str, ...], str | None]],
) -> Value[Any]:
    for condition, (labels, default) in open_conditions.items():
        branches = []
        for label in labels:
            chosen = [assume(value, {condition: label}) for value in values]
            branches.append((label, _each_branch(function, chosen, conditions(chosen))))
        first = branches[0][1]
        if all(same(branch, first) for _, branch in branches[1:]):
            return first
        return OneOf(condition, tuple(branches), default)
    return function(values)


def chosen(function: Callable[[list[Single[Any]]], Value[Any]], values: list[Value[Any]]) -> Value[Any]:
    """`function` with no argument that is itself open: once per branch; conditions deeper inside stay."""
    if not any(isinstance(value, OneOf) for value in values):
        return function([single(value) for value in values])
    run = apply(lambda *leaves: _Leaf(function([leaf.value for leaf in leaves])), *map(_lifted, values))
    return _collapsed(bind(lambda leaf: leaf.value, run))


@dataclass(frozen=True, slots=True, eq=False)
class _Leaf:
    """A value as the content of one, so that an unknown branch has a content as well."""

    value: Any


def _lifted(value: Value[Any]) -> Value[Any]:
    if isinstance(value, OneOf):
        return replace(value, branches=tuple((label, _lifted(branch)) for label, branch in value.branches))
    return Known(_Leaf(value))


def _collapsed(value: Value[Any]) -> Value[Any]:
    """A single value where all branches are the same."""
    if not isinstance(value, OneOf):
        return value
    branches = tuple((label, _collapsed(branch)) for label, branch in value.branches)
    first = branches[0][1]
    return first if all(same(branch, first) for _, branch in branches[1:]) else replace(value, branches=branches)


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
