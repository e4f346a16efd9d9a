"""Run harnesses one after the other, and say what came of it: ``python -m fuzz.run --help``."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.corpora import REPOSITORY, put, put_dictionary
from fuzz.harnesses import HARNESSES
from fuzz.laws import SLOW
from fuzz.witness import KNOWN

STUCK = 15 * SLOW
"""Seconds after which a process is ended, on a machine however busy, as it does not come to the end of an input."""

MEMORY = 2048
"""Megabytes that a harness may use."""

_FOUND = re.compile(r"#(\d+).*?cov: (\d+) ft: (\d+) corp: (\d+)")
SEEDS = 4
"""So many seeds a second: all of them are tried before the first is changed."""

SEED = int(os.environ.get("FUZZ_SEED", "0"))
"""The same one tries nearly the same inputs each time; 0 is another one each time."""

_SIGNATURE = re.compile(r"^CRASH (.+)$", re.MULTILINE)
_EXECUTED = re.compile(r"stat::number_of_executed_units: (\d+)")


@dataclass
class Run:
    """What came of one harness; `edges` and `inputs` of the corpus as the last round left them."""

    harness: str
    seconds: float = 0
    executions: int = 0
    edges: int = 0
    features: int = 0
    inputs: int = 0
    crashes: list[Path] = field(default_factory=list)

    def row(self) -> str:
        rate = self.executions / self.seconds if self.seconds else 0
        return (
            f"| {self.harness} | {self.seconds / 60:.1f} | {self.executions:,} | {rate:.0f} | {self.edges:,}"
            f" | {self.features:,} | {self.inputs:,} | {len(self.crashes)} |"
        )


HEADER = """\
| harness | minutes | executions | a second | edges | features | inputs kept | crashes |
|---|---|---|---|---|---|---|---|"""


def fuzzed(harness: str, seconds: int, directory: Path) -> Run:
    """Run a harness for so long, again after each crash, which then ends it no more."""
    corpus, artifacts = directory / "corpus" / harness, directory / "artifacts"
    put(harness, corpus, seconds * SEEDS)
    put_dictionary(harness, directory / f"{harness}.dictionary")
    artifacts.mkdir(parents=True, exist_ok=True)
    run = Run(harness)
    known: list[str] = []
    rounds = 0
    while run.seconds < seconds:
        rounds += 1
        log = directory / f"{harness}.{rounds}.log"
        started = time.monotonic()
        prefix = artifacts / f"{harness}-{rounds}-"
        status = _round(harness, int(seconds - run.seconds) + 1, corpus, prefix, log, known)
        run.seconds += time.monotonic() - started
        _count(run, log.read_text("utf-8", "replace"))
        if status == 0:
            break
        # An input that is only slow is noted as well, and ends nothing.
        new = sorted(path for path in artifacts.glob(f"{harness}-{rounds}-*") if "-slow-unit-" not in path.name)
        run.crashes += (path for path in new if _fails_again(harness, path))
        known += _SIGNATURE.findall(log.read_text("utf-8", "replace"))
        if not new:
            raise SystemExit(f"{harness} ended with {status}, and without an input that it ended on; see {log}")
    return run


def _round(harness: str, seconds: int, corpus: Path, prefix: Path, log: Path, known: Sequence[str]) -> int:
    limits = [f"-max_total_time={seconds}", f"-timeout={STUCK}", f"-rss_limit_mb={MEMORY}", "-max_len=32768"]
    limits.append(f"-seed={SEED}")
    command = [sys.executable, "-m", "fuzz.harness", harness, *limits, f"-artifact_prefix={prefix}"]
    command += [f"-dict={prefix.parent.parent / harness}.dictionary", "-print_final_stats=1", str(corpus)]
    with log.open("wb") as output:
        return subprocess.run(
            command,
            cwd=REPOSITORY,
            stdout=output,
            stderr=output,
            check=False,
            env=_environment() | {KNOWN: "\n".join(known)},
        ).returncode


def _fails_again(harness: str, path: Path) -> bool:
    """Whether the input alone breaks a law; a machine that is busy elsewhere makes any input look endless."""
    command = [sys.executable, "-m", "fuzz.harness", harness, f"-timeout={SLOW}", f"-rss_limit_mb={MEMORY}", str(path)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False, env=_environment())
    return ran.returncode != 0


def _environment() -> dict[str, str]:
    """That of this process; what is tried is this checkout, installed or not."""
    roots = os.pathsep.join(str(REPOSITORY / root) for root in ("src", "checks", "parsers", "."))
    return {**os.environ, "PYTHONPATH": roots}


def _count(run: Run, log: str) -> None:
    executed = _EXECUTED.findall(log)
    progress = _FOUND.findall(log)
    run.executions += int(executed[-1]) if executed else int(progress[-1][0]) if progress else 0
    if progress:
        _, run.edges, run.features, run.inputs = map(int, progress[-1])


def _reproduced(harness: str, file: Path) -> None:
    HARNESSES[harness](file.read_bytes())
    print(f"{harness} takes {file} now")


def _rows(harnesses: list[str], seconds: int, directory: Path, jobs: int) -> Iterator[Run]:
    print(HEADER, flush=True)
    with ThreadPoolExecutor(jobs) as pool:
        for run in pool.map(lambda harness: fuzzed(harness, seconds, directory), harnesses):
            print(run.row(), flush=True)
            yield run


def main() -> None:
    parser = argparse.ArgumentParser(description="Fuzz what dynavet reads; needs atheris.")
    parser.add_argument("harnesses", nargs="*", metavar="HARNESS", help=f"default: {', '.join(HARNESSES)}")
    parser.add_argument("--seconds", type=int, default=10, help="for each harness; default 10")
    parser.add_argument("--jobs", type=int, default=1, help="how many harnesses run at a time; default 1")
    parser.add_argument("--directory", type=Path, help="of corpora, logs and artifacts, kept; default: a temporary one")
    parser.add_argument("--reproduce", type=Path, metavar="FILE", help="try this one input on the harness, and end")
    arguments = parser.parse_args()
    if unknown := [each for each in arguments.harnesses if each not in HARNESSES]:
        parser.error(f"there is no harness {unknown[0]}; there are {', '.join(HARNESSES)}")
    if arguments.reproduce:
        if len(arguments.harnesses) != 1:
            parser.error("--reproduce needs one harness")
        _reproduced(arguments.harnesses[0], arguments.reproduce)
        return
    with tempfile.TemporaryDirectory(prefix="dynavet-fuzz-") as temporary:
        directory = (arguments.directory or Path(temporary)).resolve()
        directory.mkdir(parents=True, exist_ok=True)
        runs = list(_rows(arguments.harnesses or list(HARNESSES), arguments.seconds, directory, arguments.jobs))
        for run in runs:
            for path in run.crashes:
                log = (directory / f"{run.harness}.{path.name.split('-')[1]}.log").read_text("utf-8", "replace")
                print(f"\n{path}\n{log[log.find('=== Uncaught') :][:3000] if '=== Uncaught' in log else log[-3000:]}")
    raise SystemExit(any(run.crashes for run in runs))


if __name__ == "__main__":
    main()
