"""Tables that count for less or more: which they are, and what that does to findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dynavet.config import BadConfiguration, configured
from dynavet.engine import Options, scan
from dynavet.rule import Outcome

Severities: TypeAlias = dict[tuple[str, str], str]
Judge: TypeAlias = Callable[..., Severities]

TERRAFORM = """\
variable "class" {{}}
variable "more" {{}}
variable "stage" {{ default = "dev" }}
resource "aws_dynamodb_table" "t" {{
  hash_key = "id"
  {lines}
}}
"""
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Class: {{Type: String}}
  More: {{Type: String}}
  Stage: {{Type: String, Default: dev}}
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      {lines}
"""

CONTEXT = """\
[context]
non-production = { names = ["*-dev", "test-?"], tags = { Environment = ["dev", "test"] } }
sensitive = { tags = { DataClass = ["pii", "restricted*"] }, names = ["vault*"] }
"""


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    monkeypatch.chdir(tmp_path)

    def judge(files: dict[str, str], *rules: str) -> Severities:
        """The severity of each failure by rule and resource, with the word that its reason begins with."""
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        options: dict[str, Any] = dict(configured([Path()], tmp_path).options)
        report = scan([Path()], Options(**{**options, "select": rules}))
        assert report.errors == []
        return {
            (each.rule, each.resource): f"{each.severity.label}: {each.message.partition('. ')[2]}"
            for each in report.findings
            if each.outcome is Outcome.FAIL
        }

    return judge


NAMED = "Severity low: the table is marked as not for production (its name is like *-dev)."
TAGGED = "Severity low: the table is marked as not for production (its tag environment is dev)."
SENSITIVE = "Severity high: the table is marked as sensitive (its tag {} is pii)."
TTL = "Severity low: the table's items expire (time to live is on)."

CASES = [
    ('name = "orders"', "TableName: orders", "medium: "),
    ('name = "orders-${var.stage}"', 'TableName: !Sub "orders-${Stage}"', f"low: {NAMED}"),
    ('name = "Orders-DEV"', "TableName: Orders-DEV", f"low: {NAMED}"),
    ('name = "test-12"', "TableName: test-12", "medium: "),
    ('name = "o-${var.class}-dev"', 'TableName: !Sub "o-${Class}-dev"', f"low: {NAMED}"),
    (
        'tags = { environment = "dev" }',
        "Tags: [{Key: environment, Value: dev}]",
        f"low: {TAGGED.format('environment')}",
    ),
    ('tags = { Environment = "prod" }', "Tags: [{Key: Environment, Value: prod}]", "medium: "),
    ('tags = { DataClass = "PII" }', "Tags: [{Key: DataClass, Value: PII}]", f"high: {SENSITIVE.format('DataClass')}"),
    (
        'name = "vaults-dev"\n  tags = { Environment = "dev" }\n  ttl {\n    enabled = true\n  }',
        "TableName: vaults-dev\n      TimeToLiveSpecification: {AttributeName: e, Enabled: true}",
        "high: Severity high: the table is marked as sensitive (its name is like vault*).",
    ),
    (
        'ttl {\n    enabled = true\n  }\n  tags = { DataClass = "public" }',
        "TimeToLiveSpecification: {AttributeName: e, Enabled: true}",
        f"low: {TTL}",
    ),
    ('tags = { Classification = "restricted" }', "Tags: [{Key: Classification, Value: restricted}]", "medium: "),
]


@pytest.mark.parametrize(("terraform", "template", "severity"), CASES)
def test_the_severity_and_its_reason(judge: Judge, terraform: str, template: str, severity: str) -> None:
    files = {
        "main.tf": TERRAFORM.format(lines=terraform),
        "t.yaml": TEMPLATE.format(lines=template),
        "dynavet.toml": CONTEXT,
    }
    assert judge(files, "DDB101", "DDB105") == {
        (rule, table): severity for rule in ("DDB101", "DDB105") for table in ("aws_dynamodb_table.t", "T")
    }


@pytest.mark.parametrize(
    ("terraform", "template", "reasons"),
    [
        (
            "tags = { DataClass = var.class }",
            "Tags: [{Key: DataClass, Value: !Ref Class}]",
            (
                "sensitive is undecided: var.class has no",
                "sensitive is undecided: parameter Class has no",
            ),
        ),
        (
            'name = "orders-${var.class}"',
            'TableName: !Sub "orders-${Class}"',
            ("production is undecided: var.class has no", "production is undecided: parameter Class has no "),
        ),
    ],
)
def test_what_is_undecided_changes_nothing_and_is_said(
    judge: Judge, terraform: str, template: str, reasons: tuple[str, str]
) -> None:
    files = {"main.tf": TERRAFORM.format(lines=terraform), "t.yaml": TEMPLATE.format(lines=template)}
    plain = judge(files, "DDB105")
    assert plain == {("DDB105", "aws_dynamodb_table.t"): "medium: ", ("DDB105", "T"): "medium: "}
    told = judge({**files, "dynavet.toml": CONTEXT}, "DDB105")
    for table, reason in zip(("aws_dynamodb_table.t", "T"), reasons, strict=True):
        assert told["DDB105", table].startswith("medium: Whether it is marked as ")
        assert reason in told["DDB105", table]


