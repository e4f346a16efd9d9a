"""The pages of the rules are what the rules say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dynavet.catalogue import page
from dynavet.practices import PRACTICES
from dynavet_checks import RULES


@pytest.fixture
def generate(checkout: Path) -> list[str]:
    return [sys.executable, str(checkout / "scripts" / "generate_docs.py")]


def run(command: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def test_pages_are_up_to_date(generate: list[str]) -> None:
    ran = run(generate, "--check")
    assert ran.returncode == 0, ran.stderr


def test_check_names_what_is_outdated_and_the_command(generate: list[str], tmp_path: Path) -> None:
    directory = ["--directory", str(tmp_path)]
    assert run(generate, *directory).returncode == 0
    assert run(generate, *directory, "--check").returncode == 0
    (tmp_path / "practices.md").write_text("# Changed by hand\n")
    (tmp_path / "rules" / "DDB101.md").write_text("# Changed by hand\n")
    (tmp_path / "rules" / "DDB000.md").unlink()
    (tmp_path / "rules" / "DDB999.md").write_text("# A rule that is gone\n")
    ran = run(generate, *directory, "--check")
    assert ran.returncode == 1
    assert "practices.md, rules/DDB000.md, rules/DDB101.md, rules/DDB999.md" in ran.stderr
    assert "run: python scripts/generate_docs.py" in ran.stderr
    assert run(generate, *directory).returncode == 0
    assert run(generate, *directory, "--check").returncode == 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_starts_with_its_facts(rule: object) -> None:
    from dynavet.rule import Rule

    assert isinstance(rule, Rule)
    text = page(rule)
    assert text.startswith(f"# {rule.id} {rule.name}\n\n")
    assert f"| severity | {rule.severity.label} |" in text
    for heading in ("## What it does", "## Why it matters", "## How to fix"):
        assert heading in text


def test_practices_tell_every_rule_and_every_row(checkout: Path) -> None:
    text = (checkout / "docs" / "practices.md").read_text("utf-8")
    for practice in PRACTICES:
        assert f"### {practice.id} {practice.title}\n" in text
    for rule in RULES:
        assert text.count(f"| [{rule.id} {rule.name}](rules/{rule.id}.md) |") == max(len(rule.practices), 1)
