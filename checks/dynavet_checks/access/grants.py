"""What a statement allows, in the place where it stands."""

from __future__ import annotations

from dataclasses import replace

from dynavet.answers import NO, YES, Answer, ask, undecided
from dynavet.iam.actions import Action
from dynavet.iam.patterns import undecided_parts
from dynavet.iam.reach import Reach, reach
from dynavet.model import Policy, PolicyKind, Statement
from dynavet.remembering import remembered
from dynavet.rule import Grant
from dynavet.values import Unknown, single

OF_TABLE_POLICY = frozenset({"table", "index", "stream"})
"""The resource types that the policy of a table or stream can be about, whatever its `Resource` says."""


def allows(statement: Statement) -> Answer:
    """Whether the statement's effect is ``Allow``."""
    effect = single(statement.effect)
    if isinstance(effect, Unknown):
        return undecided(effect)
    if effect.value is None:
        return NO
    if effect.value.literal is None:
        return undecided(*undecided_parts(effect.value, effect.origin))
    return YES if effect.value.literal == "Allow" else NO


@remembered
def known_statements(policy: Policy) -> tuple[Statement, ...]:
    """The statements of a policy of one world, unknown ones left out."""
    slots = (single(slot) for slot in policy.statements)
    return tuple(slot.value for slot in slots if not isinstance(slot, Unknown) and slot.value is not None)


def acts_for_identities(grant: Grant) -> Answer:
    """Whether it is an identity policy of some kind; a raw document with a principal is none."""
    kinds = {PolicyKind.IDENTITY, PolicyKind.PERMISSION_SET, PolicyKind.SESSION}
    if grant.policy.kind is not PolicyKind.DOCUMENT:
        return Answer(grant.policy.kind in kinds)
    return ask(lambda principals: principals is None, single(grant.statement.principals))


GRANTING = frozenset(
    {
        PolicyKind.IDENTITY,
        PolicyKind.PERMISSION_SET,
        PolicyKind.SESSION,
        PolicyKind.RESOURCE,
        PolicyKind.ENDPOINT,
        PolicyKind.DOCUMENT,
    }
)
"""The policies that let requests for tables through."""


def reached(grant: Grant) -> tuple[Reach, ...]:
    """What the patterns of the `Action` element reach, `NotAction` left out."""
    return tuple(each for each in covered(grant) if not each.negated)


def covered(grant: Grant) -> tuple[Reach, ...]:
    """What the `Action` and `NotAction` elements reach."""
    found = reach(grant.statement)
    if grant.policy.kind is not PolicyKind.RESOURCE:
        return found
    narrowed = (
        replace(each, actions=tuple(filter(_of_table, each.actions)), possible=tuple(filter(_of_table, each.possible)))
        for each in found
    )
    return tuple(each for each in narrowed if each.actions or each.possible)


def _of_table(action: Action) -> bool:
    return action.service == "dynamodb" and not OF_TABLE_POLICY.isdisjoint(action.resource_types)
