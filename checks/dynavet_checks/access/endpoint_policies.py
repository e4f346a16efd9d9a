"""What is usual in the policies of endpoints, which grant nothing by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dynavet.answers import Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.conditions import conditions_of, key_is, read_operator
from dynavet.iam.reach import Reach
from dynavet.model import Statement

PERIMETER = (
    *("aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"),
    *("aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"),
)
"""Keys that keep an endpoint to the resources or principals of an account or organization."""


def limits_perimeter(statement: Statement) -> Answer:
    """Whether a statement of one world has a condition that a request from outside the perimeter does not meet."""
    known, unknown = conditions_of(statement)
    answers = [undecided(*unknown)] if unknown else []
    for condition in known:
        operator = read_operator(condition.operator)
        if operator is not None and operator.name.startswith("String") and not operator.holds_without_key:
            answers.append(key_is(condition.key, PERIMETER, condition.origin))
    return any_of(answers)


def of_this_service_beyond_metadata(reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """The patterns for DynamoDB and DAX alone, without the actions that only tell what resources look like."""
    kept = (
        replace(e, actions=_kept(e.actions), possible=_kept(e.possible)) for e in reaches if not for_all_services(e)
    )
    return tuple(each for each in kept if each.actions or each.possible)


def for_all_services(each: Reach) -> bool:
    literal = each.pattern.literal if each.pattern is not None else None
    return literal is not None and literal.partition(":")[0] == "*"


def _kept(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    return tuple(a for a in actions if a.data or not a.only_reads or a.name == "GetRecords" or a.service == "dax")
