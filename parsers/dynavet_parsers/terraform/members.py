"""What stands deep in objects and lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynavet.values import ABSENT, List, Object, OneOf, Unknown, Value, bind

ALL = ("{}", "[]")


def members(value: Value[Any], path: str) -> Iterator[Value[Any]]:
    """The values at a path of keys; ``{}`` and ``[]`` in it stand for all members of an object or list.

    What is not there is absent; what is undecided on the way is unknown.
    """
    step, _, rest = path.partition(".")
    for found in _all(value) if step in ALL else (_member(value, step),):
        if rest:
            yield from members(found, rest)
        else:
            yield found


def _member(value: Value[Any], key: str | int) -> Value[Any]:
    def found(data: Any) -> Value[Any]:
        if isinstance(data, Object) and isinstance(key, str):
            return data.get(key)
        if isinstance(data, List) and isinstance(key, int) and key < len(data.items):
            return data.items[key]
        return ABSENT

    return bind(found, value)


def _all(value: Value[Any]) -> Iterator[Value[Any]]:
    """Every member that there is in any branch, and an unknown for each reason why there may be more."""
    for key in _keys(value):
        yield _member(value, key) if not isinstance(key, Unknown) else key


def _keys(value: Value[Any]) -> list[str | int | Unknown]:
    if isinstance(value, OneOf):
        return list(dict.fromkeys(key for _, branch in value.branches for key in _keys(branch)))
    if isinstance(value, Unknown):
        return [value]
    data = value.value
    if isinstance(data, Object):
        return [*data.entries, *data.more]
    return [*range(len(data.items)), *data.more] if isinstance(data, List) else []
