"""Laws of the rules about statements: what narrowing, denying and letter case do to a finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.iam.actions import actions_of
from dynavet.model import Condition, Patterns, Policy, PolicyKind, Principal, Principals, Project, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Scope, Severity, Undecided
from dynavet.text import Hole, Text
from dynavet.values import Known, Origin, Unknown
from dynavet_checks import RULES

AT = Origin("policy.json", 1, 1, 1, 2)
PROJECT = Project(root="policy.json", language="policy")
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"

NAMES = [action.id for service in ("dynamodb", "dax") for action in actions_of(service)]
PATTERNS = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(["*", "*:*", "dynamodb:*", "dax:*", "dynamo*:PutItem", "kms:*", "dynamodb:Nothing*"]),
    st.tuples(st.sampled_from(NAMES), st.integers(0, 30)).map(lambda pair: pair[0][: 9 + pair[1]] + "*"),
    st.tuples(st.sampled_from(NAMES), st.integers(9, 15)).map(
        lambda pair: pair[0][: pair[1]] + "?" + pair[0][pair[1] + 1 :]
    ),
)
RESOURCES = st.sampled_from(
    ["*", TABLE, f"{TABLE}/index/*", f"{TABLE}/stream/*", "arn:aws:s3:::reports/*", "arn:aws:dynamodb:*"]
)
KINDS = st.sampled_from(list(PolicyKind))
ABOUT_STATEMENTS = (Scope.STATEMENT, Scope.HELD_STATEMENT)
JUDGES = {rule.id: rule.checks[scope] for rule in RULES for scope in ABOUT_STATEMENTS if scope in rule.checks}
ABOUT_WORDS = {"DDB207", "DDB208"}
"""Rules about names that mean nothing: they judge denials and policies of every kind as well."""

rules = pytest.mark.parametrize("rule", [rule for rule in JUDGES if rule not in ABOUT_WORDS])


def patterns(*items: str) -> Known[Patterns]:
    return Known(Patterns(items=tuple(Known(Text.of(item), AT) for item in items)))


def grant(actions: list[str], resource: str, kind: PolicyKind = PolicyKind.IDENTITY, **changes: Any) -> Grant:
    statement = Statement(
        name="0",
        index=0,
        origin=AT,
        effect=Known(Text.of("Allow")),
        actions=patterns(*actions),
        resources=patterns(resource),
    )
    return Grant(replace(statement, **changes), Policy(address="policy.json", origin=AT, kind=kind), ())


WORKLOAD = Principal(address="app", origin=AT, kind="role", workload=Known(True))
PRINCIPALS = {"DDB213": (WORKLOAD,)}
"""With whom rules about known principals are tried."""


def judge(rule: str, subject: Grant) -> Judgement | None:
    return JUDGES[rule](replace(subject, principals=PRINCIPALS.get(rule, ())), PROJECT)


def weight(judgement: Judgement | None) -> int:
    """How bad it is: the severity of a failure (high is that of the rules that give none), or less than any."""
    if not isinstance(judgement, Fail):
        return -1
    return Severity.HIGH if judgement.severity is None else judgement.severity


@rules
@given(actions=st.lists(PATTERNS, min_size=1, max_size=3), resource=RESOURCES, kind=KINDS)
def test_deny_is_never_judged(rule: str, actions: list[str], resource: str, kind: PolicyKind) -> None:
    assert judge(rule, grant(actions, resource, kind, effect=Known(Text.of("Deny")))) is None


@rules
@given(actions=st.lists(PATTERNS, min_size=1, max_size=3), resource=RESOURCES, kind=KINDS)
def test_letter_case_of_actions_does_not_matter(rule: str, actions: list[str], resource: str, kind: PolicyKind) -> None:
    shouted = judge(rule, grant([action.upper() for action in actions], resource, kind))
    plain = judge(rule, grant(actions, resource, kind))
    assert type(shouted) is type(plain)
    assert weight(shouted) == weight(plain)


@rules
@given(actions=st.lists(PATTERNS, min_size=1, max_size=3), more=PATTERNS, resource=RESOURCES, kind=KINDS)
def test_taking_an_action_away_adds_no_finding(
    rule: str, actions: list[str], more: str, resource: str, kind: PolicyKind
) -> None:
    assert weight(judge(rule, grant(actions, resource, kind))) <= weight(
        judge(rule, grant([*actions, more], resource, kind))
    )


@rules
@given(name=st.sampled_from(NAMES), lengths=st.tuples(st.integers(0, 20), st.integers(0, 20)), resource=RESOURCES)
def test_narrowing_an_action_pattern_adds_no_finding(
    rule: str, name: str, lengths: tuple[int, int], resource: str
) -> None:
    wide, narrow = (f"{name[: name.index(':') + 1 + length]}*" for length in sorted(lengths))
    assert weight(judge(rule, grant([narrow], resource))) <= weight(judge(rule, grant([wide], resource)))


@rules
@given(actions=st.lists(PATTERNS, min_size=1, max_size=3), resource=RESOURCES)
def test_narrowing_the_resource_adds_no_finding(rule: str, actions: list[str], resource: str) -> None:
    assert weight(judge(rule, grant(actions, resource))) <= weight(judge(rule, grant(actions, "*")))


@rules
@given(actions=st.lists(PATTERNS, min_size=1, max_size=3), resource=RESOURCES, kind=KINDS)
def test_an_undecided_effect_never_fails_or_goes_missing(
    rule: str, actions: list[str], resource: str, kind: PolicyKind
) -> None:
    effect = Unknown("var.effect has no value", AT)
    decided = judge(rule, grant(actions, resource, kind))
    undecided = judge(rule, grant(actions, resource, kind, effect=effect))
    assert type(undecided) is (Undecided if isinstance(decided, Fail) else type(decided))
    if isinstance(undecided, Undecided):
        assert effect in undecided.reasons


@rules
@given(actions=st.lists(PATTERNS, max_size=2), resource=RESOURCES, kind=KINDS)
def test_a_known_failure_stays_beside_an_unknown_action(
    rule: str, actions: list[str], resource: str, kind: PolicyKind
) -> None:
    known = judge(rule, grant(actions, resource, kind))
    hole = Known(Text.of("dynamodb:", Hole("var.verb has no value")), AT)
    items = (*(Known(Text.of(action), AT) for action in actions), hole)
    beside = replace(grant([], resource, kind).statement, actions=Known(Patterns(items=items)))
    both = judge(rule, replace(grant([], resource, kind), statement=beside))
    if isinstance(known, Fail):
        assert weight(both) == weight(known)
    else:
        assert not isinstance(both, Fail)


GRANTS_NOTHING = [
    PolicyKind.TRUST,
    PolicyKind.KEY,
    PolicyKind.ORGANIZATION,
    PolicyKind.OTHER_RESOURCE,
    PolicyKind.BOUNDARY,
]


@rules
@pytest.mark.parametrize("kind", GRANTS_NOTHING, ids=str)
def test_policies_that_grant_no_access_to_dynamodb_are_not_judged(rule: str, kind: PolicyKind) -> None:
    assert judge(rule, grant(["*"], "*", kind)) is None


@pytest.mark.parametrize(
    ("action", "outcome"),
    [("*", None), ("*:*", None), ("dynamodb:*", Fail), ("dynamo*:PutItem", Fail), ("dynamodb:GetItem", Pass)],
)
def test_an_endpoint_policy_for_all_services_is_left_to_its_own_rule(action: str, outcome: type | None) -> None:
    judgement = judge("DDB201", grant([action], "*", PolicyKind.ENDPOINT))
    assert judgement is None if outcome is None else isinstance(judgement, outcome)


@pytest.mark.parametrize(
    ("action", "severity"), [("dynamodb:Update*", Severity.MEDIUM), ("dynamodb:List*", Severity.LOW)]
)
def test_the_star_of_a_table_policy_is_that_table(action: str, severity: Severity) -> None:
    """It reaches no action that has to be granted on everything, such as UpdateAbacStatus."""
    judgement = judge("DDB201", grant([action], "*", PolicyKind.RESOURCE))
    assert isinstance(judgement, Fail)
    assert judgement.severity is severity


def test_a_raw_document_with_a_principal_is_no_identity_policy() -> None:
    anyone = Known(Principals(by_type={"*": Patterns(items=(Known(Text.of("*")),))}))
    assert isinstance(judge("DDB203", grant(["dynamodb:GetItem"], TABLE, PolicyKind.DOCUMENT)), Fail)
    assert judge("DDB203", grant(["dynamodb:GetItem"], TABLE, PolicyKind.DOCUMENT, principals=anyone)) is None


WRONG = st.sampled_from(["dynamodb:TransactWriteItems", "dynamo:GetItem", "dynamodb:Nothing*", "dynamodb:GetItems"])


@given(
    actions=st.lists(PATTERNS | WRONG, min_size=1, max_size=3), kind=KINDS, effect=st.sampled_from(["Allow", "Deny"])
)
def test_letter_case_does_not_matter_to_unknown_names(actions: list[str], kind: PolicyKind, effect: str) -> None:
    changes = {"effect": Known(Text.of(effect))}
    plain = judge("DDB208", grant(actions, TABLE, kind, **changes))
    for spelled in (str.upper, str.lower):
        other = judge("DDB208", grant([spelled(action) for action in actions], TABLE, kind, **changes))
        assert type(other) is type(plain)


KEYS = st.sampled_from(
    [
        *("dynamodb:LeadingKeys", "dynamodb:LeadingKey", "dynamodb:ResourceTag/team", "dynamo:Select", "s3:prefix"),
        *("dynamodb:FullTableScan", "dynamodb:ThirdPartitionKeyValues", "dax:EnclosingOperation", "aws:TagKeys"),
    ]
)


@given(actions=st.lists(PATTERNS | WRONG, min_size=1, max_size=3), key=KEYS, effect=st.sampled_from(["Allow", "Deny"]))
def test_letter_case_does_not_matter_to_unknown_keys(actions: list[str], key: str, effect: str) -> None:
    def judged(spelled: str) -> Judgement | None:
        condition = Condition(operator="StringEquals", key=Text.of(spelled), values=patterns("x"), origin=AT)
        subject = grant(actions, TABLE, effect=Known(Text.of(effect)), conditions=(Known(condition),))
        return judge("DDB207", subject)

    assert {type(judged(spelled)) for spelled in (key.upper(), key.lower())} == {type(judged(key))}


ROWS_AND_ATTRIBUTES = ("DDB204", "DDB205", "DDB206")
CONDITIONS = st.lists(
    st.builds(
        lambda operator, key, value: Condition(
            operator=operator, key=Text.of(f"dynamodb:{key}"), values=patterns(value), origin=AT
        ),
        st.sampled_from(
            [
                *("ForAllValues:StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringEquals", "StringEquals"),
                *("StringEqualsIfExists", "StringNotEquals", "Null", "ForAllValues:StringNotLike"),
            ]
        ),
        st.sampled_from(["LeadingKeys", "FirstPartitionKeyValues", "Attributes", "Select", "ReturnValues"]),
        st.sampled_from(["${aws:PrincipalTag/tenant}", "${aws:PrincipalTag/tenant}*", "*", "false", "NONE", "COUNT"]),
    ),
    min_size=1,
    max_size=3,
)
conditional = pytest.mark.parametrize("rule", ROWS_AND_ATTRIBUTES)


def under(conditions: list[Condition], actions: list[str], resource: str = TABLE, **changes: Any) -> Grant:
    return grant(actions, resource, conditions=tuple(map(Known, conditions)), **changes)


@conditional
@given(conditions=CONDITIONS, actions=st.lists(PATTERNS, min_size=1, max_size=3), more=PATTERNS, resource=RESOURCES)
def test_fewer_actions_and_resources_under_a_condition_add_no_finding(
    rule: str, conditions: list[Condition], actions: list[str], more: str, resource: str
) -> None:
    narrow = weight(judge(rule, under(conditions, actions, resource)))
    assert narrow <= weight(judge(rule, under(conditions, [*actions, more], resource)))
    assert narrow <= weight(judge(rule, under(conditions, actions, "*")))


@conditional
@given(conditions=CONDITIONS, actions=st.lists(PATTERNS, min_size=1, max_size=3))
def test_letter_case_of_a_condition_does_not_matter(rule: str, conditions: list[Condition], actions: list[str]) -> None:
    shouted = [replace(each, operator=each.operator.upper(), key=Text.of(str(each.key).upper())) for each in conditions]
    plain, loud = (judge(rule, under(each, actions)) for each in (conditions, shouted))
    assert type(plain) is type(loud)


@conditional
@given(conditions=CONDITIONS, actions=st.lists(PATTERNS, min_size=1, max_size=3))
def test_a_denial_of_everything_shuts_every_way(rule: str, conditions: list[Condition], actions: list[str]) -> None:
    assert judge(rule, under(conditions, actions, effect=Known(Text.of("Deny")))) is None
    allowed = under(conditions, actions)
    denial = grant(["*"], "*", effect=Known(Text.of("Deny"))).statement
    beside = replace(allowed, policy=replace(allowed.policy, statements=(Known(allowed.statement), Known(denial))))
    if rule != "DDB206":
        assert not isinstance(judge(rule, beside), Fail)


@given(conditions=CONDITIONS, actions=st.lists(PATTERNS, min_size=1, max_size=3))
def test_a_demanded_partition_key_shuts_out_requests_without_it(
    conditions: list[Condition], actions: list[str]
) -> None:
    demanded = Condition(operator="Null", key=Text.of("dynamodb:LeadingKeys"), values=patterns("false"), origin=AT)
    assert not isinstance(judge("DDB204", under([*conditions, demanded], actions)), Fail)
