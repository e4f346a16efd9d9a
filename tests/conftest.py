"""What every test stands on: a bare environment, and the same Hypothesis examples on each run in CI."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet_parsers.terraform import Inputs, read_roots
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module

IN_CI = bool(os.environ.get("CI"))
ROOT = Path(__file__).resolve().parent.parent
IN_SOURCE_TREE = (ROOT / "src" / "dynavet").is_dir()
"""Otherwise an installed package is tested, whose code has been: laws are tried less often, and oracles not asked."""

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("installed", settings.get_profile("ci"), max_examples=10)
settings.load_profile("dev" if not IN_CI else "ci" if IN_SOURCE_TREE else "installed")

SCRUBBED = frozenset(
    {"CI", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TTY_COMPATIBLE"}
)
SCRUBBED_PREFIXES = ("AWS_", "DYNAVET_", "GIT_", "GITHUB_", "GITLAB_", "PRE_COMMIT", "PYTEST_ADDOPTS", "TF_")


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # A shell without job control starts what runs in its background so, and the programs under test would be deaf too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
    if not IN_SOURCE_TREE:
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
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs terraform in a directory with the given arguments; skips without it and its AWS provider."""
    mirror = _provider_mirror()
    if shutil.which("terraform") is None or mirror is None or not IN_SOURCE_TREE:
        pytest.skip("needs terraform and its AWS provider on this machine, and the source tree")
    settings_file = tmp_path_factory.mktemp("terraform") / "terraformrc"
    settings_file.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(settings_file.parent),
        "TF_CLI_CONFIG_FILE": str(settings_file),
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["terraform", *arguments], cwd=directory, env=environment, capture_output=True, text=True)

    return run


@pytest.fixture(scope="session")
def plan_of(terraform: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[[Path], dict[str, Any]]:
    """Gives the plan that terraform makes of a directory, as JSON; skips without terraform and its AWS provider."""

    def plan(directory: Path) -> dict[str, Any]:
        making = "plan", "-input=false", "-refresh=false", "-lock=false", "-no-color", "-out=plan.bin"
        for arguments in (("init", "-input=false"), making):
            ran = terraform(directory, *arguments)
            assert ran.returncode == 0, ran.stderr
        found: dict[str, Any] = json.loads(terraform(directory, "show", "-json", "plan.bin").stdout)
        return found

    return plan


def _provider_mirror() -> Path | None:
    """A directory laid out as a mirror of providers that has the AWS provider."""
    for top in (
        Path("/opt"),
        Path("/usr/share/terraform"),
        Path("/usr/local/share/terraform"),
        Path.home() / ".terraform.d",
    ):
        for plugin in sorted(top.glob("*/*/hashicorp/aws/*/*/terraform-provider-aws*")):
            return plugin.parents[5]
    return None


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
