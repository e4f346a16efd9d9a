"""Processes that share a scan: the same report as of one process, and nothing lost but what one of them died of."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: {{TableName: {}}}\n"
NESTING = "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: inner.yaml}\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'

LAUNCH = """
import os, signal, sys, time
from dynavet import workers

workers.ENOUGH = workers.PORTION = 0
workers.METHOD = sys.argv.pop(1)
what = sys.argv.pop(1)

def over(module, name, act):
    whole = getattr(module, name)
    def acting(*arguments, **named):
        if "fatal" in str(arguments):
            act()
        return whole(*arguments, **named)
    setattr(module, name, acting)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def hold():
    print("at work", file=sys.stderr, flush=True)
    time.sleep(600)

def refuse():
    raise BlockingIOError("no more processes")

if what == "refuse":
    os.fork = refuse
if what in ("die", "hold"):
    import dynavet_parsers.cloudformation, dynavet_parsers.terraform
    act = {"die": die, "hold": hold}[what]
    over(dynavet_parsers.cloudformation, "read_template", act)
    over(dynavet_parsers.terraform, "read_roots", act)

from dynavet.cli import main

if __name__ == "__main__":
    main()
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forked")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A repository with something of everything, ``fatal`` in the names of what somebody may die of."""
    for number in range(12):
        (tmp_path / f"t{number}.yaml").write_text(TEMPLATE.format(f"t{number}"))
        (tmp_path / f"p{number}.json").write_text(POLICY)
    (tmp_path / "fatal.yaml").write_text(TEMPLATE.format("f"))
    (tmp_path / "nested").mkdir()
    (tmp_path / "nested" / "outer.yaml").write_text(NESTING)
    (tmp_path / "nested" / "inner.yaml").write_text(TEMPLATE.format("inner"))
    (tmp_path / "broken.yaml").write_text("Resources:\n  T: {Type: AWS::DynamoDB::Table\n")
    (tmp_path / "suppressed.yaml").write_text(
        "Resources:\n  # dynavet:ignore DDB101 reason='known'\n  T:\n    Type: AWS::DynamoDB::Table\n"
    )
    for name in ("ok", "fatal"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(TABLE)
    return tmp_path


def launched(here: Path, *arguments: str, method: str = "fork", what: str = "nothing") -> list[str]:
    script = here.parent / "launch.py"  # a file, since processes that are spawned read it again
    script.write_text(LAUNCH)
    return [sys.executable, str(script), method, what, "--format", "json", "--show", "all", *arguments]


def run(here: Path, *arguments: str, **named: str) -> tuple[int, dict[str, Any], str]:
    command = launched(here, *arguments, **named)
    ran = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, json.loads(ran.stdout), ran.stderr


def judged(report: dict[str, Any], rule: str) -> set[str]:
    return {each["path"] for each in report["results"] if each["rule"] == rule}


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_more_processes_find_the_same(method: str, here: Path) -> None:
    assert run(here, "--jobs", "2", method=method) == run(here, "--jobs", "1")


def test_where_no_process_can_be_had_one_does_it(here: Path) -> None:
    assert run(here, "--jobs", "2", what="refuse") == run(here, "--jobs", "1")


def test_no_time_is_the_same_for_all(here: Path) -> None:
    alone, shared = (run(here, "--jobs", jobs, "--max-seconds", "0") for jobs in ("1", "3"))
    assert alone == shared
    assert alone[0] == 2 and {"t1.yaml", "p1.json", "ok"} <= {each["path"] for each in alone[1]["skipped"]}


def test_what_a_process_dies_of_is_named_and_the_rest_is_there(here: Path) -> None:
    whole = run(here, "--jobs", "1")[1]
    status, report, errors = run(here, "--jobs", "2", what="die")
    assert status == 2
    lost = {"fatal", "fatal.yaml"}
    assert judged(report, "DDB000") - judged(whole, "DDB000") == lost
    assert all(f"{path}: the process that was reading it ended" in errors for path in lost)
    assert judged(whole, "DDB101") - judged(report, "DDB101") == {"fatal.yaml", "fatal/main.tf"}
    assert judged(whole, "DDB201") == judged(report, "DDB201")


def children(group: int) -> list[str]:
    """The processes of a group, those that ended and were not asked for left out."""
    shown = subprocess.run(["ps", "-eo", "pgid=,pid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in shown.splitlines())
    return [pid for pgid, pid, state in rows if pgid == str(group) and not state.startswith("Z")]


@pytest.mark.parametrize("whole_group", [True, False])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind(sent: signal.Signals, whole_group: bool, here: Path) -> None:
    command = launched(here, "--jobs", "2", "--output", "report.json", what="hold")
    process = subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None and process.stderr.readline() == "at work\n"
    os.killpg(process.pid, sent) if whole_group else os.kill(process.pid, sent)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(sent, -sent)
    assert not (here / "report.json").exists()
    for _ in range(100):  # what the system ends by itself takes a moment
        if not children(process.pid):
            break
        time.sleep(0.1)
    assert children(process.pid) == []
