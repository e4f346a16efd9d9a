"""dynavet and checkov on the same input, in one run: medians of time, peak memory, and the ratio.

python -m benchmarks.bench --help
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import TERRAFORM, add_size_options, generate, size_of, variation, write

DONE = (0, 1)
"""Exit statuses with which either program says that it did its work."""

CHECKOV_OPTIONS = ("--framework", "terraform", "cloudformation", "--compact", "--quiet", "--skip-download")


@dataclass(frozen=True)
class Measure:
    """`seconds`: wall clock; `mebibytes`: peak resident memory of the largest process."""

    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Something to scan, with each program told so in its own words."""

    name: str
    programs: tuple[Program, ...]
    runs: int


def run_once(program: Program) -> Measure:
    """One run of the program, output thrown away. Raises `SystemExit` if it did not do its work."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(program.command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in DONE:
            errors.seek(0)
            text = errors.read().decode(errors="replace")
            raise SystemExit(f"{program.name} ended with {process.returncode}:\n{text}")
    return Measure(seconds, peak_mebibytes(usage))


def peak_mebibytes(usage: resource.struct_rusage) -> float:
    per_mebibyte = 1024 * 1024 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss / per_mebibyte


def measure(case: Case) -> dict[str, list[Measure]]:
    """The programs take turns, so that a slow moment of the machine hits each of them."""
    measures: dict[str, list[Measure]] = {program.name: [] for program in case.programs}
    for _ in range(case.runs):
        for program in case.programs:
            measures[program.name].append(run_once(program))
    return measures


def report(case: Case, measures: dict[str, list[Measure]]) -> Iterator[str]:
    yield f"{case.name} ({case.runs} run{'s' * (case.runs != 1)}, medians)"
    medians = {}
    for name, runs in measures.items():
        seconds = [run.seconds for run in runs]
        medians[name] = statistics.median(seconds)
        memory = statistics.median(run.mebibytes for run in runs)
        yield f"  {name:8} {medians[name]:8.2f} s  ({min(seconds):.2f} to {max(seconds):.2f}) {memory:7.0f} MiB"
    if "checkov" in medians:
        yield f"  dynavet is {medians['checkov'] / medians['dynavet']:.1f} times as fast"


def find_dynavet(given: Path | None) -> str:
    found = str(given) if given else shutil.which("dynavet", path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit("dynavet is not installed beside this Python; run `make scan` first, or give --dynavet PATH")
    return found


def install_checkov(directory: Path) -> str:
    """checkov in an environment of its own, kept in `directory` for the next time."""
    binary = directory / "bin" / "checkov"
    if not binary.exists():
        print(f"Installing checkov in {directory}", flush=True)
        venv.create(directory, with_pip=True, clear=True)
        subprocess.run([directory / "bin" / "python", "-m", "pip", "install", "--quiet", "checkov"], check=True)
    return str(binary)


def cases(dynavet: str, checkov: str | None, work: Path, arguments: argparse.Namespace) -> list[Case]:
    single = work / "single" / "main.tf"
    write(single, TERRAFORM.format(**variation(0)))
    repository = work / "repository"
    files = generate(repository, size_of(arguments))

    def programs(target: Path, checkov_target: Sequence[str]) -> tuple[Program, ...]:
        ours = Program("dynavet", (dynavet, "scan", str(target)))
        if checkov is None:
            return (ours,)
        return (ours, Program("checkov", (checkov, *checkov_target, *CHECKOV_OPTIONS)))

    return [
        Case("one file, cold", programs(single, ("--file", str(single))), arguments.runs),
        Case(
            f"repository of {files} files",
            programs(repository, ("--directory", str(repository))),
            arguments.repository_runs,
        ),
    ]


@contextmanager
def working_directory(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="dynavet-bench-") as temporary:
        yield Path(temporary)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure dynavet against checkov on the same input.")
    parser.add_argument("--dynavet", type=Path, metavar="PATH", help="default: beside this Python")
    host = parser.add_mutually_exclusive_group()
    host.add_argument("--checkov", type=Path, metavar="PATH", help="an installed checkov")
    host.add_argument("--checkov-env", type=Path, metavar="DIR", help="where to install checkov, and find it again")
    host.add_argument("--no-checkov", action="store_true", help="measure dynavet alone")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of the single file; default 5")
    parser.add_argument("--repository-runs", type=int, default=3, metavar="N", help="default 3")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="generate there, and leave it")
    add_size_options(parser)
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    with working_directory(arguments.keep) as work:
        checkov = None
        if not arguments.no_checkov:
            checkov = str(arguments.checkov or install_checkov(arguments.checkov_env or work / "checkov"))
        for case in cases(find_dynavet(arguments.dynavet), checkov, work, arguments):
            for line in report(case, measure(case)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
