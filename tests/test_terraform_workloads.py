"""Who acts with a role: what AWS runs, and the people of Cognito identity pools."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dynavet.iam.principals import Use, kind_of
from dynavet.model import Principal, Project
from dynavet.text import Reference, Text
from dynavet.values import Known, OneOf, Unknown, assume
from dynavet_parsers.terraform.workload_roles import DOCUMENTS, PROFILES, ROLES

Read = Callable[..., Project]

ROLE = """
variable "trust" {}
variable "x" {}
resource "aws_iam_role" "r" {
  name               = "app"
  assume_role_policy = var.trust
}
resource "aws_iam_instance_profile" "p" {
  name = "profile"
  role = aws_iam_role.r.name
}
"""


def resource(type_: str, path: str, value: str) -> str:
    *outer, argument = path.split(".")
    inner = f"{argument} = {value}\n"
    for name in reversed(outer):
        inner = f"{name} {{\n{inner}}}\n"
    return f'resource "{type_}" "it" {{\n{inner}}}\n'


def role_of(project: Project) -> Principal:
    (role,) = (principal for principal in project.principals if principal.address == "aws_iam_role.r")
    return role


PATHS = [(type_, path) for type_, (_, paths) in ROLES.items() for path in paths]
THROUGH_PROFILE = [(type_, path) for type_, (_, paths) in PROFILES.items() for path in paths]


@pytest.mark.parametrize(("type_", "path"), PATHS, ids=[f"{type_}.{path}" for type_, path in PATHS])
def test_a_role_that_is_used_is_of_a_workload_whatever_its_trust(
    terraform_project: Read, type_: str, path: str
) -> None:
    value = "[aws_iam_role.r.arn]" if path.endswith("roles") else "aws_iam_role.r.arn"
    project = terraform_project(ROLE + resource(type_, path, value))
    assert [(w.address, w.kind) for w in project.workloads] == [(f"{type_}.it", ROLES[type_][0])]
    assert kind_of(role_of(project)).uses == {Use.WORKLOAD}
    assert kind_of(role_of(project)).reasons == ()


@pytest.mark.parametrize(("type_", "path"), THROUGH_PROFILE, ids=[f"{type_}.{path}" for type_, path in THROUGH_PROFILE])
@pytest.mark.parametrize(
    "profile",
    ["aws_iam_instance_profile.p.name", "aws_iam_instance_profile.p.arn", '"profile"',
     '"arn:aws:iam::111122223333:instance-profile/profile"'],
)  # fmt: skip
def test_a_role_in_an_instance_profile(terraform_project: Read, type_: str, path: str, profile: str) -> None:
    assert role_of(terraform_project(ROLE + resource(type_, path, profile))).workload == Known(True)


@pytest.mark.parametrize(
    "role",
    ["aws_iam_role.r.arn", '"arn:aws:iam::111122223333:role/path/app"', '"arn:aws:iam::${var.x}:role/app"',
     "coalesce(null, aws_iam_role.r.arn)"],
)  # fmt: skip
def test_functions_instances_and_services_use_their_roles(terraform_project: Read, role: str) -> None:
    for text in (
        resource("aws_lambda_function", "role", role),
        resource("aws_ecs_task_definition", "task_role_arn", role),
        resource("aws_dax_cluster", "iam_role_arn", role),
        resource("aws_instance", "iam_instance_profile", "aws_iam_instance_profile.p.name"),
    ):
        assert role_of(terraform_project(ROLE + text)).workload == Known(True)


@pytest.mark.parametrize(
    "text",
    [
        resource("aws_ecs_task_definition", "execution_role_arn", "aws_iam_role.r.arn"),
        resource("aws_lambda_function", "role", '"arn:aws:iam::111122223333:role/application"'),
        resource("aws_lambda_function", "role", "var.x"),
        resource("aws_lambda_function", "role", "aws_iam_role.r.arn").replace("{\n", "{\ncount = 0\n", 1),
    ],
)
def test_other_roles_are_no_use(terraform_project: Read, text: str) -> None:
    role = role_of(terraform_project(ROLE + text))
    assert role.workload == Known(False)
    assert [reason.reason for reason in kind_of(role).reasons] == ["var.trust has no value"]


IN_DOCUMENTS = [
    (type_, argument, path)
    for type_, (_, documents) in DOCUMENTS.items()
    for argument, paths in documents.items()
    for path in paths
]


@pytest.mark.parametrize(("type_", "argument", "path"), IN_DOCUMENTS, ids=list(map(".".join, IN_DOCUMENTS)))
def test_a_role_in_json(terraform_project: Read, type_: str, argument: str, path: str) -> None:
    value = "aws_iam_role.r.arn"
    for step in reversed(path.split(".")):
        value = f"[{value}]" if step == "[]" else f'{{ "{"/any.name" if step == "{}" else step}" = {value} }}'
    project = terraform_project(ROLE + resource(type_, argument, f"jsonencode({value})"))
    assert [(w.address, w.kind) for w in project.workloads] == [(f"{type_}.it", DOCUMENTS[type_][0])]
    assert role_of(project).workload == Known(True)


def test_a_definition_that_is_decided_elsewhere_is_open_once(terraform_project: Read) -> None:
    project = terraform_project(ROLE + resource("aws_api_gateway_rest_api", "body", "var.x"))
    assert [isinstance(each.role, Unknown) for each in project.workloads] == [True]
    assert role_of(project).workload == Known(False)


def test_every_method_of_a_definition_in_a_heredoc(terraform_project: Read) -> None:
    integration = '{"x-amazon-apigateway-integration": {"credentials": "${aws_iam_role.r.arn}"}}'
    body = f'<<EOT\n{{"paths": {{"/a": {{"get": {integration}, "put": {integration}}}, "/b": {{"get": {{}}}}}}}}\nEOT'
    project = terraform_project(ROLE + resource("aws_api_gateway_rest_api", "body", body))
    assert len(project.workloads) == 2
    assert role_of(project).workload == Known(True)


def test_an_instance_has_the_role_of_its_launch_template_unless_it_names_its_own(terraform_project: Read) -> None:
    template = (
        ROLE
        + """
    resource "aws_launch_template" "t" {
      name = "hosts"
      iam_instance_profile { arn = aws_iam_instance_profile.p.arn }
      network_interfaces { subnet_id = "subnet-1" }
    }
    """
    )
    for named in ("id = aws_launch_template.t.id", 'name = "hosts"'):
        project = terraform_project(template + f'resource "aws_instance" "i" {{\nlaunch_template {{\n{named}\n}}\n}}')
        (client,) = project.clients
        assert client.role == Known(Text((Reference("aws_iam_role.r", "name"),)))
        assert client.subnets == (Known(Text.of("subnet-1")),)
    elsewhere = 'resource "aws_instance" "i" {\nlaunch_template {\nid = "lt-1"\n}\n}'
    (client,) = terraform_project(template + elsewhere).clients
    assert client.role == Unknown("launch template lt-1 is not in this code")
    assert client.more_subnets == (client.role,)


def test_an_instance_with_one_of_two_profiles(terraform_project: Read) -> None:
    chosen = 'iam_instance_profile = var.x == "y" ? aws_iam_instance_profile.p.name : "other"'
    (client,) = terraform_project(ROLE + f'resource "aws_instance" "i" {{\n{chosen}\n}}').clients
    assert isinstance(client.role, OneOf)
    assert dict(client.role.branches)["true"] == Known(Text((Reference("aws_iam_role.r", "name"),)))
    assert dict(client.role.branches)["false"] == Unknown("instance profile other is not in this code")


def test_a_use_under_a_condition_holds_under_it(terraform_project: Read) -> None:
    value = 'var.x == "y" ? aws_iam_role.r.arn : "arn:aws:iam::111122223333:role/other"'
    role = role_of(terraform_project(ROLE + resource("aws_lambda_function", "role", value)))
    condition = 'var.x == "y"'
    assert role.workload == OneOf(condition, (("true", Known(True)), ("false", Known(False))))
    assert kind_of(assume(role, {condition: "true"})).uses == {Use.WORKLOAD}


POOL = """
resource "aws_cognito_identity_pool" "pool" {
  identity_pool_name = "pool"
  %s
}
resource "aws_cognito_identity_pool_roles_attachment" "a" {
  identity_pool_id = aws_cognito_identity_pool.pool.id
  roles = {
    %s = aws_iam_role.r.arn
  }
}
"""
OPEN = "allow_unauthenticated_identities = true"


@pytest.mark.parametrize(
    ("pool", "role", "authenticated", "unauthenticated"),
    [
        (OPEN, "authenticated", Known(True), Known(False)),
        (OPEN, "unauthenticated", Known(False), Known(True)),
        (OPEN, '"unauthenticated"', Known(False), Known(True)),
        ("allow_unauthenticated_identities = false", "unauthenticated", Known(False), Known(False)),
        ("", "unauthenticated", Known(False), Known(False)),
        ("allow_unauthenticated_identities = var.x", "unauthenticated", Known(False), Unknown("var.x has no value")),
    ],
)
def test_roles_of_an_identity_pool(
    terraform_project: Read, pool: str, role: str, authenticated: object, unauthenticated: object
) -> None:
    found = role_of(terraform_project(ROLE + POOL % (pool, role)))
    assert (found.authenticated, found.unauthenticated) == (authenticated, unauthenticated)
    if Known(True) in (authenticated, unauthenticated):
        assert kind_of(found).uses == {Use.FEDERATED}


def test_guests_of_a_pool_elsewhere_are_undecided(terraform_project: Read) -> None:
    text = (POOL % ("", "unauthenticated")).replace("aws_cognito_identity_pool.pool.id", '"eu-west-1:abc"')
    found = role_of(terraform_project(ROLE + text))
    assert found.unauthenticated == Unknown("identity pool eu-west-1:abc is not in this code")


def test_role_mapping_is_for_people_who_signed_in(terraform_project: Read) -> None:
    found = role_of(
        terraform_project(
            ROLE
            + """
    resource "aws_cognito_identity_pool_roles_attachment" "a" {
      identity_pool_id = "eu-west-1:abc"
      roles            = { authenticated = "arn:aws:iam::111122223333:role/other" }
      role_mapping {
        identity_provider = "graph.facebook.com"
        type              = "Rules"
        mapping_rule {
          claim      = "isAdmin"
          match_type = "Equals"
          role_arn   = aws_iam_role.r.arn
          value      = "paid"
        }
      }
    }
    """
        )
    )
    assert (found.authenticated, found.unauthenticated) == (Known(True), Known(False))
