"""The action's second step: one scan, its log and annotations, the job summary, SARIF, and the outputs.

The exit status is that of dynavet. Inputs come as environment variables, and reach dynavet as
arguments, without a shell in between.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LISTS = {"--select": "DYNAVET_SELECT", "--ignore": "DYNAVET_IGNORE", "--config": "DYNAVET_CONFIG"}
COUNTS = ("fail", "unknown", "pass", "suppressed")


def given(name: str) -> str:
    return os.environ.get(name, "").strip()


def arguments(json_file: Path, markdown: Path, sarif: Path) -> list[str]:
    """Of dynavet, without the paths."""
    found = ["--format", given("DYNAVET_FORMAT") or "github"]
    for name, file in (("json", json_file), ("markdown", markdown), ("sarif", sarif)):
        found += ["--format", name, "--output", str(file)]
    for option, variable in LISTS.items():
        if given(variable):
            found += [f"{option}={given(variable)}"]
    return [*found, f"--fail-on={given('DYNAVET_FAIL_ON') or 'low'}"]


def paths() -> list[str]:
    lines = [line.strip() for line in os.environ.get("DYNAVET_PATHS", "").splitlines()]
    return [line for line in lines if line] or ["."]


def main() -> int:
    """Run dynavet and hand on what it wrote; the summary and the outputs are there whatever it found."""
    directory = Path(tempfile.mkdtemp(prefix="dynavet-", dir=os.environ.get("RUNNER_TEMP")))
    json_file, markdown = directory / "report.json", directory / "summary.md"
    sarif = Path(given("DYNAVET_SARIF_FILE") or directory / "dynavet.sarif")
    if len(str(sarif).splitlines()) != 1:
        sys.stdout.write("::error title=dynavet::the input sarif-file is more than one line\n")
        return 2
    sarif.parent.mkdir(parents=True, exist_ok=True)
    options = arguments(json_file, markdown, sarif)
    status = subprocess.run(
        [sys.executable, "-P", "-m", "dynavet", "scan", *options, "--", *paths()], check=False
    ).returncode
    outputs = {"exit-status": str(status)}
    if json_file.is_file():
        summary = json.loads(json_file.read_text("utf-8"))["summary"]
        outputs |= {name: str(summary[name]) for name in COUNTS} | {"sarif-file": str(sarif)}
        append("GITHUB_STEP_SUMMARY", markdown.read_text("utf-8"))
    else:
        sys.stdout.write("::error title=dynavet::the scan could not be done; the log says why\n")
    append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs.items()))
    return status


def append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
