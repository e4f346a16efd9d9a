"""The configuration file: where it is found, what it sets, and how its errors read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dynavet.config import KEYS, BadConfiguration, configured

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'


@pytest.fixture
def run(tmp_path: Path) -> Run:
    command = shutil.which("dynavet", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet is not installed beside this Python"
    program = command

    def run(*arguments: str, cwd: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments], cwd=tmp_path / cwd, capture_output=True, text=True, check=False, timeout=60
        )

    return run


def results(ran: subprocess.CompletedProcess[str]) -> dict[tuple[str, str], str]:
    listed: list[dict[str, Any]] = json.loads(ran.stdout)["results"]
    return {(each["rule"], each["resource"]): each["outcome"] for each in listed}


def write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")


# Where it is


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dynavet.toml", 'select = ["DDB501"]\n'),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.dynavet]\nselect = ["required-tags"]\n'),
        ("infra/dynavet.toml", 'select = ["DDB501"]\n'),
        ("other.toml", 'select = ["DDB501"]\n'),
    ],
)
def test_it_is_found_above_the_scanned_path_or_named(run: Run, tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {"infra/app/main.tf": TABLE, name: text, ".git/HEAD": ""})
    named = ("--config", name) if name == "other.toml" else ()
    assert set(results(run("infra/app", "--format", "json", *named))) == {("DDB501", "aws_dynamodb_table.orders")}


def test_the_nearest_counts_and_nothing_above_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"dynavet.toml": "bad = 1", "repo/.git/HEAD": "", "repo/a/main.tf": TABLE})
    assert configured([Path("repo/a")], tmp_path).options == {}
    write(tmp_path, {"repo/dynavet.toml": 'fail-on = "high"', "repo/a/pyproject.toml": "[tool.other]"})
    assert configured([Path("repo/a/main.tf")], tmp_path).options["fail_on"].label == "high"
    write(tmp_path, {"repo/a/dynavet.toml": 'fail-on = "never"'})
    assert configured([Path("repo/a")], tmp_path).options["fail_on"] is None


def test_outside_a_repository_it_is_looked_for_up_to_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, {"dynavet.toml": 'fail-on = "never"', "work/infra/main.tf": TABLE})
    assert "fail_on" in configured([Path("work/infra")], tmp_path).options
    assert configured([Path("infra")], tmp_path / "work").options == {}


def test_paths_with_different_configurations_need_a_choice(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": TABLE, "b/main.tf": TABLE, "a/dynavet.toml": "", "b/dynavet.toml": ""})
    ran = run("a", "b")
    assert ran.returncode == 2
    assert "a/dynavet.toml and b/dynavet.toml; choose one with --config" in ran.stderr


# What it sets


def test_the_command_line_wins(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TABLE, "dynavet.toml": 'fail-on = "high"\nselect = ["DDB501"]\nshow = ["pass"]\n'})
    assert run().returncode == 0
    assert "DDB501" not in run().stdout
    assert run("--fail-on", "low").returncode == 1
    assert "DDB501" in run("--show", "fail").stdout
    assert set(results(run("--format", "json", "--select", "DDB101", "--show", "fail"))) == {
        ("DDB101", "aws_dynamodb_table.orders")
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('required-tags = ["owner"]', "The table lacks the required tag owner."),
        ('required-tags = ["Team"]', None),
        ('required-tags = ["Team"]\ncase-sensitive-tags = true', "The table lacks the required tag Team."),
    ],
)
def test_required_tags(run: Run, tmp_path: Path, settings: str, message: str | None) -> None:
    write(tmp_path, {"main.tf": TABLE.replace("}", '  tags = { team = "x" }\n}'), "dynavet.toml": settings})
    ran = run("--select", "DDB501")
    assert ran.returncode == (message is not None)
    assert (message or "0 failed") in ran.stdout


def test_values_of_tags_are_judged_where_they_are_configured_or_selected(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TABLE.replace("}", '  tags = { Stage = "x" }\n}')})
    assert "DDB502" not in run("--show", "all").stdout
    assert results(run("--select", "DDB502", "--show", "all", "--format", "json")) == {}
    write(tmp_path, {"dynavet.toml": '[tag-values]\nStage = ["live"]\n'})
    found = results(run("--show", "all", "--format", "json"))
    assert found["DDB502", "aws_dynamodb_table.orders"] == "fail"
    assert ("DDB101", "aws_dynamodb_table.orders") in found
    assert "DDB502" not in run("--show", "all", "--ignore", "DDB502").stdout
    assert "DDB502" not in run("--show", "all", "--select", "DDB101").stdout


WORKLOAD = """\
Resources:
  Function:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: {Effect: Allow, Action: "dynamodb:GetItem", Resource: "*"}}
