"""Statements of PartiQL that do what is denied or limited for the operation they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam import Context
from dynavet.iam.actions import Action, find
from dynavet.iam.conditions import conditions_of, limits_rows_or_attributes
from dynavet.iam.patterns import ask_any
from dynavet.iam.reach import reach
from dynavet.iam.text_matching import matches
from dynavet.model import Condition, Policy, Statement
from dynavet.records import dataclass
from dynavet.rule import Grant
from dynavet.text import Text
from dynavet.values import Known, Origin, Unknown, single
from dynavet_checks.access.grants import allows, known_statements
from dynavet_checks.access.passage import (
    FREE,
    denials,
    not_denied,
    principals,
    resources,
    sides,
    with_keys,
)

EQUIVALENTS = {
    "PartiQLSelect": ("Scan", "Query", "GetItem", "BatchGetItem"),
    "PartiQLInsert": ("PutItem",),
    "PartiQLUpdate": ("UpdateItem",),
    "PartiQLDelete": ("DeleteItem",),
}


@dataclass(frozen=True)
class Door:
    """A PartiQL action that does what another statement denies (or only allows within limits) for an operation."""

    partiql: Action
    operation: Action
    other: Statement
    denied: bool
    resource: Text


def doors(grant: Grant, partiql: Action) -> Iterator[tuple[Door, Answer]]:
    """What the action, which the statement grants, opens for some holder, as far as it is not known to be shut."""
    for policies in sides(grant):
        for other in _others(grant.statement, policies):
            for name in EQUIVALENTS[partiql.name]:
                operation = find(f"dynamodb:{name}")
                if operation is None:
                    raise LookupError(f"the table of actions has no {name}")
                yield from _opened(grant, policies, partiql, other, operation)


def _others(statement: Statement, policies: tuple[Policy, ...]) -> Iterator[Statement]:
    """The statements that are known to allow or to deny something to somebody whom the statement means."""
    own = principals(statement)
    for each in (each for policy in policies for each in known_statements(policy)):
        others = principals(each)
        if allows(each).truth is not None and ("*" in own or "*" in others or own & others):
            yield each


def _opened(
    grant: Grant, policies: tuple[Policy, ...], partiql: Action, other: Statement, operation: Action
) -> Iterator[tuple[Door, Answer]]:
    denied = allows(other).truth is False
    closed = YES if denied else limits_rows_or_attributes(other) & ~limits_rows_or_attributes(grant.statement)
    about = _is_about(other, operation) & closed
    if about.truth is False:
        return
    for resource, both in _shared(grant.statement, partiql, other, operation):
        opened = about & both & not_denied(grant, policies, partiql, resource, _request(operation))
        if denied:
            opened = opened & ~_denied_alike(grant, policies, partiql, resource, other)
        if opened.truth is not False:
            yield Door(partiql, operation, other, denied, resource), opened


def _request(operation: Action) -> Context:
    """What a PartiQL statement that stands for the operation carries."""
    if operation.name == "Scan":
        return with_keys(FullTableScan="true", LeadingKeys=None)
    return with_keys(FullTableScan="false")


def _is_about(statement: Statement, action: Action) -> Answer:
    return any_of(each.includes(lambda found: found == action) for each in reach(statement))


def _shared(one: Statement, action: Action, other: Statement, its_action: Action) -> Iterator[tuple[Text, Answer]]:
    """Resources of either statement, and whether the other one is about them as well."""
    for resource in resources(one, action):
        yield resource, _covers(other, resource)
    for resource in resources(other, its_action):
        yield resource, _covers(one, resource)


def _covers(statement: Statement, resource: Text) -> Answer:
    """Whether the statement is about the resource, whichever the sender of a request chooses where it is free."""

    def one(text: Text, origin: Origin | None) -> Answer:
        return YES if text == resource else matches(text, resource, origin)

    answer = ask_any(single(statement.resources), one, absent=YES)
    if answer.truth is not None:
        return answer
    reasons = tuple(reason for reason in answer.reasons if reason.reason != FREE.reason)
    return undecided(*reasons) if reasons else NO


def _denied_alike(
    grant: Grant, policies: tuple[Policy, ...], partiql: Action, resource: Text, denial: Statement
) -> Answer:
    """Whether the PartiQL action is denied under the conditions of the denial, or under fewer."""
    allowed_then = [
        replace(
            policy, statements=tuple(Known(_bare(each)) for each in denials(policy) if _needs_no_more(each, denial))
        )
        for policy in policies
    ]
    return ~not_denied(grant, tuple(allowed_then), partiql, resource, with_keys())


def _bare(statement: Statement) -> Statement:
    return replace(statement, conditions=(), more_conditions=())


def _needs_no_more(one: Statement, other: Statement) -> bool:
    """Whether every condition of one statement is a condition of the other."""
    conditions, unknown = conditions_of(one)
    return not unknown and {*map(_wording, conditions)} <= {*map(_wording, conditions_of(other)[0])}


def _wording(condition: Condition) -> tuple[str, str, frozenset[str]]:
    values = single(condition.values)
    items = () if isinstance(values, Unknown) else tuple(map(single, values.value.items))
    texts = (item.reason if isinstance(item, Unknown) else str(item.value) for item in items)
    return condition.operator.lower(), str(condition.key).lower(), frozenset(texts)
