"""Which workloads use DynamoDB."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.managed_policies import grants_of, managed_policy_name
from dynavet.iam.principals import Attachments
from dynavet.iam.reach import reach
from dynavet.model import Client, Policy, PolicyKind, Principal, Project, Statement
from dynavet.text import Text
from dynavet.values import Known, Single, Unknown, assume, conditions, single, worlds
from dynavet_checks.access.grants import allows
from dynavet_checks.network.vpc_placement import names

GRANTING = frozenset({PolicyKind.IDENTITY, PolicyKind.PERMISSION_SET})


def declares_table(project: Project) -> Answer:
    """Whether the project has a table in any case; its lists may still be open."""
    return any_of(in_every_world(table.exists, _is_true) for table in project.tables)


def _is_true(value: Single[bool]) -> Answer:
    return undecided(value) if isinstance(value, Unknown) else Answer(value.value)


def uses_dynamodb(client: Client, project: Project) -> Answer:
    """Whether the client works with DynamoDB tables, as its role's policies tell; the client is of one world."""
    role = single(client.role)
    if client.dynamodb:
        return YES
    if isinstance(role, Unknown):
        return undecided(role)
    if role.value is None:
        return NO
    principals = [p for p in project.principals if _is_role(role, p)]
    if not principals:
        return undecided(Unknown(f"what role {role.value} may do is not in this code", role.origin))
    attachments = _attachments(project)
    return any_of(_reaches_dynamodb(principal, attachments) for principal in principals)


@lru_cache(maxsize=1)
def _attachments(project: Project) -> Attachments:
    """Worked out once for all workloads of a project."""
    return Attachments(project)


def _is_role(role: Known[Text | None], principal: Principal) -> bool:
    if names(role, principal).truth:
        return True
    name = principal.name.value if isinstance(principal.name, Known) else None
    literal = role.value.literal if role.value is not None else None
    return name is not None and literal is not None and name.literal == literal.rpartition("/")[2]


def _reaches_dynamodb(principal: Principal, attachments: Attachments) -> Answer:
    foreign = [in_every_world(value, _foreign) for value in attachments.foreign_policies_of(principal)]
    policies = [p for p in attachments.policies_of(principal) if p.kind in GRANTING]
    return any_of((*(in_every_world(policy, _grants) for policy in policies), *foreign))


def _foreign(value: Single[Text | None]) -> Answer:
    """Whether an attached policy that is not in the code grants it; of AWS managed ones it is known."""
    if isinstance(value, Unknown):
        return undecided(value)
    if value.value is None:
        return NO
    name = managed_policy_name(str(value.value))
    if name is None:
        return undecided(Unknown(f"policy {value.value} is not in this code", value.origin))
    return Answer(any(_on_items_or_tables(action) for grant in grants_of(name) or () for action in grant.reached()))


def _on_items_or_tables(action: Action) -> bool:
    """Whether it works on items, or changes tables or backups; who only looks at tables does not use them."""
    return (
        action.service == "dynamodb"
        and not {"table", "backup"}.isdisjoint(action.resource_types)
        and (action.data != "" or not action.only_reads)
    )


def _grants(policy: Policy) -> Answer:
    answers = [_statement_grants(single(slot)) for slot in policy.statements]
    return _is_true(single(policy.exists)) & any_of((*answers, *(undecided(reason) for reason in policy.more)))


def _statement_grants(statement: Single[Statement | None]) -> Answer:
    if isinstance(statement, Unknown):
        return undecided(statement)
    if statement.value is None:
        return NO
    return allows(statement.value) & any_of(each.includes(_on_tables) for each in reach(statement.value))


def _on_tables(action: Action) -> bool:
    return action.service == "dynamodb" and "table" in action.resource_types


def in_every_world(thing: object, question: Callable[[Any], Answer]) -> Answer:
    """The answer that holds whatever the open conditions in `thing` are; undecided if there is no such."""
    open_conditions = conditions(thing)
    found = worlds(open_conditions)
    if found is None:
        return question(assume(thing, {}))
    answers = [question(assume(thing, world)) for world in found]
    if len({answer.truth for answer in answers}) == 1:
        return answers[0]
    return undecided(*(Unknown(f"{name} is undecided") for name in open_conditions))


__all__ = ["declares_table", "in_every_world", "uses_dynamodb"]
