"""From evaluated values to fields of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from dynavet.model import Tags
from dynavet.text import Text, as_text
from dynavet.values import ABSENT, Data, Known, List, Object, OneOf, Origin, Unknown, Value, apply, bind

T = TypeVar("T")


def member(value: Value[Data], *path: str) -> Value[Data]:
    """What stands under `path` in nested mappings; absent where one of them is."""
    for key in path:
        value = bind(lambda data, key=key: _entry(data, key), value)  # type: ignore[misc]
    return value


def _entry(data: Data, key: str) -> Value[Data]:
    if isinstance(data, Object):
        return data.get(key)
    if data is None:
        return ABSENT
    if isinstance(data, Text) and data.holes:
        return Unknown(data.holes[0].reason)
    return Unknown(f"{key} is not readable: what it should stand in is no mapping")


def text(value: Value[Data]) -> Value[Text | None]:
    """Text, also of numbers and booleans."""

    def read(data: Data, origin: Origin | None) -> Value[Text | None]:
        if isinstance(data, (List, Object)):
            return Unknown("the value is not text", origin)
        return Known(None if data is None else as_text(data), origin)

    return over(read, value)


def boolean(value: Value[Data]) -> Value[bool | None]:
    """Booleans are also written as the texts ``"true"`` and ``"false"``."""

    def read(data: Data, origin: Origin | None) -> Value[bool | None]:
        if data is None or isinstance(data, bool):
            return Known(data, origin)
        if isinstance(data, Text) and data.holes:
            return Unknown(data.holes[0].reason, origin)
        word = str(as_text(data)).lower() if not isinstance(data, (List, Object)) else ""
        if word in ("true", "false"):
            return Known(word == "true", origin)
        return Unknown("the value is neither true nor false", origin)

    return over(read, value)


def slots(value: Value[Data]) -> tuple[tuple[Value[Data], ...], tuple[Unknown, ...]]:
    """The items of a list, place by place, and the reasons why there may be further ones.

    What stands in a place may differ per condition, and be absent. One value that is no list
    reads as a list of it.
    """
    if isinstance(value, Unknown):
        return (), (value,)
    if isinstance(value, Known):
        if isinstance(value.value, List):
            return value.value.items, value.value.more
        return ((), ()) if value.value is None else ((value,), ())
    branches = [(label, *slots(branch)) for label, branch in value.branches]
    longest = max(len(items) for _, items, _ in branches)
    more = tuple(dict.fromkeys(reason for _, _, reasons in branches for reason in reasons))
    places = (OneOf(value.condition, _column(branches, index), value.default, value.origin) for index in range(longest))
    return tuple(places), more


def _column(
    branches: Iterable[tuple[str, tuple[Value[Data], ...], tuple[Unknown, ...]]], index: int
) -> tuple[tuple[str, Value[Data]], ...]:
    return tuple((label, items[index] if index < len(items) else ABSENT) for label, items, _ in branches)


def tags(value: Value[Data]) -> Value[Tags]:
    """The tags of a list of `Key` and `Value`, or of a mapping."""

    def read(data: Data, origin: Origin | None) -> Value[Tags]:
        if data is None:
            return Known(Tags())
        if isinstance(data, Object):
            entries = {key: text(entry) for key, entry in data.entries.items()}
            return Known(Tags(entries=entries, more=data.more, origin=origin))
        if isinstance(data, List):
            return Known(_listed_tags(data, origin))
        return Unknown("the tags are neither a list nor a mapping", origin)

    return over(read, value)


def _listed_tags(data: List, origin: Origin | None) -> Tags:
    entries: dict[str, Value[Text | None]] = {}
    more = list(data.more)
    for item in data.items:
        keys, undecided = _keys(member(item, "Key"))
        more += undecided
        for key in keys:
            entries[key] = bind(lambda data, key=key: _tag_value(data, key), item)  # type: ignore[misc]
    return Tags(entries=entries, more=tuple(more), origin=origin)


def _keys(value: Value[Data]) -> tuple[list[str], list[Unknown]]:
    """The tag keys that a value may be."""
    if isinstance(value, OneOf):
        found = [_keys(branch) for _, branch in value.branches]
        return list(dict.fromkeys(k for keys, _ in found for k in keys)), [u for _, more in found for u in more]
    if isinstance(value, Unknown):
        return [], [value]
    literal = as_text(value.value).literal if not isinstance(value.value, (List, Object)) else None
    if value.value is None or literal is None:
        return [], [] if value.value is None else [Unknown("a tag key is undecided", value.origin)]
    return [literal], []


def _tag_value(data: Data, key: str) -> Value[Text | None]:
    if not isinstance(data, Object):
        return ABSENT
    same = apply(lambda found: found is not None and as_text(found).literal == key, data.get("Key"))
    return bind(lambda yes: text(data.get("Value")) if yes else ABSENT, same)


def present(value: Value[Any]) -> Value[bool]:
    """Whether there is something; an unknown value counts as there."""
    if not isinstance(value, OneOf):
        return Known(not (isinstance(value, Known) and value.value is None))
    branches = tuple((label, present(branch)) for label, branch in value.branches)
    if all(branch == branches[0][1] for _, branch in branches) and isinstance(branches[0][1], Known):
        return branches[0][1]
    return OneOf(value.condition, branches, value.default, value.origin)


def both(one: Value[bool], other: Value[bool]) -> Value[bool]:
    """Both of what decides about an entity's existence."""
    return apply(lambda a, b: a and b, one, other)


def never(exists: Value[bool]) -> bool:
    """Whether an entity exists under no condition."""
    return exists == Known(False)


def over(read: Callable[[Data, Origin | None], Value[T]], value: Value[Data]) -> Value[T]:
    """Like `bind`, for a function that also takes the origin."""
    if isinstance(value, OneOf):
        branches = tuple((label, over(read, branch)) for label, branch in value.branches)
        return OneOf(value.condition, branches, value.default, value.origin)
    return value if isinstance(value, Unknown) else read(value.value, value.origin)


def each_known(read: Callable[[Object, Origin | None], Value[T]], value: Value[Data], absent: T) -> Value[T]:
    """`read` over the mapping that a value is in each branch; `absent` where there is none."""

    def one(data: Data, origin: Origin | None) -> Value[T]:
        if isinstance(data, Object):
            return read(data, origin)
        if data is None:
            return Known(absent)
        if isinstance(data, Text) and data.holes:
            return Unknown(data.holes[0].reason, origin)
        return Unknown("the value is not a mapping", origin)

    return over(one, value)
