"""Arguments in nested blocks."""

from __future__ import annotations

from typing import Any

from dynavet.records import dataclass
from dynavet.values import Known, OneOf, Origin, Unknown, Value, apply
from dynavet_parsers.terraform.body import Body

THERE: Value[bool] = Known(True)


@dataclass(frozen=True, slots=True)
class Place:
    """An argument, or the reason why there may be one.

    `label` tells apart the blocks of one resource, ``inline_policy[0]``; empty at the top.
    `block` is where its block stands, `at` the argument itself.
    """

    value: Value[Any]
    exists: Value[bool]
    block: Origin
    at: Origin
    label: str = ""


def places(body: Body, path: str) -> list[Place]:
    """Every argument at a dotted path of nested blocks; only those that are set and not null."""
    name, _, rest = path.partition(".")
    if not rest:
        argument = body.block.arguments.get(name)
        value = body.raw(name)
        if argument is None or (isinstance(value, Known) and value.value is None):
            return []
        exists = apply(lambda data: data is not None, value) if isinstance(value, OneOf) else THERE
        return [Place(value, exists, body.at, argument.at)]
    found = body.blocks(name)
    several: list[Place] = []
    for number, slot in enumerate((*found.slots, *found.more)):
        label = f"{name}[{number}]"
        inner = some_body(slot)
        if isinstance(inner, Body):
            there = apply(lambda each: each is not None, slot)
            several += [_within(each, label, there) for each in places(inner, rest)]
        elif inner is not None:
            several.append(Place(inner, THERE, inner.origin or body.at, inner.origin or body.at, label))
    return several


def some_body(slot: Value[Body | None]) -> Body | Unknown | None:
    """The block that stands in a slot in any branch; all branches of one slot have the same."""
    if isinstance(slot, OneOf):
        found = [each for _, branch in slot.branches if (each := some_body(branch)) is not None]
        return next((each for each in found if isinstance(each, Body)), found[0] if found else None)
    return slot if isinstance(slot, Unknown) else slot.value


def both(one: Value[bool], other: Value[bool]) -> Value[bool]:
    """Whether both hold."""
    for each, rest in ((one, other), (other, one)):
        if isinstance(each, Known):
            return rest if each.value else each
    return apply(lambda a, b: a and b, one, other)


def _within(place: Place, label: str, there: Value[bool]) -> Place:
    name = f"{label}.{place.label}" if place.label else label
    return Place(place.value, both(there, place.exists), place.block, place.at, name)
