"""Who acts with a role in a template: what AWS runs, and the people of Cognito identity pools."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dynavet.iam.principals import Use, kind_of
from dynavet.model import Principal, Project
from dynavet.sources import Sources
from dynavet.text import Reference, Text
from dynavet.values import Known, OneOf, Unknown, Value
from dynavet_parsers.cloudformation import read_template
from dynavet_parsers.cloudformation.workload_roles import PROFILES, ROLES

Read = Callable[..., Project]

ROLE = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "app", "AssumeRolePolicyDocument": {"Ref": "Trust"}}}
PROFILE = {
    "Type": "AWS::IAM::InstanceProfile",
    "Properties": {"InstanceProfileName": "profile", "Roles": [{"Ref": "Role"}]},
}
ARN = {"Fn::GetAtt": ["Role", "Arn"]}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads resources, with a role whose trust is open and an instance profile for it, as one template."""

    def template(resources: dict[str, Any], **sections: Any) -> Project:
        path = tmp_path / "template.json"
        content = {
            "Parameters": {"Trust": {"Type": "String"}, "Other": {"Type": "String"}, **sections.pop("Parameters", {})},
            "Resources": {"Role": ROLE, "Profile": PROFILE, **resources},
            **sections,
        }
        path.write_text(json.dumps(content), encoding="utf-8")
        project = read_template(path, Sources([tmp_path], tmp_path))
        assert project is not None
        assert project.problems == []
        return project

    return template


def known(value: Value[Any]) -> Any:
    assert isinstance(value, Known)
    return value.value


def resource(type_: str, path: str = "", value: Any = None) -> dict[str, Any]:
    """A resource of a type with a value at one path."""
    for step in reversed(path.replace("[]", ".[]").replace("{}", ".{}").split(".") if path else ()):
        value = [value] if step == "[]" else {"/any.name" if step == "{}" else step: value}
    return {"Type": type_, "Properties": value or {}}


def role_of(project: Project, address: str = "Role") -> Principal:
    (role,) = (principal for principal in project.principals if principal.address == address)
    return role


PATHS = [(type_, path) for type_, (_, paths) in ROLES.items() for path in paths]
THROUGH_PROFILE = [(type_, path) for type_, (_, paths) in PROFILES.items() for path in paths]


@pytest.mark.parametrize(("type_", "path"), PATHS, ids=[f"{type_}.{path}" for type_, path in PATHS])
def test_a_role_that_is_used_is_of_a_workload_whatever_its_trust(read: Read, type_: str, path: str) -> None:
    project = read({"It": resource(type_, path, ARN)})
    assert [(w.address, w.kind) for w in project.workloads] == [("It", ROLES[type_][0])]
    assert kind_of(role_of(project)).uses == {Use.WORKLOAD}
    assert kind_of(role_of(project)).reasons == ()


def test_an_api_by_its_definition_names_every_role(read: Read) -> None:
    integration = {"x-amazon-apigateway-integration": {"type": "aws", "credentials": ARN}}
    body = {"openapi": "3.0.1", "paths": {"/a": {"get": integration, "put": integration}, "/b": {"post": {}}}}
    project = read({"It": resource("AWS::ApiGateway::RestApi", "Body", body)})
    assert [each.kind for each in project.workloads] == ["API Gateway integration"] * 2


def test_an_api_with_an_included_definition_is_open(read: Read) -> None:
    body = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/openapi.yaml"}}}
    project = read({"It": resource("AWS::ApiGateway::RestApi", "Body", body)})
    assert [isinstance(each.role, Unknown) for each in project.workloads] == [True]
    assert role_of(project).workload == Known(False)


@pytest.mark.parametrize("type_", sorted({type_ for type_, _ in PATHS + THROUGH_PROFILE}))
def test_what_names_no_role_is_no_workload(read: Read, type_: str) -> None:
    assert read({"It": resource(type_)}).workloads == []


