"""A scan that may take so long only says what it left out, and is not taken for a whole one."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dynavet import deadline
from dynavet.engine import ExitStatus, Options, exit_status, scan

TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n"
NESTING = "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: inner.yaml}\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'
FILES = {
    "a/main.tf": TABLE,
    "b/main.tf": TABLE,
    "t.yaml": TEMPLATE,
    "outer.yaml": NESTING,
    "inner.yaml": TEMPLATE,
    "p.json": POLICY,
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(here: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "dynavet", "--format", "json", *arguments]
    ran = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, timeout=60)
    assert ("error: --max-seconds" in ran.stderr) is (ran.returncode == ExitStatus.INCOMPLETE), ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def test_no_time_leaves_out_everything_and_says_so(here: Path) -> None:
    status, report = run(here, "--max-seconds", "0", "--var", "x=y")
    assert status == ExitStatus.INCOMPLETE
    assert {each["path"] for each in report["skipped"]} == {"a", "b", "t.yaml", "outer.yaml", "inner.yaml", "p.json"}
    assert report["results"] == []


def test_enough_time_changes_nothing(here: Path) -> None:
    assert run(here, "--max-seconds", "600") == run(here)


@pytest.mark.parametrize("moments", range(0, 60, 3))
def test_what_is_not_judged_is_named(moments: int, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {(each.rule, each.resource, each.place.path) for each in scan([here]).findings}
    ticks = itertools.count()
    monkeypatch.setattr(deadline, "monotonic", lambda: next(ticks))
    report = scan([here], Options(max_seconds=moments))
    found = {(each.rule, each.resource, each.place.path) for each in report.findings}
    left_out = {each.path for each in report.skipped}
    assert found <= whole
    lost = {path for _, _, path in whole - found}
    assert all(path in left_out or str(Path(path).parent) in left_out or path == "inner.yaml" for path in lost)
    assert (exit_status(report, Options()) is ExitStatus.INCOMPLETE) is bool(left_out)
