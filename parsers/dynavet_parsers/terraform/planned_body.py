"""Blocks of the configuration read together with what a plan says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from dynavet.records import dataclass
from dynavet.values import Known, List, Object, Unknown, Value
from dynavet_parsers.terraform.body import Blocks, Body
from dynavet_parsers.terraform.evaluate import Scope
from dynavet_parsers.terraform.expressions import Block
from dynavet_parsers.terraform.plan_settle import settled


class Planned(Protocol):
    """What a plan says of the arguments and nested blocks of a block, by name."""

    def get(self, key: str, /) -> Value[Any]: ...


@dataclass(frozen=True, slots=True)
class PlannedBody(Body):
    """A block of which `planned` adds what the configuration does not decide."""

    planned: Planned

    def raw(self, name: str) -> Value[Any]:
        own = Body.raw(self, name)
        return settled(own, self.planned.get(name)) if name in self.block.arguments else own

    def blocks(self, name: str) -> Blocks:
        """Nested blocks of one type; the plan says how many an undecided ``dynamic`` makes."""
        found = Body.blocks(self, name)
        items = _items(self.planned.get(name))
        if items is None:
            return found
        bodies = [slot.value for slot in found.slots if isinstance(slot, Known) and slot.value is not None]
        undecided = bool(found.more) or any(not isinstance(slot, Known) for slot in found.slots)
        dynamic = [block for block in self.block.blocks if block.type == "dynamic" and block.labels == (name,)]
        if undecided:
            if len(dynamic) != 1 or not dynamic[0].of_type("content"):
                return found
            content = dynamic[0].of_type("content")[0]
            bodies = [body for body in bodies if body.block is not content]
            bodies += [Body(content, self._undecided(dynamic[0]))] * (len(items) - len(bodies))
        return Blocks(tuple(Known(body, body.at) for body in _paired(bodies, items)), ())

    def _undecided(self, dynamic: Block) -> Scope:
        """The scope in which nothing is known of the iterator of a ``dynamic`` block."""
        iterator = dynamic.arguments.get("iterator")
        name = str(getattr(iterator.value, "name", "")) if iterator is not None else dynamic.labels[0]
        return self.scope.bind(**{name: Unknown(f"for_each of dynamic {dynamic.labels[0]} is undecided", dynamic.at)})


def _items(planned: Value[Any]) -> list[Planned] | None:
    """The planned blocks of one type, `None` if the plan does not say how many there are."""
    if not isinstance(planned, Known) or not isinstance(planned.value, List):
        return None
    return [_item(item) for item in planned.value.items]


def _item(item: Value[Any]) -> Planned:
    if isinstance(item, Known) and isinstance(item.value, Object):
        return item.value
    return Object(more=(item if isinstance(item, Unknown) else Unknown("the plan has no object here"),))


def _paired(bodies: Sequence[Body], items: Sequence[Planned]) -> Iterator[Body]:
    """Each block with the planned one that it is: the only one, or the only one with the same values.

    A set of blocks has no order, so what is known of a block tells.
    """
    for body in bodies:
        alike = items if len(bodies) == len(items) == 1 else [item for item in items if _alike(body, item)]
        yield PlannedBody(body.block, body.scope, alike[0]) if len(alike) == 1 else body


def _alike(body: Body, item: Planned) -> bool:
    own = [(item.get(name), body.value(name)) for name in body.block.arguments]
    known = [(planned, value) for planned, value in own if isinstance(value, Known) and _scalar(value.value)]
    return bool(known) and all(
        not isinstance(planned, Known) or planned.value == value.value for planned, value in known
    )


def _scalar(data: Any) -> bool:
    return isinstance(data, (str, int, float, bool))
