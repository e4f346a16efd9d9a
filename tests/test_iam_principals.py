"""Which identities a policy acts for, and what acts with a role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dynavet.iam.principals import Attachments, Use, kind_of, policies_of, principals_of
from dynavet.model import Attachment, Policy, PolicyKind, Principal, Project
from dynavet.text import Hole, Reference, Text
from dynavet.values import ABSENT, Known, OneOf, Origin, Unknown, Value
from dynavet_parsers.iam_json.document import read_document

AT = Origin("p.json", 1, 1, 1, 2)
X = Unknown("var.x has no value")


def policy(address: str, kind: PolicyKind = PolicyKind.IDENTITY, label: str = "", document: Any = None) -> Policy:
    read = read_document(Known(document), AT)
    return Policy(address=address, origin=AT, kind=kind, label=label, statements=read.statements, more=read.more)


def role(address: str, name: Value[Text | None] = ABSENT, trust: Policy | None = None) -> Principal:
    return Principal(address=address, origin=AT, kind="role", name=name, trust=trust)


def to(target: str, attribute: str = "arn") -> Value[Text | None]:
    return Known(Text.of(Reference(target, attribute)))


def attach(policy: Value[Text | None], principal: Value[Text | None], label: str = "") -> Attachment:
    return Attachment(address="a", origin=AT, policy=policy, principal=principal, label=label)


def project(policies: list[Policy], principals: list[Principal], *attachments: Attachment) -> Project:
    return Project(
        root=".", language="terraform", policies=policies, principals=principals, attachments=list(attachments)
    )


def addresses(found: Any) -> list[str]:
    return [each.address for each in found]


def test_reference_to_policy_and_principal() -> None:
    p, r = policy("p"), role("r")
    whole = project([p, policy("q")], [r, role("s")], attach(to("p"), to("r", "name")))
    assert principals_of(p, whole) == (r,)
    assert principals_of(whole.policies[1], whole) == ()
    assert policies_of(r, whole) == (p,)
    assert policies_of(whole.principals[1], whole) == ()


def test_principal_by_name() -> None:
    p, r = policy("p"), role("r", Known(Text.of("app")))
    whole = project([p], [r], attach(to("p"), Known(Text.of("app"))), attach(to("p"), Known(Text.of("elsewhere"))))
    assert principals_of(p, whole) == (r,)
    assert policies_of(r, whole) == (p,)


def test_inline_policies_of_the_principal_itself() -> None:
    trust = policy("r", PolicyKind.TRUST)
    first, second = policy("r", label="a"), policy("r", label="b")
    r = role("r", trust=trust)
    whole = project([trust, first, second], [r])
    assert principals_of(first, whole) == (r,)
    assert principals_of(trust, whole) == ()
    assert policies_of(r, whole) == (first, second)


def test_label_picks_one_of_several_policies() -> None:
    first, second = policy("p", label="a"), policy("p", label="b")
    r, s = role("r"), role("s")
    whole = project([first, second], [r, s], attach(to("p"), to("r"), "a"), attach(to("p"), to("s")))
    assert principals_of(first, whole) == (r, s)
    assert principals_of(second, whole) == (s,)
    assert policies_of(r, whole) == (first,)
    assert policies_of(s, whole) == (first, second)


def test_every_principal_comes_once() -> None:
    p, r = policy("p"), role("r", Known(Text.of("app")))
    whole = project([p], [r], attach(to("p"), to("r")), attach(to("p", "id"), Known(Text.of("app"))))
    assert principals_of(p, whole) == (r,)


def test_open_attachment_counts_in_every_branch() -> None:
    choice = OneOf("IsProd", (("true", to("r")), ("false", to("s"))))
    whole = project([policy("p")], [role("r"), role("s")], attach(to("p"), choice))
    assert addresses(principals_of(whole.policies[0], whole)) == ["r", "s"]


def test_undecided_attachment_names_nobody() -> None:
    whole = project([policy("p")], [role("r")], attach(to("p"), X), attach(X, to("r")))
    assert principals_of(whole.policies[0], whole) == ()
    assert Attachments(whole).foreign_policies_of(whole.principals[0]) == (X,)


def test_managed_policies_are_foreign() -> None:
    managed = Known(Text.of("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"))
    whole = project([policy("p")], [role("r")], attach(to("p"), to("r")), attach(managed, to("r")))
    assert Attachments(whole).foreign_policies_of(whole.principals[0]) == (managed,)


def trusting(principal: Any, action: Any = "sts:AssumeRole", effect: str = "Allow") -> Principal:
    statement = {"Effect": effect, "Action": action, "Principal": principal}
    return role("r", trust=policy("r", PolicyKind.TRUST, document=json.dumps({"Statement": [statement]})))


@pytest.mark.parametrize(
    ("principal", "action", "uses"),
    [
        ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole", {Use.WORKLOAD}),
        ({"Service": ["ec2.amazonaws.com"], "AWS": "111122223333"}, "sts:AssumeRole", {Use.WORKLOAD, Use.ACCOUNT}),
        ({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity", {Use.FEDERATED}),
        ({"Federated": "arn:aws:iam::111122223333:saml-provider/x"}, "sts:AssumeRoleWithSAML", {Use.FEDERATED}),
        ({"Service": "cognito-identity.amazonaws.com"}, "sts:AssumeRole", {Use.FEDERATED}),
        ("*", "sts:AssumeRoleWithWebIdentity", {Use.ACCOUNT, Use.FEDERATED}),
        ({"AWS": "arn:aws:iam::111122223333:root"}, ["sts:AssumeRole", "sts:TagSession"], {Use.ACCOUNT}),
        ({}, "sts:AssumeRole", set()),
        ({"AWS": [], "Service": "lambda.amazonaws.com"}, "sts:AssumeRole", {Use.WORKLOAD}),
    ],
)
def test_use_of_a_role(principal: Any, action: Any, uses: set[Use]) -> None:
    found = kind_of(trusting(principal, action))
    assert set(found.uses) == uses
    assert found.reasons == ()


def test_denied_trust_is_no_use() -> None:
    assert kind_of(trusting("*", effect="Deny")).uses == frozenset()


@pytest.mark.parametrize("kind", ["user", "group", "permission set"])
def test_use_of_other_identities(kind: str) -> None:
    found = kind_of(Principal(address="u", origin=AT, kind=kind))
    assert found.includes(Use(kind)).truth is True
    assert found.includes(Use.WORKLOAD).truth is False


def test_undecided_trust_is_undecided() -> None:
    document = Text.of(
        '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}}, {"Effect": "Allow", '
        '"Principal": ',
        Hole("var.x has no value"),
        "}]}",
    )
    found = kind_of(role("r", trust=policy("r", PolicyKind.TRUST, document=document)))
    assert found.includes(Use.WORKLOAD).truth is True
    assert found.includes(Use.FEDERATED).reasons == (X,)


def test_undecided_effect_of_trust_is_undecided() -> None:
    hole = Hole("var.x has no value")
    document = Text.of('{"Statement": {"Effect": "', hole, '", "Principal": {"Service": "ecs.amazonaws.com"}}}')
    found = kind_of(role("r", trust=policy("r", PolicyKind.TRUST, document=document)))
    assert found.uses == frozenset()
    assert found.reasons == (X,)


def test_unknown_trust_policy_is_undecided() -> None:
    trust = Policy(address="r", origin=AT, kind=PolicyKind.TRUST, more=(X,))
    assert kind_of(role("r", trust=trust)).includes(Use.WORKLOAD).reasons == (X,)


def test_unknown_service_is_a_workload() -> None:
    document = Text.of(
        '{"Statement": {"Effect": "Allow", "Principal": {"Service": "', Hole("var.x has no value"), '"}}}'
    )
    assert kind_of(role("r", trust=policy("r", PolicyKind.TRUST, document=document))).uses == {Use.WORKLOAD}


def test_role_without_trust_policy_is_undecided() -> None:
    answer = kind_of(role("r")).includes(Use.WORKLOAD)
    assert answer.reasons == (Unknown("r has no trust policy here"),)
