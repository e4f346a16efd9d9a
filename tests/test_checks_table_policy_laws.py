"""Laws of the rules about policies of tables: what principals and conditions do to a finding."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.model import Condition, Patterns, Policy, PolicyKind, Principals, Project, Settings, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Scope, Undecided
from dynavet.text import Text
from dynavet.values import Known, Origin, Unknown
from dynavet_checks import RULES

AT = Origin("policy.json", 1, 1, 1, 2)
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
JUDGES = {rule.id: rule.checks[Scope.STATEMENT] for rule in RULES if rule.id in ("DDB210", "DDB211")}
rules = pytest.mark.parametrize("rule", JUDGES)

OWN, FOREIGN, ANYBODY = "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/reader", "*"
NAMED = st.lists(st.sampled_from([OWN, "111122223333", FOREIGN, "444455556666", ANYBODY]), min_size=1, max_size=3)
KEYS = [
    *("aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceVpce", "aws:SourceIp"),
    *("aws:SourceAccount", "aws:PrincipalTag/team", "dynamodb:LeadingKeys"),
]
OPERATORS = [
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringEqualsIfExists",
    "ForAllValues:StringEquals",
    "Null",
]
VALUES = ["o-exampleorgid", "111122223333", "444455556666", "*", FOREIGN, "${aws:PrincipalAccount}", "true"]
CONDITIONS = st.lists(
    st.tuples(st.sampled_from(OPERATORS), st.sampled_from(KEYS), st.lists(st.sampled_from(VALUES), min_size=1)),
    max_size=3,
)
Written = list[tuple[str, str, list[str]]]


def patterns(items: list[str]) -> Patterns:
    return Patterns(items=tuple(Known(Text.of(item), AT) for item in items))


def statement(named: list[str], conditions: Written) -> Statement:
    return Statement(
        name="0",
        index=0,
        origin=AT,
        effect=Known(Text.of("Allow")),
        actions=Known(patterns(["dynamodb:GetItem"])),
        resources=Known(patterns([TABLE])),
        principals=Known(Principals(by_type={"AWS": patterns(named)})),
        conditions=tuple(
            Known(Condition(operator=operator, key=Text.of(key), values=Known(patterns(values))))
            for operator, key, values in conditions
        ),
    )


def judge(rule: str, subject: Statement, kind: PolicyKind = PolicyKind.RESOURCE, own: str = "") -> Judgement | None:
    policy = Policy(address="Orders", origin=AT, kind=kind, version=Known(Text.of("2012-10-17")))
    settings = Settings(own_accounts=tuple(filter(None, [own])))
    project = Project(root="policy.json", language="policy", settings=settings)
    return JUDGES[rule](Grant(subject, replace(policy, statements=(Known(subject),)), ()), project)


@rules
@given(named=NAMED, conditions=CONDITIONS)
def test_known_statements_are_decided(rule: str, named: list[str], conditions: Written) -> None:
    assert not isinstance(judge(rule, statement(named, conditions)), Undecided)


@given(named=NAMED, conditions=CONDITIONS, more=CONDITIONS)
def test_a_condition_more_opens_nothing_to_everybody(named: list[str], conditions: Written, more: Written) -> None:
    if isinstance(judge("DDB210", statement(named, [*conditions, *more])), Fail):
        assert isinstance(judge("DDB210", statement(named, conditions)), Fail)


@given(named=NAMED, conditions=CONDITIONS, more=CONDITIONS)
def test_a_condition_more_lets_no_account_in(named: list[str], conditions: Written, more: Written) -> None:
    """One that limits everybody to an account shows that account; the public statement was the other rule's."""
    without = judge("DDB211", statement(named, conditions))
    if isinstance(judge("DDB211", statement(named, [*conditions, *more])), Fail) and without is not None:
        assert isinstance(without, Fail) or ANYBODY in named


@rules
@given(named=NAMED, more=NAMED, conditions=CONDITIONS)
def test_taking_a_principal_away_adds_no_finding(
    rule: str, named: list[str], more: list[str], conditions: Written
) -> None:
    either = judge(rule, statement([*named, *more], conditions))
    if isinstance(judge(rule, statement(named, conditions)), Fail):
        assert isinstance(either, Fail) or isinstance(judge("DDB210", statement([*named, *more], conditions)), Fail)


@rules
@given(named=NAMED, conditions=CONDITIONS)
def test_letter_case_of_keys_does_not_matter(rule: str, named: list[str], conditions: Written) -> None:
    shouted = [(operator, key.upper(), values) for operator, key, values in conditions]
    assert type(judge(rule, statement(named, shouted))) is type(judge(rule, statement(named, conditions)))


@rules
@given(named=NAMED, conditions=CONDITIONS)
def test_raw_documents_are_judged_as_table_policies(rule: str, named: list[str], conditions: Written) -> None:
    subject = statement(named, conditions)
    assert type(judge(rule, subject, PolicyKind.DOCUMENT)) is type(judge(rule, subject))


@rules
@given(named=NAMED, conditions=CONDITIONS)
def test_what_denies_is_not_judged(rule: str, named: list[str], conditions: Written) -> None:
    assert judge(rule, replace(statement(named, conditions), effect=Known(Text.of("Deny")))) is None


@given(named=NAMED, conditions=CONDITIONS)
def test_own_accounts_are_let_in(named: list[str], conditions: Written) -> None:
    assert not isinstance(judge("DDB211", statement(named, conditions), own="444455556666"), Fail)


@rules
def test_principals_that_are_unknown_are_named(rule: str) -> None:
    unknown = Unknown("var.reader has no value", AT)
    judgement = judge(rule, replace(statement([OWN], []), principals=unknown))
    assert isinstance(judgement, Undecided)
    assert judgement.reasons == (unknown,)


def test_a_statement_without_principal_is_for_nobody() -> None:
    nobody = replace(statement([OWN], []), principals=Known(None))
    assert isinstance(judge("DDB210", nobody), Pass)
