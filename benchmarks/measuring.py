"""One run of a program: how long it takes, and how much memory it and its processes have at most."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MOMENT = 0.02
"""Seconds between looks at the memory, at least."""

REST = 50
"""How many times as long as a look takes nothing is looked at: looking takes time from what is measured."""

PROC = Path("/proc")


@dataclass(frozen=True)
class Program:
    """A command, how it is called in tables, and the exit statuses with which it says that it did its work."""

    name: str
    command: tuple[str, ...]
    done: tuple[int, ...] = (0, 1)


@dataclass(frozen=True)
class Measure:
    """`seconds` by the clock on the wall, `cpu` of all processors; `mebibytes` of all its processes together."""

    seconds: float
    cpu: float
    mebibytes: float


@dataclass
class Measures:
    """All runs of one program; `problem` says why there are none."""

    program: str
    runs: list[Measure] = field(default_factory=list)
    problem: str = ""

    def median(self, name: str) -> float:
        """Of a field of `Measure`."""
        numbers: list[float] = [getattr(run, name) for run in self.runs]
        return statistics.median(numbers)

    def range(self) -> tuple[float, float]:
        return min(run.seconds for run in self.runs), max(run.seconds for run in self.runs)


def in_turns(programs: Sequence[Program], directory: Path, runs: int, others: int, timeout: float) -> list[Measures]:
    """The first program so many times, the others fewer; they take turns, so that a slow moment hits each of them."""
    found = [Measures(program.name) for program in programs]
    for turn in range(max(runs, others)):
        for index, (program, measures) in enumerate(zip(programs, found, strict=True)):
            if turn < (others if index else runs) and not measures.problem:
                try:
                    measures.runs.append(run_once(program, directory, timeout))
                except Failed as problem:
                    measures.problem = str(problem)
    return found


class Failed(Exception):
    """A program did not do its work; the message says how it ended."""


def run_once(program: Program, directory: Path, timeout: float) -> Measure:
    """Output is thrown away. Raises `Failed`."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            program.command, cwd=directory, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )
        watch = _Watch(process.pid)
        alarm = threading.Timer(timeout, _end, (process.pid,))
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in program.done:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            over = process.returncode == -signal.SIGKILL and seconds >= timeout
            raise Failed(f"took more than {timeout:.0f} s" if over else f"ended with {process.returncode}: {last}")
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return Measure(seconds, usage.ru_utime + usage.ru_stime, max(watch.ended(), usage.ru_maxrss / unit))


def _end(group: int) -> None:
    os.killpg(group, signal.SIGKILL)


class _Watch:
    """Looks at the memory of a group of processes, where there is `/proc`; what they share counts once."""

    def __init__(self, group: int) -> None:
        self._group = group
        self._peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def ended(self) -> float:
        """The most that was seen, in MiB."""
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        pause = MOMENT
        while PROC.is_dir() and not self._over.wait(pause):
            begun = time.perf_counter()
            self._peak = max(self._peak, sum(map(_proportional, self._members())) / 1024)
            pause = max(MOMENT, REST * (time.perf_counter() - begun))

    def _members(self) -> Iterator[Path]:
        for entry in PROC.iterdir():
            if entry.name.isdigit():
                try:
                    if os.getpgid(int(entry.name)) == self._group:
                        yield entry
                except ProcessLookupError:
                    continue


def _proportional(process: Path) -> int:
    """The memory of a process in KiB, of what it shares with others its part."""
    try:
        rows = (process / "smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("Pss:")), 0)
