"""Which accounts a statement of a table's policy lets in, by asking for them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dynavet.answers import YES, Answer, undecided
from dynavet.iam import Context, Policies, PrincipalType, Request, RequestPrincipal, evaluate, principal_of
from dynavet.iam.accounts import account_of, accounts_in
from dynavet.iam.conditions import conditions_of, key_is, read_operator
from dynavet.iam.public_access import means_everybody
from dynavet.model import Patterns, Policy, PolicyKind, Statement
from dynavet.records import dataclass
from dynavet.remembering import remembered
from dynavet.rule import Grant
from dynavet.text import Hole, Text
from dynavet.values import ABSENT, Known, Origin, Single, Unknown, Value, single

FITTING = "the caller's choice"
"""The reason of everything in a request that whoever asks may choose to fit."""

OUTSIDE = (
    *("aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalOrgMasterAccountId"),
    *("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"),
    *("aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"),
)
"""Keys that a request of a foreign account, from outside one's organization and network, does not carry as wanted."""

_NAMING = ("aws:PrincipalAccount", "aws:PrincipalArn")
_TABLE_ACCOUNT = "the account of the table"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A principal, or an account with all its principals, that a statement names."""

    identifier: Text
    account: Text
    origin: Origin | None


def visitors(statement: Statement) -> tuple[tuple[Visitor, ...], tuple[Unknown, ...]]:
    """Whom a statement of one world names, and why there may be others.

    Where it names everybody, those whom its conditions name.
    """
    named = single(statement.principals)
    if isinstance(named, Unknown):
        return (), (named,)
    if named.value is None:
        return (), ()
    listed = named.value.by_type.get("AWS", Patterns())
    found = list(_visitors(listed))
    if means_everybody(statement).truth:
        for condition in conditions_of(statement)[0]:
            operator = read_operator(condition.operator)
            positive = operator is not None and not operator.negated and operator.name != "Null"
            if positive and key_is(condition.key, _NAMING).truth:
                values = single(condition.values)
                found += [] if isinstance(values, Unknown) else _visitors(values.value)
    unknown = (each for each in map(single, listed.items) if isinstance(each, Unknown))
    return tuple(dict.fromkeys(found)), (*named.value.more, *listed.more, *unknown)


def _visitors(patterns: Patterns) -> Iterator[Visitor]:
    for item in patterns.items:
        known = single(item)
        if isinstance(known, Unknown):
            continue
        account = account_of(known.value)
        if account is not None and account.literal != "*":
            yield Visitor(known.value, account, known.origin or patterns.origin)


def table_accounts(statement: Statement) -> tuple[Text, ...]:
    """The accounts in the ARNs of the statement's resources."""
    return tuple(dict.fromkeys((*accounts_in(statement.resources), *accounts_in(statement.not_resources))))


def gets_through(visitor: Visitor, grant: Grant, action: str) -> Answer:
    """Whether the visitor may do it by this statement and what its policy denies, in fitting circumstances.

    It is outside of one's organization, and its own account allows everything.
    """
    request = Request(
        principal=_principal(visitor),
        action=Known(Text.of(action)),
        resource=_resource(grant.statement),
        resource_account=Known(Text.of(_TABLE_ACCOUNT)),
        context=Context(dict.fromkeys(OUTSIDE, ABSENT), Unknown(FITTING)),
    )
    decision = evaluate(request, Policies(identity=(_EVERYTHING,), resource=(_alone(grant),)))
    if decision.allowed.truth is not None:
        return decision.allowed
    reasons = [reason for reason in decision.reasons if reason.reason != FITTING]
    return undecided(*reasons) if reasons else YES


def _resource(statement: Statement) -> Value[Text]:
    """The first resource that the statement names; ``*`` in the policy of a table is that table."""
    element = single(statement.resources)
    items = element.value.items if not isinstance(element, Unknown) and element.value is not None else ()
    known = (each for each in map(single, items) if not isinstance(each, Unknown))
    named = (each.value for each in known if each.value.literal != "*")
    return Known(next(named, Text.of(Hole(FITTING))))


def _principal(visitor: Visitor) -> RequestPrincipal:
    literal = visitor.identifier.literal
    if literal is not None and literal.startswith("arn:") and not literal.endswith(":root"):
        try:
            return principal_of(literal)
        except ValueError:
            pass
    start = Text.of("arn:aws:iam::", visitor.account, ":role/", Hole(FITTING))
    session = Text.of("arn:aws:sts::", visitor.account, ":assumed-role/", Hole(FITTING))
    account: Value[Text | None] = Known(visitor.account)
    return RequestPrincipal(type=Known(PrincipalType.ROLE), arn=Known(session), account=account, issuer=Known(start))


def _alone(grant: Grant) -> Policy:
    """The policy with no other statement that allows."""
    return replace(grant.policy, statements=(Known(grant.statement), *_denying(grant.policy)))


@remembered
def _denying(policy: Policy) -> tuple[Value[Statement | None], ...]:
    return tuple(slot for slot in policy.statements if _may_deny(single(slot)))


def _may_deny(statement: Single[Statement | None]) -> bool:
    if isinstance(statement, Unknown) or statement.value is None:
        return isinstance(statement, Unknown)
    effect = single(statement.value.effect)
    return isinstance(effect, Unknown) or (effect.value is not None and effect.value.literal != "Allow")


_NOWHERE = Origin("", 1, 1, 1, 1)
_ANYTHING = Known(Patterns(items=(Known(Text.of("*")),)))
_EVERYTHING = Policy(
    address="the other account",
    origin=_NOWHERE,
    kind=PolicyKind.IDENTITY,
    statements=(
        Known(
            Statement(
                name="0",
                index=0,
                origin=_NOWHERE,
                effect=Known(Text.of("Allow")),
                actions=_ANYTHING,
                resources=_ANYTHING,
            )
        ),
    ),
)

__all__ = ["Visitor", "gets_through", "table_accounts", "visitors"]
