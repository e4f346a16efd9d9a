"""What is declared secret is in no output: not in the model, in no report, in no error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dynavet.reporters import FORMATS

HIDDEN = ("correct-horse", "battery-staple", "on-the-line", "in-an-output")

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

module "m" {
  source = "./m"
  inner  = "open"
}

resource "aws_dynamodb_table" "t" {
  name = "table-${var.root}"
  tags = { Owner = var.root, Given = var.given, Made = module.m.made }

  server_side_encryption {
    enabled     = true
    kms_key_arn = module.m.key
  }
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

resource "aws_kms_key" "k" {
}

output "made" {
  value     = "in-an-output"
  sensitive = true
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
    for name in ("var.root", "var.given", "module.m.var.inner", "module.m.output.made"):
        assert f"{name} is sensitive" in model
    assert "module.m.output.key is sensitive" not in model and "module.m.aws_kms_key.k" in model


def test_no_report_has_a_secret_value(here: Path) -> None:
    outputs = [part for name in FORMATS for part in ("--format", name, "--output", f"report.{name}")]
    reports = shown(here, "--show", "all", *outputs, "--var", "number=on-the-line")
    assert "aws_dynamodb_table.t" in reports
    assert not [each for each in HIDDEN if each in reports]
