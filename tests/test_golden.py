"""The whole program in every format: what it writes, and what it ends with, on a small project.

After a change that is meant, write the new files with

    DYNAVET_ACCEPT=1 python -m pytest tests/test_golden.py

and read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dynavet import __version__
from dynavet.reporters import FORMATS

GOLDEN = Path(__file__).parent / "golden"
ACCEPT = bool(os.environ.get("DYNAVET_ACCEPT"))
RULES = "--select=DDB101,DDB201"
CASES: dict[str, tuple[str, ...]] = {name: ("project", "--format", name, RULES) for name in FORMATS}
CASES |= {f"{name}-all": ("project", "--format", name, RULES, "--show", "all") for name in FORMATS}
CASES |= {f"{name}-broken": ("broken", "--format", name, RULES) for name in FORMATS}
CASES["threshold"] = ("project", RULES, "--fail-on", "critical")
CASES["unknown-rule"] = ("project", "--select", "DDB999x")


def written(case: str, directory: Path) -> str:
    """The command, its output and exit status as one text, without what differs from run to run."""
    project, *arguments = CASES[case]
    shutil.copytree(GOLDEN / project, directory, dirs_exist_ok=True)
    command = shutil.which("dynavet", path=str(Path(sys.executable).parent))
    assert command is not None, "dynavet is not installed beside this Python"
    bare = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(directory)}
    ran = subprocess.run(
        [command, *arguments], cwd=directory, env=bare, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    parts = [
        f"$ dynavet {' '.join(arguments)}\n",
        ran.stdout,
        f"--- standard error\n{ran.stderr}" if ran.stderr else "",
    ]
    return _steady("".join([*parts, f"--- exit status {ran.returncode}\n"]))


def _steady(text: str) -> str:
    text = re.sub(rf'("(?:semanticV|v)ersion": )"{re.escape(__version__)}"', r'\1"<version>"', text)
    text = re.sub(r'("(?:start|end)_time": )"[^"]+"', r'\1"<time>"', text)
    return re.sub(r'("(?:text|markdown)": )"# DDB[^\n]+"', r'\1"<page>"', text)


@pytest.mark.parametrize("case", CASES)
def test_output_and_exit_status(case: str, tmp_path: Path) -> None:
    found, file = written(case, tmp_path), GOLDEN / f"{case}.txt"
    if ACCEPT:
        file.write_text(found, "utf-8")
    assert found == file.read_text("utf-8")


def test_no_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)
