"""The evaluation logic of IAM, by named cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dynavet.evaluation_cases import read_cases
from dynavet.iam import (
    Context,
    Decision,
    Outcome,
    Policies,
    Request,
    evaluate,
    principal_of,
)
from dynavet.model import Policy, PolicyKind
from dynavet.text import Hole, Reference, Text
from dynavet.values import Known, List, Object, OneOf, Origin, Unknown
from dynavet_parsers.iam_json.document import read_document

OWN, OTHER = "111122223333", "444455556666"
TABLE = f"arn:aws:dynamodb:eu-west-1:{OWN}:table/Orders"
USER = f"arn:aws:iam::{OWN}:user/dev/ann"
ROLE = f"arn:aws:iam::{OWN}:role/app/Reader"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/Reader/s1"
OF_ROLE = {"arn": SESSION, "issuer": ROLE}
GUEST = f"arn:aws:sts::{OWN}:federated-user/guest"
OF_USER = {"arn": GUEST, "issuer": USER}
ROOT = f"arn:aws:iam::{OWN}:root"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/0000"
TRUSTED = f"arn:aws:iam::{OWN}:role/Trusted"

UNKNOWN = {"unknown": "not given"}


def document(*statements: dict[str, Any], version: str | None = "2012-10-17") -> dict[str, Any]:
    return {**({} if version is None else {"Version": version}), "Statement": list(statements)}


def statement(effect: str = "Allow", action: Any = "dynamodb:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def one(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return document(statement(effect, **more))


def to(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return one(effect, Principal=principal, **more)


ALL = one()


def decide(
    *,
    principal: Any = USER,
    action: Any = "dynamodb:GetItem",
    target: Any = TABLE,
    context: dict[str, Any] | None = None,
    request: dict[str, Any] | None = None,
    **policies: Any,
) -> Decision:
    asked = {"principal": principal, "action": action, "resource": target, "context": context or {}}
    text = json.dumps({"request": {**asked, **(request or {})}, "policies": policies})
    (case,) = read_cases(text, "case.json", Path()).cases
    return evaluate(case.request, case.policies)


def outcome(**given: Any) -> str:
    return decide(**given).outcome.value


ACCOUNT_CASES: list[tuple[str, dict[str, Any], str]] = [
    ("nothing allows", {}, "implicit deny"),
    ("identity allows", {"identity": ALL}, "allowed"),
    ("identity denies what it allows", {"identity": [ALL, one("Deny")]}, "explicit deny"),
    ("resource policy names the user", {"resource": to({"AWS": USER})}, "allowed"),
    ("resource policy names everybody", {"resource": to("*")}, "allowed"),
    ("resource policy names another user", {"resource": to({"AWS": USER + "a"})}, "implicit deny"),
    ("resource policy delegates to the account", {"resource": to({"AWS": ROOT})}, "implicit deny"),
    ("delegation and identity", {"resource": to({"AWS": OWN}), "identity": ALL}, "allowed"),
    ("resource policy denies the account", {"resource": to({"AWS": OWN}, "Deny"), "identity": ALL}, "explicit deny"),
    ("boundary grants nothing", {"boundary": ALL}, "implicit deny"),
    ("boundary and identity", {"boundary": ALL, "identity": ALL}, "allowed"),
    ("boundary limits identity", {"boundary": one(action="s3:*"), "identity": ALL}, "implicit deny"),
    ("boundary denies", {"boundary": one("Deny"), "identity": ALL}, "explicit deny"),
    (
        "boundary does not limit a resource policy that names the user",
        {"boundary": one(action="s3:*"), "resource": to({"AWS": USER})},
        "allowed",
    ),
    (
        "boundary denies what a resource policy grants the user",
        {"boundary": one("Deny"), "resource": to({"AWS": USER})},
        "explicit deny",
    ),
    ("role: resource policy names the role", {"principal": OF_ROLE, "resource": to({"AWS": ROLE})}, "allowed"),
    (
        "role: boundary limits a resource policy that names the role",
        {"principal": OF_ROLE, "boundary": one(action="s3:*"), "resource": to({"AWS": ROLE})},
        "implicit deny",
    ),
    (
        "role: session policy limits a resource policy that names the role",
        {"principal": OF_ROLE, "session": one(action="s3:*"), "resource": to({"AWS": ROLE})},
        "implicit deny",
    ),
    (
        "role: boundary and session policy that allow",
        {"principal": OF_ROLE, "session": ALL, "boundary": ALL, "resource": to({"AWS": ROLE})},
        "allowed",
    ),
    (
        "role: neither limits a resource policy that names the session",
        {"principal": OF_ROLE, "session": one(action="s3:*"), "boundary": one(action="s3:*"),
         "resource": to({"AWS": SESSION})},
        "allowed",
    ),
    (
        "role: neither limits a resource policy for everybody on one aws:PrincipalArn",
        {"principal": OF_ROLE, "boundary": one(action="s3:*"),
         "resource": to("*", Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})},
        "allowed",
    ),
    ("role: session policy limits identity", {"principal": OF_ROLE, "session": [], "identity": ALL}, "implicit deny"),
    (
        "role: one of several session policies is enough",
        {"principal": OF_ROLE, "session": [one(action="s3:*"), ALL], "identity": ALL},
        "allowed",
    ),
    ("federated user: without session policy", {"principal": OF_USER, "identity": ALL}, "implicit deny"),
    ("federated user: with session policy", {"principal": OF_USER, "identity": ALL, "session": ALL}, "allowed"),
    ("federated user: named by a resource policy", {"principal": OF_USER, "resource": to({"AWS": GUEST})}, "allowed"),
    (
        "federated user: user named by a resource policy",
        {"principal": OF_USER, "resource": to({"AWS": USER})},
        "implicit deny",
    ),
    ("root user may do everything", {"principal": ROOT}, "allowed"),
    ("root user is not limited by a boundary", {"principal": ROOT, "boundary": []}, "allowed"),
    ("root user is limited by service control", {"principal": ROOT, "service_control": [[]]}, "implicit deny"),
    ("root user is denied by a resource policy", {"principal": ROOT, "resource": to("*", "Deny")}, "explicit deny"),
    ("service: resource policy alone", {"principal": {"service": "x.amazonaws.com"},
                                        "resource": to({"Service": "x.amazonaws.com"})}, "allowed"),
    ("service: another one", {"principal": {"service": "x.amazonaws.com"},
                              "resource": to({"Service": "y.amazonaws.com"})}, "implicit deny"),
    ("service: no account means it", {"principal": {"service": "x.amazonaws.com"},
                                      "resource": to({"AWS": OWN})}, "implicit deny"),
    ("service: identity policies are not its own", {"principal": {"service": "x.amazonaws.com"}, "identity": ALL},
     "implicit deny"),
    ("anonymous: everybody", {"principal": "anonymous", "resource": to({"AWS": "*"})}, "allowed"),
    ("anonymous: an account", {"principal": "anonymous", "resource": to({"AWS": OWN})}, "implicit deny"),
    ("a Principal ARN has no wildcards", {"resource": to({"AWS": f"arn:aws:iam::{OWN}:user/*"})}, "implicit deny"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [each[1:] for each in ACCOUNT_CASES], ids=[c[0] for c in ACCOUNT_CASES])
def test_in_one_account(given: dict[str, Any], expected: str) -> None:
    assert outcome(**given) == expected


FOREIGN = f"arn:aws:iam::{OTHER}:user/eve"

ACROSS: list[tuple[str, dict[str, Any], str]] = [
    ("identity alone", {"identity": ALL}, "implicit deny"),
    ("resource alone", {"resource": to({"AWS": FOREIGN})}, "implicit deny"),
    ("both", {"identity": ALL, "resource": to({"AWS": FOREIGN})}, "allowed"),
    ("account and identity", {"identity": ALL, "resource": to({"AWS": OTHER})}, "allowed"),
    ("everybody and identity", {"identity": ALL, "resource": to("*")}, "allowed"),
    ("boundary limits", {"identity": ALL, "boundary": [], "resource": to({"AWS": FOREIGN})}, "implicit deny"),
    ("the other account's root user", {"principal": f"arn:aws:iam::{OTHER}:root", "resource": to({"AWS": OTHER})},
     "allowed"),
    ("the other account's root user without resource policy", {"principal": f"arn:aws:iam::{OTHER}:root"},
     "implicit deny"),
    ("the resource denies", {"identity": ALL, "resource": [to("*"), to({"AWS": FOREIGN}, "Deny")]}, "explicit deny"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [each[1:] for each in ACROSS], ids=[c[0] for c in ACROSS])
def test_across_accounts(given: dict[str, Any], expected: str) -> None:
    assert outcome(**{"principal": FOREIGN, **given}) == expected


def test_account_of_a_bucket_must_be_given() -> None:
    bucket = {"target": "arn:aws:s3:::b/k", "action": "s3:GetObject", "identity": one(action="s3:*")}
    assert outcome(**bucket) == "undecided"
    assert outcome(**bucket, request={"resource_account": OWN}) == "allowed"
    assert outcome(**bucket, request={"resource_account": OTHER}) == "implicit deny"


def test_an_action_without_resource_is_in_the_own_account() -> None:
    assert outcome(action="dynamodb:ListTables", target="*", identity=ALL) == "allowed"
    on_table = one(resource=f"arn:aws:dynamodb:*:{OWN}:table/*")
    assert outcome(action="dynamodb:ListTables", target="*", identity=on_table) == "implicit deny"


KMS: list[tuple[str, dict[str, Any], str]] = [
    ("identity alone", {"identity": one(action="kms:*")}, "implicit deny"),
    ("the key delegates", {"identity": one(action="kms:*"), "resource": to({"AWS": ROOT}, action="kms:*")}, "allowed"),
    ("the key delegates, nothing allows", {"resource": to({"AWS": ROOT}, action="kms:*")}, "implicit deny"),
    ("the key names the user", {"resource": to({"AWS": USER}, action="kms:*")}, "allowed"),
    ("even the root user needs it", {"principal": ROOT}, "implicit deny"),
    ("root user", {"principal": ROOT, "resource": to({"AWS": ROOT}, action="kms:*")}, "allowed"),
]


@pytest.mark.parametrize(("given", "expected"), [each[1:] for each in KMS], ids=[c[0] for c in KMS])
def test_keys_need_their_own_policy(given: dict[str, Any], expected: str) -> None:
    assert outcome(**{"action": "kms:Decrypt", "target": KEY, **given}) == expected


def trust(principal: Any, **more: Any) -> dict[str, Any]:
    action = more.pop("action", "sts:AssumeRole")
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def test_roles_need_their_trust_policy() -> None:
    asked: dict[str, Any] = {"action": "sts:AssumeRole", "target": TRUSTED}
    may = one(action="sts:AssumeRole")
    assert outcome(**asked, identity=may) == "implicit deny"
    assert outcome(**asked, identity=may, resource=trust({"AWS": OWN})) == "allowed"
    assert outcome(**asked, resource=trust({"AWS": OWN})) == "implicit deny"
    assert outcome(**asked, resource=trust({"AWS": USER})) == "allowed"


def test_web_identities_need_the_trust_policy_alone() -> None:
    pool = "cognito-identity.amazonaws.com"
    action = "sts:AssumeRoleWithWebIdentity"
    policy = trust({"Federated": pool}, action=action, Condition={"StringEquals": {f"{pool}:aud": "pool-1"}})
    asked: dict[str, Any] = {"principal": {"federated": pool}, "action": action, "target": TRUSTED}
    assert outcome(**asked, resource=policy, context={f"{pool}:aud": "pool-1"}) == "allowed"
    assert outcome(**asked, resource=policy, context={f"{pool}:aud": "pool-2"}) == "implicit deny"


CONTROL: list[tuple[str, dict[str, Any], str]] = [
    ("every level allows", {"service_control": [[ALL], [ALL], [ALL]]}, "allowed"),
    ("one level does not", {"service_control": [[ALL], [one(action="s3:*")], [ALL]]}, "implicit deny"),
    ("one policy of a level is enough", {"service_control": [[one(action="s3:*"), ALL]]}, "allowed"),
    ("a level without policies", {"service_control": [[ALL], []]}, "implicit deny"),
    ("a level denies", {"service_control": [[ALL, one("Deny")]]}, "explicit deny"),
    ("they do not grant", {"service_control": [[ALL]], "identity": []}, "implicit deny"),
    ("they limit what a resource policy grants", {"service_control": [[]], "resource": to({"AWS": USER})},
     "implicit deny"),
    ("resource control denies", {"resource_control": [[to("*", "Deny")]]}, "explicit deny"),
    ("resource control that denies something else", {"resource_control": [[to("*", "Deny", action="s3:*")]]},
     "allowed"),
    ("service control does not concern services", {"principal": {"service": "x.amazonaws.com"},
     "resource": to({"Service": "x.amazonaws.com"}), "service_control": [[]]}, "allowed"),
    ("resource control does", {"principal": {"service": "x.amazonaws.com"},
     "resource": to({"Service": "x.amazonaws.com"}), "resource_control": [[to("*", "Deny")]]}, "explicit deny"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [each[1:] for each in CONTROL], ids=[c[0] for c in CONTROL])
def test_control_policies(given: dict[str, Any], expected: str) -> None:
    assert outcome(**{"identity": ALL, **given}) == expected


def test_service_linked_roles_are_outside_of_control_policies() -> None:
    name = "AWSServiceRoleForDynamoDBReplication"
    path = "aws-service-role/replication.dynamodb.amazonaws.com"
    linked = f"arn:aws:iam::{OWN}:role/{path}/{name}"
    control: dict[str, Any] = {"service_control": [[one("Deny")]], "resource_control": [[to("*", "Deny")]]}
    assert outcome(principal=linked, identity=ALL, **control) == "allowed"
    assert outcome(principal=ROLE, identity=ALL, **control) == "explicit deny"
    assert outcome(principal=SESSION, identity=ALL, **control) == "explicit deny"
    session = f"arn:aws:sts::{OWN}:assumed-role/{name}/x"
    assert outcome(principal=session, identity=ALL, **control) == "undecided"


def test_endpoint_policy_is_one_more_filter() -> None:
    assert outcome(identity=ALL, endpoint=to("*")) == "allowed"
    assert outcome(identity=ALL, endpoint=to("*", resource=TABLE + "2")) == "implicit deny"
    assert outcome(endpoint=to("*")) == "implicit deny"
    assert outcome(identity=ALL, endpoint=[to("*"), to("*", "Deny")]) == "explicit deny"


def test_an_account_in_the_policy_of_a_gateway_endpoint_is_its_root_user() -> None:
    account = to({"AWS": OWN})
    assert outcome(identity=ALL, endpoint=account) == "implicit deny"
    assert outcome(principal=ROOT, endpoint=account) == "allowed"
    assert outcome(identity=ALL, endpoint=account, endpoint_type="Interface") == "allowed"


def not_to(*excepted: str) -> dict[str, Any]:
    return document({"Effect": "Deny", "NotPrincipal": {"AWS": list(excepted)}, "Action": "*", "Resource": "*"})


def test_not_principal_excepts_who_is_named_with_account_and_role() -> None:
    assert outcome(identity=ALL, resource=not_to(USER)) == "explicit deny"
    assert outcome(identity=ALL, resource=not_to(USER, ROOT)) == "allowed"
    assert outcome(identity=ALL, resource=not_to(ROOT)) == "explicit deny"
    assert outcome(principal=OF_ROLE, identity=ALL, resource=not_to(SESSION, OWN)) == "explicit deny"
    assert outcome(principal=OF_ROLE, identity=ALL, resource=not_to(SESSION, ROLE, OWN)) == "allowed"
    assert outcome(identity=ALL, boundary=ALL, resource=not_to(USER, ROOT)) == "explicit deny"


def test_not_action_and_not_resource() -> None:
    assert outcome(identity=document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})) == "allowed"
    but_get = document({"Effect": "Allow", "NotAction": ["dynamodb:getitem"], "Resource": "*"})
    assert outcome(identity=but_get) == "implicit deny"
    but_orders = document({"Effect": "Allow", "Action": "*", "NotResource": [TABLE, TABLE + "/*"]})
    assert outcome(identity=but_orders) == "implicit deny"
    assert outcome(identity=but_orders, target=TABLE + "2") == "allowed"


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        (TABLE, True),
        (TABLE.replace("Orders", "orders"), False),
        (TABLE.replace("Orders", "Order?"), True),
        (TABLE.replace("Orders", "Orders?"), False),
        ("arn:aws:dynamodb:*", True),
        (TABLE + "/index/*", False),
    ],
)
def test_resources_compare_with_case_and_wildcards(pattern: str, covered: bool) -> None:
    assert decide(identity=one(resource=pattern)).allowed.truth is covered


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_older_documents_have_no_variables(version: str | None) -> None:
    condition = {"StringEquals": {"example:Key": "${aws:username}"}}
    policy = document(statement(Condition=condition), version=version)
    assert outcome(identity=policy, context={"example:Key": "ann"}) == "implicit deny"
    assert outcome(identity=policy, context={"example:Key": "${aws:username}"}) == "allowed"
    own = document(statement(resource=TABLE.replace("Orders", "${aws:username}")), version=version)
    assert outcome(identity=own, target=TABLE.replace("Orders", "ann")) == "implicit deny"


def test_variables_in_resources_stand_after_the_fifth_colon() -> None:
    def covers(resource: str, table: str) -> bool | None:
        return decide(identity=one(resource=resource), target=TABLE.replace("Orders", table)).allowed.truth

    assert covers(TABLE.replace("Orders", "${aws:username}"), "ann") is True
    assert covers(TABLE.replace("Orders", "${aws:username}"), "bob") is False
    assert covers(TABLE.replace("Orders", "${aws:PrincipalTag/team}*"), "ann") is False
    assert covers(TABLE.replace(OWN, "${aws:PrincipalAccount}"), "Orders") is False
    assert covers(TABLE.replace("Orders", "${*}"), "ann") is False


def test_keys_that_follow_from_the_request() -> None:
    assert outcome(identity=one(Condition={"ArnEquals": {"aws:PrincipalArn": USER}})) == "allowed"
    same = one(Condition={"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}})
    assert outcome(identity=same) == "allowed"
    by_role = one(Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})
    assert outcome(principal=OF_ROLE, identity=by_role) == "allowed"
    not_services = to("*", "Deny", Condition={"Bool": {"aws:PrincipalIsAWSService": "false"}})
    assert outcome(identity=ALL, resource=not_services) == "explicit deny"


FINE_GRAINED = statement(
    action=["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
    resource=[TABLE],
    Condition={
        "ForAllValues:StringEquals": {
            "dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"],
            "dynamodb:Attributes": ["UserId", "Score"],
        },
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    },
)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"dynamodb:LeadingKeys": ["7", "8"]}, False),
        ({"dynamodb:Attributes": ["UserId"]}, True),
        ({"dynamodb:Attributes": ["UserId", "Secret"]}, False),
        ({"dynamodb:Select": "ALL_ATTRIBUTES"}, False),
        ({"dynamodb:Select": None}, True),
        ({"www.amazon.com:user_id": None}, False),
        ({"dynamodb:LeadingKeys": None}, True),  # what DDB204 is about: Scan carries no leading keys
    ],
)
def test_fine_grained_access(change: dict[str, Any], allowed: bool) -> None:
    context = {
        "www.amazon.com:user_id": "7",
        "dynamodb:LeadingKeys": ["7"],
        "dynamodb:Attributes": ["UserId", "Score"],
        "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
        **change,
    }
    given = decide(principal=OF_ROLE, action="dynamodb:Query", context=context, identity=document(FINE_GRAINED))
    assert given.allowed.truth is allowed


def test_decision_names_the_statements() -> None:
    allow = {"name": "app", "document": document(statement(Sid="Read"), statement())}
    found = decide(identity=[one(action="s3:*"), allow])
    assert [(str(s.place), s.policy, s.name, s.statement, s.index) for s in found.statements] == [
        ("identity", 1, "app", "Read", 0),
        ("identity", 1, "app", "1", 1),
    ]
    levels = [[ALL], [document(statement("Deny", Sid="No"))]]
    found = decide(identity=allow, service_control=levels)
    assert [(str(s.place), s.statement, s.effect) for s in found.statements] == [
        ("service control, level 1", "No", "Deny")
    ]


def test_implicit_deny_names_what_does_not_allow() -> None:
    assert [str(p) for p in decide().lacking] == ["identity", "resource"]
    assert [str(p) for p in decide(identity=ALL, service_control=[[ALL], []]).lacking] == ["service control, level 1"]
    across = decide(principal=FOREIGN, resource=to({"AWS": OTHER}))
    assert [str(p) for p in across.lacking] == ["identity"]
    assert [str(p) for p in decide(principal=FOREIGN, identity=ALL).lacking] == ["resource"]


CONDITION = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}


def test_unknown_key_leaves_undecided_what_depends_on_it_alone() -> None:
    context = {"aws:SourceVpce": UNKNOWN}
    found = decide(identity=one(Condition=CONDITION), context=context)
    assert found.outcome is Outcome.UNDECIDED
    assert [each.reason for each in found.reasons] == ["/request/context/aws:SourceVpce is unknown: not given"]
    assert outcome(identity=[one(Condition=CONDITION), ALL], context=context) == "allowed"
    assert outcome(identity=[one(Condition=CONDITION), one("Deny")], context=context) == "explicit deny"
    assert outcome(identity=one(action="s3:*", Condition=CONDITION), context=context) == "implicit deny"


def test_denied_is_decided_where_the_kind_of_deny_is_not() -> None:
    found = decide(identity=one("Deny", Condition=CONDITION), context={"aws:SourceVpce": UNKNOWN})
    assert (found.outcome, found.allowed.truth) == (Outcome.UNDECIDED, False)


def test_other_keys_may_be_unknown() -> None:
    policy = one(Condition={"Bool": {"aws:SecureTransport": "true"}})
    assert outcome(identity=policy) == "implicit deny"
    assert outcome(identity=policy, request={"other_context": UNKNOWN}) == "undecided"
    assert outcome(identity=policy, context={"aws:SecureTransport": None}, request={"other_context": UNKNOWN}) == (
        "implicit deny"
    )


def test_the_whole_context_may_be_unknown() -> None:
    assert outcome(identity=one(Condition=CONDITION), request={"context": UNKNOWN}) == "undecided"
    assert outcome(identity=ALL, request={"context": UNKNOWN}) == "allowed"


def test_unknown_parts_of_the_request() -> None:
    assert outcome(identity=ALL, request={"action": UNKNOWN}) == "undecided"
    assert outcome(identity=one(action="*"), request={"action": UNKNOWN}) == "allowed"
    assert outcome(identity=ALL, request={"resource": UNKNOWN, "resource_account": OWN}) == "allowed"
    assert outcome(identity=ALL, request={"resource": UNKNOWN}) == "undecided"
    assert outcome(identity=ALL, request={"principal": UNKNOWN}) == "undecided"
    assert outcome(resource=to("*", "Deny"), request={"principal": UNKNOWN}) == "explicit deny"
    assert outcome(resource=to("*"), principal={"type": "service"}) == "allowed"
    someone = {"type": "user", "account": OWN}
    assert outcome(principal=someone, identity=ALL) == "allowed"
    assert outcome(principal=someone, resource=to({"AWS": USER})) == "undecided"


def test_role_without_its_path() -> None:
    assert outcome(principal=SESSION, resource=to({"AWS": ROLE})) == "undecided"
    assert outcome(principal=SESSION, resource=to({"AWS": ROLE + "2"})) == "implicit deny"
    assert outcome(principal=SESSION, resource=to({"AWS": SESSION})) == "allowed"
    assert outcome(principal=ROLE, resource=to({"AWS": SESSION})) == "undecided"
    assert outcome(principal=ROLE, resource=to({"AWS": ROLE})) == "allowed"


def test_unknown_parts_of_policies() -> None:
    assert outcome(identity=UNKNOWN) == "undecided"
    assert outcome(identity=[UNKNOWN, ALL]) == "undecided"  # the unknown one may deny
    assert outcome(identity=[UNKNOWN, one("Deny")]) == "explicit deny"
    assert outcome(identity=one(resource=UNKNOWN)) == "undecided"
    assert outcome(identity=one(resource=[UNKNOWN, TABLE])) == "allowed"
    assert outcome(identity=one(resource=[UNKNOWN, TABLE + "2"])) == "undecided"
    assert outcome(identity=one(action=[UNKNOWN], resource=TABLE + "2")) == "implicit deny"
    assert outcome(identity=document({"Effect": UNKNOWN, "Action": "*", "Resource": "*"})) == "undecided"
    assert outcome(identity=one(Condition={"StringEquals": {"example:Key": UNKNOWN}})) == "implicit deny"


AT = Origin("p.json", 1, 1, 1, 2)


def policy_of(resource: Any, effect: Any = "Allow") -> Policy:
    entries = {"Effect": effect, "Action": "dynamodb:*", "Resource": resource}
    fields = {key: each if isinstance(each, OneOf) else Known(each) for key, each in entries.items()}
    tree = Known(Object({"Statement": Known(List((Known(Object(fields)),)))}))
    read = read_document(tree, AT)
    return Policy(
        address="p",
        origin=AT,
        kind=PolicyKind.IDENTITY,
        version=read.version,
        statements=read.statements,
        more=read.more,
    )


def asked(resource: Text) -> Request:
    return Request(
        principal=principal_of(USER),
        action=Known(Text.of("dynamodb:Query")),
        resource=Known(resource),
        resource_account=Known(Text.of(OWN)),
    )


ORDERS = Reference("aws_dynamodb_table.orders", "arn", "arn:*:dynamodb:*:*:table/*")
OTHERS = Reference("aws_dynamodb_table.others", "arn", "arn:*:dynamodb:*:*:table/*")


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        (Text.of(ORDERS), Text.of(ORDERS), "allowed"),
        (Text.of(ORDERS, "/index/*"), Text.of(ORDERS, "/index/by-date"), "allowed"),
        (Text.of(ORDERS, "/index/*"), Text.of(ORDERS), "implicit deny"),
        (Text.of(ORDERS), Text.of(OTHERS), "undecided"),
        (Text.of(ORDERS), Text.of("arn:aws:s3:::b"), "implicit deny"),
        (Text.of("arn:aws:dynamodb:*:*:table/", Hole("var.t has no value")), Text.of(TABLE), "undecided"),
        (Text.of("*"), Text.of(ORDERS, "/index/x"), "allowed"),
        (
            Text.of(TABLE),
            Text.of("arn:aws:dynamodb:eu-west-1:", Hole("x has no value"), ":table/Others"),
            "implicit deny",
        ),
    ],
)
def test_symbolic_resources(pattern: Text, resource: Text, expected: str) -> None:
    found = evaluate(asked(resource), Policies(identity=(policy_of(pattern),)))
    assert found.outcome.value == expected


def test_open_conditions_are_decided_where_all_branches_agree() -> None:
    def one_of(yes: str, no: str) -> OneOf[str]:
        return OneOf("Prod", (("true", Known(yes)), ("false", Known(no))))

    request = asked(Text.of(TABLE))
    found = evaluate(request, Policies(identity=(policy_of(one_of(TABLE, "*")),)))
    assert found.outcome is Outcome.ALLOWED
    found = evaluate(request, Policies(identity=(policy_of(one_of(TABLE, TABLE + "2")),)))
    assert found.outcome is Outcome.UNDECIDED
    assert [each.reason for each in found.reasons] == ["Prod is undecided"]
    together = Policies(identity=(policy_of(one_of(TABLE, "-")), policy_of(one_of("-", TABLE))))
    assert evaluate(request, together).outcome is Outcome.ALLOWED


def test_what_aws_would_not_take_is_undecided_with_the_reason() -> None:
    found = evaluate(asked(Text.of(TABLE)), Policies(identity=(policy_of("*", "allow"),)))
    assert [each.reason for each in found.reasons] == ['Effect is "allow", neither Allow nor Deny']


def test_arn_of_no_principal() -> None:
    with pytest.raises(ValueError, match="is not the ARN of a user"):
        principal_of(TABLE)


def test_context_of_known_keys() -> None:
    context = Context.of({"a:B": "1"}, Unknown("other keys are not given"))
    assert context.value("c:d") == Unknown("other keys are not given")
    assert context.single_value("A:b") == Known(Text.of("1"))
