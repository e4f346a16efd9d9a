"""How code stands to the practices: the states, what they rest on, and how they are shown."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dynavet.engine import Options, survey
from dynavet.posture import Posture, Row, State, posture
from dynavet.posture_reports import FORMATS, posture_reporter
from dynavet.practices import PRACTICES
from dynavet.reporters.lines import columns
from dynavet_checks import RULES

TABLES = """\
variable "key" {}

resource "aws_dynamodb_table" "own" {
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/orders"
  }
  tags = { Security = "internal", Environment = "test" }
}

resource "aws_dynamodb_table" "open" {
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
  tags = { Security = "internal", Environment = "test" }
}
"""
BARE = 'resource "aws_dynamodb_table" "bare" {}\n'


def look(directory: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Posture:
    monkeypatch.chdir(directory)
    seen = survey([Path()], Options(**options))
    return posture(seen.report, seen.findings, seen.projects)


def row(rows: tuple[Row, ...], practice: str) -> Row:
    (found,) = (each for each in rows if each.practice.id == practice)
    return found


def states(found: Posture, table: str) -> dict[str, State]:
    (judged,) = (each for project in found.projects for each in project.tables if each.table.address == table)
    return {each.practice.id: each.state for each in judged.rows}


def test_a_table_is_held_undecided_or_broken_and_the_project_is_its_worst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(TABLES)
    found = look(tmp_path, monkeypatch)
    assert states(found, "aws_dynamodb_table.own")["P1"] is State.HELD
    assert states(found, "aws_dynamodb_table.open")["P1"] is State.UNDECIDED
    assert row(found.rows, "P1").state is State.UNDECIDED
    assert row(found.rows, "D6").state is State.HELD
    assert row(found.rows, "P5").state is State.NOT_SEEN
    (tmp_path / "bare.tf").write_text(BARE)
    found = look(tmp_path, monkeypatch)
    broken = row(found.rows, "P1")
    assert broken.state is State.BROKEN
    assert (broken.evidence[0].resource, broken.evidence[0].place.path) == ("aws_dynamodb_table.bare", "bare.tf")
    assert states(found, "aws_dynamodb_table.own")["P1"] is State.HELD


def test_what_is_accepted_stays_broken_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text(f'# dynavet:ignore DDB101 reason="only public data"\n{BARE}')
    found = row(look(tmp_path, monkeypatch).rows, "P1")
    assert (found.state, found.accepted) == (State.BROKEN, True)
    assert "only public data" in posture_reporter("text").render(look(tmp_path, monkeypatch))
    (tmp_path / "more.tf").write_text(BARE.replace("bare", "other"))
    found = row(look(tmp_path, monkeypatch).rows, "P1")
    assert (found.state, found.accepted) == (State.BROKEN, False)
    assert found.evidence[0].resource == "aws_dynamodb_table.other"


def test_what_is_undecided_stays_so_when_it_is_suppressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TABLES.partition('resource "aws_dynamodb_table" "open"')[0]
    text += '# dynavet:ignore DDB101 reason="asked"\n' + TABLES[len(text) :]
    (tmp_path / "main.tf").write_text(text)
    found = row(look(tmp_path, monkeypatch).rows, "P1")
    assert (found.state, found.accepted) == (State.UNDECIDED, False)


def test_passing_in_part_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound document without a statement on items says nothing of conditions on items."""
    statement = '{"Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": "*"}'
    (tmp_path / "policy.json").write_text(f'{{"Version": "2012-10-17", "Statement": [{statement}]}}')
    found = row(look(tmp_path, monkeypatch).rows, "P4")
    assert found.state is State.NOT_SEEN
    found = row(look(tmp_path, monkeypatch).rows, "P3")
    assert found.state is State.NOT_SEEN
    assert "DDB218 passed" in found.note


def test_a_rule_that_did_not_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text(BARE)
    found = row(look(tmp_path, monkeypatch, ignore=("DDB101",)).rows, "P1")
    assert (found.state, found.note) == (State.NOT_SEEN, "DDB101 did not run")


def test_what_is_said_of_a_replica_of_its_own_is_said_of_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica = 'resource "aws_dynamodb_table_replica" "there" {\n  global_table_arn = aws_dynamodb_table.own.arn\n}\n'
    (tmp_path / "main.tf").write_text(TABLES + replica)
    assert states(look(tmp_path, monkeypatch), "aws_dynamodb_table.own")["D6"] is State.BROKEN


