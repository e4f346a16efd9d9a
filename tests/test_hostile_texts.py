"""Texts that break readers: each file is read or named with a place, and nothing else is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = %s\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: %s\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": %s}]}'
NINES = "9" * 10_000

READ: dict[str, bytes] = {
    # Numbers of more digits than Python turns into text by itself.
    "integer.tf": (TABLE % NINES).encode(),
    "power.tf": (TABLE % '"${pow(10, 400)}"').encode(),
    "count.tf": TABLE.replace("{\n", "{{\n  count = 1e308\n", 1).replace("{{", "{").replace("%s", '"t"').encode(),
    "integer.yaml": (TEMPLATE % NINES).encode(),
    "capacity.yaml": (TEMPLATE % f"t\n      ProvisionedThroughput: {{ReadCapacityUnits: {NINES}}}").encode(),
    # Characters that are written otherwise than they are read.
    "mark.tf": b"\xef\xbb\xbf" + (TABLE % '"t"').encode(),
    "mark.yaml": b"\xef\xbb\xbf" + (TEMPLATE % "t").encode(),
    "mark.json": b"\xef\xbb\xbf" + (POLICY % '"*"').encode(),
    "direction.tf": (TABLE % '"a\u202eb\u2066c"').encode(),
    "direction.yaml": (TEMPLATE % '"a\u202eb\u2066c"').encode(),
    "halves.json": (POLICY % r'"\ud800"').encode(),
    "line-ends.yaml": (TEMPLATE % "t").replace("\n", "\r\n").encode(),
    "separators.tf": (TABLE % '"a\u2028b\u0085c"').encode(),
}
"""Files that are read."""

NAMED: dict[str, bytes] = {
    "integer.json": (POLICY % NINES).encode(),
    "bytes.tf": b'resource "aws_dynamodb_table" "t" {\n  name = "\xff\xfe"\n}\n',
    "bytes.yaml": (TEMPLATE % "t").encode() + b"      Other: \xff\n",
    "bytes.json": (POLICY % '"*"').encode().replace(b"Allow", b"Allow\xff"),
    "sixteen.tf": (TABLE % '"t"').encode("utf-16"),
    "nul.tf": (TABLE % '"t\0"').encode(),
    "deep.tf": (TABLE % ("[" * 50_000 + "]" * 50_000)).encode(),
    "deep.yaml": (TEMPLATE % ("[" * 5_000 + "]" * 5_000)).encode(),
    "deep.json": (POLICY % ("[" * 50_000 + "]" * 50_000)).encode(),
    "large.tf": (TABLE % ('"' + "x" * 5_000_000 + '"')).encode(),
    "aliases.yaml": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
        + TEMPLATE % "*a9"
    ).encode(),
}
"""Files that cannot be read, each with a problem that says why."""

PASSED_OVER: dict[str, bytes] = {
    "nul.yaml": (TEMPLATE % "t").encode() + b"\0",
    "sixteen.yaml": (TEMPLATE % "t").encode("utf-16"),
    "sixteen.json": (POLICY % '"*"').encode("utf-16"),
}
"""Files that are no text, and listed as such."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of all of them in one scan, each Terraform file in a directory of its own."""
    directory = tmp_path_factory.mktemp("texts")
    for name, data in {**READ, **NAMED, **PASSED_OVER}.items():
        path = directory / name.replace(".tf", "/main.tf")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    command = [
        sys.executable,
        "-m",
        "dynavet",
        "--format",
        "json",
        "--show",
        "all",
        "--select",
        "DDB000,DDB101,DDB201,DDB218",
    ]
    ran = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 2 and "crashed" not in ran.stderr and "Traceback" not in ran.stderr, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def of(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [each for each in report["results"] if each["path"] == name.replace(".tf", "/main.tf")]


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_judged(name: str, report: dict[str, Any]) -> None:
    found = of(report, name)
    assert found and not [each for each in found if each["rule"] == "DDB000"]


@pytest.mark.parametrize("name", NAMED)
def test_what_cannot_be_read_is_named_with_a_place(name: str, report: dict[str, Any]) -> None:
    problems = [each for each in of(report, name) if each["rule"] == "DDB000"]
    assert len(problems) == 1
    assert problems[0]["line"] >= 1 and problems[0]["message"]
    assert "Error" not in problems[0]["message"].split(":")[0], problems  # of no class of Python


@pytest.mark.parametrize("name", PASSED_OVER)
def test_what_is_no_text_is_listed(name: str, report: dict[str, Any]) -> None:
    assert name in {each["path"] for each in report["skipped"]}


def above_the_limit(directory: Path, beginnings: dict[str, str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """A scan of files that begin as given and are larger than what is read of any."""
    for name, beginning in beginnings.items():
        (directory / name).write_bytes(beginning.encode().ljust(65 * 1024 * 1024))
    command = [sys.executable, "-m", "dynavet", "--format", "json", *arguments]
    ran = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, json.loads(ran.stdout)


def test_a_file_above_the_limit_is_listed(tmp_path: Path) -> None:
    status, report = above_the_limit(tmp_path, {"t.yaml": "", "p.json": '{"type": "FeatureCollection", "features": ['})
    assert status == 0
    reasons = {each["path"]: each["reason"] for each in report["skipped"]}
    assert reasons == {"t.yaml": "larger than 64 MiB", "p.json": "larger than 64 MiB"}


def test_what_would_matter_is_a_problem_above_the_limit(tmp_path: Path) -> None:
    plan = '{"format_version":"1.2","terraform_version":"1.11.0","planned_values":{"root_module":{"resources":['
    template = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  T:\n    Type: AWS::DynamoDB::Table\n#"
    status, report = above_the_limit(tmp_path, {"plan.json": plan, "t.yaml": template, "data.json": "["})
    assert status == 2
    problems = {each["path"]: each["message"] for each in report["results"] if each["rule"] == "DDB000"}
    assert problems.keys() == {"plan.json", "t.yaml"}
    assert all("is larger than 64 MiB" in message for message in problems.values())


def test_a_file_that_was_named_is_a_problem_above_the_limit(tmp_path: Path) -> None:
    status, report = above_the_limit(tmp_path, {"data.json": "["}, "data.json")
    assert status == 2
    assert {each["path"] for each in report["results"] if each["rule"] == "DDB000"} == {"data.json"}


@pytest.mark.parametrize("name", ["dynavet.toml", "pyproject.toml"])
def test_a_configuration_that_is_nested_too_deeply_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("[tool.dynavet]\nx = " + "[" * 50_000 + "]" * 50_000 + "\n")
    ran = subprocess.run(
        [sys.executable, "-m", "dynavet"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 2 and ran.stdout == ""
    assert f"{name}: expected values nested less deeply" in ran.stderr


def test_characters_that_stand_for_nothing_are_no_json(tmp_path: Path) -> None:
    """The reader of policies that are partly known puts characters of private use in the place of what is not."""
    (tmp_path / "main.tf").write_text(
        'variable "x" {}\n'
        'resource "aws_iam_role_policy" "alone" {\n  role   = "r"\n  policy = "\U00100000"\n}\n'
        'resource "aws_iam_role_policy" "beside" {\n  role   = "r"\n  policy = "[\U00100000, ${var.x}]"\n}\n'
        + TABLE
        % '"t"',
        "utf-8",
    )
    command = [sys.executable, "-m", "dynavet", "--format", "json", "--select", "DDB000,DDB101,DDB218"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    results = json.loads(ran.stdout)["results"]
    found = {(each["rule"], each["resource"]): each for each in results}
    assert ran.returncode == 1 and "crashed" not in ran.stderr
    assert ("DDB101", "aws_dynamodb_table.t") in found
    assert "not JSON" in found["DDB218", "aws_iam_role_policy.alone"]["message"]
