"""Reading the arguments and nested blocks of a block in its scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Origin, Unknown, Value, bind
from dynavet_parsers.terraform.data import EvaluationError, located, text_or_none
from dynavet_parsers.terraform.evaluate import Scope, evaluate
from dynavet_parsers.terraform.expansion import Member, members_of
from dynavet_parsers.terraform.expressions import (
    Block,
    Expression,
    ListExpression,
    Literal,
    Name,
    ObjectExpression,
)
from dynavet_parsers.terraform.functions import to_bool
from dynavet_parsers.terraform.nested import as_blocks


@dataclass(frozen=True, slots=True)
class Blocks:
    """Nested blocks of one type as slots; `more`: there may be others, for these reasons."""

    slots: tuple[Value[Body | None], ...]
    more: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A block read in a scope. Values stand at their whole argument, ``name = value``."""

    block: Block
    scope: Scope

    @property
    def at(self) -> Origin:
        return self.block.at

    def raw(self, name: str) -> Value[Any]:
        """The argument's value at its own place (a policy document keeps its positions)."""
        argument = self.block.arguments.get(name)
        return ABSENT if argument is None else evaluate(argument.value, self.scope)

    def value(self, name: str) -> Value[Any]:
        """The argument's value; absent if it is not there or null."""
        argument = self.block.arguments.get(name)
        return ABSENT if argument is None else located(self.raw(name), argument.at)

    def text(self, name: str) -> Value[Text | None]:
        value = self.value(name)
        return bind(lambda data: _as_scalar(data, name, value.origin), value)

    def flag(self, name: str) -> Value[bool | None]:
        """A boolean argument, also as the text ``"true"``."""
        value = self.value(name)

        def read(data: Any) -> Value[bool | None]:
            if data is None:
                return Known(None, value.origin)
            try:
                truth = to_bool(data)
            except EvaluationError as error:
                return Unknown(f"{name}: {error}", value.origin)
            return Known(truth.value, value.origin) if isinstance(truth, Known) else truth

        return bind(read, value)

    def blocks(self, name: str) -> Blocks:
        """Nested blocks of one type, ``dynamic`` ones expanded."""
        slots: list[Value[Body | None]] = []
        more: list[Unknown] = []
        for block in (*_as_blocks(self.block, name), *self.block.blocks):
            if block.type == name:
                slots.append(Known(Body(block, self.scope), block.at))
            elif block.type == "dynamic" and block.labels == (name,):
                for member in self._dynamic_members(block):
                    if member.key is None and member.doubt is not None:
                        more.append(member.doubt)
                    else:
                        slots.append(self._dynamic_slot(block, member))
        return Blocks(tuple(slots), (*more, *self._computed_blocks(name)))

    def _computed_blocks(self, name: str) -> Iterator[Unknown]:
        """Blocks that an argument computes (``ingress = var.rules``): nothing is said of them."""
        argument = self.block.arguments.get(name)
        if argument is None or isinstance(argument.value, (ListExpression, ObjectExpression)):
            return
        value = evaluate(argument.value, self.scope)
        if not (isinstance(value, Known) and value.value is None):
            reason = value.reason if isinstance(value, Unknown) else f"the blocks of {name} are computed"
            yield Unknown(reason, argument.at)

    def _dynamic_members(self, block: Block) -> list[Member]:
        argument = block.arguments.get("for_each")
        if argument is None:
            return []
        return [
            Member(str(number) if m.key is None and m.doubt is None else m.key, m.value, m.exists, m.doubt)
            for number, m in enumerate(_dynamic(evaluate(argument.value, self.scope)))
        ]

    def _dynamic_slot(self, block: Block, member: Member) -> Value[Body | None]:
        content = [*block.of_type("content"), *_as_blocks(block, "content")]
        if not content:
            return ABSENT
        iterator = block.arguments.get("iterator")
        name = block.labels[0]
        if iterator is not None:
            name = _word(iterator.value) or name
        pair = Known(Object({"key": Known(member.key), "value": member.value}))
        body = Body(content[0], self.scope.bind(**{name: pair}))
        return bind(
            lambda there: Known(body, content[0].at) if there else Known(None),
            member.exists,
        )

    def block_value(self, name: str) -> Value[Body | None]:
        """The block of a type that stands at most once."""
        found = self.blocks(name)
        if found.slots:
            return found.slots[0]
        return found.more[0] if found.more else ABSENT


def _word(expression: Expression) -> str | None:
    """A name that is no reference, which the JSON syntax writes as text."""
    if isinstance(expression, Name):
        return expression.name
    return str(expression.value) if isinstance(expression, Literal) else None


def _as_blocks(block: Block, name: str) -> Iterator[Block]:
    """An argument that holds an object or a list of objects, as the JSON syntax writes blocks."""
    argument = block.arguments.get(name)
    if argument is not None:
        yield from as_blocks(argument.value, name)


def _dynamic(collection: Value[Any]) -> list[Member]:
    """Members for a ``dynamic`` block, which also takes lists of anything."""
    if isinstance(collection, OneOf):
        per_branch = [(label, _dynamic(branch)) for label, branch in collection.branches]
        return [_merged(collection, per_branch, i) for i in range(max(len(found) for _, found in per_branch))]
    if isinstance(collection, Known) and isinstance(collection.value, List):
        data = collection.value
        found = [Member(_key(item, i), item, Known(True)) for i, item in enumerate(data.items)]
        return found + [Member(None, doubt, Known(True), doubt) for doubt in data.more[:1]]
    return members_of(collection)


def _merged(collection: OneOf[Any], per_branch: list[tuple[str, list[Member]]], i: int) -> Member:
    present = [found[i] for _, found in per_branch if i < len(found)]
    doubt = next((m.doubt for m in present if m.doubt is not None), None)
    if doubt is not None:
        return Member(None, doubt, Known(True), doubt)

    def over(values: list[Value[Any]]) -> Value[Any]:
        labels = [label for label, _ in per_branch]
        return OneOf(collection.condition, tuple(zip(labels, values, strict=True)), collection.default)

    exists = over([found[i].exists if i < len(found) else Known(False) for _, found in per_branch])
    if len(present) == 1:
        return Member(present[0].key, present[0].value, exists)
    return Member(present[0].key, over([m[i].value if i < len(m) else ABSENT for _, m in per_branch]), exists)


def _key(item: Value[Any], number: int) -> str:
    return item.value if isinstance(item, Known) and isinstance(item.value, str) else str(number)


def _as_scalar(data: Any, name: str, origin: Origin | None) -> Value[Text | None]:
    if data is None or isinstance(data, (bool, int, float, str, Text)):
        return Known(text_or_none(data), origin)
    return Unknown(f"{name} is not text", origin)
