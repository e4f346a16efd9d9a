"""The report for programs keeps to its schema."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dynavet import __version__
from dynavet.engine import scan
from dynavet.findings import Report
from dynavet.reporters import FORMATS, Presentation, reporter
from dynavet.reporters.json import render
from dynavet.rule import Outcome

TERRAFORM = """\
variable "key" {}

resource "aws_dynamodb_table" "unknown" {
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
  tags = { Security = "internal", Environment = "test" }
}

resource "aws_dynamodb_table" "bad" {
  for_each = toset(["a", "b"])
}
"""
POLICY = '{"Statement": [{"Sid": "All", "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(TERRAFORM)
    (tmp_path / "policy.json").write_text(POLICY)
    (tmp_path / "broken.json").write_text(POLICY[:-3])
    (tmp_path / "other.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    parsed: dict[str, Any] = json.loads(render(scan([Path()]), Presentation(show=frozenset(Outcome))))
    return parsed


@pytest.fixture
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((files("dynavet.reporters") / "report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_real_report_keeps_to_the_schema(report: dict[str, Any], validator: jsonschema.Draft202012Validator) -> None:
    assert {each["outcome"] for each in report["results"]} == {"fail", "unknown", "pass"}
    validator.validate(report)


def test_an_empty_report_keeps_to_the_schema(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(render(Report(), Presentation(show=frozenset()))))


@pytest.mark.parametrize("key", ["rule", "outcome", "line", "fingerprint", "instances"])
def test_the_schema_refuses_what_it_should(
    report: dict[str, Any], validator: jsonschema.Draft202012Validator, key: str
) -> None:
    report["results"][0][key] = None
    assert not validator.is_valid(report)
    del report["results"][0][key]
    assert not validator.is_valid(report)


def test_results_say_where_and_what(report: dict[str, Any]) -> None:
    by_key = {(each["rule"], each["resource"]): each for each in report["results"]}
    failed = by_key["DDB101", 'aws_dynamodb_table.bad["a"]']
    assert (failed["path"], failed["line"], failed["end_line"]) == ("infra/main.tf", 11, 11)
    assert failed["instances"] == ['aws_dynamodb_table.bad["a"]', 'aws_dynamodb_table.bad["b"]']
    assert (failed["name"], failed["severity"], failed["practices"]) == (
        "table-customer-managed-key",
        "medium",
        ["P1"],
    )
    granted = by_key["DDB201", "policy.json"]
    assert (granted["statement"], granted["path"], granted["outcome"]) == ("All", "policy.json", "fail")
    unknown = by_key["DDB101", "aws_dynamodb_table.unknown"]
    assert (unknown["outcome"], unknown["statement"]) == ("unknown", None)
    assert "var.key has no value" in unknown["message"]
    assert by_key["DDB000", "broken.json"]["severity"] == "high"


def test_the_summary_counts_what_was_seen(report: dict[str, Any]) -> None:
    assert report["tool"] == {"name": "dynavet", "version": __version__}
    summary = report["summary"]
    assert (summary["files"], summary["tables"], summary["policies"], summary["statements"]) == (3, 3, 1, 1)
    for outcome in Outcome:
        assert summary[outcome.value] == sum(each["outcome"] == outcome.value for each in report["results"])
    assert report["skipped"] == [{"path": "other.json", "reason": "not a template or policy"}]


def test_every_format_has_a_reporter() -> None:
    for name in FORMATS:
        assert reporter(name).render(Report(), Presentation(show=frozenset()))
