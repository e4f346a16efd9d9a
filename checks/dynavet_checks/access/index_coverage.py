"""The indexes of a table, and whether something that acts for a principal is about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.managed_policies import grants_of, managed_policy_name
from dynavet.iam.patterns import ask_any, at_most, undecided_parts
from dynavet.iam.reach import reach
from dynavet.model import Statement, Table
from dynavet.rule import Grant, Holder
from dynavet.text import Hole, Text
from dynavet.values import Known, OneOf, Origin, Unknown, Value, single
from dynavet_checks.access.table_resources import names_resource

ON_INDEXES = ("Query", "Scan")
"""The actions that work on an index by its own ARN."""


def resource_patterns(statement: Statement) -> Iterator[tuple[Text, Origin | None]]:
    """The resource patterns; an unknown one is a hole."""
    resources = single(statement.resources)
    if isinstance(resources, Unknown):
        yield Text.of(Hole(resources.reason)), resources.origin
    elif resources.value is not None:
        for item in (*map(single, resources.value.items), *resources.value.more):
            yield (Text.of(Hole(item.reason)) if isinstance(item, Unknown) else item.value), item.origin


def indexes_of(table: Table) -> Iterator[tuple[Text, Origin | None, tuple[Unknown, ...]]]:
    """The name of each index that there is or may be, and why it may not be there."""
    for slot, doubts in branches(table.indexes, ()):
        if isinstance(slot, Unknown):
            yield Text.of(Hole(slot.reason)), slot.origin, (*doubts, slot)
        elif slot.value is not None:
            for name, more in branches((slot.value.name,), doubts):
                if isinstance(name, Unknown):
                    yield Text.of(Hole(name.reason)), slot.value.origin, more
                elif name.value is not None:
                    yield name.value, slot.value.origin, more
    for reason in table.more_indexes:
        yield Text.of(Hole(reason.reason)), reason.origin, (reason,)


def branches(
    values: tuple[Value[Any], ...], doubts: tuple[Unknown, ...]
) -> Iterator[tuple[Known[Any] | Unknown, tuple[Unknown, ...]]]:
    """What the values are in each branch, and the conditions that it depends on."""
    for value in values:
        if isinstance(value, OneOf):
            on = Unknown(f"{value.condition} is undecided", value.origin)
            for _, branch in value.branches:
                yield from branches((branch,), (*doubts, on))
        else:
            yield value, doubts


def covered_for_holders(grant: Grant, table: Table, index: Text, pattern: Text) -> Iterator[Answer]:
    """For each holder, or else for the policy alone, whether something is about the index."""
    users = any(holder.principal.kind == "user" for holder in grant.holders)
    holders = [holder for holder in grant.holders if not (users and holder.principal.kind == "group")]
    for policies, foreign in [(h.policies, _foreign(h)) for h in holders] or [((grant.policy,), NO)]:
        answers = [foreign]
        for policy in policies:
            slots = [single(slot) for slot in policy.statements]
            answers += [undecided(reason) for reason in policy.more]
            answers += [undecided(slot) for slot in slots if isinstance(slot, Unknown)]
            answers += [
                _is_about(slot.value, table, index, pattern)
                for slot in slots
                if not isinstance(slot, Unknown) and slot.value is not None
            ]
        yield any_of(answers)


def _is_about(statement: Statement, table: Table, index: Text, pattern: Text) -> Answer:
    """Whether a statement is about queries of the index; `pattern` is how another one names the table."""
    if not any(action.name in ON_INDEXES for each in reach(statement) for action in (*each.actions, *each.possible)):
        return NO
    suffix = Text.of("/index/", index)

    def one(text: Text, origin: Origin | None) -> Answer:
        if pattern.holes and _extends(text, pattern):
            return YES
        return names_resource(text, table, suffix, origin)

    return ask_any(single(statement.resources), one, absent=YES)


def _extends(text: Text, pattern: Text) -> bool:
    """Whether the text is the other one with ``/index/…`` behind it, whatever is undecided in both."""
    whole, start = str(text), str(pattern)
    same = tuple(hole.reason for hole in text.holes) == tuple(hole.reason for hole in pattern.holes)
    return same and whole.startswith(f"{start}/") and whole[len(start) :].startswith(("/index/", "/*"))


def _foreign(holder: Holder) -> Answer:
    """Whether a policy that is attached but not in the code allows it on indexes; of AWS managed ones it is known."""
    answers = []
    for value, doubts in branches(holder.foreign, ()):
        if isinstance(value, Unknown):
            answers.append(undecided(value, *doubts))
        elif value.value is not None:
            name = managed_policy_name(at_most(value.value))
            unseen = undecided_parts(value.value, value.origin) or (
                Unknown(f"policy {value.value} is not in the code", value.origin),
            )
            grants = grants_of(name) if name is not None else None
            allowed = (action.name in ON_INDEXES for grant in grants or () for action in grant.reached())
            answers.append(undecided(*unseen) if grants is None else Answer(any(allowed)))
    return any_of(answers)
