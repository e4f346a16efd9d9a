"""The hook as its users run it: pre-commit clones the repository, installs it and passes file names."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed")

PACKAGE = ("src", "checks", "parsers", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")

GOOD = """\
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = true

  tags = {
    Security    = "internal"
    Environment = "test"
  }
}
"""

BAD = """\
resource "aws_iam_role" "worker" {
  name = "worker"
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Everything"
      Effect   = "Allow"
      Action   = "dynamodb:*"
      Resource = "*"
    }]
  })
}
"""

BROKEN = 'resource "aws_dynamodb_table" "orders" {\n'
UNDECIDED = 'variable "key" {}\n' + GOOD.replace("aws_kms_key.orders.arn", "var.key")
CALL = 'module "orders" {\n  source = "../../modules/table"\n  key    = "alias/aws/dynamodb"\n}\n'

FILES = {
    "good/main.tf": GOOD,
    "bad/main.tf": BAD,
    "broken/main.tf": BROKEN,
    "undecided/main.tf": UNDECIDED,
    "modules/table/main.tf": UNDECIDED,
    "live/eu/main.tf": CALL,
    "tofu/main.tofu": BAD,
}


def git(*arguments: str, cwd: Path) -> str:
    command = ["git", "-c", "user.name=tests", "-c", "user.email=tests@example.com", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


def commit_everything(repository: Path) -> str:
    git("init", "--quiet", cwd=repository)
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--no-verify", "--message", "Everything", cwd=repository)
    return git("rev-parse", "HEAD", cwd=repository)


@pytest.fixture(scope="module")
def user_repository(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that uses the hook, from a copy of this one; the hook is installed once."""
    hook = tmp_path_factory.mktemp("hook")
    for name in PACKAGE:
        source = checkout / name
        if source.is_dir():
            shutil.copytree(source, hook / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, hook / name)
    revision = commit_everything(hook)

    user = tmp_path_factory.mktemp("user")
    for name, text in FILES.items():
        (user / name).parent.mkdir(parents=True, exist_ok=True)
        (user / name).write_text(text)
    (user / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hook.as_uri()}\n    rev: {revision}\n    hooks:\n      - id: dynavet\n"
    )
    commit_everything(user)
    return user


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit")


def run_hook(user: Path, store: Path, *files: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color=never", "--verbose", "--files", *files],
        cwd=user,
        env={**os.environ, "PRE_COMMIT_HOME": str(store)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_file_passes_whatever_lies_beside_it(user_repository: Path, store: Path) -> None:
    hook = run_hook(user_repository, store, "good/main.tf")
    assert hook.returncode == 0, hook.stdout + hook.stderr
    assert "Passed" in hook.stdout
    assert "bad/" not in hook.stdout


def test_a_bad_file_fails_and_says_where(user_repository: Path, store: Path) -> None:
    hook = run_hook(user_repository, store, "bad/main.tf", "good/main.tf")
    assert hook.returncode == 1, hook.stdout + hook.stderr
    assert "exit code: 1" in hook.stdout
    assert "bad/main.tf:12" in hook.stdout
    assert "DDB201" in hook.stdout
    assert "aws_iam_role_policy.worker" in hook.stdout


def test_a_broken_file_fails_as_not_scanned(user_repository: Path, store: Path) -> None:
    hook = run_hook(user_repository, store, "broken/main.tf")
    assert hook.returncode == 1, hook.stdout + hook.stderr
    assert "exit code: 2" in hook.stdout
    assert "DDB000" in hook.stdout


def test_a_file_of_no_concern_does_not_start_the_hook(user_repository: Path, store: Path) -> None:
    (user_repository / "notes.md").write_text("# Notes\n")
    hook = run_hook(user_repository, store, "notes.md")
    assert hook.returncode == 0, hook.stdout + hook.stderr
    assert "Skipped" in hook.stdout


def test_undecided_alone_passes(user_repository: Path, store: Path) -> None:
    hook = run_hook(user_repository, store, "undecided/main.tf")
    assert hook.returncode == 0, hook.stdout + hook.stderr
    assert "Undecided" in hook.stdout
    assert "var.key has no value" in hook.stdout


def test_a_module_fails_where_it_is_called(user_repository: Path, store: Path) -> None:
    hook = run_hook(user_repository, store, "modules/table/main.tf")
    assert hook.returncode == 1, hook.stdout + hook.stderr
    assert "exit code: 1" in hook.stdout
    assert "live/eu/main.tf:3" in hook.stdout
    assert "module.orders.aws_dynamodb_table.orders" in hook.stdout


def test_opentofu_files_are_passed_on(user_repository: Path, store: Path) -> None:
    hook = run_hook(user_repository, store, "tofu/main.tofu")
    assert hook.returncode == 1, hook.stdout + hook.stderr
    assert "tofu/main.tofu:12" in hook.stdout


def findings(output: str) -> set[str]:
    """The lines of findings in the output of a run."""
    return {line.strip() for line in output.splitlines() if " DDB" in line}


def test_files_one_by_one_give_what_all_give(user_repository: Path, store: Path) -> None:
    together = run_hook(user_repository, store, *FILES)
    assert "exit code: 2" in together.stdout
    alone = [findings(run_hook(user_repository, store, name).stdout) for name in FILES]
    assert findings(together.stdout) == set[str]().union(*alone)
    assert all(findings_of for name, findings_of in zip(FILES, alone, strict=True) if name != "good/main.tf")


def test_the_page_shows_hooks_that_there_are(checkout: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (checkout / "docs" / "pre-commit.md").read_text(), re.DOTALL)
    shown = [hook["id"] for block in blocks for repo in yaml.safe_load(block)["repos"] for hook in repo["hooks"]]
    offered = [hook["id"] for hook in yaml.safe_load((checkout / ".pre-commit-hooks.yaml").read_text())]
    assert shown == offered
