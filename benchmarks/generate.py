"""What is measured on: Terraform modules, templates and policy files, no two the same, one in three with a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TERRAFORM = """\
resource "aws_kms_key" "k" {{
  enable_key_rotation = true
}}

resource "aws_dynamodb_table" "t" {{
  name         = "service-{n}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {{
    name = "id"
    type = "S"
  }}

  server_side_encryption {{
    enabled     = {encrypted}
    kms_key_arn = aws_kms_key.k.arn
  }}

  tags = {{
    Security    = "internal"
    Environment = var.environment
  }}
}}

variable "environment" {{
  default = "test"
}}

resource "aws_iam_role" "r" {{
  name = "service-{n}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}

data "aws_iam_policy_document" "p" {{
  statement {{
    actions   = ["dynamodb:GetItem", "dynamodb:{action}"]
    resources = [aws_dynamodb_table.t.arn, "${{aws_dynamodb_table.t.arn}}/index/*"]
  }}
}}

resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.p.json
}}
"""

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: service-{n}
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      SSESpecification:
        SSEEnabled: {encrypted}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return None"
      Policies:
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, "dynamodb:{action}"]
              Resource: !GetAtt Table.Arn
"""

SERVICES_OF_LARGE = 90
"""Services in a template of about 1 MB, the most that CloudFormation takes; each has four resources."""


def variation(n: int) -> dict[str, object]:
    return {
        "n": n,
        "action": "Update*" if n % 3 == 0 else "UpdateItem",
        "encrypted": "false" if n % 3 == 0 else "true",
    }


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def one_file(directory: Path) -> Path:
    """A Terraform file with a table, a role and a policy."""
    path = directory / "main.tf"
    write(path, TERRAFORM.format(**variation(0)))
    return path


def modules(directory: Path, count: int) -> None:
    """A root that calls so many modules, each with a table, a key, a role and a policy."""
    calls = [f'module "service_{n}" {{\n  source = "./modules/service-{n}"\n}}\n' for n in range(count)]
    write(directory / "main.tf", "\n".join(calls))
    for n in range(count):
        write(directory / f"modules/service-{n}/main.tf", TERRAFORM.format(**variation(n)))


def instances(directory: Path, count: int) -> None:
    """One module, so many times by `for_each`."""
    names = f"for n in range({count}) : tostring(n)"
    write(directory / "main.tf", f'module "service" {{\n  source = "./service"\n  for_each = toset([{names}])\n}}\n')
    write(directory / "service/main.tf", TERRAFORM.format(**variation(0)))


def small_templates(directory: Path, count: int) -> None:
    """So many SAM templates in YAML, with a table and a function each."""
    for n in range(count):
        write(directory / f"service-{n}.yaml", TEMPLATE.format(**variation(n)))


def accepted(directory: Path, count: int) -> None:
    """So many SAM templates, with an entry of the configuration for each that accepts a finding."""
    small_templates(directory, count)
    entry = '[[ignore]]\nid = "DDB106"\npath = "service-{n}.yaml"\nresource = "Table"\nreason = "accepted"\n'
    write(directory / "dynavet.toml", "\n".join(entry.format(n=n) for n in range(count)))


def large_templates(directory: Path, count: int) -> None:
    """So many templates; one in ten is of 1 MB, as the CDK writes them, the others are of 40 kB in YAML."""
    for n in range(count):
        if n % 10 == 0:
            write(directory / f"stack-{n}.template.json", template_of_cdk(n * 1000, SERVICES_OF_LARGE))
        else:
            write(directory / f"stack-{n}.yaml", template_in_yaml(n * 1000, 60))


def one_template(directory: Path, services: int) -> None:
    """One template as the CDK writes it, of any size."""
    write(directory / "stack.template.json", template_of_cdk(0, services))


def template_of_cdk(first: int, services: int) -> str:
    resources: dict[str, Any] = {}
    for n in range(first, first + services):
        resources |= _service(n)
    return json.dumps({"Resources": resources}, indent=1)


def _service(n: int) -> dict[str, Any]:
    path, arn = f"Stack/Service{n}", {"Fn::GetAtt": [f"Table{n}", "Arn"]}
    open_ended = variation(n)["action"]
    statements = [
        {
            "Action": ["dynamodb:GetItem", "dynamodb:Query", f"dynamodb:{open_ended}"],
            "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [f"tenant-{n}-{part}"]}},
            "Effect": "Allow",
            "Resource": [arn, {"Fn::Join": ["", [arn, "/index/*"]]}],
            "Sid": f"Part{part}",
        }
        for part in range(12)
    ]
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    table = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "SSESpecification": {"SSEEnabled": n % 3 != 0},
    }
    function = {
        "Code": {"ZipFile": "exports.handler = () => 1"},
        "Environment": {"Variables": {"TABLE": {"Ref": f"Table{n}"}}},
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": [f"Role{n}", "Arn"]},
        "Runtime": "nodejs22.x",
    }
    role: dict[str, Any] = {"AssumeRolePolicyDocument": {"Statement": [trust], "Version": "2012-10-17"}}
    policy = {
        "PolicyDocument": {"Statement": statements, "Version": "2012-10-17"},
        "PolicyName": f"Policy{n}",
        "Roles": [{"Ref": f"Role{n}"}],
    }
    parts = {
        "Table": ("AWS::DynamoDB::Table", table),
        "Function": ("AWS::Lambda::Function", function),
        "Role": ("AWS::IAM::Role", role),
        "Policy": ("AWS::IAM::Policy", policy),
    }
    return {
        f"{name}{n}": {"Type": kind, "Properties": properties, "Metadata": {"aws:cdk:path": f"{path}/{name}/Resource"}}
        for name, (kind, properties) in parts.items()
    }


def template_in_yaml(first: int, services: int) -> str:
    """A SAM template of so many tables and functions."""
    header, _, resources = TEMPLATE.partition("Resources:\n")
    parts = []
    for n in range(first, first + services):
        text = resources.format(**variation(n))
        parts.append(text.replace("  Table:", f"  Table{n}:").replace("  Function:", f"  Function{n}:"))
    body = "".join(parts)
    for n in range(first, first + services):
        body = body.replace("!GetAtt Table.Arn", f"!GetAtt Table{n}.Arn", 1)
    return f"{header}Resources:\n{body}"


def policies(directory: Path, count: int) -> None:
    """So many policy files of three statements."""
    for n in range(count):
        write(directory / f"policy-{n}.json", policy(n, 3))


def statements(directory: Path, count: int) -> None:
    """One policy file of so many statements."""
    write(directory / "policy.json", policy(0, count))


def policy(first: int, count: int) -> str:
    listed = [
        {
            "Sid": f"Service{n}",
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", f"dynamodb:{variation(n)['action']}"],
            "Resource": f"arn:aws:dynamodb:eu-west-1:111122223333:table/service-{n}",
        }
        for n in range(first, first + count)
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": listed}, indent=2)
