"""The benchmarks measure what they say, and every table comes. No figure is held to anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("benchmarks", reason="needs the source tree")

from benchmarks import generate
from benchmarks.measuring import Failed, Program, run_once

from dynavet.engine import scan
from dynavet.rule import Outcome


def failing(directory: Path, rule: str) -> set[str]:
    return {each.resource for each in scan([directory]).findings if each.rule == rule and each.outcome is Outcome.FAIL}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_third_module_fails(here: Path) -> None:
    generate.modules(here, 4)
    assert failing(here, "DDB101") == {f"module.service_{n}.aws_dynamodb_table.t" for n in (0, 3)}
    assert failing(here, "DDB201") == {f"module.service_{n}.aws_iam_role_policy.p" for n in (0, 3)}


def test_every_table_of_a_template_without_a_key_fails(here: Path) -> None:
    (here / "a.template.json").write_text(generate.template_of_cdk(0, 3))
    (here / "b.yaml").write_text(generate.template_in_yaml(10, 3))
    assert failing(here, "DDB101") == {*(f"Table{n}" for n in (0, 1, 2)), *(f"Table{n}" for n in (10, 11, 12))}
    assert failing(here, "DDB201") == {"Policy0", "Function12"}


def test_every_third_statement_of_a_policy_fails(here: Path) -> None:
    generate.policies(here, 2)
    generate.statements(here, 4)
    failed = {
        (each.resource, each.statement) for each in scan([here]).findings if each.rule == "DDB201" and each.message
    }
    assert failed == {
        *(("policy-0.json", "Service0"), ("policy-1.json", "Service3")),
        *(("policy.json", "Service0"), ("policy.json", "Service3")),
    }


def test_every_table_is_accepted_by_its_entry(here: Path) -> None:
    generate.accepted(here, 3)
    command = [sys.executable, "-m", "dynavet", "--format", "json", "--show", "all", "--select", "DDB004,DDB106"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    outcomes = {(each["path"], each["rule"], each["outcome"]) for each in json.loads(ran.stdout)["results"]}
    assert outcomes == {
        ("dynavet.toml", "DDB004", "pass"),
        *((f"service-{n}.yaml", "DDB106", "suppressed") for n in range(3)),
    }


def test_a_program_that_does_not_do_its_work_is_said_so(tmp_path: Path) -> None:
    wrong = Program("wrong", (sys.executable, "-c", "import sys; sys.exit('no reason')"), done=(0,))
    with pytest.raises(Failed, match=r"ended with 1: .*no reason"):
        run_once(wrong, tmp_path, 60)
    endless = Program("endless", (sys.executable, "-c", "import time; time.sleep(60)"))
    with pytest.raises(Failed, match="took more than"):
        run_once(endless, tmp_path, 0.5)
    measure = run_once(Program("large", (sys.executable, "-c", "b = bytearray(50_000_000)")), tmp_path, 60)
    assert measure.seconds > 0 and measure.mebibytes > 40


@pytest.mark.parametrize(
    ("style", "groups", "shown"),
    [
        (
            "text",
            ("cold", "repository", "growth"),
            ("one file", "2 modules", "large templates", "statements in a policy"),
        ),
        ("markdown", ("cold",), ("| one file | dynavet |", "| own | dynavet |")),
        ("json", ("cold",), ('"name": "one file"', '"name": "own"')),
    ],
)
def test_every_table_comes(
    style: str, groups: tuple[str, ...], shown: tuple[str, ...], checkout: Path, here: Path
) -> None:
    if not Path(sys.executable).with_name("dynavet").exists():
        pytest.skip("dynavet is not installed beside this Python")
    generate.one_file(here / "own")
    options = ["--no-peers", "--runs", "1", "--scale", "0.002", "--format", style, "--checkout", str(here / "own")]
    command = [sys.executable, "-m", "benchmarks", *options, *groups]
    ran = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, ran.stderr
    assert not [name for name in shown if name not in ran.stdout], ran.stdout
    assert "ended with" not in ran.stdout
