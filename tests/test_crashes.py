"""A crash is never taken for a result: of one file it is a finding, of the whole an error, and the status is 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n"

BROKEN = """
import sys
from importlib import import_module
from dynavet.cli import main

module, _, name = sys.argv.pop(1).partition(":")
owner = import_module(module)
whole = getattr(owner, name)

def broken(*arguments, **named):
    if "fatal" in str(arguments):
        raise ZeroDivisionError("broken \\x1b[31m")
    return whole(*arguments, **named)

setattr(owner, name, broken)
main()
"""


def run(where: str, directory: Path) -> subprocess.CompletedProcess[str]:
    (directory / "ok").mkdir()
    (directory / "fatal").mkdir()
    for name in ("ok", "fatal"):
        (directory / name / "main.tf").write_text(TABLE)
        (directory / name / "t.yaml").write_text(TEMPLATE + f"    Properties: {{TableName: {name}}}\n")
    command = [sys.executable, "-c", BROKEN, where, "--format", "json", "--select", "DDB000,DDB101"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("where", "lost"),
    [
        ("dynavet.discovery:_kinds", {"fatal/t.yaml"}),
        ("dynavet_parsers.cloudformation:read_template", {"fatal/t.yaml"}),
        ("dynavet_parsers.terraform:read_roots", {"fatal"}),
    ],
)
def test_a_crash_over_one_file_loses_only_that(where: str, lost: set[str], tmp_path: Path) -> None:
    ran = run(where, tmp_path)
    assert ran.returncode == 2
    results = json.loads(ran.stdout)["results"]
    assert {each["path"] for each in results if each["rule"] == "DDB000"} == lost
    judged = {each["path"] for each in results if each["rule"] == "DDB101"}
    assert {"ok/main.tf", "ok/t.yaml"} <= judged


@pytest.mark.parametrize("where", ["dynavet.engine:inline_suppressions", "dynavet.cli.scan:deliver"])
def test_a_crash_of_the_whole_is_an_error(where: str, tmp_path: Path) -> None:
    ran = run(where, tmp_path)
    assert ran.returncode == 2 and ran.stdout == ""
    assert ran.stderr.startswith("error: dynavet crashed: ZeroDivisionError: broken \\x1b[31m (")
    assert "Traceback" not in ran.stderr
