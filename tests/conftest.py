"""What every test stands on: a bare environment, and the same Hypothesis examples on each run in CI."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet_parsers.terraform import Inputs, read_roots

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).resolve().parent.parent

SCRUBBED = frozenset(
    {"CI", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TTY_COMPATIBLE"}
)
SCRUBBED_PREFIXES = ("AWS_", "DYNAVET_", "GIT_", "GITHUB_", "GITLAB_", "PRE_COMMIT", "PYTEST_ADDOPTS", "TF_")


@pytest.fixture(autouse=True)
def scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable that changes output or answers reaches a test, or a program that it starts."""
    for name in list(os.environ):
        if name in SCRUBBED or name.startswith(SCRUBBED_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The source tree around these tests; skips where only the installed package is tested."""
    if not (ROOT / "src" / "dynavet").is_dir():
        pytest.skip("needs the source tree; these tests run against an installed package")
    return ROOT


@pytest.fixture
def terraform_project(tmp_path: Path) -> Callable[[str], Project]:
    """Reads Terraform text, and a file per further name, as one root through the real reader."""

    def read(text: str, **files: str) -> Project:
        directories: dict[Path, list[Path]] = {}
        for name, content in {"main": text, **files}.items():
            path = tmp_path / f"{name.replace('__', '/')}.tf"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            directories.setdefault(path.parent, []).append(path)
        (project,) = read_roots(directories, Sources([tmp_path], tmp_path), Inputs({}))
        assert not project.problems
        return project

    return read
