"""Statements of the policies that tables and streams have."""

from __future__ import annotations

from dynavet.answers import NO, Answer, any_of, ask, undecided
from dynavet.iam.actions import Action
from dynavet.iam.patterns import at_most
from dynavet.iam.reach import reach
from dynavet.model import Patterns, PolicyKind, Statement
from dynavet.rule import Grant
from dynavet.values import Unknown, Value, single
from dynavet_checks.access.grants import OF_TABLE_POLICY, allows


def allows_on_table(grant: Grant) -> Answer:
    """Whether it is a statement of a table's or stream's policy that allows something on it."""
    if grant.policy.kind is PolicyKind.DOCUMENT:
        policy = _is_table_policy(grant.statement)
    else:
        policy = Answer(grant.policy.kind is PolicyKind.RESOURCE)
    if policy.truth is False:
        return NO
    return policy & allows(grant.statement) & any_of(each.includes(_of_table) for each in reach(grant.statement))


def granted_actions(grant: Grant) -> tuple[Action, ...]:
    """The DynamoDB actions that the statement allows for certain, each once."""
    found = (action for each in reach(grant.statement) for action in each.actions if _of_table(action))
    return tuple(dict.fromkeys(found))


def _of_table(action: Action) -> bool:
    return action.service == "dynamodb" and not OF_TABLE_POLICY.isdisjoint(action.resource_types)


def _is_table_policy(statement: Statement) -> Answer:
    """A raw document counts as one if it has a principal, and names DynamoDB in its actions or resources.

    What names neither, such as ``*`` on ``*``, may as well be the policy of an endpoint or a bucket.
    """
    elements = (statement.principals, statement.not_principals)
    has_principal = any_of(ask(lambda found: found is not None, single(element)) for element in elements)
    return has_principal & (_names_dynamodb(statement.actions) | _names_dynamodb(statement.resources))


def _names_dynamodb(element: Value[Patterns | None]) -> Answer:
    patterns = single(element)
    if isinstance(patterns, Unknown):
        return undecided(patterns)
    known = [single(item) for item in patterns.value.items] if patterns.value is not None else []
    texts = [each.value for each in known if not isinstance(each, Unknown)]
    return Answer(any(_names_service(at_most(text).lower()) for text in texts))


def _names_service(pattern: str) -> bool:
    return pattern.startswith("dynamo") or pattern.split(":")[2:3] == ["dynamodb"]


__all__ = ["allows_on_table", "granted_actions"]
