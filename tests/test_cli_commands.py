"""The other commands, and how the command starts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dynavet_checks import RULES

Run = Callable[..., subprocess.CompletedProcess[str]]

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env:
    Type: String
    Default: dev
    AllowedValues: [dev, prod]
  Key:
    Type: String
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      SSESpecification:
        SSEEnabled: !If [Prod, true, false]
        KMSMasterKeyId: !Ref Key
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    command = shutil.which("dynavet", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet is not installed beside this Python"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments], cwd=tmp_path, env={**os.environ}, capture_output=True, text=True, check=False
        )

    return run


def test_help_is_short_and_has_examples(run: Run) -> None:
    ran = run("--help")
    assert ran.returncode == 0
    assert "dynavet infra template.yaml" in ran.stdout
    assert len(ran.stdout.splitlines()) < 30
    assert max(map(len, ran.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", ["scan", "posture", "rules", "explain", "model"])
def test_every_command_has_help(run: Run, command: str) -> None:
    assert run(command, "--help").returncode == 0
    assert f"\n  {command}" in run("--help").stdout


def test_rules_lists_every_rule(run: Run) -> None:
    lines = run("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(rule.id for rule in RULES)
    by_id = {row["id"]: row for row in json.loads(run("rules", "--format", "json").stdout)}
    assert {rule.id: (rule.name, rule.severity.label) for rule in RULES} == {
        rule: (row["name"], row["severity"]) for rule, row in by_id.items()
    }


def test_rules_as_markdown_are_one_table(run: Run) -> None:
    head, line, *rows = run("rules", "--format", "markdown").stdout.splitlines()
    assert head == "| id | name | severity | practices | finds | elsewhere |"
    assert [row.split(" | ")[0] for row in rows] == [f"| {rule.id}" for rule in RULES]
    assert {row.count(" | ") for row in (head, *rows)} == {5}
    assert set(line) == {"|", "-"}


def test_explain_prints_the_page_of_a_rule(run: Run) -> None:
    page = run("explain", "DDB101")
    assert page.returncode == 0
    assert page.stdout.startswith("# DDB101 table-customer-managed-key\n")
    assert "## How to fix" in page.stdout
    assert run("explain", "table-customer-managed-key").stdout == page.stdout == run("explain", "ddb101").stdout


def test_explain_names_the_nearest_rule(run: Run) -> None:
    ran = run("explain", "table-customer-key")
    assert ran.returncode == 2
    assert "did you mean DDB101 (table-customer-managed-key)?" in ran.stderr


def test_model_shows_what_is_known_unknown_and_open(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    ran = run("model", "t.yaml")
    assert ran.returncode == 0
    (project,) = json.loads(ran.stdout)["projects"]
    assert (project["root"], project["language"]) == ("t.yaml", "cloudformation")
    (table,) = project["tables"]
    assert (table["address"], table["origin"]) == ("Orders", "t.yaml:12:3")
    assert table["hash_key"] == {"known": "id"}
    encryption = table["encryption"]["known"]
    assert encryption["key"] == {"unknown": "parameter Key has no default"}
    assert encryption["enabled"]["one_of"]["condition"] == "parameter Env"
    assert encryption["enabled"]["one_of"]["default"] == "dev"
    assert encryption["enabled"]["one_of"]["branches"] == {"dev": {"known": False}, "prod": {"known": True}}
    assert run("model", "t.yaml").stdout == ran.stdout


def test_model_of_a_broken_file_is_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("resource {\n")
    ran = run("model")
    assert ran.returncode == 2
    assert json.loads(ran.stdout)["projects"][0]["problems"][0]["address"] == "main.tf"
    assert run("model", "nowhere").returncode == 2


def imported(*arguments: str) -> set[str]:
    """Modules that the command imports, by their first two names."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dynavet", *arguments], capture_output=True, text=True, check=True
    )
    names = (line.rpartition("|")[2].strip() for line in ran.stderr.splitlines() if line.startswith("import time:"))
    return {".".join(name.split(".")[:2]) for name in names}


def test_a_profiler_sees_the_end() -> None:
    command = [sys.executable, "-m", "cProfile", "-m", "dynavet", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "function calls" in ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_report_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "dynavet", tmp_path], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 2 and "No space left on device" in ran.stderr


def test_version_imports_no_more_than_it_needs() -> None:
    modules = imported("--version")
    assert "click" in {name.partition(".")[0] for name in modules}
    own = {name for name in modules if name.startswith("dynavet")}
    assert own <= {"dynavet", "dynavet.__main__", "dynavet.cli"}
    heavy = {"jsonschema", "yaml", "rich", "tree_sitter", "pathspec", "dynavet_checks", "dynavet_parsers"}
    assert not heavy & {name.partition(".")[0] for name in modules}


def test_a_scan_imports_no_parser_that_it_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_dynamodb_table" "t" {}\n')
    modules = imported("--fail-on", "never", str(tmp_path))
    assert "dynavet_parsers.terraform" in modules
    assert not {"jsonschema", "rich", "pathspec"} & {name.partition(".")[0] for name in modules}
    assert "dynavet_parsers.cloudformation" not in modules
