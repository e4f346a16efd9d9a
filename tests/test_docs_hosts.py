"""What the pages about formats and GitHub Actions offer for copying works."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dynavet.reporters import FORMATS

PROJECT = Path(__file__).parent / "golden" / "project"


def blocks(checkout: Path, page: str, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", (checkout / "docs" / page).read_text("utf-8"), re.M | re.S)
    assert found
    return found


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> list[str]:
    """Runs a command of a page, and gives the files that it was told to write."""
    program, *arguments = shlex.split(line)
    assert program == "dynavet"
    ran = subprocess.run([sys.executable, "-m", program, *arguments], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, ""), line
    return [arguments[at + 1] for at, argument in enumerate(arguments) if argument == "--output"]


def test_commands_run(checkout: Path, project: Path) -> None:
    lines = [line for block in blocks(checkout, "formats.md", "sh") for line in block.splitlines()]
    for line in lines:
        assert all((project / file).read_text("utf-8") for file in run(line))


def test_the_gitlab_job_leaves_the_reports_that_it_names(checkout: Path, project: Path) -> None:
    for block in blocks(checkout, "formats.md", "yaml"):
        (job,) = yaml.safe_load(block).values()
        written = [file for line in job["script"] if line.startswith("dynavet ") for file in run(line)]
        assert sorted(written) == sorted(job["artifacts"]["reports"].values())
        assert all((project / file).is_file() for file in written)


def test_every_format_has_a_row(checkout: Path) -> None:
    page = (checkout / "docs" / "formats.md").read_text("utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| [^|]+ \| [^|]+ \|$", page, re.M) == list(FORMATS)


def test_every_input_and_output_of_the_action_is_told(checkout: Path) -> None:
    action = yaml.safe_load((checkout / "action.yml").read_text("utf-8"))
    page = (checkout / "docs" / "github-actions.md").read_text("utf-8")
    _, inputs, outputs = re.split(r"^## (?:Inputs|Outputs)$", page, flags=re.M)
    told = {name for row in re.findall(r"^\| (`[^|]+) \|", inputs, re.M) for name in re.findall(r"`([\w-]+)`", row)}
    assert told == set(action["inputs"])
    assert all(f"`{name}`" in outputs for name in action["outputs"])


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_workflows_use_what_the_action_has(checkout: Path) -> None:
    action = yaml.safe_load((checkout / "action.yml").read_text("utf-8"))
    for block in blocks(checkout, "github-actions.md", "yaml"):
        own = [step for step in steps(yaml.safe_load(block)) if step["uses"].startswith("dynavet/")]
        assert [set(step["with"]) <= set(action["inputs"]) for step in own] == [True]
        assert set(re.findall(r"steps\.dynavet\.outputs\.([\w-]+)", block)) <= set(action["outputs"])


def test_workflows_ask_for_the_least(checkout: Path) -> None:
    for block in blocks(checkout, "github-actions.md", "yaml"):
        workflow = yaml.safe_load(block)
        assert workflow["permissions"] == {}
        needed = {"contents": "read"} | ({"security-events": "write"} if "upload-sarif" in block else {})
        assert [job["permissions"] for job in workflow["jobs"].values()] == [needed]
        for step in steps(workflow):
            assert re.fullmatch(r"dynavet/dynavet@COMMIT|[\w/-]+@[0-9a-f]{40}", step["uses"])


def test_linters_have_nothing_against_the_workflows(checkout: Path, tmp_path: Path) -> None:
    program = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("needs zizmor, of the dependency group dev")
    directory = tmp_path / ".github" / "workflows"
    directory.mkdir(parents=True)
    for number, block in enumerate(blocks(checkout, "github-actions.md", "yaml")):
        (directory / f"{number}.yml").write_text(block.replace("@COMMIT", f"@{'0' * 40}"))
    ran = subprocess.run(
        [program, "--offline", "--quiet", *directory.iterdir()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