"""


def test_fine_grained_conditions_for_workloads(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": WORKLOAD})
    assert results(run("--select", "DDB203", "--show", "all", "--format", "json")) == {}
    write(tmp_path, {"dynavet.toml": 'fine-grained = "all"'})
    [result] = json.loads(run("--select", "DDB203", "--format", "json").stdout)["results"]
    assert (result["resource"], result["severity"]) == ("Function", "low")


SHARED = """{"Statement": {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "dynamodb:GetItem",
  "Resource": "arn:aws:dynamodb:eu-west-1:%s:table/Orders"}}"""


@pytest.mark.parametrize(
    ("table_in", "settings", "outcomes"),
    [
        ("111122223333", "", {"fail"}),
        ("*", "", {"unknown"}),
        ("*", 'own-accounts = ["444455556666"]', {"pass"}),
        ("*", 'own-accounts = ["777788889999"]', {"fail"}),
        ("444455556666", 'own-accounts = ["777788889999"]', {"pass"}),
    ],
)
def test_own_accounts(run: Run, tmp_path: Path, table_in: str, settings: str, outcomes: set[str]) -> None:
    write(tmp_path, {"policy.json": SHARED % table_in, "dynavet.toml": settings})
    found = json.loads(run("--select", "DDB211", "--show", "all", "--format", "json").stdout)["results"]
    assert {result["outcome"] for result in found} == outcomes


IGNORE = """\
select = ["DDB003", "DDB004", "DDB101", "DDB201"]

[[ignore]]
id = "DDB101"
path = "infra/*"
resource = 'aws_dynamodb_table.orders["*"]'
reason = "only public data"

[[ignore]]
id = ["DDB201"]
statement = "Admin"
reason = "break glass"
evidence = "dynamodb:*"
until = 2999-12-31