@pytest.mark.parametrize("marking", ["dev", "pii"])
def test_a_mark_that_a_condition_decides_about_changes_nothing(judge: Judge, marking: str) -> None:
    key = "Environment" if marking == "dev" else "DataClass"
    files = {
        "main.tf": TERRAFORM.format(lines=f'tags = {{ {key} = var.class == "x" ? "{marking}" : "other" }}'),
        "t.yaml": f"""\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Mark: {{Type: String, AllowedValues: [{marking}, other]}}
  Default: {{Type: String, AllowedValues: [{marking}, other], Default: {marking}}}
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      Tags: [{{Key: {key}, Value: !Ref Mark}}]
  Default:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      Tags: [{{Key: {key}, Value: !Ref Default}}]
""",
        "dynavet.toml": CONTEXT,
    }
    found = judge(files, "DDB105")
    assert found["DDB105", "aws_dynamodb_table.t"] == found["DDB105", "T"] == "medium: "
    assert found["DDB105", "Default"].startswith("low: " if marking == "dev" else "high: ")


def test_tags_that_are_not_all_known_keep_what_is_known(judge: Judge) -> None:
    known = 'name = "orders-dev"\n  tags = merge(var.more, { Owner = "me" })'
    severities = judge({"main.tf": TERRAFORM.format(lines=known), "dynavet.toml": CONTEXT}, "DDB105")
    assert severities == {
        ("DDB105", "aws_dynamodb_table.t"): f"low: {NAMED} Whether it is marked as sensitive is undecided: "
        "var.more has no value."
    }


def test_a_convention_marks_sensitive_tables_until_the_configuration_does(judge: Judge) -> None:
    tagged = 'tags = { data-classification = "Highly Confidential" }'
    files = {"main.tf": TERRAFORM.format(lines=tagged)}
    assert judge(files, "DDB106")["DDB106", "aws_dynamodb_table.t"].startswith("high: Severity high")
    files["dynavet.toml"] = "context = { sensitive = {} }"
    assert judge(files, "DDB106") == {("DDB106", "aws_dynamodb_table.t"): "medium: "}


def test_deletion_protection_does_not_count_for_less_because_items_expire(judge: Judge) -> None:
    expiring = {"main.tf": TERRAFORM.format(lines="ttl {\n    enabled = true\n  }")}
    assert judge(expiring, "DDB106") == {("DDB106", "aws_dynamodb_table.t"): "medium: "}


def test_letter_case_of_tags_may_count(judge: Judge) -> None:
    tagged = 'tags = { dataclass = "pii" }'
    files = {"main.tf": TERRAFORM.format(lines=tagged), "dynavet.toml": f"case-sensitive-tags = true\n{CONTEXT}"}
    assert judge(files, "DDB105") == {("DDB105", "aws_dynamodb_table.t"): "medium: "}


REPLICAS = """\
resource "aws_dynamodb_table" "t" {
  name     = "orders-dev"
  hash_key = "id"
  replica {
    region_name = "eu-west-1"
  }
}
"""
GLOBAL = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  T:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      Replicas:
        - {Region: eu-west-1, Tags: [{Key: DataClass, Value: pii}]}
        - Region: us-east-1
          PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
"""


def test_replicas_count_as_their_table(judge: Judge) -> None:
    files = {"main.tf": REPLICAS, "t.yaml": GLOBAL, "dynavet.toml": CONTEXT}
    assert judge(files, "DDB105", "DDB106") == {
        ("DDB105", "aws_dynamodb_table.t"): f"low: {NAMED}",
        ("DDB106", "aws_dynamodb_table.t"): f"low: {NAMED}",
        ("DDB105", "T"): f"high: {SENSITIVE.format('DataClass')}",
        ("DDB106", "T"): f"high: {SENSITIVE.format('DataClass')}",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[context]\nproduction = {}", "dynavet.toml:2: context: unknown key 'production'; did you mean 'non-prod"),
        ("[context.sensitive]\ntag = {}", "dynavet.toml:2: context: unknown key 'tag'; did you mean 'tags'?"),
        (
            '[context]\nsensitive = { tags = { A = ["a"] } }\n[context.non-production.tags]\nA = "b"',
            "dynavet.toml:4: context: A: expected a list of texts, in which",
        ),
        ("[context]\nsensitive = []", "dynavet.toml:2: context: sensitive: expected a table"),
        ("context = 3", "dynavet.toml:1: context: expected a table"),
        ("[context.sensitive]\n\nnames = []", "dynavet.toml:3: context: names: expected a list of texts"),
    ],
)
def test_errors_lead_to_the_place(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "dynavet.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        configured([Path()], tmp_path)
    assert str(raised.value).startswith(problem)
