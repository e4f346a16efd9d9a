"""What every test stands on: a bare environment, and the same Hypothesis examples on each run in CI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

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


@pytest.fixture(scope="session")
def plan_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, Any]]:
    """Gives the plan that terraform makes of a directory, as JSON; skips without terraform and its AWS provider."""
    mirror = _provider_mirror()
    if shutil.which("terraform") is None or mirror is None:
        pytest.skip("needs terraform and its AWS provider on this machine")
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

    def plan(directory: Path) -> dict[str, Any]:
        def terraform(*arguments: str) -> str:
            command = ["terraform", *arguments]
            run = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
            return run.stdout

        terraform("init", "-input=false")
        terraform("plan", "-input=false", "-refresh=false", "-lock=false", "-out=plan.bin")
        found: dict[str, Any] = json.loads(terraform("show", "-json", "plan.bin"))
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
