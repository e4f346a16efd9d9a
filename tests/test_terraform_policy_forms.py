"""One policy with symbolic parts makes one model, whatever Terraform text it is written in."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dynavet.model import Condition, Patterns, Policy, Project
from dynavet.values import Known, Value

Read = Callable[..., Project]

DECLARED = """
variable "bucket" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}
data "aws_dynamodb_table" "elsewhere" {
  name = "elsewhere"
}
resource "aws_dynamodb_table" "t" {
  name = "orders"
}
locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  table   = "arn:aws:dynamodb:${local.region}:${local.account}:table/${aws_dynamodb_table.t.name}"
}
"""

ENCODED = """jsonencode({
  Version = "2012-10-17"
  Statement = [
    {
      Sid      = "Read"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = [aws_dynamodb_table.t.arn, "${aws_dynamodb_table.t.arn}/index/*", local.table]
      Condition = {
        "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["$${aws:userid}"] }
      }
    },
    {
      Sid      = "Bucket"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::${var.bucket}/*"
    },
    {
      Sid      = "Whole"
      Effect   = "Allow"
      Action   = "dynamodb:*"
      Resource = "*"
    },
  ]
})"""

JSON = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": ["dynamodb:GetItem", "dynamodb:Query"],
      "Resource": ["${aws_dynamodb_table.t.arn}", "${aws_dynamodb_table.t.arn}/index/*", "${local.table}"],
      "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["$${aws:userid}"]}}
    },
    {
      "Sid": "Bucket",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::${var.bucket}/*"
    },
    {
      "Sid": "Whole",
      "Effect": "Allow",
      "Action": "dynamodb:*",
      "Resource": "*"
    }
  ]
}"""

DATA_SOURCE = """
data "aws_iam_policy_document" "it" {
  statement {
    sid       = "Read"
    actions   = ["dynamodb:GetItem", "dynamodb:Query"]
    resources = [aws_dynamodb_table.t.arn, "${aws_dynamodb_table.t.arn}/index/*", local.table]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = ["&{aws:userid}"]
    }
  }
  statement {
    sid       = "Bucket"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::${var.bucket}/*"]
  }
  statement {
    sid       = "Whole"
    actions   = ["dynamodb:*"]
    resources = ["*"]
  }
}
"""

TEMPLATE = (
    JSON.replace("aws_dynamodb_table.t.arn", "arn").replace("local.table", "table").replace("var.bucket", "bucket")
)
VARIABLES = "{ arn = aws_dynamodb_table.t.arn, table = local.table, bucket = var.bucket }"
MARKED = (
    TEMPLATE.replace("${arn}", "@arn@")
    .replace("${table}", "@table@")
    .replace("${bucket}", "@bucket@")
    .replace("$$", "$")
)


def heredoc(text: str, mark: str = "<<") -> str:
    body = textwrap.indent(text, "    ") if mark == "<<-" else text
    return f"{mark}POLICY\n{body}\nPOLICY"


HEREDOC = heredoc(JSON)
REPLACED = (
    'replace(replace(replace(file("marked.json"), "@arn@", aws_dynamodb_table.t.arn), "@table@", local.table), '
    '"@bucket@", var.bucket)'
)

FORMS = {
    "jsonencode": ENCODED,
    "heredoc": HEREDOC,
    "indented heredoc": heredoc(JSON, "<<-"),
    "trimspace": f"trimspace({HEREDOC}\n)",
    "chomp": f"chomp({HEREDOC}\n)",
    "tostring": f"tostring({HEREDOC}\n)",
    "sensitive": f"nonsensitive({HEREDOC}\n)",
    "decoded and encoded": f"jsonencode(jsondecode({HEREDOC}\n))",
    "encoded twice": f"jsonencode(jsondecode(jsonencode(jsondecode({HEREDOC}\n))))",
    "format": f'format("%s", {HEREDOC}\n)',
    "join": f'join("", [{HEREDOC}\n])',
    "interpolated": f'"${{{ENCODED}}}"',
    "coalesce": f"coalesce(null, {ENCODED})",
    "try": f"try({ENCODED}, null)",
    "templatefile": f'templatefile("${{path.module}}/policy.json.tpl", {VARIABLES})',
    "templatestring": f"templatestring(local.template, {VARIABLES[:-1]}, userid = \"$${{aws:userid}}\" }})",
    "replace": REPLACED,
    "data source": "data.aws_iam_policy_document.it.json",
    "minified data source": "data.aws_iam_policy_document.it.minified_json",
    "source document": "data.aws_iam_policy_document.from_text.json",
    "output of a module": "module.child.json",
    "local": "local.encoded",
    "first of a list": f"[{HEREDOC}\n, null][0]",
    "concatenated lists": f"""jsonencode({{
      Version   = "2012-10-17"
      Statement = concat(
        slice(jsondecode({HEREDOC}
        ).Statement, 0, 1),
        [for each in slice(jsondecode({HEREDOC}
        ).Statement, 1, 3) : each],
      )
    }})""",
    "merged": f'jsonencode(merge({{ Version = "2008-10-17" }}, jsondecode({HEREDOC}\n)))',
    "for over templates": '"{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": ['
    "%{ for i, s in jsondecode(local.encoded).Statement }%{ if i > 0 },%{ endif }${jsonencode(s)}%{ endfor }]}\"",
}  # fmt: skip

CHILD = """
variable "arn" {}
variable "table" {}
variable "bucket" {}
output "json" {
  value = %s
}
"""


def shape(policy: Policy) -> Any:
    """The policy without its places."""
    return {
        "version": written(policy.version),
        "statements": [written(s) for s in policy.statements],
        "more": policy.more,
    }


def written(value: Value[Any]) -> Any:
    assert isinstance(value, Known), value
    data = value.value
    if data is None:
        return None
    if isinstance(data, Patterns):
        assert data.more == ()
        return [written(item) for item in data.items]
    if isinstance(data, Condition):
        return [data.operator, str(data.key), written(data.values)]
    if hasattr(data, "actions"):
        assert data.more_conditions == ()
        elements = (data.sid, data.effect, data.actions, data.resources)
        return [*map(written, elements), [written(each) for each in data.conditions]]
    return data


def read(form: str, terraform_project: Read, tmp_path: Path) -> Policy:
    (tmp_path / "policy.json.tpl").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "marked.json").write_text(MARKED, encoding="utf-8")
    text = f"""
    {DECLARED}
    locals {{
      encoded  = {ENCODED}
      template = {heredoc(TEMPLATE.replace("$${aws:userid}", "${userid}").replace("${", "$${"))}
    }}
    {DATA_SOURCE}
    data "aws_iam_policy_document" "from_text" {{
      source_policy_documents = [{HEREDOC}
      ]
    }}
    module "child" {{
      source = "./child"
      arn    = aws_dynamodb_table.t.arn
      table  = local.table
      bucket = var.bucket
    }}
    resource "aws_iam_policy" "it" {{
      policy = {FORMS[form]}
    }}
    """
    child = CHILD % heredoc(TEMPLATE.replace("${arn}", "${var.arn}").replace("${table}", "${var.table}").replace(
        "${bucket}", "${var.bucket}"))  # fmt: skip
    (policy,) = terraform_project(text, child__main=child).policies
    return policy


EXPECTED = {
    "Read": ["${aws_dynamodb_table.t.arn}", "${aws_dynamodb_table.t.arn}/index/*",
             "arn:aws:dynamodb:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:table/orders"],
    "Bucket": ["arn:aws:s3:::${?}/*"],
    "Whole": ["*"],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_makes_the_same_policy(terraform_project: Read, tmp_path: Path, form: str) -> None:
    found = shape(read(form, terraform_project, tmp_path))
    assert {str(s[0]): [str(r) for r in s[3]] for s in found["statements"]} == EXPECTED
    assert found["statements"][0][4] == [
        ["ForAllValues:StringEquals", "dynamodb:LeadingKeys", [found["statements"][0][4][0][2][0]]]
    ]
    assert str(found["statements"][0][4][0][2][0]) == "${aws:userid}"
    assert str(found["version"]) == "2012-10-17"
    assert found["more"] == ()
    assert [hole.reason for hole in found["statements"][1][3][0].holes] == ["var.bucket has no value"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_equal_to_the_encoded_one(terraform_project: Read, tmp_path: Path, form: str) -> None:
    assert shape(read(form, terraform_project, tmp_path)) == shape(read("jsonencode", terraform_project, tmp_path))


def resources_of(terraform_project: Read, expression: str) -> list[str]:
    encoded = f"jsonencode({{ Statement = [{{ Resource = {expression} }}] }})"
    text = f'{DECLARED}\nresource "aws_iam_policy" "it" {{\n policy = {encoded}\n}}\n'
    (policy,) = terraform_project(text).policies
    return [str(each) for each in shape(policy)["statements"][0][3]]


REGION = "${data.aws_region.current.%s}"
BUILT = "arn:aws:dynamodb:" + REGION + ":${data.aws_caller_identity.current.account_id}:table/orders/index/*"


@pytest.mark.parametrize(
    ("expression", "arn"),
    [
        ('"${local.table}/index/*"', BUILT % "name"),
        ('format("arn:aws:dynamodb:%s:%s:table/%s/index/*", local.region, local.account, "orders")', BUILT % "name"),
        ('join(":", ["arn", "aws", "dynamodb", local.region, local.account, "table/orders/index/*"])', BUILT % "name"),
        ('join("/", [local.table, "index", "*"])', BUILT % "name"),
        ('replace("${local.table}/INDEX/*", "INDEX", "index")', BUILT % "name"),
        ('provider::aws::arn_build("aws", "dynamodb", local.region, local.account, "table/orders/index/*")',
         BUILT % "name"),
        ('provider::aws::arn_build("aws", "dynamodb", data.aws_region.current.region, local.account,'
         ' "table/orders/index/*")', BUILT % "region"),
        ('"arn:aws:dynamodb:${data.aws_region.current.id}:${local.account}:table/orders/index/*"', BUILT % "id"),
        ('"${aws_dynamodb_table.t.arn}/index/*"', "${aws_dynamodb_table.t.arn}/index/*"),
        ('format("%s/index/*", aws_dynamodb_table.t.arn)', "${aws_dynamodb_table.t.arn}/index/*"),
        ('formatlist("%s/index/*", [aws_dynamodb_table.t.arn])[0]', "${aws_dynamodb_table.t.arn}/index/*"),
        ('"${data.aws_dynamodb_table.elsewhere.arn}/index/*"', "${data.aws_dynamodb_table.elsewhere.arn}/index/*"),
        ('provider::aws::arn_parse("arn:aws:dynamodb:eu-west-1:111122223333:table/orders").resource', "table/orders"),
        ("provider::aws::arn_parse(local.table).account_id", "${data.aws_caller_identity.current.account_id}"),
        ('provider::aws::trim_iam_role_path("arn:aws:iam::111122223333:role/a/b")', "arn:aws:iam::111122223333:role/b"),
    ],
)  # fmt: skip
def test_an_arn_in_any_spelling(terraform_project: Read, expression: str, arn: str) -> None:
    assert resources_of(terraform_project, expression) == [arn]


TRUST = """{
  "Statement": [{
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": "${aws_iam_openid_connect_provider.it.arn}"},
    "Condition": {"StringEquals": {
      "${var.bucket}:sub": "system:serviceaccount:a:b",
      "${aws_iam_openid_connect_provider.it.url}:aud": ["sts.amazonaws.com"],
      "aws:SourceAccount": "1"
    }}
  }]
}"""

TRUST_DATA = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.it.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["1"]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.bucket}:sub"
      values   = ["system:serviceaccount:a:b"]
    }
    condition {
      test     = "StringEquals"
      variable = "${aws_iam_openid_connect_provider.it.url}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}
"""


@pytest.mark.parametrize(
    "expression",
    [
        heredoc(TRUST),
        f"jsonencode({TRUST})",
        f"jsonencode(jsondecode({heredoc(TRUST)}\n))",
        f"trimspace(jsonencode({TRUST}))",
        "data.aws_iam_policy_document.trust.json",
    ],
)
def test_a_symbolic_condition_key_stays_a_condition(terraform_project: Read, expression: str) -> None:
    project = terraform_project(f"""
    {DECLARED}
    resource "aws_iam_openid_connect_provider" "it" {{
    }}
    {TRUST_DATA}
    resource "aws_iam_role" "it" {{
      assume_role_policy = {expression}
    }}
    """)
    (policy,) = project.policies
    ((_, _, _, _, found),) = shape(policy)["statements"]
    assert sorted((operator, key, str(value)) for operator, key, (value,) in found) == [
        ("StringEquals", "${?}:sub", "system:serviceaccount:a:b"),
        ("StringEquals", "${aws_iam_openid_connect_provider.it.url}:aud", "sts.amazonaws.com"),
        ("StringEquals", "aws:SourceAccount", "1"),
    ]


def test_an_undecided_key_beside_a_symbolic_one_is_not_lost(terraform_project: Read) -> None:
    condition = '{ StringEquals = { "${var.bucket}:sub" = "s", (var.bucket) = "t" } }'
    text = f"jsonencode({{ Statement = [{{ Condition = {condition} }}] }})"
    (policy,) = terraform_project(f'{DECLARED}\nresource "aws_iam_policy" "it" {{\n policy = {text}\n}}\n').policies
    (slot,) = policy.statements
    assert isinstance(slot, Known)
    assert slot.value is not None
    assert len(slot.value.conditions) == 1
    assert [reason.reason for reason in slot.value.more_conditions] == ["var.bucket has no value"]
