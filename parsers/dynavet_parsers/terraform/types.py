"""Terraform's types: which a value has, and which one several have in common.

A `List` as it stands is a tuple and an `Object` an object, as their literals are; lists,
sets and maps, all of whose members have one type, are the classes of this module.
https://github.com/zclconf/go-cty/blob/main/docs/convert.md
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Known, List, Object, OneOf, Value


@dataclass(frozen=True, slots=True)
class Type:
    """`of` is the member type of a list, set or map; `items` are those of a tuple.

    `attributes` are those of an object by name, sorted; `optional` are the names of those
    that a value may leave out, with their defaults.
    """

    kind: str
    of: Type | None = None
    items: tuple[Type, ...] = ()
    attributes: tuple[tuple[str, Type], ...] = ()
    optional: tuple[tuple[str, Value[Any]], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.kind}({self.of})" if self.of is not None else self.kind


ANY = Type("any")
STRING = Type("string")
NUMBER = Type("number")
BOOL = Type("bool")
PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}


def list_of(of: Type = ANY) -> Type:
    return Type("list", of)


def set_of(of: Type = ANY) -> Type:
    return Type("set", of)


def map_of(of: Type = ANY) -> Type:
    return Type("map", of)


@dataclass(frozen=True, slots=True)
class ListValue(List):
    """A list, all of whose items have type `of`; not `ordered`: it was a set of undecided order."""

    of: Type = field(default=ANY, compare=False)
    ordered: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class SetValue(List):
    """A set, without equal items, in the order in which Terraform walks it; see `ListValue`."""

    of: Type = field(default=ANY, compare=False)
    ordered: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class MapValue(Object):
    """A map, all of whose members have type `of`."""

    of: Type = field(default=ANY, compare=False)


def type_of(value: Value[Any]) -> Type:
    """The type of a value; any for null and for what is not known."""
    if isinstance(value, OneOf):
        first, *rest = (type_of(branch) for _, branch in value.branches)
        return first if all(each == first for each in rest) else ANY
    return type_of_data(value.value) if isinstance(value, Known) else ANY


def type_of_data(data: Any) -> Type:
    if isinstance(data, bool):
        return BOOL
    if isinstance(data, (str, Text)):
        return STRING
    if isinstance(data, (int, float)):
        return NUMBER
    if isinstance(data, ListValue):
        return Type("list", _member_type(data.of, data.items))
    if isinstance(data, SetValue):
        return Type("set", _member_type(data.of, data.items))
    if isinstance(data, MapValue):
        return Type("map", _member_type(data.of, data.entries.values()))
    if isinstance(data, List):
        return ANY if data.more else Type("tuple", items=tuple(type_of(item) for item in data.items))
    if isinstance(data, Object):
        if data.more:
            return ANY
        return Type("object", attributes=tuple((key, type_of(data.entries[key])) for key in sorted(data.entries)))
    return ANY


def _member_type(declared: Type, members: Iterable[Value[Any]]) -> Type:
    if declared != ANY:
        return declared
    return next((found for found in map(type_of, members) if found != ANY), ANY)


def unify(types: Sequence[Type], *, safe: bool = True) -> Type | None:
    """The type to which values of all `types` can be converted; `None` if there is none.

    A `safe` conversion cannot fail (number to text); without it the members of lists and
    sets may also be converted the other way, as the branches of a conditional are.
    """
    decided = [each for each in types if each != ANY]
    if not decided:
        return ANY
    kinds = {each.kind for each in decided}
    if len(decided) < len(types) and not kinds.isdisjoint(("object", "tuple")):
        # What members the undecided one has decides what they become.
        return ANY if not safe or unify(decided) is not None else None
    first = decided[0]
    if all(each == first for each in decided[1:]):
        return first
    if kinds == {"object"}:
        return _unified_objects(decided, safe=safe)
    if kinds == {"tuple"}:
        return _unified_tuples(decided, safe=safe)
    if kinds <= {"object", "map"}:
        return _collection("map", _all_members(decided), safe=safe, any_member=_empty(decided))
    if kinds <= {"tuple", "list"}:
        return _collection("list", _all_members(decided), safe=safe, any_member=_empty(decided))
    if kinds <= {"tuple", "set", "list"}:
        return _with_set(decided, safe=safe)
    return STRING if kinds <= {"string", "number", "bool"} and "string" in kinds else None


def _members(type_: Type) -> list[Type]:
    if type_.kind == "object":
        return [each for _, each in type_.attributes]
    return list(type_.items) if type_.kind == "tuple" else [type_.of or ANY]


def _all_members(types: Sequence[Type]) -> list[Type]:
    return [member for each in types for member in _members(each)]


def _empty(types: Sequence[Type]) -> bool:
    return any(each.of == ANY for each in types)


def _collection(kind: str, members: list[Type], *, safe: bool, any_member: bool = False) -> Type | None:
    """The collection of the members' common type; where an empty one has `any_member`, of none in particular."""
    unified = unify(members, safe=safe)
    if unified is None and any_member:
        unified = ANY
    return Type(kind, unified) if unified is not None else None


def _unified_objects(types: Sequence[Type], *, safe: bool) -> Type | None:
    names = [tuple(name for name, _ in each.attributes) for each in types]
    if any(each != names[0] for each in names):
        return _collection("map", [t for each in types for t in _members(each)], safe=safe)
    attributes = []
    for name, *members in zip(names[0], *(_members(each) for each in types), strict=True):
        unified = unify(members, safe=safe)
        if unified is None:
            return None
        attributes.append((name, unified))
    return Type("object", attributes=tuple(attributes))


def _unified_tuples(types: Sequence[Type], *, safe: bool) -> Type | None:
    if len({len(each.items) for each in types}) > 1:
        return _collection("list", [t for each in types for t in each.items], safe=safe)
    items = [unify(members, safe=safe) for members in zip(*(each.items for each in types), strict=True)]
    decided = tuple(each for each in items if each is not None)
    return Type("tuple", items=decided) if len(decided) == len(items) else None


def _with_set(types: Sequence[Type], *, safe: bool) -> Type | None:
    """Sets only: their members' common type. With others, one of the sets or lists is it."""
    kinds = {each.kind for each in types}
    if kinds == {"set"}:
        return _collection("set", [t for each in types for t in _members(each)], safe=safe)
    if "list" in kinds:
        return None if safe else next(each for each in types if each.kind == "list")
    wanted = next(each for each in types if each.kind == "set")
    members = [member for each in types for member in _members(each)]
    return wanted if not safe or unify(members) == wanted.of else None
