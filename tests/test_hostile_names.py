"""Names and texts made to steer what shows a report, through the whole command and in every format."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dynavet.reporters import FORMATS

STEERING = ("\x1b", "\x07", "\x9b", "\u202e", "\u2028", "##[")
EVIL = "\x1b]0;x\x07\u202e\u2028\n::error::y\n##[group]##vso[task]<script>alert(1)</script>|`![a](http://x)"
TEMPLATE = """\
Resources:
  "T\\n::error::x\\e[31m##[group]<script>alert(1)</script>":
    Type: AWS::DynamoDB::Table
    Properties: {TableName: "\\e[31m\\n::error::n ##[group]<script>alert(1)</script>"}
"""
TERRAFORM = """\
resource "aws_dynamodb_table" "t" {
  for_each = toset(["\\u001b[31m\\n::error::q##[group]<script>alert(1)</script>"])
  name     = each.key
}
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    statement = {"Sid": EVIL, "Effect": "Allow", "Action": f"dynamodb:{EVIL}", "Resource": EVIL}
    (tmp_path / "p.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    (tmp_path / "main.tf").write_text(TERRAFORM)
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    (tmp_path / "x\n::error::y\x1b[31m##[group]<b>.yaml").write_text(TEMPLATE)
    (tmp_path / "broken\n::error::y\x1b[31m##[group].tf.json").write_text('{"resource": ' + json.dumps(EVIL))
    return tmp_path


def shown(here: Path, *command: str) -> str:
    arguments = [sys.executable, "-m", "dynavet", *command]
    ran = subprocess.run(arguments, cwd=here, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 2 and b"Traceback" not in ran.stderr
    return (ran.stdout + ran.stderr).decode()


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_is_steered(name: str, here: Path) -> None:
    report = shown(here, "--format", name, "--show", "all", "--fixes")
    assert not [each for each in STEERING if each in report]
    commands = {line.split(":")[2].split(" ")[0] for line in report.splitlines() if line.lstrip().startswith("::")}
    assert not commands if name != "github" else commands <= {"error file=", "error", "warning", "notice"}
    assert not re.search(r"^\s*::\w+::[xynq]", report, re.MULTILINE)
    if name in ("markdown", "junit"):
        assert "<script" not in re.sub(r"(`+)[^\n]*?\1", "", report)


def test_the_model_and_the_suppressions_steer_nothing(here: Path) -> None:
    model = shown(here, "model")
    assert not [each for each in STEERING[:-1] if each in model]


@pytest.mark.parametrize("name", ["text", "json", "markdown"])
def test_the_posture_steers_nothing(name: str, here: Path) -> None:
    pipes = TEMPLATE.replace("</script>", "</script>|a|`b`|[c](http://x)")
    (here / "pipes|`x`|<script>.yaml").write_text(pipes)
    posture = shown(here, "posture", "--format", name)
    assert not [each for each in STEERING if each in posture]
    assert not [line for line in posture.splitlines() if line.lstrip().startswith("::")]
    if name == "json":
        assert json.JSONDecoder().raw_decode(posture)[0]["projects"]
    if name == "markdown":
        code = re.sub(r"(`+)[^\n]*?\1", "", posture)
        assert "<script" not in code and "](http" not in code
        for table in re.findall(r"(?:^\|.*\n)+", posture, re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(widths) == 1, table
