"""The items of the list elements of a statement, and where they may be about DynamoDB."""

from __future__ import annotations

from dynavet.iam.reach import reach
from dynavet.model import Patterns, Policy, PolicyKind
from dynavet.rule import Grant
from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, single

_NEVER_ON_TABLES = frozenset({PolicyKind.TRUST, PolicyKind.KEY, PolicyKind.OTHER_RESOURCE})


def items(*elements: Value[Patterns | None]) -> tuple[tuple[Known[Text], ...], tuple[Unknown, ...]]:
    """The texts in elements of one world, in source order, and why there may be others."""
    known: list[Known[Text]] = []
    unknown: list[Unknown] = []
    for element in map(single, elements):
        if isinstance(element, Unknown):
            unknown.append(element)
        elif element.value is not None:
            for item in map(single, element.value.items):
                (known if isinstance(item, Known) else unknown).append(item)  # type: ignore[arg-type]
            unknown += element.value.more
    return tuple(known), tuple(dict.fromkeys(unknown))


def may_be_about_tables(grant: Grant) -> bool:
    """Whether the statement is or may be about DynamoDB or DAX, by its policy, its actions and its resources."""
    return may_be_on_tables(grant.policy) and bool(reach(grant.statement))


def may_be_on_tables(policy: Policy) -> bool:
    """Whether statements of which nothing is known may be about DynamoDB or DAX, by where the policy acts."""
    return policy.kind not in _NEVER_ON_TABLES