def test_each_project_has_its_own_states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("a", TABLES), ("b", BARE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    found = {each.root: row(each.rows, "D6").state for each in look(tmp_path, monkeypatch).projects}
    assert found == {"a": State.HELD, "b": State.BROKEN}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_practice_needs_serves_it(rule: Any) -> None:
    for practice in PRACTICES:
        if any(rule.id in group for group in practice.needs):
            assert practice.id in rule.practices


def test_the_examples_and_their_secure_twins_differ(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    shown = {}
    for path in ("examples/terraform", "examples-secure/terraform", "examples/sam", "examples-secure/sam"):
        seen = survey([Path(path)])
        shown[path] = {each.practice.id: each.state for each in posture(seen.report, seen.findings, seen.projects).rows}
    assert {shown["examples/terraform"][each] for each in ("D6", "P1", "P3", "P4", "P5", "I2", "I3")} == {State.BROKEN}
    for secure in ("examples-secure/terraform", "examples-secure/sam"):
        assert set(shown[secure].values()) == {State.HELD, State.NOT_SEEN}
    assert {shown["examples-secure/terraform"][each] for each in ("D6", "P1", "P2", "P3", "P4", "P5")} == {State.HELD}


def test_json_keeps_to_its_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = json.loads((files("dynavet.posture_reports") / "posture.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    (tmp_path / "main.tf").write_text(TABLES + '# dynavet:ignore DDB101 reason="known"\n' + BARE)
    (tmp_path / "gone.tf").write_text('module "gone" {\n  source = "./gone"\n}\n')
    (tmp_path / "broken.json").write_text('{"Statement": [{"Effect": "Allow"')
    content = json.loads(posture_reporter("json").render(look(tmp_path, monkeypatch)))
    jsonschema.Draft202012Validator(schema).validate(content)
    assert [each["rule"] for each in content["unread"]] == ["DDB001"]
    assert content["errors"]
    by_rule = {each["id"]: each for each in content["rules"]}
    assert "DynamoDB.5" in by_rule["DDB501"]["security_hub"]
    jsonschema.Draft202012Validator(schema).validate(json.loads(posture_reporter("json").render(empty())))


def empty() -> Posture:
    return Posture(rows=(), projects=(), rules=(), unread=(), problems=(), files=0)


def test_names_from_the_code_steer_neither_terminal_nor_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.yaml").write_text(
        'Resources:\n  "A|\\u001b[31m|<b>": {Type: "AWS::DynamoDB::Table", Properties: {}}\n'
    )
    found = look(tmp_path, monkeypatch)
    assert [each.table.address for project in found.projects for each in project.tables]
    for name in FORMATS:
        assert "\x1b" not in posture_reporter(name).render(found)
    assert "<b>" not in "".join(
        line for line in posture_reporter("markdown").render(found).splitlines() if "`" not in line
    )


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_practices_keep_to_the_width(width: int, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    seen = survey([Path("examples/terraform")])
    text = posture_reporter("text").render(posture(seen.report, seen.findings, seen.projects), width=width)
    rows = [line for line in text.splitlines() if line[:4].strip()[:1] in ("D", "P", "I") and line.startswith("  ")]
    assert len(rows) == len(PRACTICES)
    assert max(map(columns, rows)) <= max(width, 64)


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dynavet", "posture", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_exit_status_is_that_of_a_view(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(BARE)
    ran = command(cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "broken" in ran.stdout
    (tmp_path / "broken.tf").write_text("resource {")
    ran = command("--format", "json", "--output", "posture.json", cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "broken.tf:1" in ran.stderr
    assert json.loads((tmp_path / "posture.json").read_text())["errors"]
    assert command("nowhere", cwd=tmp_path).returncode == 2


def test_inputs_and_suppressions_count_as_for_a_scan(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TABLES)
    assert "undecided" in row_of(command(cwd=tmp_path).stdout, "P1")
    key = "key=arn:aws:kms:eu-west-1:111122223333:key/k"
    assert "held" in row_of(command("--var", key, cwd=tmp_path).stdout, "P1")
    (tmp_path / "main.tf").write_text(f'# dynavet:ignore DDB101 reason="public"\n{BARE}')
    assert "accepted" in row_of(command(cwd=tmp_path).stdout, "P1")
    assert "accepted" not in row_of(command("--no-inline-suppressions", cwd=tmp_path).stdout, "P1")


def row_of(text: str, practice: str) -> str:
    (line,) = (line for line in text.splitlines() if line.startswith(f"  {practice} "))
    return line


def test_projects_without_dynamodb_are_counted_and_not_listed(tmp_path: Path) -> None:
    for name, text in (("a", BARE), ("b", TABLES), ("c", 'resource "aws_sns_topic" "t" {}\n')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    for style in ("text", "markdown"):
        ran = command("--format", style, cwd=tmp_path)
        assert "No practice is seen in 1 more project." in ran.stdout
        assert len(ran.stdout.splitlines()) < 50
    content = json.loads(command("--format", "json", cwd=tmp_path).stdout)
    assert [each["root"] for each in content["projects"]] == ["a", "b", "c"]


def test_nothing_to_look_at_says_so(tmp_path: Path) -> None:
    ran = command(cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "Nothing was found to look at: no Terraform file, template or policy.\n")
