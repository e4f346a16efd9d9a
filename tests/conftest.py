"""What every test stands on: a bare environment, and the same Hypothesis examples on each run in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from dynavet.sources import Sources
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

IN_CI = bool(os.environ.get("CI"))
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


@pytest.fixture(scope="session")
def new_environment() -> Callable[[Path], Path]:
    """A function that makes a virtual environment in a directory and gives its Python."""

    def create(directory: Path) -> Path:
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        return directory / ("Scripts" if os.name == "nt" else "bin") / "python"

    return create


@pytest.fixture(scope="session")
def install() -> Callable[..., None]:
    """A function that installs packages for a Python, or skips the test that cannot have them; in CI it fails."""

    def run(python: Path, *what: str) -> None:
        command: list[str | Path] = [python, "-m", "pip", "install", "-q", *what]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            message = f"pip cannot install {' '.join(what)}: {ran.stderr[-500:]}"
            pytest.fail(message) if IN_CI else pytest.skip(message)

    return run


@pytest.fixture(scope="session")
def terraform_module() -> Callable[[Path, str], Module]:
    """A function that makes a root module of a text in a directory."""

    def module(directory: Path, text: str) -> Module:
        path = directory / "main.tf"
        path.write_text(text, encoding="utf-8")
        loader = Loader({directory: [path]}, Sources([directory], directory))
        configuration = loader.configuration(directory)
        assert configuration is not None
        assert not configuration.problems
        return Module(configuration, loader, directory)

    return module
