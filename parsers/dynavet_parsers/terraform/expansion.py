"""The instances that ``count`` and ``for_each`` make of a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Known, List, Object, OneOf, Origin, Unknown, Value, apply, bind, choose
from dynavet_parsers.terraform.data import EvaluationError, Handle
from dynavet_parsers.terraform.evaluate import Scope, evaluate
from dynavet_parsers.terraform.expressions import Block
from dynavet_parsers.terraform.functions import to_number
from dynavet_parsers.terraform.lifecycle import enabled

MAX_INSTANCES = 2_000


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance: `suffix` of its address, the scope with its iterator, whether it exists."""

    suffix: str
    scope: Scope
    exists: Value[bool]


def expand(block: Block, scope: Scope, address: str) -> tuple[Instance, ...]:
    """The instances of a resource, data source or module call.

    One whose number or keys are undecided stands for all of them, without a suffix.
    """
    if "count" in block.arguments:
        return _counted(block, scope, address)
    if "for_each" in block.arguments:
        argument = block.arguments["for_each"]
        members = members_of(evaluate(argument.value, scope))
        return tuple(
            _each(member, scope, argument.at, f"for_each of {address}") for member in _limited(members, argument.at)
        )
    exists = enabled(block, scope, address)
    return (Instance("", scope, Known(True) if exists is None else exists),)


def _counted(block: Block, scope: Scope, address: str) -> tuple[Instance, ...]:
    argument = block.arguments["count"]
    try:
        number = bind(to_number, evaluate(argument.value, scope))
    except EvaluationError as error:
        number = Unknown(f"count of {address} cannot be evaluated: {error}", argument.at)
    largest = _largest(number)
    if largest is None or largest > MAX_INSTANCES:
        reason = number if isinstance(number, Unknown) else Unknown(f"count of {address} is undecided", argument.at)
        exists = choose(reason, Known(True), Known(False), f"{scope.module.prefix}count of {address}")
        return (Instance("", _with(scope, "count", index=reason), exists),)
    return tuple(
        Instance(f"[{i}]", _with(scope, "count", index=Known(i, argument.at)), apply(lambda n, i=i: n > i, number))
        for i in range(largest)
    )


def _largest(number: Value[Any]) -> int | None:
    if isinstance(number, OneOf):
        sizes = [_largest(branch) for _, branch in number.branches]
        return None if any(size is None for size in sizes) else max(size or 0 for size in sizes)
    return None if isinstance(number, Unknown) else int(number.value)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a for_each collection; an unknown key stands for any number of members."""

    key: str | None
    value: Value[Any]
    exists: Value[bool]
    doubt: Unknown | None = None


def members_of(collection: Value[Any]) -> list[Member]:
    """The members of a `for_each` value, each with the condition it is there under."""
    if isinstance(collection, Unknown):
        return [Member(None, collection, Known(True), collection)]
    if isinstance(collection, OneOf):
        return _open_members(collection)
    data = collection.value
    if isinstance(data, Handle):
        return members_of(data.members())
    if isinstance(data, Object):
        found = [Member(key, data.entries[key], Known(True)) for key in sorted(data.entries)]
        return found + [Member(None, doubt, Known(True), doubt) for doubt in data.more[:1]]
    if isinstance(data, List):
        return list(_list_members(data))
    reason = Unknown("for_each is not a map or a set", collection.origin)
    return [] if data is None else [Member(None, reason, Known(True), reason)]


def _list_members(data: List) -> Iterator[Member]:
    for item in data.items:
        if isinstance(item, Known) and isinstance(item.value, str):
            yield Member(item.value, item, Known(True))
        elif isinstance(item, Known) and isinstance(item.value, Text):
            yield Member(str(item.value), item, Known(True))
        else:
            doubt = item if isinstance(item, Unknown) else Unknown("a for_each key is undecided", item.origin)
            yield Member(None, item, Known(True), doubt)
    for doubt in data.more[:1]:
        yield Member(None, doubt, Known(True), doubt)


def _open_members(collection: OneOf[Any]) -> list[Member]:
    per_branch = {label: {m.key: m for m in members_of(branch)} for label, branch in collection.branches}
    keys = dict.fromkeys(key for members in per_branch.values() for key in members)

    def over(pick: Callable[[Member | None], Value[Any]], key: str | None) -> Value[Any]:
        branches = tuple((label, pick(members.get(key))) for label, members in per_branch.items())
        return OneOf(collection.condition, branches, collection.default, collection.origin)

    found = []
    for key in keys:
        present = [m for members in per_branch.values() if (m := members.get(key)) is not None]
        exists = over(lambda m: Known(False) if m is None else m.exists, key)
        value = present[0].value if len(present) == 1 else over(lambda m: Known(None) if m is None else m.value, key)
        found.append(Member(key, value, exists, present[0].doubt))
    return found


def _limited(members: list[Member], at: Origin) -> list[Member]:
    if len(members) <= MAX_INSTANCES:
        return members
    doubt = Unknown(f"for_each has {len(members)} members, more than {MAX_INSTANCES}", at)
    return [Member(None, doubt, Known(True), doubt)]


def _each(member: Member, scope: Scope, at: Origin, name: str) -> Instance:
    if member.key is None:
        doubt = member.doubt if member.doubt is not None else Unknown("for_each is undecided", at)
        exists = apply(
            lambda a, b: a and b, member.exists, choose(doubt, Known(True), Known(False), scope.module.prefix + name)
        )
        return Instance("", _with(scope, "each", key=doubt, value=doubt), exists)
    return Instance(
        f'["{member.key}"]', _with(scope, "each", key=_key_value(member, at), value=member.value), member.exists
    )


def _key_value(member: Member, at: Origin) -> Value[Any]:
    """``each.key``; in a set of symbolic texts it is the text itself."""
    text = member.value.value if isinstance(member.value, Known) else None
    return member.value if isinstance(text, Text) and str(text) == member.key else Known(member.key, at)


def _with(scope: Scope, name: str, **entries: Value[Any]) -> Scope:
    return scope.bind(**{name: Known(Object(entries))})
