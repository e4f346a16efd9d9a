"""Who a policy acts for, by all the ways in which Terraform attaches one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dynavet.iam.principals import Attachments
from dynavet.model import PolicyKind, Project
from dynavet.text import Text
from dynavet.values import Known

Read = Callable[..., Project]

DECLARED = """
variable "x" {}
data "aws_caller_identity" "me" {}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_policy" "many" {
  for_each = toset(["a", "b"])
  name     = each.key
  policy   = jsonencode({ Statement = [] })
}
resource "aws_iam_policy" "counted" {
  count  = 2
  name   = "counted-${count.index}"
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role" "r" {
  name = "shared-name"
}
resource "aws_iam_role" "counted" {
  count = 1
  name  = "counted"
}
resource "aws_iam_group" "g" {
  name = "shared-name"
}
resource "aws_iam_user" "u" {
  name = "u"
}
resource "aws_ssoadmin_permission_set" "s" {
  name = "s"
}
"""

ROLE = 'resource "aws_iam_role_policy_attachment" "a" {{\n  role = {}\n  policy_arn = {}\n}}\n'
MANY = 'resource "aws_iam_role_policy_attachment" "a" {{\n  {}\n  role = aws_iam_role.r.name\n  policy_arn = {}\n}}\n'


def edges(project: Project) -> set[str]:
    """``policy -> principal``, both by address."""
    attachments = Attachments(project)
    found = {f"{p.address} -> {who.address}" for p in project.policies for who in attachments.principals_of(p)}
    backwards = {f"{p.address} -> {who.address}" for who in project.principals for p in attachments.policies_of(who)}
    assert found == backwards
    return found


@pytest.mark.parametrize(
    "role",
    [
        "aws_iam_role.r.name",
        "aws_iam_role.r.id",
        "aws_iam_role.r.arn",
        '"shared-name"',
        '"${aws_iam_role.r.name}"',
        "var.x == 1 ? aws_iam_role.r.name : null",
        "try(aws_iam_role.r.name, null)",
        "one([aws_iam_role.r.name])",
    ],
)
@pytest.mark.parametrize(
    "policy",
    [
        "aws_iam_policy.p.arn",
        "aws_iam_policy.p.id",
        '"arn:aws:iam::111122223333:policy/p"',
        '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:policy/some/path/p"',
    ],
)
def test_one_role_and_one_policy(terraform_project: Read, role: str, policy: str) -> None:
    assert edges(terraform_project(DECLARED + ROLE.format(role, policy))) == {"aws_iam_policy.p -> aws_iam_role.r"}


def test_a_name_is_of_the_kind_that_the_attachment_says(terraform_project: Read) -> None:
    text = ROLE.replace("role", "group").format('"shared-name"', "aws_iam_policy.p.arn")
    assert edges(terraform_project(DECLARED + text)) == {"aws_iam_policy.p -> aws_iam_group.g"}


def test_a_counted_role(terraform_project: Read) -> None:
    for role in ("aws_iam_role.counted[0].name", "one(aws_iam_role.counted[*].name)", "aws_iam_role.counted.*.name[0]"):
        text = DECLARED + ROLE.format(role, "aws_iam_policy.p.arn")
        assert edges(terraform_project(text)) == {"aws_iam_policy.p -> aws_iam_role.counted[0]"}


@pytest.mark.parametrize(
    ("repeat", "policy"),
    [
        ('for_each = { x = aws_iam_policy.many["a"].arn, y = aws_iam_policy.many["b"].arn }', "each.value"),
        ("for_each = aws_iam_policy.many", "each.value.arn"),
        ("for_each = { for key, policy in aws_iam_policy.many : key => policy.arn }", "each.value"),
        ("for_each = toset([for policy in aws_iam_policy.many : policy.arn])", "each.key"),
        ("count = length(local.arns)", "local.arns[count.index]"),
        ("count = 2", "element(local.arns, count.index)"),
    ],
)
def test_one_attachment_per_policy(terraform_project: Read, repeat: str, policy: str) -> None:
    arns = "locals {\n  arns = values(aws_iam_policy.many)[*].arn\n}\n"
    assert edges(terraform_project(DECLARED + arns + MANY.format(repeat, policy))) == {
        'aws_iam_policy.many["a"] -> aws_iam_role.r',
        'aws_iam_policy.many["b"] -> aws_iam_role.r',
    }


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ('"aws_iam_user_policy_attachment" "a" {\n user = aws_iam_user.u.name\n policy_arn = aws_iam_policy.p.arn\n}',
         {"p -> aws_iam_user.u"}),
        ('"aws_iam_policy_attachment" "a" {\n name = "a"\n roles = [aws_iam_role.r.name]\n users = ["u"]\n'
         ' groups = ["shared-name"]\n policy_arn = aws_iam_policy.p.arn\n}',
         {"p -> aws_iam_role.r", "p -> aws_iam_user.u", "p -> aws_iam_group.g"}),
        ('"aws_iam_role" "own" {\n name = "own"\n managed_policy_arns = concat([aws_iam_policy.p.arn],'
         ' var.x == 1 ? aws_iam_policy.counted[*].arn : [])\n}',
         {"p -> aws_iam_role.own", "counted[0] -> aws_iam_role.own", "counted[1] -> aws_iam_role.own"}),
        ('"aws_iam_role_policy_attachments_exclusive" "a" {\n role_name = "shared-name"\n'
         ' policy_arns = [aws_iam_policy.p.arn]\n}',
         {"p -> aws_iam_role.r"}),
        ('"aws_ssoadmin_customer_managed_policy_attachment" "a" {\n'
         ' permission_set_arn = aws_ssoadmin_permission_set.s.arn\n'
         ' customer_managed_policy_reference {\n  name = aws_iam_policy.p.name\n }\n}',
         {"p -> aws_ssoadmin_permission_set.s"}),
        ('"aws_ssoadmin_customer_managed_policy_attachment" "a" {\n'
         ' permission_set_arn = aws_ssoadmin_permission_set.s.arn\n'
         ' customer_managed_policy_reference {\n  name = "p"\n }\n}',
         {"p -> aws_ssoadmin_permission_set.s"}),
    ],
)  # fmt: skip
def test_other_attachments(terraform_project: Read, resource: str, expected: set[str]) -> None:
    found = edges(terraform_project(f"{DECLARED}resource {resource}\n"))
    assert found == {f"aws_iam_policy.{edge}" for edge in expected}


@pytest.mark.parametrize(
    "membership",
    [
        '"aws_iam_group_membership" "m" {\n group = aws_iam_group.g.name\n users = [aws_iam_user.u.name]\n}',
        '"aws_iam_user_group_membership" "m" {\n user = "u"\n groups = ["elsewhere", "shared-name"]\n}',
    ],
)
def test_a_user_has_the_policies_of_its_groups(terraform_project: Read, membership: str) -> None:
    attached = ROLE.replace("role", "group").format("aws_iam_group.g.name", "aws_iam_policy.p.arn")
    foreign = ROLE.replace("role", "group").replace('"a"', '"f"').format('"shared-name"', '"arn:aws:iam::aws:policy/X"')
    project = terraform_project(f"{DECLARED}{attached}{foreign}\nresource {membership}\n")
    assert edges(project) == {"aws_iam_policy.p -> aws_iam_group.g", "aws_iam_policy.p -> aws_iam_user.u"}
    (user,) = (p for p in project.principals if p.kind == "user")
    assert Attachments(project).foreign_policies_of(user) == (Known(Text.of("arn:aws:iam::aws:policy/X")),)


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ('"aws_rolesanywhere_profile" "a" {\n name = "a"\n role_arns = [aws_iam_role.r.arn]\n'
         ' managed_policy_arns = [aws_iam_policy.p.arn]\n}', PolicyKind.SESSION),
        ('"aws_chatbot_slack_channel_configuration" "a" {\n iam_role_arn = aws_iam_role.r.arn\n'
         ' guardrail_policy_arns = [aws_iam_policy.p.arn]\n}', PolicyKind.BOUNDARY),
        ('"aws_iam_user" "limited" {\n permissions_boundary = aws_iam_policy.p.arn\n}', PolicyKind.BOUNDARY),
    ],
)  # fmt: skip
def test_what_only_limits_grants_nothing(terraform_project: Read, resource: str, kind: PolicyKind) -> None:
    project = terraform_project(f"{DECLARED}resource {resource}\n")
    assert edges(project) == set()
    assert [p.kind for p in project.policies if p.address == "aws_iam_policy.p"] == [kind]


def test_a_boundary_that_is_attached_as_well_stays_a_grant(terraform_project: Read) -> None:
    limited = 'resource "aws_iam_user" "limited" {\n name = "l"\n permissions_boundary = aws_iam_policy.p.arn\n}\n'
    project = terraform_project(DECLARED + limited + ROLE.format("aws_iam_role.r.name", "aws_iam_policy.p.arn"))
    assert edges(project) == {"aws_iam_policy.p -> aws_iam_role.r"}
    assert [p.kind for p in project.policies if p.address == "aws_iam_policy.p"] == [PolicyKind.IDENTITY]


def test_role_and_policy_of_modules(terraform_project: Read) -> None:
    child = """
    variable "name" {}
    resource "aws_iam_role" "this" {
      count = 1
      name  = var.name
    }
    data "aws_iam_policy_document" "d" {
      statement {
        sid     = "Inside"
        actions = ["dynamodb:GetItem"]
      }
    }
    output "role_name" {
      value = try(aws_iam_role.this[0].name, "")
    }
    output "json" {
      value = data.aws_iam_policy_document.d.json
    }
    """
    text = """
    module "m" {
      source = "./child"
      name   = "app"
    }
    resource "aws_iam_policy" "outer" {
      policy = module.m.json
    }
    resource "aws_iam_role_policy_attachment" "a" {
      role       = module.m.role_name
      policy_arn = aws_iam_policy.outer.arn
    }
    """
    project = terraform_project(text, child__main=child)
    assert edges(project) == {"aws_iam_policy.outer -> module.m.aws_iam_role.this[0]"}
    assert [s.value.name for p in project.policies for s in p.statements if isinstance(s, Known) and s.value] == [
        "Inside"
    ]


def test_organization_targets_and_account_assignments(terraform_project: Read) -> None:
    project = terraform_project(
        DECLARED
        + """
    resource "aws_organizations_policy" "scp" {
      name    = "scp"
      content = jsonencode({ Statement = [] })
    }
    resource "aws_organizations_policy_attachment" "a" {
      policy_id = aws_organizations_policy.scp.id
      target_id = "shared-name"
    }
    resource "aws_ssoadmin_account_assignment" "a" {
      permission_set_arn = aws_ssoadmin_permission_set.s.arn
      principal_id       = "group-id"
      principal_type     = "GROUP"
      target_id          = "111122223333"
    }
    """
    )
    assert edges(project) == set()
    (attachment,) = project.attachments
    assert (attachment.principal_kind, attachment.acts_as) == ("organization", PolicyKind.ORGANIZATION)
    (assignment,) = project.assignments
    assert (assignment.principal, assignment.kind) == (Known(Text.of("group-id")), Known(Text.of("GROUP")))
