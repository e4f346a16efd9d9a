"""Whether an identity has access to DynamoDB."""

from __future__ import annotations

from dynavet.answers import NO, Answer, any_of, undecided
from dynavet.iam.actions import Action, actions_of
from dynavet.iam.managed_policies import grants_of, managed_policy_name
from dynavet.iam.patterns import ask_any
from dynavet.iam.reach import reach
from dynavet.model import Policy, PolicyKind, Project, Statement
from dynavet.rule import Holder
from dynavet.text import Text
from dynavet.values import Known, Single, Unknown, single
from dynavet_checks.access.grants import allows, known_statements

FOR_IDENTITIES = frozenset({PolicyKind.IDENTITY, PolicyKind.PERMISSION_SET})
"""The policies that act for an identity whoever uses it; those of sessions only narrow them."""


def reaches_dynamodb(identity: Holder) -> Answer:
    """Whether the policies of an identity of one world allow something on tables, and none denies all of it."""
    if any(_denies_all(policy) for policy in identity.policies):
        return NO
    policies = (policy_grants(policy) for policy in identity.policies)
    return any_of((*policies, *(attached_grants(single(each)) for each in identity.foreign)))


def _denies_all(policy: Policy) -> bool:
    """Whether a policy of one world denies, without condition, every action on every table."""
    there = policy.kind in FOR_IDENTITIES and single(policy.exists) == Known(True)
    return there and any(map(_closes, known_statements(policy)))


def _closes(statement: Statement) -> bool:
    effect, resources = single(statement.effect), single(statement.resources)
    if isinstance(effect, Unknown) or effect.value is None or effect.value.literal != "Deny":
        return False
    if statement.conditions or statement.more_conditions:
        return False
    denied = {action for each in reach(statement) for action in each.actions}
    everywhere = ask_any(resources, lambda text, _: Answer(text.literal == "*"), absent=NO)
    return everywhere.truth is True and denied.issuperset(a for a in actions_of("dynamodb") if _on_tables(a))


def left_open(access: Answer, project: Project) -> bool:
    """Whether an undecided access says nothing: in a project without a table nothing speaks of DynamoDB."""
    return access.truth is None and not project.tables


def policy_grants(policy: Policy) -> Answer:
    """Whether a policy of one world acts for identities and allows something on tables."""
    if policy.kind not in FOR_IDENTITIES:
        return NO
    there = single(policy.exists)
    answers = [_statement_grants(single(slot)) for slot in policy.statements]
    granted = any_of((*answers, *(undecided(reason) for reason in policy.more)))
    return granted & (undecided(there) if isinstance(there, Unknown) else Answer(there.value))


def attached_grants(value: Single[Text | None]) -> Answer:
    """Whether an attached policy that is not in the code allows it; of AWS managed ones it is known."""
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


def _statement_grants(statement: Single[Statement | None]) -> Answer:
    if isinstance(statement, Unknown):
        return undecided(statement)
    if statement.value is None:
        return NO
    return allows(statement.value) & any_of(each.includes(_on_tables) for each in reach(statement.value))


def _on_tables(action: Action) -> bool:
    return action.service == "dynamodb" and "table" in action.resource_types


def how(identity: Holder) -> str:
    """For people, what gives an identity of one world its access to DynamoDB."""
    for policy in identity.policies:
        if policy_grants(policy).truth:
            return f"policy {policy.label or policy.address}"
    names = (each.value for each in map(single, identity.foreign) if isinstance(each, Known) and each.value is not None)
    return next(
        (f"{managed_policy_name(str(name)) or name}" for name in names if attached_grants(Known(name)).truth), ""
    )


__all__ = ["attached_grants", "how", "left_open", "policy_grants", "reaches_dynamodb"]
