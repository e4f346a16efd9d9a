"""What must hold whatever is scanned."""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

from dynavet.engine import ExitStatus, exit_status, scan
from dynavet.findings import Report
from dynavet.options import Options
from dynavet.reporters import FORMATS, Presentation, reporter
from dynavet.rule import Outcome
from fuzz.witness import raised

MEMORY = Path("/dev/shm")  # noqa: S108 (files there never reach a disk)
SLOW = 20
"""Seconds that the processor may work on one input."""

EVERYTHING = frozenset(Outcome)
JSON = ("json", "sarif", "gitlab", "gitlab-sast")
ALWAYS, SOMETIMES = FORMATS[:2], FORMATS[2:]
"""Formats that are tried on every report, and those of which one is: they take most of the time."""

_STEERING = re.compile(r"[^\n\x20-\x7e\xa0-\U0010ffff]")
"""Control characters; of these a report may have line breaks."""


class Broken(Exception):
    """A law does not hold."""


def in_time(drive: Callable[[bytes], None], data: bytes) -> None:
    """Give an input to a harness. Raises `Broken` if it took too long, and whatever the harness raises."""
    began = time.process_time()
    drive(data)
    if (taken := time.process_time() - began) > SLOW:
        raise Broken(f"took {taken:.0f} seconds")


def scanned(files: Mapping[str, bytes], options: Options | None = None) -> None:
    """Scan a directory with these files, by their names. Raises `Broken`, or whatever dynavet lets through."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as directory:
        before = Path.cwd()
        os.chdir(directory)
        try:
            for name, data in files.items():
                _write(Path(name), data)
            with raised() as errors:
                report = scan([Path()], options)
            if errors:
                raise errors[0]
            judged(report, options or Options())
        finally:
            os.chdir(before)


def _write(path: Path, data: bytes) -> None:
    with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):  # one is named as another's directory
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def judged(report: Report, options: Options) -> None:
    """See `scanned`. What dynavet catches so that a scan goes on is broken here."""
    crashes = [error for error in report.errors if "crashed" in error]
    crashes += [each.message for each in report.findings if each.message.startswith("cannot be analysed")]
    if crashes:
        raise Broken("; ".join(crashes))
    status = exit_status(report, options)
    if (status is ExitStatus.INCOMPLETE) != report.incomplete:
        raise Broken(f"status {status} of a report that is {'in' * report.incomplete}complete")
    chosen = SOMETIMES[sum(map(len, (each.message for each in report.findings))) % len(SOMETIMES)]
    for name in (*ALWAYS, chosen):
        well_formed(name, reporter(name).render(report, Presentation(show=EVERYTHING, fixes=True)))


def well_formed(name: str, text: str) -> None:
    """Whether a report can be read, and steers no terminal."""
    if name in JSON:
        json.loads(text)
    elif name == "junit":
        ElementTree.fromstring(text)
    if steering := _STEERING.search(text):
        raise Broken(f"{name} has {steering[0]!r}")
