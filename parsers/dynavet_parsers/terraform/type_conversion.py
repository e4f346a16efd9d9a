"""Conversion of values to types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dynavet.text import Text, as_text
from dynavet.values import Known, List, Object, Unknown, Value, bind
from dynavet_parsers.terraform.data import EvaluationError, NotPlain, members, symbolic
from dynavet_parsers.terraform.numeric import is_whole, parse_number
from dynavet_parsers.terraform.set_order import set_items
from dynavet_parsers.terraform.types import (
    ANY,
    ListValue,
    MapValue,
    SetValue,
    Type,
    type_of,
    type_of_data,
    unify,
)

MAX_DEPTH = 100
"""Data nested deeper than this is not converted."""


def kind_of(data: Any) -> str:
    """What a message calls a value."""
    return "null" if data is None else str(type_of_data(data))


def text_of(data: Any) -> str | Text:
    """A scalar as Terraform writes it in text."""
    text = as_text(data)
    return text.literal if text.literal is not None and text.document is None else text


def to_bool(data: Any) -> Value[bool]:
    """Raises `EvaluationError` for what is not a boolean."""
    if isinstance(data, bool):
        return Known(data)
    if isinstance(data, str) and data in ("true", "false", "1", "0"):
        return Known(data in ("true", "1"))
    if isinstance(data, Text):
        literal = data.literal
        return symbolic(data, None) if literal is None else to_bool(literal)
    raise EvaluationError(f"{_shown(data)} is not a boolean")


def to_number(data: Any) -> Value[int | float]:
    """Raises `EvaluationError` for what is not a number."""
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        return Known(data)
    if isinstance(data, Text):
        literal = data.literal
        return symbolic(data, None) if literal is None else to_number(literal)
    if isinstance(data, str):
        try:
            return Known(parse_number(data))
        except NotPlain as error:
            return error.unknown
    raise EvaluationError(f"{_shown(data)} is not a number")


def whole_number(data: Any) -> int | None:
    """A number or the text of one, if it is whole."""
    if isinstance(data, bool) or not isinstance(data, (int, float, str)):
        return None
    if isinstance(data, str):
        try:
            data = parse_number(data)
        except (EvaluationError, NotPlain):
            return None
    return int(data) if is_whole(data) else None


def _shown(data: Any) -> str:
    return "null" if data is None else repr(data)[:40] if isinstance(data, (str, int, float)) else f"a {kind_of(data)}"


def convert(value: Value[Any], type_: Type, depth: int = 0) -> Value[Any]:
    """`value` as a `type_`; null and what is unknown stay.

    Raises `EvaluationError` for what cannot be converted.
    """
    if type_.kind == "any" or isinstance(value, Unknown):
        return value
    if depth > MAX_DEPTH:
        return Unknown(f"data nested deeper than {MAX_DEPTH} is not converted", value.origin)
    return bind(lambda data: _moved(_converted(data, type_, depth), value), value)


def _moved(converted: Value[Any], value: Value[Any]) -> Value[Any]:
    return replace(converted, origin=value.origin) if converted.origin is None else converted


def _converted(data: Any, type_: Type, depth: int) -> Value[Any]:
    if data is None:
        return Known(None)
    if type_.kind == "string":
        if not isinstance(data, (bool, int, float, str, Text)):
            return _unfit(data, type_)
        return Known(text_of(data))
    if type_.kind == "bool":
        return to_bool(data)
    if type_.kind == "number":
        return to_number(data)
    if isinstance(data, List):
        return _sequence(data, type_, depth)
    if isinstance(data, Object):
        return _mapping(data, type_, depth)
    return _unfit(data, type_)


def _unfit(data: Any, type_: Type) -> Value[Any]:
    if isinstance(data, (str, Text, bool, int, float, List, Object)):
        raise EvaluationError(f"a {kind_of(data)} is not a {type_}")
    return _undecided_members(data, type_)


def _undecided_members(data: Any, type_: Type) -> Value[Any]:
    """A resource, or all instances of one: what it holds is looked up on demand."""
    found = members(data)
    if isinstance(found, Known) and type_.kind in ("list", "set", "map"):
        return convert(found, type_)
    return found if isinstance(found, Unknown) else Known(data)


def _sequence(data: List, type_: Type, depth: int) -> Value[Any]:
    if type_.kind == "tuple":
        if data.more:
            return data.more[0]
        if len(type_.items) != len(data.items) or isinstance(data, SetValue):
            raise EvaluationError(f"{len(data.items)} items where {len(type_.items)} are expected")
        pairs = zip(data.items, type_.items, strict=True)
        return Known(List(tuple(convert(item, each, depth + 1) for item, each in pairs)))
    if type_.kind not in ("list", "set"):
        raise EvaluationError(f"a {kind_of(data)} is not a {type_}")
    of = member_type(data.items, type_)
    items = tuple(convert(item, of, depth + 1) for item in data.items)
    if type_.kind == "list":
        return Known(ListValue(items, data.more, of=of, ordered=getattr(data, "ordered", True)))
    return Known(as_set(items, data.more, of))


def as_set(items: Iterable[Value[Any]], more: tuple[Unknown, ...], of: Type) -> SetValue:
    """A set of items of one type, which may repeat."""
    unique, ordered = set_items(items)
    return SetValue(unique, more, of=of, ordered=ordered and not more)


def _mapping(data: Object, type_: Type, depth: int) -> Value[Any]:
    if type_.kind == "object":
        return Known(_object(data, type_, depth))
    if type_.kind != "map":
        raise EvaluationError(f"a {kind_of(data)} is not a {type_}")
    of = member_type(data.entries.values(), type_)
    entries = {key: convert(item, of, depth + 1) for key, item in data.entries.items()}
    return Known(MapValue(entries, data.more, data.keys, of=of))


def member_type(members: Iterable[Value[Any]], collection: Type) -> Type:
    """The type that members of a collection are to have: the one asked for, or their common one."""
    if collection.of is not None and collection.of != ANY:
        return collection.of
    common = unify([type_of(item) for item in members])
    if common is None:
        raise EvaluationError(f"the members of a {collection.kind} have no common type")
    return common


def _object(data: Object, type_: Type, depth: int) -> Object:
    entries: dict[str, Value[Any]] = {}
    optional = dict(type_.optional)
    for name, member in type_.attributes:
        given = data.get(name)
        if name not in optional and name not in data.entries and not data.more:
            raise EvaluationError(f"attribute {name!r} is required")
        default = optional.get(name)
        if default is not None and isinstance(given, Known) and given.value is None:
            given = default
        entries[name] = convert(given, member, depth + 1)
    return Object(entries, (), {key: at for key, at in data.keys.items() if key in entries})
