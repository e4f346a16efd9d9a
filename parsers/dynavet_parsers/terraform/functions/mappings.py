"""Functions of maps and objects, and ``coalesce``."""

from __future__ import annotations

from typing import Any

from dynavet.values import Known, List, Object, Origin, Single, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, Handle, NotPlain, once
from dynavet_parsers.terraform.functions.sequences import decided, in_order, sequence
from dynavet_parsers.terraform.functions.signature import (
    ANY,
    MAX_ITEMS,
    STRING,
    TEXTS,
    Function,
    limited,
    list_of,
    map_of,
)
from dynavet_parsers.terraform.type_conversion import convert, kind_of
from dynavet_parsers.terraform.types import ListValue, MapValue, type_of, type_of_data, unify


def mapping(value: Value[Any]) -> Object:
    """The map or object. Raises `EvaluationError` for anything else, `NotPlain` for an unknown."""
    if isinstance(value, Unknown):
        raise NotPlain(value)
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, Handle):
        return mapping(data.members())
    if not isinstance(data, Object):
        raise EvaluationError(f"a {kind_of(data)} is not a map")
    return data


def _merge(values: list[Single[Any]]) -> Value[Any]:
    """Later maps win; an unknown map may add keys and change values, never remove a key."""
    maps: list[Any] = []
    for value in values:
        if isinstance(value, Unknown):
            maps.append(Object(more=(value,)))
        elif isinstance(value, Known) and value.value is not None:
            maps.append(mapping(value))
    result: Object = merged(maps)
    limited(len(result.entries), 10 * MAX_ITEMS)
    types = {type_of_data(each) for each in maps if isinstance(each, MapValue)}
    if len(types) == 1 and all(isinstance(each, MapValue) for each in maps):
        result = MapValue(result.entries, result.more, result.keys, of=types.pop().of or ANY)
    return Known(result, _source(values))


def _source(values: list[Single[Any]]) -> Origin | None:
    """The argument that came from furthest away: what a caller or a default supplies."""
    origins = [a.origin for a in values if a.origin is not None]
    return max(origins, key=lambda origin: len(origin.via), default=None)


def merged(maps: list[Any]) -> Object:
    """The effect of ``merge``."""
    entries: dict[str, Value[Any]] = {}
    keys: dict[str, Any] = {}
    more: tuple[Unknown, ...] = ()
    for each in maps:
        if not isinstance(each, Object):
            raise EvaluationError("merge() takes maps")
        if each.more:
            entries = dict.fromkeys(entries, each.more[0])
        entries |= each.entries
        keys |= each.keys
        more += each.more
    return Object(entries, once(more), keys)


def _lookup(values: list[Single[Any]]) -> Value[Any]:
    if isinstance(values[0], Known) and isinstance(values[0].value, Handle):
        raise NotPlain(Unknown("lookup() in what is known only after deployment"))
    data, key = mapping(values[0]), decided(values[1])
    default: Value[Any] | None = values[2] if len(values) > 2 else None
    if isinstance(data, MapValue) and default is not None:
        default = convert(default, type_of_data(data).of or ANY)
    if key in data.entries or data.more:
        return data.get(key)
    if default is None:
        raise EvaluationError(f"no key {key!r}")
    return default


def _keys(values: list[Single[Any]]) -> Value[Any]:
    data = mapping(values[0])
    items = tuple(Known(key, data.keys.get(key)) for key in sorted(data.entries))
    found = ListValue(items, data.more, of=STRING) if isinstance(data, MapValue) else List(items, data.more)
    return Known(found, values[0].origin)


def _values(values: list[Single[Any]]) -> Value[Any]:
    data = mapping(values[0])
    items = tuple(data.entries[key] for key in sorted(data.entries))
    found = ListValue(items, data.more, of=data.of) if isinstance(data, MapValue) else List(items, data.more)
    return Known(found, values[0].origin)


def _zipmap(values: list[Single[Any]]) -> Value[Any]:
    names, data = in_order(sequence(values[0])), in_order(sequence(values[1]))
    if len(names.items) != len(data.items):
        raise EvaluationError(f"{len(names.items)} keys and {len(data.items)} values")
    entries: dict[str, Value[Any]] = {}
    doubts: list[Unknown] = []
    for name, item in zip(names.items, data.items, strict=True):
        try:
            key = decided(name)
        except NotPlain as error:
            doubts.append(error.unknown)
            continue
        if key is None:
            raise EvaluationError("a key is null")
        entries[key] = item
    if isinstance(data, ListValue):
        return Known(MapValue(entries, tuple(doubts), of=data.of))
    return Known(Object(entries, tuple(doubts)))


def _transpose(data: dict[str, list[str | None] | None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in sorted(data):
        members = data[key]
        if members is None or None in members:
            raise EvaluationError("transpose() of null")
        for value in members:
            found.setdefault(str(value), []).append(key)
    return found


def _coalesce(values: list[Single[Any]]) -> Value[Any]:
    """The first that is neither null nor empty text, as the type that all have in common."""
    common = unify([type_of(value) for value in values], safe=False)
    if common is None:
        raise EvaluationError("the arguments of coalesce() have no common type")
    for value in values:
        if isinstance(value, Unknown) or (isinstance(value, Known) and value.value not in (None, "")):
            return convert(value, common)
    raise EvaluationError("no argument of coalesce() has a value")


FUNCTIONS: dict[str, Function] = {
    "coalesce": Function(_coalesce, rest=ANY, at_least=1, partial=True, null_rest=True),
    "keys": Function(_keys, (ANY,), partial=True),
    "lookup": Function(_lookup, (ANY, STRING, ANY), optional=1, partial=True, null=frozenset({2})),
    "merge": Function(_merge, rest=ANY, partial=True, null_rest=True),
    "transpose": Function(_transpose, (map_of(TEXTS),), gives=map_of(list_of(STRING))),
    "values": Function(_values, (ANY,), partial=True),
    "zipmap": Function(_zipmap, (TEXTS, ANY), partial=True),
}