@pytest.mark.parametrize(("type_", "path"), THROUGH_PROFILE, ids=[f"{type_}.{path}" for type_, path in THROUGH_PROFILE])
@pytest.mark.parametrize(
    "profile",
    [{"Ref": "Profile"}, {"Fn::GetAtt": "Profile.Arn"}, "profile",
     {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:instance-profile/profile"}],
    ids=["ref", "arn", "name", "spelled"],
)  # fmt: skip
def test_a_role_in_an_instance_profile(read: Read, type_: str, path: str, profile: Any) -> None:
    assert role_of(read({"It": resource(type_, path, profile)})).workload == Known(True)


@pytest.mark.parametrize(
    "role",
    [ARN, {"Fn::Sub": "${Role.Arn}"}, "arn:aws:iam::111122223333:role/path/app",
     {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/app"}, {"Fn::Sub": "arn:aws:iam::111122223333:role/${Role}"}],
    ids=["arn", "sub", "literal", "by name", "by ref"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("type_", "path"), [("AWS::Lambda::Function", "Role"), ("AWS::DAX::Cluster", "IAMRoleARN"),
                        ("AWS::ECS::TaskDefinition", "TaskRoleArn")]
)  # fmt: skip
def test_a_role_by_reference_arn_or_name(read: Read, type_: str, path: str, role: Any) -> None:
    assert role_of(read({"It": resource(type_, path, role)})).workload == Known(True)


def test_a_role_that_nobody_uses_is_as_its_trust_says(read: Read) -> None:
    role = role_of(read({}))
    assert (role.workload, role.authenticated, role.unauthenticated) == (Known(False),) * 3
    assert kind_of(role).reasons != ()


def test_a_role_under_a_condition_is_used_under_it(read: Read) -> None:
    conditions = {"Own": {"Fn::Equals": [{"Ref": "Other"}, ""]}}
    chosen = {"Fn::If": ["Own", ARN, {"Ref": "AWS::NoValue"}]}
    project = read({"It": resource("AWS::StepFunctions::StateMachine", "RoleArn", chosen)}, Conditions=conditions)
    used = OneOf("parameter Other", (("", Known(True)), ("another value", Known(False))))
    assert project.workloads[0].exists == used
    assert role_of(project).workload == used


def test_an_instance_with_the_profile_and_subnet_of_its_launch_template(read: Read) -> None:
    template = {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateName": "hosts",
            "LaunchTemplateData": {
                "IamInstanceProfile": {"Name": {"Ref": "Profile"}},
                "NetworkInterfaces": [{"SubnetId": "subnet-1"}],
            },
        },
    }
    for named in ({"LaunchTemplateId": {"Ref": "Hosts"}}, {"LaunchTemplateName": "hosts"}):
        instance = {"Type": "AWS::EC2::Instance", "Properties": {"LaunchTemplate": named}}
        (client,) = read({"Hosts": template, "It": instance}).clients
        assert client.role == Known(Text((Reference("Role", "name"),)))
        assert [str(subnet.value) for subnet in client.subnets if isinstance(subnet, Known)] == ["subnet-1"]
        assert client.more_subnets == ()
    own = {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Hosts"}}, "SubnetId": "subnet-2", "IamInstanceProfile": "p"}
    (client,) = read({"Hosts": template, "It": {"Type": "AWS::EC2::Instance", "Properties": own}}).clients
    assert client.role == Unknown("instance profile p is declared outside this template")
    assert [str(subnet.value) for subnet in client.subnets if isinstance(subnet, Known)] == ["subnet-2"]


def test_an_instance_whose_launch_template_is_elsewhere(read: Read) -> None:
    (client,) = read({"It": resource("AWS::EC2::Instance", "LaunchTemplate.LaunchTemplateId", "lt-1")}).clients
    reason = Unknown("launch template lt-1 is declared outside this template")
    assert client.role == reason
    assert client.more_subnets == (reason,)


def pool(allows: Any, **roles: Any) -> dict[str, Any]:
    return {
        "Pool": {"Type": "AWS::Cognito::IdentityPool", "Properties": {"AllowUnauthenticatedIdentities": allows}},
        "It": {
            "Type": "AWS::Cognito::IdentityPoolRoleAttachment",
            "Properties": {"IdentityPoolId": {"Ref": "Pool"}, "Roles": roles},
        },
    }


def test_the_roles_of_an_identity_pool(read: Read) -> None:
    assert role_of(read(pool(True, authenticated=ARN))).authenticated == Known(True)
    assert role_of(read(pool("true", unauthenticated=ARN))).unauthenticated == Known(True)
    assert role_of(read(pool(False, unauthenticated=ARN))).unauthenticated == Known(False)
    assert kind_of(role_of(read(pool(True, authenticated=ARN)))).uses == {Use.FEDERATED}


def test_a_pool_that_is_not_decided_leaves_its_guests_open(read: Read) -> None:
    guests = role_of(read(pool({"Ref": "Other"}, unauthenticated=ARN))).unauthenticated
    assert guests == Unknown("parameter Other has no default")
    elsewhere = pool(True, unauthenticated=ARN, authenticated=ARN)
    elsewhere["It"]["Properties"]["IdentityPoolId"] = "eu-west-1:1234"
    role = role_of(read(elsewhere))
    assert role.unauthenticated == Unknown("identity pool eu-west-1:1234 is declared outside this template")
    assert role.authenticated == Known(True)


def test_a_rule_of_a_pool_hands_a_role_out(read: Read) -> None:
    resources = pool(False)
    resources["It"]["Properties"]["RoleMappings"] = {
        "saml": {"Type": "Rules", "RulesConfiguration": {"Rules": [{"Claim": "x", "RoleARN": ARN}]}},
        "token": {"Type": "Token"},
    }
    project = read(resources)
    assert [each.authenticated for each in project.identity_pool_roles] == [True]
    assert role_of(project).authenticated == Known(True)


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("AWS::Serverless::StateMachine", "Step Functions state machine"),
     ("AWS::Serverless::WebFunction", "Lambda web function")],
)  # fmt: skip
def test_serverless_workloads_use_the_role_that_is_made_for_them(read: Read, type_: str, kind: str) -> None:
    project = read({"It": resource(type_)}, Transform="AWS::Serverless-2016-10-31")
    assert [(w.address, w.kind, w.role) for w in project.workloads] == [
        ("It", kind, Known(Text((Reference("ItRole", "arn"),))))
    ]
    assert role_of(project, "ItRole").workload == Known(True)
    named = resource(type_, "ExecutionRoleArn" if type_.endswith("WebFunction") else "Role", ARN)
    project = read({"It": named}, Transform="AWS::Serverless-2016-10-31")
    assert role_of(project).workload == Known(True)


def test_serverless_functions_and_data_sources_use_their_roles(read: Read) -> None:
    source = {"TableName": "orders", "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}
    api = resource("AWS::Serverless::GraphQLApi", "DataSources.DynamoDb", {"Own": source,
                   "Given": {**source, "ServiceRoleArn": ARN}})  # fmt: skip
    project = read({"F": resource("AWS::Serverless::Function"), "Api": api}, Transform="AWS::Serverless-2016-10-31")
    assert {each.address: each.workload for each in project.principals} == {
        address: Known(True) for address in ("Role", "FRole", "ApiOwnDynamoDBDataSourceRole")
    }
    assert [(w.address, w.kind) for w in project.workloads] == [("Api", "AppSync data source")] * 2


def test_what_is_made_for_a_function_or_api_can_be_referred_to(read: Read) -> None:
    def policy(resource_element: Any) -> Any:
        statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resource_element}
        properties = {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": [statement]}}
        return {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}

    function = resource("AWS::Serverless::Function", "AutoPublishAlias", "live")
    for element in ({"Ref": "F.Alias"}, {"Fn::Sub": "${F.Alias}"}):
        project = read({"F": function, "P": policy(element)}, Transform="AWS::Serverless-2016-10-31")
        (granted,) = (each for each in project.policies if each.address == "P")
        (item,) = known(known(granted.statements[0]).resources).items
        assert item == Known(Text((Reference("F.Alias", "arn"),)))
        assert item.value.references[0].shape == "arn:*:lambda:*"
