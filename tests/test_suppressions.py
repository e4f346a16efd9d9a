"""Suppressions as people write them: what each covers, what it needs, and how it is reported."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dynavet.engine import Options, Survey, survey
from dynavet.findings import Report
from dynavet.rule import Outcome

TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'
REASON = 'reason="only public data"'
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""


@pytest.fixture
def surveyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Survey]:
    def surveyed(files: dict[str, str], **options: Any) -> Survey:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        options.setdefault("select", ("DDB002", "DDB003", "DDB004", "DDB101", "DDB501"))
        found = survey([Path()], Options(**options))
        assert found.report.errors == []
        return found

    return surveyed


@pytest.fixture
def scanned(surveyed: Callable[..., Survey]) -> Callable[..., dict[tuple[str, str], str]]:
    def scanned(files: dict[str, str], **options: Any) -> dict[tuple[str, str], str]:
        return outcomes(surveyed(files, **options).report)

    return scanned


def outcomes(report: Report) -> dict[tuple[str, str], str]:
    """The outcome by rule and resource, with the statement; what is in order is left out."""
    return {
        (each.rule, " ".join(filter(None, (instance, each.statement)))): each.outcome.value
        for each in report.findings
        for instance in each.instances
        if each.outcome is not Outcome.PASS
    }


# What a comment covers


@pytest.mark.parametrize(
    "source",
    [
        f"# dynavet:ignore DDB101 {REASON}\n{TABLE}",
        f"// dynavet:ignore DDB101 {REASON}\n{TABLE}",
        f"/* dynavet:ignore DDB101 {REASON} */\n{TABLE}",
        f"# dynavet:ignore table-customer-managed-key {REASON}\n# the orders\n{TABLE}",
        f"# the orders\n# dynavet:ignore DDB101 {REASON}\n{TABLE}",
        TABLE.replace("{\n", f"{{ # dynavet:ignore DDB101 {REASON}\n"),
        TABLE.replace("  name", "  # checkov:skip=DDB101:only public data\n  name"),
        TABLE.replace("\n}", "\n  # checkov:skip=DDB101: only public data\n}"),
        f"#checkov:skip=DDB101:only public data\n{TABLE}",
        f"# dynavet:ignore DDB101 reason='only public data' until=2030-01-31\n{TABLE}",
        f"# dynavet:ignore DDB101 {REASON}\r\n{TABLE}",
        f"# ünïcödé\n# dynavet:ignore DDB101 {REASON}\n{TABLE}",
    ],
)
def test_a_comment_on_a_block_covers_its_rule_alone(scanned: Callable[..., Any], source: str) -> None:
    assert scanned({"main.tf": source}, today=date(2030, 1, 31)) == {
        ("DDB101", "aws_dynamodb_table.orders"): "suppressed",
        ("DDB501", "aws_dynamodb_table.orders"): "fail",
    }


@pytest.mark.parametrize(
    "comment", ["# dynavet:ignore DDB101,DDB501 " + REASON, "# checkov:skip=DDB101,DDB501: only public data"]
)
def test_a_comment_may_name_several_rules(scanned: Callable[..., Any], comment: str) -> None:
    assert set(scanned({"main.tf": f"{comment}\n{TABLE}"}).values()) == {"suppressed"}


@pytest.mark.parametrize(
    "comment", ["checkov:skip DDB101: only public data", "checkov:skip*a=DDB101", "checkov:skip:DDB101"]
)
def test_a_comment_nearly_in_the_form_of_checkov_is_reported(scanned: Callable[..., Any], comment: str) -> None:
    found = scanned({"main.tf": f"# {comment}\n{TABLE}"}, select=("DDB101", "DDB002"))
    assert set(found.items()) == {
        (("DDB101", "aws_dynamodb_table.orders"), "fail"),
        (("DDB002", "aws_dynamodb_table.orders"), "fail"),
    }


MODULES = {
    "main.tf": f'# dynavet:ignore DDB101 {REASON}\nmodule "a" {{\n  source = "./outer"\n}}\n'
    'module "b" {\n  source = "./outer"\n}\n',
    "outer/main.tf": 'module "inner" {\n  source = "../inner"\n  for_each = toset(["x", "y"])\n}\n',
    "inner/main.tf": TABLE,
}


def test_a_comment_on_a_module_call_covers_all_that_the_call_creates(scanned: Callable[..., Any]) -> None:
    found = scanned(MODULES, select=("DDB101", "DDB004"))
    assert found == {
        ("DDB101", f'module.{call}.module.inner["{key}"].aws_dynamodb_table.orders'): outcome
        for call, outcome in (("a", "suppressed"), ("b", "fail"))
        for key in ("x", "y")
    }


def test_a_comment_inside_a_module_covers_its_instances(scanned: Callable[..., Any]) -> None:
    files = MODULES | {"main.tf": 'module "a" {\n  source = "./outer"\n}\n'}
    files["inner/main.tf"] = f"# dynavet:ignore DDB101 {REASON}\n{TABLE}"
    assert set(scanned(files, select=("DDB101", "DDB004")).values()) == {"suppressed"}


def test_a_downloaded_module_does_not_decide_what_is_accepted(surveyed: Callable[..., Survey]) -> None:
    found = surveyed({".terraform/modules/t/main.tf": f"# dynavet:ignore DDB101 {REASON}\n{TABLE}", "main.tf": TABLE})
    assert found.suppressions == []


ATTRIBUTE = """\
resource "aws_dynamodb_table" "orders" {
  server_side_encryption {
    enabled     = true
    kms_key_arn = "alias/aws/dynamodb" # dynavet:ignore DDB101,DDB501 reason="only public data"
  }
}
"""


def test_a_comment_on_an_attribute_covers_what_is_placed_there(scanned: Callable[..., Any]) -> None:
    assert scanned({"main.tf": ATTRIBUTE}) == {
        ("DDB101", "aws_dynamodb_table.orders"): "suppressed",
        ("DDB501", "aws_dynamodb_table.orders"): "fail",
        ("DDB004", "aws_dynamodb_table.orders"): "fail",
    }


@pytest.mark.parametrize(
    ("after", "comment"),
    [
        ("Resources:\n", f"  # dynavet:ignore DDB101 {REASON}\n"),
        ("  Orders:", f" # dynavet:ignore DDB101 {REASON}\n"),
        ("    Type: AWS::DynamoDB::Table\n", "    # checkov:skip=DDB101:only public data\n"),
        ("    Type: AWS::DynamoDB::Table\n", "    Metadata: {dynavet: {ignore: [{id: DDB101, reason: public}]}}\n"),
        ("    Type: AWS::DynamoDB::Table\n", "    Metadata: {dynavet: {ignore: {id: [DDB101], reason: public}}}\n"),
    ],
)
def test_templates(scanned: Callable[..., Any], after: str, comment: str) -> None:
    assert scanned({"t.yaml": TEMPLATE.replace(after, after + comment, 1)}) == {
        ("DDB101", "Orders"): "suppressed",
        ("DDB501", "Orders"): "fail",
        ("DDB101", "Users"): "fail",
        ("DDB501", "Users"): "fail",
    }


def test_metadata_in_json(scanned: Callable[..., Any]) -> None:
    ignore = [{"id": "DDB101", "reason": "only public data", "until": "2030-01-31"}]
    table = {"Type": "AWS::DynamoDB::Table", "Metadata": {"dynavet": {"ignore": ignore}}, "Properties": {}}
    files = {"t.json": json.dumps({"Resources": {"Orders": table}}, indent=2)}
    assert scanned(files, today=date(2030, 1, 31))["DDB101", "Orders"] == "suppressed"
    assert scanned(files, today=date(2030, 2, 1)) == {
        ("DDB003", "Orders"): "fail",
        ("DDB101", "Orders"): "fail",
        ("DDB501", "Orders"): "fail",
    }


def test_what_only_looks_like_a_comment_is_none(surveyed: Callable[..., Survey]) -> None:
    found = surveyed(
        {
            "main.tf": TABLE.replace('"orders"\n', '"# dynavet:ignore DDB101"\n'),
            "t.yaml": TEMPLATE + '      TableName: "a # dynavet:ignore DDB101"\n'
            "      Note: |\n        # dynavet:ignore DDB101\n      Plain: a#dynavet:ignore DDB101\n",
        }
    )
    assert found.suppressions == []


# Statements, and what a suppression accepts in them

POLICY = """\
resource "aws_iam_policy" "p" {{
  policy = jsonencode({{
    Statement = [
      {comment}
      {{
        Effect   = "Allow"
        Action   = [{actions}]
        Resource = "*"
      }},
      {{
        Sid = "Other", Effect = "Allow", Action = "dynamodb:*", Resource = "*"
      }},
    ]
  }})
}}
"""
STATEMENT = ("DDB201", "aws_iam_policy.p 0")
OTHER = ("DDB201", "aws_iam_policy.p Other")
ACCESS = ("DDB002", "DDB004", "DDB201")


def policy(comment: str, actions: str) -> dict[str, str]:
    return {"main.tf": POLICY.format(comment=comment, actions=actions)}


def test_a_comment_on_a_statement_covers_that_statement(scanned: Callable[..., Any]) -> None:
    comment = f'# dynavet:ignore DDB201 {REASON} evidence="dynamodb:Batch*"'
    assert scanned(policy(comment, '"dynamodb:Batch*"'), select=ACCESS) == {STATEMENT: "suppressed", OTHER: "fail"}


def test_a_new_action_is_a_new_finding_where_evidence_is_named(scanned: Callable[..., Any]) -> None:
    comment = f'# dynavet:ignore DDB201 {REASON} evidence="dynamodb:Batch*,dynamodb:Des*"'
    assert scanned(policy(comment, '"dynamodb:Batch*"'), select=ACCESS)[STATEMENT] == "suppressed"
    found = scanned(policy(comment, '"dynamodb:Batch*", "dynamodb:Delete*"'), select=ACCESS)
    assert found == {STATEMENT: "fail", OTHER: "fail", ("DDB004", "aws_iam_policy.p"): "fail"}


def test_a_comment_on_one_action_accepts_that_action_alone(scanned: Callable[..., Any]) -> None:
    accepted = f'\n"dynamodb:Batch*", # dynavet:ignore DDB201 {REASON}\n'
    assert scanned(policy("", accepted), select=ACCESS)[STATEMENT] == "suppressed"
    assert scanned(policy("", accepted + '"dynamodb:Delete*"\n'), select=ACCESS)[STATEMENT] == "fail"


def test_evidence_is_demanded_for_statements(surveyed: Callable[..., Survey]) -> None:
    files = policy(f"# dynavet:ignore DDB201 {REASON}", '"dynamodb:Batch*"')
    found = surveyed(files, select=ACCESS).report
    assert outcomes(found)[STATEMENT] == "fail"
    [invalid] = [each for each in found.findings if each.rule == "DDB002"]
    assert 'evidence="dynamodb:Batch*"' in invalid.message


def test_evidence_need_not_be_demanded(surveyed: Callable[..., Survey]) -> None:
    files = policy(f"# dynavet:ignore DDB201 {REASON}", '"dynamodb:Batch*"')
    assert outcomes(surveyed(files, select=ACCESS, require_evidence=False).report)[STATEMENT] == "suppressed"


def test_a_comment_in_the_form_of_checkov_has_no_evidence_to_name(scanned: Callable[..., Any]) -> None:
    comment = "# checkov:skip=DDB201:tests"
    assert scanned(policy(comment, '"dynamodb:Batch*"'), select=ACCESS)[STATEMENT] == "suppressed"


def test_yaml_statements_and_items(scanned: Callable[..., Any]) -> None:
    template = (
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n"
        "        Statement:\n"
        f"          # dynavet:ignore DDB201 {REASON} evidence=dynamodb:*\n"
        "          - {Sid: One, Effect: Allow, Action: 'dynamodb:*', Resource: '*'}\n"
        "          - Sid: Two\n            Effect: Allow\n            Resource: '*'\n            Action:\n"
        f"              - dynamodb:Batch* # dynavet:ignore DDB201 {REASON}\n"
        "          - {Sid: Three, Effect: Allow, Action: 'dynamodb:*', Resource: '*'}\n"
    )
    assert scanned({"t.yaml": template}, select=ACCESS) == {
        ("DDB201", "P One"): "suppressed",
        ("DDB201", "P Two"): "suppressed",
        ("DDB201", "P Three"): "fail",
    }


# Governance


def test_what_is_undecided_is_covered_too(scanned: Callable[..., Any]) -> None:
    source = 'variable "key" {}\n' + ATTRIBUTE.replace('"alias/aws/dynamodb"', "var.key")
    assert scanned({"main.tf": source}, select=("DDB101",)) == {("DDB101", "aws_dynamodb_table.orders"): "suppressed"}


@pytest.mark.parametrize(
    ("today", "outcome"),
    [(date(2030, 1, 30), "suppressed"), (date(2030, 1, 31), "suppressed"), (date(2030, 2, 1), "fail")],
)
def test_the_last_day_counts(scanned: Callable[..., Any], today: date, outcome: str) -> None:
    files = {"main.tf": f"# dynavet:ignore DDB101 {REASON} until=2030-01-31\n{TABLE}"}
    found = scanned(files, today=today)
    assert found["DDB101", "aws_dynamodb_table.orders"] == outcome
    assert (("DDB003", "aws_dynamodb_table.orders") in found) == (outcome == "fail")


@pytest.mark.parametrize("rule", ["DDB101", "DDB501"])
def test_rules_that_may_not_be_suppressed(scanned: Callable[..., Any], rule: str) -> None:
    files = {"main.tf": f"# dynavet:ignore {rule} {REASON}\n{TABLE}"}
    found = scanned(files, never_suppress=frozenset({rule}))
    assert found[rule, "aws_dynamodb_table.orders"] == found["DDB002", "aws_dynamodb_table.orders"] == "fail"


def test_inline_suppressions_can_be_left_aside(scanned: Callable[..., Any]) -> None:
    files = {"main.tf": f"# dynavet:ignore DDB101 {REASON}\n{TABLE}# dynavet:ignore DDB1\n"}
    found = scanned(files, inline_suppressions=False)
    assert found == {(rule, "aws_dynamodb_table.orders"): "fail" for rule in ("DDB101", "DDB501")}


def test_nothing_is_called_unused_beside_a_broken_file(scanned: Callable[..., Any]) -> None:
    files = {"main.tf": ATTRIBUTE, "broken.tf": "resource {"}
    assert not [rule for rule, _ in scanned(files) if rule == "DDB004"]


# Position does not matter


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("main.tf", f"# dynavet:ignore DDB101 {REASON}\n{TABLE}"),
        ("main.tf", ATTRIBUTE),
        ("main.tf", POLICY.format(comment=f"# dynavet:ignore DDB201 {REASON}", actions='"dynamodb:*"')),
        ("t.yaml", TEMPLATE.replace("  Users:", f"  # dynavet:ignore DDB101 {REASON}\n  Users:")),
        ("main.tf", f"# dynavet:ignore DDB9 {REASON}\n# dynavet:ignore DDB101 {REASON} until=2020-01-01\n{TABLE}"),
    ],
)
def test_lines_inserted_above_change_nothing(surveyed: Callable[..., Survey], name: str, source: str) -> None:
    before = surveyed({name: source}, select=())
    after = surveyed({name: "# a comment\n" * 50 + source}, select=())
    told = [
        sorted((each.rule, each.resource, each.outcome.value, each.fingerprint) for each in found.findings)
        for found in (before, after)
    ]
    assert told[0] == told[1]
    assert [each.state for each in before.suppressions] == [each.state for each in after.suppressions]
    assert [each.origin.line + 50 for each in before.suppressions] == [each.origin.line for each in after.suppressions]


# The command


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    command = shutil.which("dynavet", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet is not installed beside this Python"
    program = command

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )

    return run


def test_suppressed_findings_are_listed_on_demand(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(f"# dynavet:ignore DDB101 {REASON} until=2999-12-31\n{TABLE}")
    plain = run("--select", "DDB101")
    assert (plain.returncode, "DDB101" in plain.stdout, "1 suppressed" in plain.stdout) == (0, False, True)
    assert "only public data" in run("--select", "DDB101", "--show", "suppressed").stdout
    [result] = json.loads(run("--select", "DDB101", "--show", "all", "--format", "json").stdout)["results"]
    assert result["outcome"] == "suppressed"
    assert result["suppression"] == {
        "kind": "inline",
        "reason": "only public data",
        "until": "2999-12-31",
        "path": "main.tf",
        "line": 1,
    }
    assert run("--select", "DDB101", "--no-inline-suppressions").returncode == 1


def test_the_command_lists_every_suppression(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(
        f"# dynavet:ignore DDB101 {REASON}\n{TABLE}"
        '# dynavet:ignore DDB101\nresource "aws_vpc" "a" {}\n'
        '# dynavet:ignore DDB101 reason="old" until=2020-01-01\nresource "aws_vpc" "b" {}\n'
        '# dynavet:ignore DDB101 reason="gone"\nresource "aws_vpc" "c" {}\n'
    )
    listed = run("suppressions")
    assert listed.returncode == 0, listed.stderr
    assert "main.tf:1: active DDB101  aws_dynamodb_table.orders\n    only public data\n" in listed.stdout
    rows = json.loads(run("suppressions", "--format", "json").stdout)
    assert [(row["line"], row["state"], row["until"]) for row in rows] == [
        (1, "active", None),
        (5, "invalid", None),
        (7, "expired", "2020-01-01"),
        (9, "unused", None),
    ]
    (tmp_path / "main.tf").write_text(TABLE)
    assert run("suppressions").stdout == "No suppression was found.\n"


def test_the_examples_in_the_documentation_suppress_what_they_name(
    surveyed: Callable[..., Survey], checkout: Path
) -> None:
    page = (checkout / "docs" / "suppressions.md").read_text("utf-8")
    blocks = re.findall(r"^```(terraform|yaml)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert [fence for fence, _ in blocks] == ["terraform", "yaml", "terraform"]
    for number, (fence, text) in enumerate(blocks):
        name = "main.tf" if fence == "terraform" else "template.yaml"
        found = surveyed({f"{number}/{name}": text}, select=("DDB101", "DDB201", "DDB002"), today=date(2030, 1, 1))
    assert [each.state.value for each in found.suppressions] == ["active"] * len(blocks)
    assert {each.outcome for each in found.findings if each.rule != "DDB002"} == {Outcome.SUPPRESSED}
