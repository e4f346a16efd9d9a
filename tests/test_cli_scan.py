"""The installed command as people run it: exit statuses, options, bad input."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

GOOD = """\
resource "aws_kms_key" "k" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "good" {
  name         = "good"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
  point_in_time_recovery {
    enabled = true
  }
  deletion_protection_enabled = true
  tags                        = { Security = "internal", Environment = "test" }
}
"""
ONE_RULE = ("--select", "DDB101")
BAD = GOOD.replace("kms_key_arn = aws_kms_key.k.arn", 'kms_key_arn = "alias/aws/dynamodb"').replace('"good"', '"bad"')
UNDECIDED = 'variable "key" {}\n' + GOOD.replace("aws_kms_key.k.arn", "var.key")
LOW = GOOD.replace('Security = "internal", ', "")

FAILING_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
BROKEN = {
    "hcl": ("broken/main.tf", 'resource "aws_dynamodb_table" "t" {\n'),
    "yaml": ("broken/t.yaml", "AWSTemplateFormatVersion: x\nResources:\n  T: {Type: AWS::DynamoDB::Table\n"),
    "template": ("broken/t.json", '{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}\n'),
    "policy": ("broken/p.json", '{"Statement": [{"Effect": "Allow", "Action": "dynamodb:*"\n'),
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    command = shutil.which("dynavet", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet is not installed beside this Python"

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], None]:
    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)

    return write


Write = Callable[[dict[str, str]], None]


def results(run: Run, *arguments: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run("--format", "json", *arguments).stdout)
    return report


def test_nothing_wrong_is_0(run: Run, write: Write) -> None:
    write({"main.tf": GOOD})
    ran = run()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Scanned 1 file: 1 table, 0 policies, 0 statements." in ran.stdout


def test_a_failure_is_1(run: Run, write: Write) -> None:
    write({"main.tf": BAD})
    ran = run("scan", ".")
    assert ran.returncode == 1
    assert "main.tf:11:5: medium DDB101 table-customer-managed-key  aws_dynamodb_table.bad" in ran.stdout


@pytest.mark.parametrize(
    ("threshold", "status"), [("critical", 0), ("high", 0), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)]
)
def test_fail_on_sets_the_threshold(run: Run, write: Write, threshold: str, status: int) -> None:
    write({"main.tf": BAD})
    ran = run(*ONE_RULE, "--fail-on", threshold)
    assert ran.returncode == status
    assert "DDB101" in ran.stdout


def test_low_is_the_default_threshold(run: Run, write: Write) -> None:
    write({"low.tf": LOW, "missing/main.tf": 'module "m" {\n  source = "registry/m/aws"\n}\n'})
    assert run().returncode == 1
    assert run("missing").returncode == 0
    assert "DDB001" in run("missing").stdout


def test_undecided_is_0_unless_asked_otherwise(run: Run, write: Write) -> None:
    write({"main.tf": UNDECIDED})
    ran = run(*ONE_RULE)
    assert ran.returncode == 0
    assert "Undecided (1)" in ran.stdout and "var.key has no value" in ran.stdout
    assert run(*ONE_RULE, "--fail-on-unknown").returncode == 1


def test_variables_decide(run: Run, write: Write) -> None:
    write({"main.tf": UNDECIDED, "aws.tfvars": 'key = "alias/aws/dynamodb"\n', "own.tfvars": 'key = "alias/own"\n'})
    assert run("--var", "key=alias/aws/dynamodb").returncode == 1
    assert run("--var-file", "aws.tfvars").returncode == 1
    assert "0 undecided" in run("--var-file", "aws.tfvars", "--var-file", "own.tfvars").stdout
    assert run("--var", "key").returncode == 2


def test_a_variables_file_may_lie_outside(run: Run, write: Write) -> None:
    write({"infra/main.tf": UNDECIDED, "vars/aws.tfvars": 'key = "alias/aws/dynamodb"\n'})
    assert run("infra", "--var-file", "vars/aws.tfvars").returncode == 1


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_2_and_the_others_are_scanned(run: Run, write: Write, kind: str) -> None:
    name, text = BROKEN[kind]
    write({name: text, "sound/main.tf": BAD, "sound/t.yaml": FAILING_TEMPLATE})
    for arguments in ((), ("--fail-on", "never"), ("--select", "DDB101"), ("--ignore", "DDB000")):
        ran = run(*arguments)
        assert ran.returncode == 2
        assert f"{name}:" in ran.stdout and "DDB000" in ran.stdout
        assert "aws_dynamodb_table.bad" in ran.stdout and "  Orders" in ran.stdout
        assert "Traceback" not in ran.stdout + ran.stderr


def test_what_cannot_be_read_is_2(run: Run, write: Write, tmp_path: Path) -> None:
    write({"main.tf": BAD})
    (tmp_path / "gone.tf").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.yaml")
    ran = run()
    assert ran.returncode == 2
    assert "gone.tf:1:1" in ran.stdout and "pipe.yaml:1:1" in ran.stdout
    assert "aws_dynamodb_table.bad" in ran.stdout


def test_binary_files_are_passed_over(run: Run, write: Write, tmp_path: Path) -> None:
    write({"main.tf": GOOD})
    (tmp_path / "data.json").write_bytes(b"\0\1\2Resources")
    ran = run()
    assert ran.returncode == 0
    assert "1 file passed over (1 binary)." in ran.stdout


def test_a_missing_path_is_2_and_named(run: Run) -> None:
    ran = run("nowhere")
    assert ran.returncode == 2
    assert "nowhere: no such file or directory" in ran.stderr


def test_an_empty_directory_is_0_unless_files_are_required(run: Run) -> None:
    ran = run()
    assert ran.returncode == 0
    assert "Nothing was found to scan" in ran.stdout
    assert run("--require-files").returncode == 2


def test_quiet_says_nothing_when_there_is_nothing(run: Run, write: Write) -> None:
    write({"good/main.tf": GOOD, "bad/main.tf": BAD})
    assert run(*ONE_RULE, "--quiet", "good").stdout == ""
    assert "Scanned" in run(*ONE_RULE, "--quiet", "bad").stdout


def test_select_and_ignore_choose_rules(run: Run, write: Write) -> None:
    write({"main.tf": BAD.replace("Security", "Safety")})

    def rules(*arguments: str) -> set[str]:
        return {each["rule"] for each in results(run, *arguments)["results"]}

    assert {"DDB101", "DDB501"} <= rules()
    assert rules("--select", "DDB101") == {"DDB101"}
    assert rules("--select", "ddb101,required-tags") == {"DDB101", "DDB501"}
    assert rules("--select", "DDB101", "--select", "DDB501", "--ignore", "DDB501") == {"DDB101"}
    assert "DDB101" not in rules("--ignore", "table-customer-managed-key")


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_2_and_names_the_nearest(run: Run, option: str) -> None:
    ran = run(option, "DDB10l")
    assert ran.returncode == 2
    assert "unknown rule 'DDB10l'; did you mean DDB101 (table-customer-managed-key)?" in ran.stderr


@pytest.mark.parametrize("arguments", [("--shwo", "all"), ("--show", "maybe"), ("--select", ","), ("--format", "pdf")])
def test_usage_errors_are_2(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.returncode == 2
    assert "Error:" in ran.stderr


def test_show_chooses_what_is_listed_not_what_is_counted(run: Run, write: Write) -> None:
    write({"main.tf": BAD, "undecided/main.tf": UNDECIDED})
    outcomes = {
        show: {each["outcome"] for each in results(run, "--show", show)["results"]}
        for show in ("fail", "unknown", "pass", "fail,pass", "all")
    }
    assert outcomes == {
        "fail": {"fail"},
        "unknown": {"unknown"},
        "pass": {"pass"},
        "fail,pass": {"fail", "pass"},
        "all": {"fail", "unknown", "pass"},
    }
    assert results(run, "--show", "fail")["summary"] == results(run, "--show", "all")["summary"]


def test_each_output_takes_the_format_before_it(run: Run, write: Write, tmp_path: Path) -> None:
    write({"main.tf": BAD})
    ran = run(*ONE_RULE, "--format", "text", "--format", "json", "--output", "report.json", "main.tf")
    assert ran.returncode == 1
    assert ran.stdout.startswith("Failed (1)")
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["fail"] == 1
    run(*ONE_RULE, "--output", "a.json", "--format", "json", "--format", "text", "--output", "b.txt", "main.tf")
    assert json.loads((tmp_path / "a.json").read_text())["summary"]["fail"] == 1
    assert (tmp_path / "b.txt").read_text() == ran.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.txt", "main.tf", "report.json"]


def test_an_output_without_a_format_is_text(run: Run, write: Write, tmp_path: Path) -> None:
    write({"main.tf": BAD})
    assert run(*ONE_RULE, "--output", "report.txt").stdout == ""
    assert (tmp_path / "report.txt").read_text().startswith("Failed (1)")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--output", "a", "--output", "b"),
        ("--format", "json", "--output", "a", "--output", "b"),
        ("--format", "json", "--output", "a", "--format", "text", "--output", "./a"),
    ],
)
def test_outputs_that_cannot_all_be_written_are_2(run: Run, arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert run(*arguments).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_is_2(run: Run, write: Write) -> None:
    write({"main.tf": GOOD})
    ran = run("--format", "json", "--output", "nowhere/report.json")
    assert ran.returncode == 2
    assert "nowhere/report.json cannot be written" in ran.stderr


def test_an_output_replaces_the_target_of_a_link(run: Run, write: Write, tmp_path: Path) -> None:
    write({"main.tf": GOOD, "old.json": "{}"})
    (tmp_path / "link.json").symlink_to("old.json")
    run("--format", "json", "--output", "link.json", "main.tf")
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "old.json").read_text())["version"] == 1


def test_scan_is_what_is_done_without_a_command(run: Run, write: Write) -> None:
    write({"infra/main.tf": BAD})
    with_command = run("scan", "infra").stdout
    assert run("infra").stdout == with_command
    assert run("--fail-on", "high", "infra").stdout == with_command


def test_the_same_scan_prints_the_same(run: Run, write: Write) -> None:
    write({"a/main.tf": BAD, "b/t.yaml": FAILING_TEMPLATE, "c/main.tf": UNDECIDED})
    printed = {run("--format", "json", "--show", "all", PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "2")}
    assert len(printed) == 1


def test_output_survives_a_narrow_encoding(run: Run, write: Write) -> None:
    write({"main.tf": BAD.replace('"id"', '"ключ"').replace('name     = "bad"', 'name = "ключ" # ключ')})
    ran = run("--show", "all", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
