"""The serverless transform: globals, generated roles, and the entries of `Policies`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dynavet.model import Policy, PolicyKind, Project
from dynavet.sources import Sources
from dynavet.text import Reference, Text
from dynavet.values import Known, OneOf, Unknown, Value
from dynavet_parsers.cloudformation import read_template
from dynavet_parsers.cloudformation.sam_policy_templates import OTHER_TEMPLATES, TEMPLATES

FIXTURES = Path(__file__).parent / "fixtures" / "cloudformation"


@pytest.fixture(scope="module")
def project() -> Project:
    found = read_template(FIXTURES / "serverless.yaml", Sources([FIXTURES], FIXTURES))
    assert found is not None
    return found


def known(value: Value[Any]) -> Any:
    assert isinstance(value, Known)
    return value.value


def patterns(element: Value[Any]) -> list[str]:
    return [str(known(item)) for item in known(element).items]


def policies(project: Project, address: str) -> list[Policy]:
    return [p for p in project.policies if p.address == address]


def test_simple_tables_take_the_global_encryption(project: Project) -> None:
    carts, plain = project.tables
    assert (str(known(carts.name)), str(known(carts.hash_key))) == ("carts", "cart")
    assert known(carts.tags).entries == {"Owner": Known(Text.of("shop"))}
    assert (known(plain.name), str(known(plain.hash_key))) == (None, "id")
    assert known(known(plain.encryption).enabled) is True
    assert known(plain.encryption).enabled.origin.line == 6


def test_a_role_is_generated_unless_one_is_given(project: Project) -> None:
    roles = {role.address: role.exists for role in project.principals}
    assert roles == {
        "CheckoutRole": Known(True), "SkippedRole": Known(False), "StreamRole": Known(True), "FlowRole": Known(True),
    }  # fmt: skip
    services = {
        role.address: patterns(
            known(known(role.trust.statements[0]).principals).by_type["Service"].items
            and Known(known(known(role.trust.statements[0]).principals).by_type["Service"])
        )
        for role in project.principals
        if role.trust is not None
    }
    assert services["CheckoutRole"] == ["lambda.amazonaws.com"]
    assert services["FlowRole"] == ["states.amazonaws.com"]


def test_policies_of_a_given_role_are_not_used(project: Project) -> None:
    assert policies(project, "WithRole") == []
    assert all(a.address != "WithRole" for a in project.attachments)


def test_functions_run_in_the_subnets_of_globals_and_their_own(project: Project) -> None:
    clients = {client.address: [str(known(s)) for s in client.subnets] for client in project.clients}
    assert clients == {
        "Checkout": ["subnet-1", "subnet-2"], "WithRole": ["subnet-1"], "Skipped": ["subnet-1"], "Stream": [],
    }  # fmt: skip
    roles = {client.address: known(client.role) for client in project.clients}
    assert roles["Checkout"] == Text((Reference("CheckoutRole", "arn"),))
    assert str(roles["WithRole"]) == "arn:aws:iam::111122223333:role/own"


def test_entries_of_policies(project: Project) -> None:
    crud, inline = policies(project, "Checkout")
    assert (crud.kind, crud.label) == (PolicyKind.IDENTITY, "Policies[0].DynamoDBCrudPolicy")
    granted = known(crud.statements[0])
    assert "dynamodb:ConditionCheckItem" in patterns(granted.actions)
    table, indexes = (known(item) for item in known(granted.resources).items)
    assert table.parts[-2:] == (":table/", Reference("Carts", "name"))
    assert indexes.parts[-1] == "/index/*"
    assert known(granted.resources).items[0].origin.line == 23
    assert granted.origin.line == 22
    assert patterns(known(inline.statements[0]).actions) == ["dynamodb:Scan"]
    managed = [a.policy for a in project.attachments if a.address == "Checkout" and not a.label]
    assert [str(known(each)).partition("policy/")[2] for each in managed[:-1]] == [
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "AmazonDynamoDBFullAccess",
    ]
    assert managed[-1] == Unknown("parameter ManagedArn has no default")


def test_one_template_without_a_list(project: Project) -> None:
    (stream,) = policies(project, "Stream")
    assert [patterns(known(s).actions) for s in stream.statements] == [
        ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        ["dynamodb:ListStreams"],
    ]


def test_a_generated_role_can_be_referred_to(project: Project) -> None:
    (attachment,) = (a for a in project.attachments if a.address == "UsesGenerated")
    assert known(attachment.principal) == Text((Reference("CheckoutRole", "name"),))


def test_nested_applications_are_missing(project: Project) -> None:
    assert [(m.address, m.source) for m in project.missing] == [("App", "./nested/template.yaml")]


@pytest.mark.parametrize("name", sorted(name for name, (service, _) in TEMPLATES.items() if service == "dynamodb"))
def test_every_dynamodb_template_grants_on_the_named_table(name: str, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      Policies:\n        - {name}: {{TableName: orders, StreamName: s}}\n"
    )
    project = read_template(path, Sources([tmp_path], tmp_path))
    assert project is not None
    (granted,) = policies(project, "F")
    for statement in granted.statements:
        assert all(":table/orders" in resource for resource in patterns(known(statement).resources))


def test_a_role_that_is_given_under_a_condition(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "Transform: AWS::Serverless-2016-10-31\nParameters: {RoleArn: {Type: String}}\n"
        "Conditions: {Own: !Equals [!Ref RoleArn, '']}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      Role: !If [Own, !Ref AWS::NoValue, !Ref RoleArn]\n"
        "      Policies: !If [Own, AmazonDynamoDBFullAccess, !Ref AWS::NoValue]\n"
    )
    project = read_template(path, Sources([tmp_path], tmp_path))
    assert project is not None
    exists = OneOf("parameter RoleArn", (("", Known(True)), ("another value", Known(False))))
    assert [role.exists for role in project.principals] == [exists]
    assert {str(known(a.policy)).rpartition("/")[2]: a.exists for a in project.attachments[:1]} == {
        "AWSLambdaBasicExecutionRole": exists
    }
    assert [attachment.exists for attachment in project.attachments] == [exists, exists]
    (client,) = project.clients
    assert isinstance(client.role, OneOf)
    assert dict(client.role.branches)[""] == Known(Text((Reference("FRole", "arn"),)))


def policies_entry(entry: str, tmp_path: Path) -> Project:
    path = tmp_path / "t.yaml"
    path.write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      Policies:\n        - {entry}\n"
    )
    project = read_template(path, Sources([tmp_path], tmp_path))
    assert project is not None
    return project


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("DynamoDBCrudPolcy: {TableName: orders}", "DynamoDBCrudPolcy is no policy template of AWS SAM"),
        (
            "{Version: '2012-10-17', Id: x}",
            "an entry of Policies has no Statement and is no policy template of AWS SAM",
        ),
    ],
)
def test_an_entry_that_the_transform_does_not_take_is_undecided(entry: str, reason: str, tmp_path: Path) -> None:
    (policy,) = policies(policies_entry(entry, tmp_path), "F")
    assert policy.more == (Unknown(reason),)


def test_a_template_without_its_parameter_has_a_hole_there(tmp_path: Path) -> None:
    (policy,) = policies(policies_entry("DynamoDBReconfigurePolicy: {Table: orders}", tmp_path), "F")
    (resource,) = known(known(policy.statements[0]).resources).items
    assert known(resource).holes[-1].reason == "TableName is not given to DynamoDBReconfigurePolicy"


@pytest.mark.parametrize("name", sorted(OTHER_TEMPLATES))
def test_other_templates_grant_nothing_on_tables_and_keys(name: str, tmp_path: Path) -> None:
    project = policies_entry(f"{name}: {{A: b}}", tmp_path)
    assert policies(project, "F") == []
    assert [str(known(a.policy)).rpartition("/")[2] for a in project.attachments] == ["AWSLambdaBasicExecutionRole"]
