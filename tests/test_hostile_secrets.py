"""What is declared secret is in no output: not in the model, in no report, in no error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dynavet.reporters import FORMATS

HIDDEN = ("correct-horse", "battery-staple", "on-the-line", "in-the-module", "hunter2", "swordfish")

TERRAFORM = """\
variable "root" {
  type      = string
  default   = "correct-horse"
  sensitive = true
}

variable "given" {
  sensitive = true
}

variable "number" {
  type      = number
  ephemeral = true
}

resource "aws_dynamodb_table" "output" {
  name = module.m.word
  tags = { Owner = module.m.words.first, Copy = "x-${module.m.word}" }
}

resource "aws_dynamodb_table" "marked" {
  name = sensitive("hunter2")
  tags = sensitive({ Owner = "swordfish" })
  server_side_encryption {
    enabled     = true
    kms_key_arn = module.m.key
  }
}

module "m" {
  source = "./m"
  inner  = "open"
}

resource "aws_dynamodb_table" "t" {
  name = "table-${var.root}"
  tags = { Owner = var.root, Given = var.given }
}

resource "aws_iam_role_policy" "p" {
  role   = "r"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*${var.given}" }] })
}
"""
MODULE = """\
variable "inner" {
  default   = "battery-staple"
  sensitive = true
}

resource "aws_dynamodb_table" "t" {
  name = var.inner
}

resource "aws_kms_key" "k" {}

locals {
  word = "in-the-module"
}

output "word" {
  value     = local.word
  sensitive = true
}

output "words" {
  value     = { first = "in-the-module" }
  ephemeral = true
}

output "key" {
  value     = aws_kms_key.k.arn
  sensitive = true
}
"""
TEMPLATE = """\
Parameters:
  Word: {Type: String, NoEcho: true, Default: correct-horse}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "table-${Word}"
      Tags: [{Key: Owner, Value: !Ref Word}]
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(TERRAFORM)
    (tmp_path / "m" / "main.tf").write_text(MODULE)
    (tmp_path / "terraform.tfvars").write_text('given = "battery-staple"\n')
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    return tmp_path


def shown(directory: Path, *command: str) -> str:
    arguments = [sys.executable, "-m", "dynavet", *command]
    ran = subprocess.run(arguments, cwd=directory, capture_output=True, text=True, check=False, timeout=60)
    assert "crashed" not in ran.stderr
    written = [path.read_text() for path in directory.glob("report.*")]
    return "".join([ran.stdout, ran.stderr, *written])


def test_the_model_has_no_secret_value(here: Path) -> None:
    model = shown(here, "model")
    assert not [each for each in HIDDEN if each in model]
    for name in ("var.root", "var.given", "module.m.var.inner", "module.m.output.word", "the argument of sensitive()"):
        assert f"{name} is sensitive" in model


def test_what_a_secret_value_refers_to_is_known(here: Path) -> None:
    projects = json.loads(shown(here, "model"))["projects"]
    (table,) = [
        each for project in projects for each in project["tables"] if each["address"] == "aws_dynamodb_table.marked"
    ]
    assert "module.m.aws_kms_key.k.arn" in json.dumps(table)


def test_no_report_has_a_secret_value(here: Path) -> None:
    outputs = [part for name in FORMATS for part in ("--format", name, "--output", f"report.{name}")]
    reports = shown(here, "--show", "all", *outputs, "--var", "number=on-the-line")
    assert "aws_dynamodb_table.t" in reports
    assert not [each for each in HIDDEN if each in reports]


CREDENTIALS = (
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI",
    "IQoJb3JpZ2luX2Vj",
    "ghp_abcdefghijklmnopqrst",
    "eyJhbGciOiJIUzI1NiJ9",
    "hunter2",
)
OPEN = """\
provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  token      = "IQoJb3JpZ2luX2VjSESSION"
  endpoints {
    dynamodb = "http://user:hunter2@localhost:8000"
  }
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  environment {
    variables = {
      AWS_ACCESS_KEY_ID     = "AKIAIOSFODNN7EXAMPLE"
      AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
      AWS_SESSION_TOKEN     = "IQoJb3JpZ2luX2VjSESSION"
      URL                   = "http://user:hunter2@dynamodb.eu-west-1.amazonaws.com"
    }
  }
}

resource "aws_instance" "i" {
  user_data = "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjSESSION"
}

resource "aws_dynamodb_table" "ok" {
  name = "ok"
}

resource "aws_dynamodb_table" "t" { tags = { a = "ghp_abcdefghijklmnopqrst", b = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.x" } }
"""


def test_no_report_has_a_credential_of_the_code(tmp_path: Path) -> None:
    """Those that are not declared secret either: keys, tokens, and passwords in URLs."""
    (tmp_path / "main.tf").write_text(OPEN)
    outputs = [part for name in FORMATS for part in ("--format", name, "--output", f"report.{name}")]
    reports = shown(tmp_path, "--show", "all", *outputs)
    for name in (
        "aws_lambda_function.f",
        "aws_instance.i",
        "aws_dynamodb_table.t",
        "DDB212",
        "DDB305",
    ):
        assert name in reports
    assert not [each for each in CREDENTIALS if each in reports]