[[ignore]]
id = "DDB101"
path = "nowhere/*"
reason = "was moved"
"""
POLICY = '{"Statement": [{"Sid": "SID", "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'


@pytest.mark.parametrize("cwd", [".", "infra"])
def test_entries_select_by_path_resource_and_statement(run: Run, tmp_path: Path, cwd: str) -> None:
    each = TABLE.replace("{\n", '{\n  for_each = toset(["a"])\n', 1)
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "dynavet.toml": IGNORE,
            "infra/main.tf": each + TABLE.replace("orders", "users"),
            "infra/admin.json": POLICY.replace("SID", "Admin"),
            "infra/other.json": POLICY.replace("SID", "Other"),
            "app/main.tf": each,
        },
    )
    ran = run("--show", "fail,suppressed", "--format", "json", str(tmp_path), cwd=cwd)
    listed = json.loads(ran.stdout)["results"]
    outcomes = {(each["rule"], Path(tmp_path, cwd, each["path"]).resolve().name, each["outcome"]) for each in listed}
    assert outcomes == {
        ("DDB101", "main.tf", "suppressed"),
        ("DDB101", "main.tf", "fail"),
        ("DDB201", "admin.json", "suppressed"),
        ("DDB201", "other.json", "fail"),
        ("DDB004", "dynavet.toml", "fail"),
    }
    assert [each["instances"] for each in listed if (each["rule"], each["outcome"]) == ("DDB101", "suppressed")] == [
        ['aws_dynamodb_table.orders["a"]']
    ]
    assert [each["line"] for each in listed if each["rule"] == "DDB004"] == [16]


def test_an_entry_is_not_called_unused_where_only_a_part_was_scanned(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "dynavet.toml": IGNORE, "app/main.tf": TABLE})
    assert "DDB004" not in run("app").stdout
    assert "DDB004" in run(".").stdout


def test_an_entry_expires(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"dynavet.toml": IGNORE.replace("2999", "2020"), "admin.json": POLICY.replace("SID", "Admin")})
    ran = run("--format", "json")
    assert {("DDB201", "admin.json"), ("DDB003", "dynavet.toml")} <= set(results(ran))
    assert ran.returncode == 1


def test_ids_and_entries_in_one_list(run: Run, tmp_path: Path) -> None:
    others = '"DDB105", "DDB106", "DDB501", "DDB503"'
    text = f'[tool.dynavet]\nignore = [{others}, {{id = "DDB101", reason = "only public data"}}]\n'
    write(tmp_path, {"pyproject.toml": text, "main.tf": TABLE})
    assert results(run("--show", "fail,suppressed", "--format", "json")) == {
        ("DDB101", "aws_dynamodb_table.orders"): "suppressed"
    }


# What is wrong with it


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\nslect = []\n", "dynavet.toml:2: unknown key 'slect'; did you mean 'select'?"),
        ('# select\nselect = ["DDB1O1"]\n', "dynavet.toml:2: select: unknown rule 'DDB1O1'; did you mean DDB101"),
        ('fail-on = "hihg"', "dynavet.toml:1: fail-on: expected one of never, info, low"),
        ('show = ["fail", "failed"]', "dynavet.toml:1: show: expected one of all, fail"),
        ('fine-grained = "some"', "dynavet.toml:1: fine-grained: expected one of default, all"),
        ('scope = "accounts"', "dynavet.toml:1: scope: expected one of part, account"),
        ('transport = "tls"', "dynavet.toml:1: transport: expected one of default, deny"),
        ('own-accounts = ["1111"]', "dynavet.toml:1: own-accounts: expected a list of account numbers, each a text"),
        ("own-accounts = [111122223333]", "dynavet.toml:1: own-accounts: expected a list of account numbers"),
        ('require-evidence = "yes"', "dynavet.toml:1: require-evidence: expected true or false"),
        ('required-tags = "Owner"', "dynavet.toml:1: required-tags: expected a list of texts"),
        ('[[ignore]]\nid = "DDB101"\nreason = "x"\n[[ignore]]\nid = "DDB101"\n', "dynavet.toml:4: ignore: no reason"),
        ('[[ignore]]\nid = "DDB101"\nreason = "x"\nresorce = "*"\n', "unknown key 'resorce'; did you mean 'resource'?"),
        ('[[ignore]]\nid = "DDB9"\nreason = "x"\n', "dynavet.toml:1: ignore: unknown rule 'DDB9'"),
        ('[[ignore]]\nid = "DDB101"\nreason = "x"\nuntil = "soon"\n', "until=soon is not a date"),
        ('[[ignore]]\nid = "DDB000"\nreason = "x"\n', "dynavet.toml:1: ignore: DDB000 may not be suppressed"),
        (
            'never-suppress = ["DDB101"]\n[[ignore]]\nid = "DDB101"\nreason = "x"\n',
            "dynavet.toml:2: ignore: DDB101 may not be suppressed",
        ),
        ("\n[tag-values]\nA = ['a']\nB = 'b'", "dynavet.toml:4: tag-values: B: expected a list of texts"),
        ('tag-values = ["a"]', "dynavet.toml:1: tag-values: expected a table"),
        ("select = [", "dynavet.toml: "),
        ('baseline = "not-there.txt"', "not-there.txt cannot be read: No such file or directory"),
    ],
)
def test_errors_name_the_place_and_the_nearest(run: Run, tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path, {"main.tf": TABLE, "dynavet.toml": text})
    ran = run()
    assert (ran.returncode, ran.stdout) == (2, "")
    assert problem in ran.stderr


def test_the_table_of_pyproject_is_told_from_others(tmp_path: Path) -> None:
    text = "[tool.other]\nslect = 1\n\n[tool.dynavet]\nslect = 1\n"
    write(tmp_path, {"pyproject.toml": text})
    with pytest.raises(BadConfiguration, match=r"pyproject\.toml:5: unknown key 'slect'"):
        configured([Path()], tmp_path)


def test_the_documentation_names_every_key(checkout: Path) -> None:
    page = (checkout / "docs" / "configuration.md").read_text("utf-8")
    assert [key for key in KEYS if f"| `{key}` |" not in page] == []
