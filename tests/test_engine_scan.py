"""A scan goes on whatever breaks, and says what broke."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dynavet_checks
import dynavet_parsers.cloudformation
import dynavet_parsers.terraform
from dynavet.engine import ExitStatus, Options, exit_status, model, scan
from dynavet.findings import Finding, Place, Report
from dynavet.model import Project, Table
from dynavet.rule import Judgement, Outcome, Rule, Scope, Severity

TABLE = 'resource "aws_dynamodb_table" "{name}" {{}}\n'
TEMPLATE = "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(TABLE.format(name=name))
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    return tmp_path


def failed(report: Report, rule: str) -> set[str]:
    return {each.resource for each in report.findings if each.rule == rule and each.outcome is Outcome.FAIL}


def test_everything_is_scanned() -> None:
    report = scan([Path()])
    assert failed(report, "DDB101") == {
        "aws_dynamodb_table.a",
        "aws_dynamodb_table.b",
        "aws_dynamodb_table.c",
        "Orders",
    }
    assert (report.files, report.tables, report.errors) == (4, 4, [])


def test_a_root_that_crashes_the_reader_loses_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dynavet_parsers.terraform.read_roots

    def read_roots(directories: dict[Path, list[Path]], *others: Any) -> Iterator[Project]:
        if any(directory.name == "b" for directory in directories):
            raise RecursionError("too deep")
        yield from real(directories, *others)

    monkeypatch.setattr(dynavet_parsers.terraform, "read_roots", read_roots)
    report = scan([Path()])
    assert failed(report, "DDB101") == {"aws_dynamodb_table.a", "aws_dynamodb_table.c", "Orders"}
    assert report.errors == ["dynavet crashed on b: RecursionError: too deep"]
    assert failed(report, "DDB000") == {"b"}
    assert exit_status(report, Options()) is ExitStatus.INCOMPLETE


def test_a_template_that_crashes_the_reader_loses_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_template(*_: Any) -> Project:
        raise KeyError("Type")

    monkeypatch.setattr(dynavet_parsers.cloudformation, "read_template", read_template)
    report = scan([Path()])
    assert failed(report, "DDB101") == {"aws_dynamodb_table.a", "aws_dynamodb_table.b", "aws_dynamodb_table.c"}
    assert report.errors == ["dynavet crashed on t.yaml: KeyError: 'Type'"]
    assert failed(report, "DDB000") == {"t.yaml"}


def test_a_rule_that_crashes_loses_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(table: Table, _: Project) -> Judgement:
        raise ZeroDivisionError(table.address)

    broken = Rule(id="DDB999", name="broken", severity=Severity.LOW, checks={Scope.TABLE: judge}, doc="Breaks.")
    monkeypatch.setattr(dynavet_checks, "RULES", (*dynavet_checks.RULES, broken))
    report = scan([Path("a")], Options(fail_on=None))
    assert report.errors == [
        "DDB999 crashed on aws_dynamodb_table.a (a/main.tf:1): ZeroDivisionError: aws_dynamodb_table.a"
    ]
    assert failed(report, "DDB101") == {"aws_dynamodb_table.a"}
    assert exit_status(report, Options(fail_on=None)) is ExitStatus.INCOMPLETE


def test_the_model_is_what_the_rules_see() -> None:
    projects, errors = model([Path("a"), Path("t.yaml")])
    assert errors == []
    assert {(p.root, p.language): [t.address for t in p.tables] for p in projects} == {
        ("a", "terraform"): ["aws_dynamodb_table.a"],
        ("t.yaml", "cloudformation"): ["Orders"],
    }


def report_of(outcome: Outcome, severity: Severity, rule: str = "DDB101") -> Report:
    finding = Finding(
        rule=rule,
        name="",
        outcome=outcome,
        severity=severity,
        resource="r",
        statement=None,
        place=Place("p", 1, 1, 1, 1),
        message="",
    )
    return Report(findings=[finding])


@pytest.mark.parametrize(
    ("outcome", "severity", "options", "status"),
    [
        (Outcome.FAIL, Severity.LOW, Options(), ExitStatus.FAILED),
        (Outcome.FAIL, Severity.INFO, Options(), ExitStatus.OK),
        (Outcome.FAIL, Severity.HIGH, Options(fail_on=Severity.HIGH), ExitStatus.FAILED),
        (Outcome.FAIL, Severity.MEDIUM, Options(fail_on=Severity.HIGH), ExitStatus.OK),
        (Outcome.FAIL, Severity.CRITICAL, Options(fail_on=None), ExitStatus.OK),
        (Outcome.UNKNOWN, Severity.HIGH, Options(), ExitStatus.OK),
        (Outcome.UNKNOWN, Severity.INFO, Options(fail_on=None, fail_on_unknown=True), ExitStatus.FAILED),
        (Outcome.PASS, Severity.CRITICAL, Options(fail_on_unknown=True), ExitStatus.OK),
        (Outcome.SUPPRESSED, Severity.CRITICAL, Options(fail_on_unknown=True), ExitStatus.OK),
    ],
)
def test_exit_status(outcome: Outcome, severity: Severity, options: Options, status: ExitStatus) -> None:
    assert exit_status(report_of(outcome, severity), options) is status
    assert exit_status(report_of(Outcome.FAIL, Severity.HIGH, "DDB000"), options) is ExitStatus.INCOMPLETE
