"""Every argument that carries an IAM policy document makes a policy of its kind, and no other argument does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from dynavet.model import PolicyKind, Project
from dynavet.values import ABSENT, Known, OneOf, Unknown
from dynavet_parsers.terraform.policy_carriers import CARRIERS

Read = Callable[..., Project]
DOCUMENT = json.dumps({"Statement": [{"Sid": "One", "Effect": "Allow", "Action": "dynamodb:GetItem"}]})
PATHS = [(kind, type_, path) for kind, carriers in CARRIERS.items() for type_, path in carriers.items()]


def block(type_: str, path: str, value: str) -> str:
    *outer, argument = path.split(".")
    inner = f"{argument} = {value}\n"
    for name in reversed(outer):
        inner = f"{name} {{\n{inner}}}\n"
    return f'resource "{type_}" "it" {{\n{inner}}}\n'


def sids(project: Project) -> list[tuple[str, PolicyKind, str]]:
    return [
        (policy.address, policy.kind, slot.value.name)
        for policy in project.policies
        for slot in policy.statements
        if isinstance(slot, Known) and slot.value is not None
    ]


@pytest.mark.parametrize(("kind", "type_", "path"), PATHS, ids=[f"{type_}.{path}" for _, type_, path in PATHS])
def test_a_carrier_has_its_kind(terraform_project: Read, kind: PolicyKind, type_: str, path: str) -> None:
    project = terraform_project(block(type_, path, f"jsonencode({DOCUMENT})"))
    assert sids(project) == [(f"{type_}.it", kind, "One")]
    (policy,) = (each for each in project.policies if each.statements)
    assert policy.exists == Known(True)


@pytest.mark.parametrize(("kind", "type_", "path"), PATHS, ids=[f"{type_}.{path}" for _, type_, path in PATHS])
def test_an_undecided_carrier_names_its_input(terraform_project: Read, kind: PolicyKind, type_: str, path: str) -> None:
    project = terraform_project('variable "x" {}\n' + block(type_, path, "var.x"))
    assert [(p.kind, [r.reason for r in p.more]) for p in project.policies] == [(kind, ["var.x has no value"])]


LOOK_ALIKES = [
    "aws_ecr_lifecycle_policy.policy",
    "aws_sns_topic.delivery_policy",
    "aws_sns_topic_subscription.filter_policy",
    "aws_sqs_queue.redrive_policy",
    "aws_sqs_queue_redrive_allow_policy.redrive_allow_policy",
    "aws_networkmanager_core_network_policy_attachment.policy_document",
    "aws_opensearchserverless_access_policy.policy",
    "aws_verifiedaccess_group.policy_document",
    "aws_cloudwatch_log_data_protection_policy.policy_document",
    "aws_cloudwatch_log_account_policy.policy_document",
    "aws_config_organization_custom_policy_rule.policy_text",
    "aws_cloudformation_stack.policy_body",
    "aws_workspacesweb_browser_settings.browser_policy",
]


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_other_policies_are_not_read(terraform_project: Read, name: str) -> None:
    type_, _, argument = name.partition(".")
    assert terraform_project(block(type_, argument, f"jsonencode({DOCUMENT})")).policies == []


@pytest.mark.parametrize(
    ("type_", "read"),
    [
        ("", True),
        ('type = "RESOURCE_CONTROL_POLICY"', True),
        ("type = var.x", True),
        ('type = "TAG_POLICY"', False),
        ('type = "BACKUP_POLICY"', False),
    ],
)
def test_only_control_policies_of_an_organization_are_read(terraform_project: Read, type_: str, read: bool) -> None:
    text = (
        f'variable "x" {{}}\nresource "aws_organizations_policy" "it" {{\n{type_}\ncontent = jsonencode({DOCUMENT})\n}}'
    )
    assert [p.kind for p in terraform_project(text).policies] == [PolicyKind.ORGANIZATION] * read


def test_null_is_no_policy(terraform_project: Read) -> None:
    assert terraform_project('resource "aws_sqs_queue" "q" {\n policy = null\n}').policies == []


def test_a_policy_under_a_condition_is_there_under_it(terraform_project: Read) -> None:
    text = 'variable "x" {}\n' + block("aws_sqs_queue", "policy", f'var.x == "y" ? jsonencode({DOCUMENT}) : null')
    (policy,) = terraform_project(text).policies
    assert policy.exists == OneOf('var.x == "y"', (("true", Known(True)), ("false", Known(False))))


def test_the_session_of_a_provider(terraform_project: Read) -> None:
    text = (
        f'provider "aws" {{\n alias = "a"\n assume_role {{\n role_arn = "r"\n policy = jsonencode({DOCUMENT})\n}}\n}}'
    )
    assert sids(terraform_project(text)) == [("provider.aws.a", PolicyKind.SESSION, "One")]


INLINE = """
variable "x" {}
resource "aws_iam_role" "r" {
  name = "r"
  inline_policy {
    name   = "sure"
    policy = %s
  }
  dynamic "inline_policy" {
    for_each = %s
    content {
      policy = inline_policy.value
    }
  }
}
"""


def test_an_inline_policy_of_an_undecided_block(terraform_project: Read) -> None:
    encoded = f"jsonencode({DOCUMENT})"
    project = terraform_project(INLINE % (encoded, f'var.x == "y" ? [{encoded}] : []'))
    condition = OneOf('var.x == "y"', (("true", Known(True)), ("false", Known(False))))
    assert [(p.label, p.exists) for p in project.policies] == [
        ("inline_policy[0]", Known(True)),
        ("inline_policy[1]", condition),
    ]
    assert [(a.label, a.exists) for a in project.attachments] == [(p.label, p.exists) for p in project.policies]


def test_undecided_inline_policies_are_named(terraform_project: Read) -> None:
    project = terraform_project(INLINE % (f"jsonencode({DOCUMENT})", "var.x"))
    assert [(p.label, [r.reason for r in p.more]) for p in project.policies] == [
        ("inline_policy[0]", []),
        ("inline_policy[1]", ["var.x has no value"]),
    ]


def test_policy_text_of_a_data_source_is_unknown_by_name(terraform_project: Read) -> None:
    text = 'data "aws_iam_policy" "p" {\n name = "p"\n}\n' + block(
        "aws_iam_policy", "policy", "data.aws_iam_policy.p.policy"
    )
    (policy,) = terraform_project(text).policies
    assert [reason.reason for reason in policy.more] == ["data.aws_iam_policy.p.policy is read from AWS"]
    assert isinstance(policy.more[0], Unknown)


def test_the_boundary_of_a_permission_set_is_a_resource_of_its_own(terraform_project: Read) -> None:
    project = terraform_project("""
    resource "aws_ssoadmin_permission_set" "a" {
      name = "a"
    }
    resource "aws_ssoadmin_permission_set" "b" {
      name = "b"
    }
    resource "aws_iam_policy" "limit" {
      name   = "limit"
      policy = jsonencode({ Statement = [] })
    }
    resource "aws_ssoadmin_permissions_boundary_attachment" "a" {
      permission_set_arn = aws_ssoadmin_permission_set.a.arn
      permissions_boundary {
        customer_managed_policy_reference {
          name = "limit"
        }
      }
    }
    """)
    boundaries = {p.address: p.boundary for p in project.principals}
    assert boundaries["aws_ssoadmin_permission_set.b"] == ABSENT
    assert re.match(r".*aws_iam_policy\.limit", str(boundaries["aws_ssoadmin_permission_set.a"]))
    assert [p.kind for p in project.policies] == [PolicyKind.BOUNDARY]
