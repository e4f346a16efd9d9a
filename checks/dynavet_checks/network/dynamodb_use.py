"""Which workloads use DynamoDB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.principals import Attachments, attachments_of
from dynavet.model import Client, Principal, Project
from dynavet.text import Text
from dynavet.values import Known, Single, Unknown, assume, conditions, single, worlds
from dynavet_checks.access.identity_access import attached_grants, policy_grants
from dynavet_checks.network.vpc_placement import names


def declares_table(project: Project) -> Answer:
    """Whether the project has a table in any case; its lists may still be open."""
    return any_of(in_every_world(table.exists, _is_true) for table in project.tables)


def _is_true(value: Single[bool]) -> Answer:
    return undecided(value) if isinstance(value, Unknown) else Answer(value.value)


def settled(answer: Answer, tables: Answer) -> Answer:
    """In a project without tables, what may be about DynamoDB is taken not to be: nothing else speaks of it."""
    return NO if answer.truth is None and tables.truth is False else answer


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
    attachments = attachments_of(project)
    return any_of(_reaches_dynamodb(principal, attachments) for principal in principals)


def _is_role(role: Known[Text | None], principal: Principal) -> bool:
    if names(role, principal).truth:
        return True
    name = principal.name.value if isinstance(principal.name, Known) else None
    literal = role.value.literal if role.value is not None else None
    return name is not None and literal is not None and name.literal == literal.rpartition("/")[2]


def _reaches_dynamodb(principal: Principal, attachments: Attachments) -> Answer:
    foreign = [in_every_world(value, attached_grants) for value in attachments.foreign_policies_of(principal)]
    return any_of((*(in_every_world(policy, policy_grants) for policy in attachments.policies_of(principal)), *foreign))


def in_every_world(thing: object, question: Callable[[Any], Answer]) -> Answer:
    """The answer that holds whatever the open conditions in `thing` are; undecided if there is no such.

    Where they are too many to combine, what depends on them is unknown.
    """
    open_conditions = conditions(thing)
    found = worlds(open_conditions)
    if found is None:
        return question(assume(thing, dict.fromkeys(open_conditions, "\0")))
    answers = [question(assume(thing, world)) for world in found]
    if len({answer.truth for answer in answers}) == 1:
        return answers[0]
    return undecided(*(Unknown(f"{name} is undecided") for name in open_conditions))


__all__ = ["declares_table", "in_every_world", "settled", "uses_dynamodb"]
