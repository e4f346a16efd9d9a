"""Whether an identity works on the items of a table."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.managed_policies import everywhere, grants_of, managed_policy_name
from dynavet.iam.patterns import ask_any
from dynavet.iam.reach import reach
from dynavet.model import Policy, Statement, Table
from dynavet.rule import Holder
from dynavet.text import Text
from dynavet.values import Known, Origin, Single, single
from dynavet_checks.access.grants import allows
from dynavet_checks.access.identity_access import GRANTING
from dynavet_checks.access.passage import denials, known_statements
from dynavet_checks.access.table_resources import names_table


def works_on_items(identity: Holder, table: Table) -> Answer:
    """Whether the policies in the code, or AWS managed ones, let an identity of one world read or write items."""
    denied = {action for policy in identity.policies for each in denials(policy) for action in _closed(each, table)}
    own = (_grants(statement, policy, table, denied) for policy in identity.policies for statement in _of(policy))
    return any_of((*own, *(_attached(single(each), denied) for each in identity.foreign)))


def granting_policy(identity: Holder, table: Table) -> str:
    """For people, the policy that lets an identity of one world work on the items."""
    for policy in identity.policies:
        if any(_grants(statement, policy, table, set()).truth for statement in _of(policy)):
            return policy.label or policy.address
    names = (each.value for each in map(single, identity.foreign) if isinstance(each, Known))
    return next((managed_policy_name(str(name)) or "" for name in names if _attached(Known(name), set()).truth), "")


def _of(policy: Policy) -> tuple[Statement, ...]:
    return known_statements(policy) if policy.kind in GRANTING else ()


def _grants(statement: Statement, policy: Policy, table: Table, denied: set[Action]) -> Answer:
    about = _about(statement, table)
    if about.truth is False:
        return NO
    reached = NO
    for each in reach(statement):
        if any(_on_items(action) for action in each.actions if action not in denied):
            reached = YES
        elif any(_on_items(action) for action in each.possible if action not in denied):
            reached = reached | undecided(*each.reasons)
    there = single(policy.exists)
    exists = Answer(there.value) if isinstance(there, Known) else undecided(there)
    return reached & allows(statement) & about & exists


def _about(statement: Statement, table: Table) -> Answer:
    def one(text: Text, origin: Origin | None) -> Answer:
        return names_table(text, table, origin)

    wanted, excepted = single(statement.resources), single(statement.not_resources)
    return ask_any(wanted, one, absent=YES) & ~ask_any(excepted, one, absent=NO)


def _closed(statement: Statement, table: Table) -> set[Action]:
    """The actions on the table that a statement denies whatever the circumstances."""
    if statement.conditions or statement.more_conditions or _about(statement, table).truth is not True:
        return set()
    return {action for each in reach(statement) for action in each.actions}


def _attached(value: Single[Text | None], denied: set[Action]) -> Answer:
    """Whether an AWS managed policy lets items of every table be read or written; of others nothing is said."""
    name = managed_policy_name(str(value.value)) if isinstance(value, Known) else None
    grants = grants_of(name) if name is not None else None
    return Answer(any(_on_items(action) for action in everywhere(grants or ()) if action not in denied))


def _on_items(action: Action) -> bool:
    return action.service == "dynamodb" and action.data != "" and "table" in action.resource_types
