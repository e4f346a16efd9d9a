"""The edits that findings and pages carry: what they say, where reports show them, and that their code is valid."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.catalogue import LANGUAGES, find, page
from dynavet.cli.root import command
from dynavet.engine import Options, scan
from dynavet.findings import Finding
from dynavet.remedy import EXAMPLE, Language, as_json, edit, edits, examples
from dynavet.rule import Outcome, Rule
from dynavet_checks import RULES

NAMES = {Language.YAML: "template.yaml", Language.JSON: "template.json"}

EDITED = [rule for rule in RULES if not rule.no_edit]
SHOWN = [pytest.param(rule, language, id=f"{rule.id}-{language.name}") for rule in EDITED for language in edits(rule)]


def both(rule: Rule, language: Language) -> tuple[str, str]:
    pair = examples(rule.doc, language)
    assert pair is not None
    return pair


# What an edit says


@pytest.mark.parametrize("rule", EDITED, ids=lambda rule: rule.id)
def test_a_page_has_the_edit_for_each_language(rule: Rule) -> None:
    shown = {each["language"] for each in EXAMPLE.finditer(rule.doc)} | {Language.JSON.value}
    assert {language.value for language in edits(rule)} == shown
    section = page(rule).partition("## How to fix")[2].partition("\n## ")[0]
    for language, text in edits(rule).items():
        assert f"{LANGUAGES[language]}:\n\n```diff\n{text}\n```" in section


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.no_edit], ids=lambda rule: rule.id)
def test_a_page_says_why_there_is_no_edit(rule: Rule) -> None:
    assert edits(rule) == {}
    assert f"No edit can be shown here: {rule.no_edit}." in page(rule)


def of(text: str, marks: str) -> list[str]:
    """The lines of an edit with one of these marks; how ``=`` is aligned, and a comma at the end, do not count."""
    return [bare(line[1:]) for line in text.splitlines() if line[:1] in marks and line.strip() != "..."]


def bare(line: str) -> str:
    return " ".join(line.split()).rstrip(", ")


def is_within(lines: list[str], text: str) -> bool:
    """Whether the lines stand in the text in this order."""
    waiting = iter(map(bare, text.splitlines()))
    return all(line in waiting for line in lines)


@pytest.mark.parametrize(("rule", "language"), SHOWN)
def test_an_edit_leads_from_what_fails_to_what_passes(rule: Rule, language: Language) -> None:
    (old, new), text = both(rule, language), edits(rule)[language]
    assert of(text, "-+")
    assert is_within([line for line in of(text, "- ") if line], old)
    assert is_within([line for line in of(text, "+ ") if line], new)


LINES = st.lists(st.sampled_from(["a {", "  b {", "    c = 1", "    d", "  }", "}", "", "  e"]), max_size=12)


@given(LINES, LINES)
def test_any_two_texts_have_an_edit_between_them(old: list[str], new: list[str]) -> None:
    """With all lines that it leaves out, an edit is the one text without ``+`` and the other without ``-``."""
    texts = ["".join(f"{line}\n" for line in lines) for lines in (old, new)]
    doc = "\n\n".join(
        f"Terraform, {says}:\n\n```terraform\n{text}```" for says, text in zip(("fails", "passes"), texts, strict=True)
    )
    text = edit(replace(find("DDB105"), doc=doc), Language.TERRAFORM)
    assert (text is None) == (old == new)
    if text is not None:
        assert is_within([line for line in of(text, "- ") if line], texts[0])
        assert is_within([line for line in of(text, "+ ") if line], texts[1])


def test_a_block_that_comes_is_whole_and_shown_where_it_goes() -> None:
    text = edit(find("DDB216"), Language.YAML)
    assert text is not None
    assert text.splitlines()[:4] == [" Resources:", "   ...", "   App:", "     Type: AWS::IAM::ManagedPolicy"]
    assert text.splitlines()[-3:] == [
        "             Resource:",
        "               - !GetAtt Orders.Arn",
        '+              - !Sub "${Orders.Arn}/index/*"',
    ]
    text = edit(find("DDB301"), Language.TERRAFORM)
    assert text is not None
    assert text.startswith('+resource "aws_vpc_endpoint" "dynamodb" {\n')
    assert text.endswith('+}\n+\n resource "aws_dynamodb_table" "orders" {')


def test_a_template_in_json_has_functions_in_their_long_form() -> None:
    template = 'Resources:\n  A:\n    Key: !GetAtt Key.Arn\n    Name: !Sub "${B}-x"\n    On: true\n    Ids: [a, b]\n'
    assert json.loads(as_json(template)) == {
        "Resources": {
            "A": {"Key": {"Fn::GetAtt": ["Key", "Arn"]}, "Name": {"Fn::Sub": "${B}-x"}, "On": True, "Ids": ["a", "b"]}
        }
    }


# What it makes is accepted


def test_terraform_accepts_every_example(
    tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    root = ['provider "aws" {\n  region = "eu-west-1"\n}\n']
    for rule in RULES:
        pair = examples(rule.doc, Language.TERRAFORM)
        for says, code in zip(("fails", "passes"), pair or (), strict=False):
            if rule.no_edit and says == "fails":
                continue  # a file that is no Terraform, a module that is not there
            name = f"{rule.id}-{says}"
            (tmp_path / name).mkdir()
            (tmp_path / name / "main.tf").write_text(code, encoding="utf-8")
            root.append(f'module "{name}" {{\n  source = "./{name}"\n}}\n')
    (tmp_path / "main.tf").write_text("".join(root), encoding="utf-8")
    started = terraform(tmp_path, "init", "-input=false", "-no-color")
    assert started.returncode == 0, started.stderr
    said = json.loads(terraform(tmp_path, "validate", "-json").stdout)
    wrong = [(each.get("range", {}).get("filename"), each["detail"]) for each in said["diagnostics"]]
    assert len(root) > 2 * len(EDITED) - 2
    assert wrong == []


CFN_LINT = "import sys; from cfnlint import runner; sys.exit(runner.main())"


def templates() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        for language in (Language.YAML,) if rule.no_edit else (Language.YAML, Language.JSON):
            pair = examples(rule.doc, language)
            for says, code in zip(("fails", "passes"), pair or (), strict=False):
                if not rule.no_edit or says == "passes":
                    yield f"{rule.id}-{says}{Path(NAMES[language]).suffix}", code


def test_cfn_lint_accepts_every_example(tmp_path: Path) -> None:
    pytest.importorskip("cfnlint", reason="needs cfn-lint")
    names = []
    for name, code in templates():
        (tmp_path / name).write_text(code, encoding="utf-8")
        names.append(name)
    lint = [sys.executable, "-c", CFN_LINT, "--format", "json", "--regions", "eu-west-1", "--", *names]
    ran = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    said: list[dict[str, Any]] = json.loads(ran.stdout)
    assert [(each["Filename"], each["Message"]) for each in said if each["Level"] == "Error"] == []
    assert len(names) > 4 * len(EDITED) - 4


# What a finding carries

TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}}
TEMPLATE = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Orders": TABLE}})
YAML = "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: orders}\n"
TERRAFORM = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'
SERVERLESS = "service: orders\nprovider: {name: aws}\nresources:\n  " + YAML.replace("\n", "\n  ")
SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::SimpleTable\n"
PLAN = json.dumps(
    {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_dynamodb_table.orders",
                        "mode": "managed",
                        "type": "aws_dynamodb_table",
                        "name": "orders",
                        "provider_name": "hashicorp/aws",
                        "values": {"name": "orders", "hash_key": "id", "server_side_encryption": []},
                    }
                ]
            }
        },
        "resource_changes": [],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_dynamodb_table.orders",
                        "mode": "managed",
                        "type": "aws_dynamodb_table",
                        "name": "orders",
                        "expressions": {"name": {"constant_value": "orders"}},
                    }
                ]
            }
        },
    }
)
READ_POLICY = 'resource "aws_iam_policy" "app" {\n  policy = file("app.json")\n}\n'


def failed(directory: Path, rule: str, files: dict[str, str], named: str = "") -> Finding:
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    report = scan([Path(named)], Options(select=(rule,)))
    [found] = [each for each in report.findings if each.rule == rule and each.outcome is Outcome.FAIL]
    return found


@pytest.mark.parametrize(
    ("rule", "name", "text", "language"),
    [
        ("DDB101", "main.tf", TERRAFORM, Language.TERRAFORM),
        ("DDB101", "main.tofu", TERRAFORM, Language.TERRAFORM),
        ("DDB101", "t.yaml", YAML, Language.YAML),
        ("DDB101", "t.template", YAML, Language.YAML),
        ("DDB101", "t.json", TEMPLATE, Language.JSON),
        ("DDB101", "t.template", f"\n{TEMPLATE}", Language.JSON),
        ("DDB101", "serverless.yml", SERVERLESS, Language.YAML),
        ("DDB101", "sam.yaml", SAM, Language.YAML),
        ("DDB101", "plan.json", PLAN, Language.TERRAFORM),
        ("DDB201", "policy.json", POLICY, Language.POLICY),
    ],
)
def test_a_finding_has_the_edit_in_the_language_of_its_file(
    rule: str, name: str, text: str, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert failed(tmp_path, rule, {name: text}).remediation == edit(find(rule), language)


def test_a_policy_that_terraform_reads_from_a_file_is_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = failed(tmp_path, "DDB201", {"main.tf": READ_POLICY, "app.json": POLICY}, "main.tf")
    assert found.place.path == "app.json"
    assert found.remediation == edit(find("DDB201"), Language.POLICY)


def test_a_file_that_cannot_be_read_has_no_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert failed(tmp_path, "DDB000", {"main.tf": 'resource "aws_dynamodb_table" {'}).remediation is None


def test_only_failures_have_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(both(find("DDB105"), Language.TERRAFORM)[1])
    report = scan([Path()], Options(select=("DDB105",)))
    assert [(each.outcome, each.remediation) for each in report.findings] == [(Outcome.PASS, None)]


# What reports show


@pytest.fixture
def reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The report on two tables without point-in-time recovery, with the given options."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(TERRAFORM + TERRAFORM.replace("orders", "carts"), encoding="utf-8")

    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            command(["scan", "--select", "DDB105", *arguments])
        return capsys.readouterr().out

    return run


EDIT = edit(find("DDB105"), Language.TERRAFORM)


def test_text_shows_an_edit_once_and_only_if_it_is_asked_for(reported: Callable[..., str]) -> None:
    assert "how to fix" not in reported()
    text = reported("--fixes")
    assert text.count("how to fix DDB105, on an example:") == 1
    assert "        +  point_in_time_recovery {\n        +    enabled = true\n" in text


def test_markdown_shows_an_edit_once(reported: Callable[..., str]) -> None:
    assert reported("--format", "markdown").count(f"```diff\n{EDIT}\n```") == 1


def test_programs_get_the_edit_with_each_failure(reported: Callable[..., str]) -> None:
    results = json.loads(reported("--format", "json"))["results"]
    assert [each["remediation"] for each in results] == [EDIT, EDIT]
    [run] = json.loads(reported("--format", "sarif"))["runs"]
    assert [each["properties"] for each in run["results"]] == [{"remediation": EDIT}] * 2
    found = json.loads(reported("--format", "gitlab-sast"))["vulnerabilities"]
    assert [each["solution"] for each in found] == [EDIT, EDIT]
    assert reported("--format", "junit").count("\n+    enabled = true\n") == 2
