"""Whether an identity works on the items of a table."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.managed_policies import everywhere, grants_of, managed_policy_name
from dynavet.iam.patterns import ask_any
from dynavet.iam.reach import reach
from dynavet.model import Policy, Statement, Table
from dynavet.rule import Holder
from dynavet.text import Reference, Text
from dynavet.values import Known, Origin, Single, Unknown, single
from dynavet_checks.access.grants import allows, known_statements
from dynavet_checks.access.identity_access import FOR_IDENTITIES
from dynavet_checks.access.passage import denials
from dynavet_checks.access.table_resources import names_table


def works_on_items(identity: Holder, table: Table) -> Answer:
    """Whether the policies in the code, or AWS managed ones, let an identity of one world read or write items."""
    denied = {action for policy in identity.policies for each in denials(policy) for action in _closed(each, table)}
    own = (_grants(statement, policy, table, denied) for policy in identity.policies for statement in _of(policy))
    return any_of((*own, *(_attached(single(each), denied) for each in identity.foreign)))


def nameable(identity: Holder) -> set[str] | None:
    """The addresses of all tables that the policies can be about; `None` if they do not just refer to tables.

    It saves asking about each table of the project for each identity.
    """
    if any(_attached(single(each), set()).truth for each in identity.foreign):
        return None
    found: set[str] = set()
    for statement in (statement for policy in identity.policies for statement in _of(policy)):
        reached = (action for each in reach(statement) for action in (*each.actions, *each.possible))
        if any(map(_on_items, reached)):
            referred = _referred(statement)
            if referred is None:
                return None
            found |= referred
    return found


def _referred(statement: Statement) -> set[str] | None:
    """The addresses whose ARNs all resource patterns start with, if they do."""
    resources = single(statement.resources)
    if isinstance(resources, Unknown) or resources.value is None or resources.value.more:
        return None
    found = set()
    for item in map(single, resources.value.items):
        first = item.value.parts[0] if isinstance(item, Known) and item.value.parts else None
        if not isinstance(first, Reference) or first.attribute != "arn":
            return None
        found.add(first.target)
    return found


def granting_policy(identity: Holder, table: Table) -> str:
    """For people, the policy that lets an identity of one world work on the items."""
    for policy in identity.policies:
        if any(_grants(statement, policy, table, set()).truth for statement in _of(policy)):
            return policy.label or policy.address
    names = (each.value for each in map(single, identity.foreign) if isinstance(each, Known))
    return next((managed_policy_name(str(name)) or "" for name in names if _attached(Known(name), set()).truth), "")


def _of(policy: Policy) -> tuple[Statement, ...]:
    return known_statements(policy) if policy.kind in FOR_IDENTITIES else ()


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
