"""What passes is counted alike, whether or not a report lists it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dynavet.engine import Options, survey
from dynavet.model import Statement

MODULE = """
variable "key" { default = true }
resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  server_side_encryption { enabled = var.key }
  point_in_time_recovery { enabled = true }
  attribute {
    name = "id"
    type = "S"
  }
}
"""
CALLS = """
module "a" { source = "../module" }
module "b" { source = "../module" }
module "c" {
  source = "../module"
  key    = false
}
"""
NESTED = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      SSESpecification: {SSEEnabled: true}
"""
PARENT = """
Resources:
  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml}}
  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml}}
"""
STATEMENT = '{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:eu-west-1:1:table/t"}'

ROLE = f"""
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Action: "sts:AssumeRole", Principal: {{Service: lambda.amazonaws.com}}}}]
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{STATEMENT}]}}}}]
"""


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that two roots call, a template that is nested twice, a policy, and a suppression in use."""
    monkeypatch.chdir(tmp_path)
    for directory in ("module", "one", "two"):
        (tmp_path / directory).mkdir()
    (tmp_path / "module" / "main.tf").write_text(MODULE)
    for root in ("one", "two"):
        (tmp_path / root / "main.tf").write_text(CALLS)
    (tmp_path / "nested.yaml").write_text(NESTED)
    (tmp_path / "parent.yaml").write_text(PARENT)
    (tmp_path / "policy.json").write_text(f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}, {STATEMENT}]}}')
    (tmp_path / "dynavet.toml").write_text('[[ignore]]\nid = "DDB106"\npath = "nested.yaml"\nreason = "for now"\n')


def report(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "dynavet", "--format", "json", *arguments]
    content: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return content


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.usefixtures("shared")
def test_the_summary_does_not_depend_on_what_is_listed(jobs: str) -> None:
    little, everything = report("--jobs", jobs), report("--jobs", jobs, "--show", "all")
    assert little["summary"] == everything["summary"]
    assert Counter(each["outcome"] for each in everything["results"]) == {
        outcome: everything["summary"][outcome] for outcome in ("fail", "pass", "suppressed")
    }
    assert [each for each in everything["results"] if each["outcome"] == "fail"] == little["results"]


def test_projects_do_not_outlive_their_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the last ones, of which some answers are kept."""
    monkeypatch.chdir(tmp_path)
    for number in range(6):
        Path(f"role-{number}.yaml").write_text(ROLE)
    kept = survey([Path()], Options(keep_passes=False)).report
    gc.collect()
    statements = (each for each in gc.get_objects() if isinstance(each, Statement))
    alive = {each.origin.path for each in statements if each.origin.path.startswith("role-")}
    assert kept.policies == 12 and len(alive) <= 2
