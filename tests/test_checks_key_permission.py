"""DDB221 over the ways in which policies give permission on a key, and in which code names the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from dynavet.engine import Options, scan

FAIL, PASS, UNKNOWN = "fail", "pass", "unknown"

CODE = """
variable "x" {{}}
data "aws_caller_identity" "me" {{}}
data "aws_region" "here" {{}}
data "aws_kms_key" "looked_up" {{ key_id = "alias/looked-up" }}
resource "aws_kms_key" "k" {{ {policy} }}
resource "aws_kms_key" "another" {{}}
resource "aws_kms_alias" "a" {{
  name          = "alias/orders"
  target_key_id = aws_kms_key.k.id
}}
resource "aws_iam_role" "other" {{
  name               = "other"
  assume_role_policy = "{{}}"
}}
resource "aws_dynamodb_table" "t" {{
  name     = "Orders"
  hash_key = "id"
  server_side_encryption {{
    enabled     = true
    kms_key_arn = {key}
  }}
}}
resource "aws_iam_role" "r" {{
  name               = "app"
  path               = "/service/"
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role_policy" "p" {{
  role = aws_iam_role.r.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.t.arn }},
      {statement}
    ]
  }})
}}
"""


def outcome(directory: Path, *, policy: str = "", key: str = "aws_kms_key.k.arn", statement: str = "") -> str | None:
    """What the rule says of role ``r``; `policy` is the statement of the key policy."""
    argument = f'policy = jsonencode({{ Version = "2012-10-17", Statement = [{policy}] }})' if policy else ""
    code = CODE.format(policy=argument, key=key, statement=statement)
    (directory / "main.tf").write_text(code, encoding="utf-8")
    report = scan([directory], Options(select=("DDB221",)))
    assert report.errors == []
    found = {each.resource: each.outcome.value for each in report.findings}
    return found.get("aws_iam_role.r")


@pytest.mark.parametrize(
    ("resource", "wanted"),
    [
        ('"*"', PASS),
        ("aws_kms_key.k.arn", PASS),
        ("aws_kms_alias.a.target_key_arn", PASS),
        ('"arn:aws:kms:*:*:key/*"', PASS),
        ('"arn:aws:kms:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:key/*"', PASS),
        ('"arn:aws:kms:eu-west-1:111122223333:key/${aws_kms_key.k.key_id}"', PASS),
        ('["arn:aws:s3:::bucket", aws_kms_key.k.arn]', PASS),
        ("aws_kms_key.another.arn", FAIL),
        ("aws_kms_alias.a.arn", FAIL),
        ('"arn:aws:kms:eu-west-1:111122223333:alias/orders"', FAIL),
        ('"arn:aws:s3:::bucket/*"', FAIL),
        ("aws_dynamodb_table.t.arn", FAIL),
        ("data.aws_kms_key.looked_up.arn", UNKNOWN),
        ("var.x", UNKNOWN),
    ],
)
def test_resources_of_identity_policies(tmp_path: Path, resource: str, wanted: str) -> None:
    statement = f'{{ Effect = "Allow", Action = "kms:Decrypt", Resource = {resource} }},'
    assert outcome(tmp_path, statement=statement) == wanted


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ('Effect = "Allow", Action = "KMS:DECRYPT", Resource = "*"', PASS),
        ('Effect = "Allow", Action = "kms:De*", Resource = "*"', PASS),
        ('Effect = "Allow", Action = "*", Resource = "*"', PASS),
        ('Effect = "Allow", NotAction = "iam:*", Resource = "*"', PASS),
        ('Effect = "Allow", NotAction = "kms:*", Resource = "*"', FAIL),
        ('Effect = "Allow", Action = ["kms:Encrypt", "kms:DescribeKey"], Resource = "*"', FAIL),
        ('Effect = "Allow", Action = "kms:Decrypt", NotResource = aws_kms_key.another.arn', PASS),
        ('Effect = "Allow", Action = "kms:Decrypt", NotResource = aws_kms_key.k.arn', FAIL),
        ('Effect = "Deny", Action = "kms:Decrypt", Resource = "*"', FAIL),
        ('Effect = "Allow", Action = var.x, Resource = "*"', UNKNOWN),
    ],
)
def test_actions_of_identity_policies(tmp_path: Path, rest: str, wanted: str) -> None:
    assert outcome(tmp_path, statement=f"{{ {rest} }},") == wanted


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ('StringEquals = { "kms:ViaService" = "dynamodb.eu-central-1.amazonaws.com" }', PASS),
        ('StringEquals = { "KMS:viaservice" = "dynamodb.${data.aws_region.here.name}.amazonaws.com" }', PASS),
        ('StringLike = { "kms:ViaService" = ["s3.*.amazonaws.com", "dynamodb.*.amazonaws.com"] }', PASS),
        ('StringLike = { "kms:ViaService" = "*" }', PASS),
        ('StringEquals = { "kms:ViaService" = "dynamodb.*.amazonaws.com" }', FAIL),
        ('StringLike = { "kms:ViaService" = "s3.*.amazonaws.com" }', FAIL),
        ('Bool = { "kms:GrantIsForAWSResource" = "true" }', FAIL),
        ('StringEquals = { "kms:CallerAccount" = data.aws_caller_identity.me.account_id }', PASS),
        ('StringEquals = { "kms:ViaService" = var.x }', UNKNOWN),
        ('StringEquals = { "aws:PrincipalTag/team" = "orders" }', UNKNOWN),
    ],
)
def test_conditions(tmp_path: Path, condition: str, wanted: str) -> None:
    statement = f'{{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Condition = {{ {condition} }} }}'
    assert outcome(tmp_path, statement=f"{statement},") == wanted


@pytest.mark.parametrize(
    ("principal", "wanted"),
    [
        ('"*"', PASS),
        ('{ AWS = "*" }', PASS),
        ("{ AWS = aws_iam_role.r.arn }", PASS),
        ('{ AWS = ["arn:aws:iam::111122223333:user/ann", aws_iam_role.r.arn] }', PASS),
        ('{ AWS = "arn:aws:iam::111122223333:role/service/app" }', PASS),
        ('{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/service/app" }', PASS),
        ('{ AWS = "arn:aws:iam::111122223333:root" }', FAIL),
        ("{ AWS = data.aws_caller_identity.me.account_id }", FAIL),
        ("{ AWS = aws_iam_role.other.arn }", FAIL),
        ('{ AWS = "arn:aws:iam::111122223333:user/app" }', FAIL),
        ('{ Service = "dynamodb.amazonaws.com" }', FAIL),
        ("{ AWS = var.x }", UNKNOWN),
        ('{ AWS = "arn:aws:sts::111122223333:assumed-role/app/session" }', UNKNOWN),
    ],
)
def test_key_policies_alone(tmp_path: Path, principal: str, wanted: str) -> None:
    policy = f'{{ Effect = "Allow", Principal = {principal}, Action = "kms:*", Resource = "*" }}'
    assert outcome(tmp_path, policy=policy) == wanted


@pytest.mark.parametrize(
    ("principal", "wanted"),
    [
        ('{ AWS = "arn:aws:iam::111122223333:root" }', PASS),
        ('{ AWS = "111122223333" }', PASS),
        ("{ AWS = data.aws_caller_identity.me.account_id }", PASS),
        ("{ AWS = aws_iam_role.other.arn }", FAIL),
        ('{ Service = "logs.amazonaws.com" }', FAIL),
    ],
)
def test_key_policies_with_permission_of_the_identity(tmp_path: Path, principal: str, wanted: str) -> None:
    policy = f'{{ Effect = "Allow", Principal = {principal}, Action = "kms:*", Resource = "*" }}'
    statement = '{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.k.arn },'
    assert outcome(tmp_path, policy=policy, statement=statement) == wanted


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("aws_kms_key.k.arn", FAIL),
        ("aws_kms_alias.a.arn", FAIL),
        ("aws_kms_alias.a.target_key_arn", FAIL),
        ('"alias/orders"', FAIL),
        ('"arn:aws:kms:eu-west-1:111122223333:alias/orders"', FAIL),
        ("aws_kms_key.another.arn", FAIL),
        ('"alias/aws/dynamodb"', None),
        ("null", None),
        ("data.aws_kms_key.looked_up.arn", None),
        ("var.x", None),
    ],
)
def test_names_of_the_key_of_a_table(tmp_path: Path, key: str, wanted: str | None) -> None:
    assert outcome(tmp_path, key=key) == wanted


@pytest.mark.parametrize("statement", ["", '{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" },'])
def test_a_key_policy_that_may_be_of_the_key(tmp_path: Path, statement: str) -> None:
    (tmp_path / "policy.tf").write_text(
        """
        variable "key" {}
        resource "aws_kms_key_policy" "some" {
          key_id = var.key
          policy = jsonencode({ Version = "2012-10-17", Statement = [] })
        }
        """,
        encoding="utf-8",
    )
    assert outcome(tmp_path, statement=statement) == UNKNOWN
