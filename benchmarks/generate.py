"""A repository to measure on: Terraform directories, templates and policy files, all different.

python -m benchmarks.generate DIRECTORY --terraform 1000 --templates 200 --policies 200 --noise 500
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

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

NOISE = """\
resource "aws_sns_topic" "topic_{n}" {{
  name = "topic-{n}"
}}
"""


@dataclass(frozen=True)
class Size:
    """How many Terraform directories, templates and policy files, and files that are none of dynavet's business."""

    terraform: int
    templates: int
    policies: int
    noise: int


def policy(n: int, action: str) -> str:
    statement = {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", f"dynamodb:{action}"],
        "Resource": f"arn:aws:dynamodb:eu-west-1:111122223333:table/service-{n}",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def variation(n: int) -> dict[str, object]:
    """Every third thing has a finding, so that there is something to report."""
    return {
        "n": n,
        "action": "Update*" if n % 3 == 0 else "UpdateItem",
        "encrypted": "false" if n % 3 == 0 else "true",
    }


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def generate(directory: Path, size: Size) -> int:
    """Fill `directory`, which need not exist; returns the number of files."""
    for n in range(size.terraform):
        write(directory / f"terraform/service-{n}/main.tf", TERRAFORM.format(**variation(n)))
    for n in range(size.templates):
        write(directory / f"templates/service-{n}.yaml", TEMPLATE.format(**variation(n)))
    for n in range(size.policies):
        write(directory / f"policies/service-{n}.json", policy(n, str(variation(n)["action"])))
    for n in range(size.noise):
        write(directory / f"other/{n % 50}/topic-{n}.tf", NOISE.format(n=n))
    return size.terraform + size.templates + size.policies + size.noise


def add_size_options(parser: argparse.ArgumentParser) -> None:
    for name, default in (("terraform", 300), ("templates", 100), ("policies", 100), ("noise", 300)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help=f"default {default}")


def size_of(arguments: argparse.Namespace) -> Size:
    return Size(arguments.terraform, arguments.templates, arguments.policies, arguments.noise)


def main() -> None:
    parser = argparse.ArgumentParser(description="Generate a repository to measure on.")
    parser.add_argument("directory", type=Path)
    add_size_options(parser)
    arguments = parser.parse_args()
    print(f"{generate(arguments.directory, size_of(arguments))} files in {arguments.directory}")


if __name__ == "__main__":
    main()
