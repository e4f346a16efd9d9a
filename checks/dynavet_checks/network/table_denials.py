"""Whether the policy of a table denies requests that come in a certain way, whoever else may make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.accounts import account_of
from dynavet.iam.actions import Action, actions_of
from dynavet.iam.conditions import conditions_of, key_is
from dynavet.iam.patterns import as_written
from dynavet.model import Patterns, Policy, PolicyKind, Project, Statement, Table
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Unknown, single
from dynavet_checks.access.passage import denials
from dynavet_checks.access.table_resources import names_table
from dynavet_checks.network.dynamodb_use import in_every_world

_NOBODY = Text.of("000000000000")
_TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/Table"
_NAMING = ("aws:PrincipalAccount", "aws:PrincipalArn")
_ORGANIZATION = Unknown("the organization of the caller is its own")
_EVERYTHING = Known(Patterns(items=(Known(Text.of("*")),)))


def policies_of(table: Table, project: Project) -> tuple[Policy, ...]:
    """The resource policies that are the table's for certain."""
    return tuple(policy for policy, belongs in _of(table, project) if belongs.truth)


def denied_by_policy(table: Table, project: Project, keys: Mapping[str, str]) -> Answer:
    """Whether the table's policy denies every operation on items to a request with these context keys, and no others.

    The caller is a role that no policy names: exceptions for some principals are none for it, but those for a whole
    account are. Of a global table every replica needs such a policy.
    """
    found = _of(table, project)
    if not table.is_its_replicas:
        return any_of(belongs & _denies(policy, keys) for policy, belongs in found)
    replicas = [[each for each in found if each[0].label == f"table.[{i}]"] for i in range(len(table.replicas))]
    more = [undecided(*table.more_replicas)] if table.more_replicas else []
    each_closed = (any_of(belongs & _denies(policy, keys) for policy, belongs in each) for each in replicas)
    return all_of((*each_closed, *more))


def _of(table: Table, project: Project) -> list[tuple[Policy, Answer]]:
    found = [(each, _is_of(each, table)) for each in project.policies if each.kind is PolicyKind.RESOURCE]
    return [(policy, belongs) for policy, belongs in found if belongs.truth is not False]


def _is_of(policy: Policy, table: Table) -> Answer:
    if policy.resource == ABSENT:
        return Answer(policy.address == table.address and policy.label.startswith("table"))

    def names(of_one_world: Policy) -> Answer:
        value = single(of_one_world.resource)
        if isinstance(value, Unknown):
            return undecided(value)
        return NO if value.value is None else names_table(value.value, table, value.origin)

    return in_every_world(policy, names)


def _denies(policy: Policy, keys: Mapping[str, str]) -> Answer:
    return in_every_world(policy, lambda of_one_world: _denies_items(of_one_world, keys))


def _denies_items(policy: Policy, keys: Mapping[str, str]) -> Answer:
    there = single(policy.exists)
    if isinstance(there, Unknown):
        return undecided(there)
    unknown = [each for each in map(single, policy.statements) if isinstance(each, Unknown)]
    doubts = (*unknown, *policy.more)
    denying = tuple(map(_on_table, denials(policy)))
    if not there.value or not (denying or doubts):
        return NO
    requests = ((action, account) for account in _accounts(denying) for action in _item_actions())
    denied = all_of(_denied(action, account, denying, keys) for action, account in requests) if denying else NO
    return denied | undecided(*doubts) if doubts else denied


def _item_actions() -> list[Action]:
    return [each for each in actions_of("dynamodb") if each.data and "table" in each.resource_types]


def _accounts(statements: tuple[Statement, ...]) -> tuple[Text, ...]:
    """The accounts that conditions name, any of which may be one's own, and one that none does."""
    found = []
    for condition in (each for statement in statements for each in conditions_of(statement)[0]):
        values = single(condition.values)
        if key_is(condition.key, _NAMING).truth and not isinstance(values, Unknown):
            known = (each for each in map(single, values.value.items) if not isinstance(each, Unknown))
            found += [account for each in known if (account := account_of(each.value)) is not None]
    return tuple(dict.fromkeys((_NOBODY, *(each for each in found if each.literal is None or "*" not in each.literal))))


def _denied(action: Action, account: Text, statements: tuple[Statement, ...], keys: Mapping[str, str]) -> Answer:
    from dynavet.iam import Context, Outcome, Policies, PrincipalType, Request, RequestPrincipal, evaluate  # on demand

    context = Context.of(keys)
    organization = dict.fromkeys(("aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:ResourceOrgID"), _ORGANIZATION)
    caller = RequestPrincipal(
        type=Known(PrincipalType.ROLE),
        arn=Known(Text.of("arn:aws:sts::", account, ":assumed-role/dynavet-somebody/session")),
        account=Known(account),
        issuer=Known(Text.of("arn:aws:iam::", account, ":role/dynavet-somebody")),
    )
    request = Request(
        principal=caller,
        action=Known(Text.of(action.id)),
        resource=Known(Text.of(_TABLE)),
        resource_account=Known(account),
        context=replace(context, keys={**context.keys, **organization}),
    )
    policy = Policy(
        address="",
        origin=statements[0].origin,
        kind=PolicyKind.RESOURCE,
        statements=tuple(map(Known, statements)),
    )
    decision = evaluate(request, Policies(resource=(policy,)))
    if decision.outcome is Outcome.EXPLICIT_DENY:
        return YES
    reasons = [reason for reason in decision.reasons if reason.reason != _ORGANIZATION.reason]
    return undecided(*reasons) if decision.outcome is Outcome.UNDECIDED and reasons else NO


def _on_table(statement: Statement) -> Statement:
    """The statement about the table of the request, if it is about its own table and not only about indexes."""
    resources = single(statement.resources)
    if isinstance(resources, Unknown) or resources.value is None:
        return statement
    items = [each for each in map(single, resources.value.items) if not isinstance(each, Unknown)]
    own = any("/index/" not in as_written(each.value) for each in items)
    return replace(statement, resources=_EVERYTHING) if own else statement
