"""Baselines: exactly the failures that are listed are hidden, wherever they move in their file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'
FILE = "dynavet-baseline.txt"
TWO = ("--select", "DDB101,DDB501")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    command = shutil.which("dynavet", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet is not installed beside this Python"
    program = command
    (tmp_path / ".git").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "main.tf").write_text(TABLE)

    def run(*arguments: str, cwd: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments], cwd=tmp_path / cwd, capture_output=True, text=True, check=False, timeout=60
        )

    return run


def failing(ran: subprocess.CompletedProcess[str]) -> list[tuple[str, str, str]]:
    return [
        (each["rule"], each["path"], instance)
        for each in json.loads(ran.stdout)["results"]
        for instance in each["instances"]
    ]


def test_it_is_sorted_has_one_failure_per_line_and_no_line_numbers(run: Run, tmp_path: Path) -> None:
    created = run("baseline", "create", *TWO)
    assert (created.returncode, created.stdout) == (0, f"{FILE}: 2 known failures\n")
    text = (tmp_path / FILE).read_text()
    header, *lines = text.splitlines()
    assert header.startswith("#")
    assert lines == sorted(lines)
    assert {line.partition("  # ")[2] for line in lines} == {
        "DDB101 aws_dynamodb_table.orders",
        "DDB501 aws_dynamodb_table.orders",
    }
    (tmp_path / "one" / "main.tf").write_text("\n" * 50 + TABLE)
    (tmp_path / FILE).unlink()
    run("baseline", "create", str(tmp_path / "one"), "--output", f"../{FILE}", *TWO, cwd="one")
    assert (tmp_path / FILE).read_text() == text


def test_known_failures_are_hidden_and_no_others(run: Run, tmp_path: Path) -> None:
    run("baseline", "create", *TWO)
    assert run("--baseline", FILE, *TWO).returncode == 0
    assert "2 suppressed" in run("--baseline", FILE, *TWO).stdout
    assert "listed in the baseline" in run("--baseline", FILE, *TWO, "--show", "suppressed").stdout
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "main.tf").write_text(TABLE)
    (tmp_path / "one" / "main.tf").write_text("\n" * 50 + TABLE + TABLE.replace("orders", "users"))
    ran = run("--baseline", FILE, "--format", "json", *TWO)
    assert ran.returncode == 1
    assert sorted(failing(ran)) == [
        (rule, path, f"aws_dynamodb_table.{name}")
        for rule in ("DDB101", "DDB501")
        for path, name in (("one/main.tf", "users"), ("two/main.tf", "orders"))
    ]


def test_a_new_instance_and_new_evidence_are_new(run: Run, tmp_path: Path) -> None:
    def tables(keys: str, tags: str) -> None:
        body = f"{{\n  for_each = toset([{keys}])\n  tags = {{ {tags} }}\n"
        (tmp_path / "one" / "main.tf").write_text(TABLE.replace("{\n", body, 1))

    tables('"a"', 'Security = "x"')
    run("baseline", "create", *TWO)
    assert run("--baseline", FILE, *TWO).returncode == 0
    tables('"a", "b"', 'Security = "x"')
    assert failing(run("--baseline", FILE, "--format", "json", *TWO)) == [
        (rule, "one/main.tf", 'aws_dynamodb_table.orders["b"]') for rule in ("DDB101", "DDB501")
    ]
    tables('"a"', 'Other = "x"')
    assert failing(run("--baseline", FILE, "--format", "json", *TWO)) == [
        ("DDB501", "one/main.tf", 'aws_dynamodb_table.orders["a"]')
    ]


def test_update_drops_what_is_gone_and_adds_only_when_told(run: Run, tmp_path: Path) -> None:
    run("baseline", "create", *TWO)
    (tmp_path / "one" / "main.tf").write_text(
        TABLE.replace("}", '  tags = { Security = "x", Environment = "y" }\n}') + TABLE.replace("orders", "users")
    )
    updated = run("baseline", "update", *TWO)
    assert updated.stdout == f"{FILE}: 1 known failure; 1 dropped, 0 added, 2 new and not in it\n"
    before = (tmp_path / FILE).read_text()
    assert "DDB101 aws_dynamodb_table.orders" in before
    assert run("baseline", "update", *TWO).stdout.startswith(f"{FILE}: 1 known failure; 0 dropped, 0 added")
    assert (tmp_path / FILE).read_text() == before
    assert "2 added, 0 new" in run("baseline", "update", "--accept-new", *TWO).stdout
    assert run("--baseline", FILE, *TWO).returncode == 0


def test_what_may_not_be_suppressed_is_not_hidden(run: Run, tmp_path: Path) -> None:
    run("baseline", "create", *TWO)
    (tmp_path / "dynavet.toml").write_text(f'never-suppress = ["DDB101"]\nbaseline = "{FILE}"\n')
    assert failing(run("--format", "json", *TWO)) == [("DDB101", "one/main.tf", "aws_dynamodb_table.orders")]
    assert run("baseline", "update", *TWO).stdout.startswith(f"{FILE}: 1 known failure; 1 dropped")


def test_invalid_suppressions_are_not_taken_into_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one" / "main.tf").write_text("# dynavet:ignore DDB101\n" + TABLE)
    run("baseline", "create", "--select", "DDB002,DDB101")
    assert "DDB002" not in (tmp_path / FILE).read_text()
    assert run("--baseline", FILE, "--select", "DDB002,DDB101").returncode == 1


def test_what_cannot_be_done(run: Run, tmp_path: Path) -> None:
    assert run("baseline", "update").returncode == 2
    (tmp_path / FILE).write_text("# empty\n\n1234  # DDB101 aws_dynamodb_table.orders\n")
    for command in (["baseline", "create"], ["baseline", "update"], ["--baseline", FILE]):
        ran = run(*command)
        assert (ran.returncode, ran.stdout) == (2, "")
    assert f"{FILE}:3: expected a fingerprint" in run("--baseline", FILE).stderr
    (tmp_path / FILE).unlink()
    (tmp_path / "broken.tf").write_text("resource {")
    assert run("baseline", "create").returncode == 2
    assert not (tmp_path / FILE).exists()
