"""An interrupted scan leaves no part of a report, no helper file, and no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")

TABLE = 'resource "aws_dynamodb_table" "t%d" {\n  name = "t"\n}\n'
BEFORE = "the report of before"

# Says that it is at work in the named function, and waits there for the interrupt.
HELD = """
import sys, time
from importlib import import_module
from dynavet.cli import main

def held(*arguments, **named):
    print("at work", file=sys.stderr, flush=True)
    time.sleep(600)

module, _, name = sys.argv.pop(1).partition(":")
owner = import_module(module)
for part in name.split(".")[:-1]:
    owner = getattr(owner, part)
setattr(owner, name.split(".")[-1], held)
main()
"""


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    "where",
    [
        "dynavet.engine:look_through",
        "dynavet_parsers.terraform:read_roots",
        "dynavet.reviewing:judge",
        "dynavet.reporters.json:render",
        "pathlib:Path.replace",
    ],
)
def test_an_interrupt_leaves_nothing(where: str, sent: signal.Signals, status: int, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.tf").write_text(TABLE % number)
    report = tmp_path / "report.json"
    report.write_text(BEFORE)
    there = set(tmp_path.iterdir())
    command = [sys.executable, "-c", HELD, where, "--format", "json", "--output", report.name]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    assert process.stderr.readline() == "at work\n"
    os.killpg(process.pid, sent)
    _, error = process.communicate(timeout=60)
    assert process.returncode == status and "Traceback" not in error
    assert set(tmp_path.iterdir()) == there and report.read_text() == BEFORE
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_link_beside_a_report_is_not_followed(tmp_path: Path) -> None:
    """Names of helper files that can be guessed, links to a file that must stay as it is."""
    (tmp_path / "t.tf").write_text(TABLE % 0)
    (tmp_path / "precious").write_text(BEFORE)
    launch = (
        "import os, pathlib, sys\n"
        "for name in (f'.report.json.{os.getpid()}.tmp', 'report.json.tmp', '.report.json.tmp'):\n"
        "    pathlib.Path(name).symlink_to('precious')\n"
        "from dynavet.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", launch, "--format", "json", "--output", "report.json"]
    subprocess.run(command, cwd=tmp_path, check=False, timeout=60, capture_output=True)
    assert (tmp_path / "precious").read_text() == BEFORE
    assert (tmp_path / "report.json").read_text().startswith("{")
