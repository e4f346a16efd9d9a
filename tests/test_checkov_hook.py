"""``dynavet-checkov`` runs the checkov that is there with our rules, and never passes without one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dynavet.catalogue import directory
from dynavet.cli.checkov_hook import main

STAND_IN = '#!/bin/sh\nprintf "%s\\n" "$@"\nexit 7\n'


@pytest.fixture
def python_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is all that can be found: nothing beside Python, nothing else on the path."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "elsewhere").mkdir()
    return tmp_path


@pytest.mark.parametrize("place", ["bin", "elsewhere"])
def test_checkov_is_given_our_rules_and_all_arguments(
    python_alone: Path, place: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    checkov = python_alone / place / "checkov"
    checkov.write_text(STAND_IN)
    checkov.chmod(0o755)
    monkeypatch.setattr(sys, "argv", ["dynavet-checkov", "--directory", "a b", "--quiet"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 7
    assert capfd.readouterr().out.splitlines() == [
        "--external-checks-dir",
        str(directory()),
        "--directory",
        "a b",
        "--quiet",
    ]


@pytest.mark.usefixtures("python_alone")
def test_without_checkov_it_is_2_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["dynavet-checkov"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "checkov is not installed" in capfd.readouterr().err


def test_the_command_is_installed() -> None:
    command = shutil.which("dynavet-checkov", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet-checkov is not installed beside this Python"
    ran = subprocess.run([command, "--version"], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode in (0, 2)
    assert ran.stdout or "checkov is not installed" in ran.stderr
