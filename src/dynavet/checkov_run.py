"""What checkov is doing at the moment, and our scan of the same files.

checkov tells a check neither the scanned directory nor the absolute file, the module calls or
the report, so they are taken from the frames of its runner. What is not found there is an error,
which ends in a failed result, never in silence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from checkov.common.runners.base_runner import BaseRunner

from dynavet.catalogue import all_rules
from dynavet.checkov_answers import Answers
from dynavet.records import dataclass
from dynavet.rule import Scope

if TYPE_CHECKING:
    from dynavet.engine import Options

ABOUT_FILES = frozenset({Scope.SOURCE_PROBLEM, Scope.SUPPRESSION})

_RUN = "run"


class NotFound(Exception):
    """checkov does not work as this adapter knows it; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Run:
    """One framework's run over a directory, or else over files. All paths are absolute."""

    framework: str
    root: Path
    files: tuple[Path, ...]
    var_files: tuple[Path, ...]
    report: Any
    runner: Any
    runner_filter: Any

    @property
    def scanned(self) -> tuple[Path, ...]:
        return self.files or (self.root,)


def current_run() -> Run:
    """The innermost run that this call happens in. Raises `NotFound`."""
    for frame in _frames():
        if frame.f_code.co_name == _RUN and isinstance(frame.f_locals.get("self"), BaseRunner):
            return _run(frame.f_locals)
    raise NotFound("the runner of checkov that asks was not found")


def local(function: str, name: str) -> Any:
    """A variable of the innermost call of a function of checkov's runner. Raises `NotFound`."""
    for frame in _frames():
        if frame.f_code.co_name == function and name in frame.f_locals:
            return frame.f_locals[name]
    raise NotFound(f"checkov's {function}() with its {name} was not found")


def answers(run: Run) -> Answers:
    """What the engine says of all that is scanned, worked out once; its error is raised again each time."""
    key = run.scanned, run.var_files
    if key not in _scans:
        _scans[key] = _scan(run)
    found = _scans[key]
    if isinstance(found, Exception):
        raise found
    return found


_scans: dict[tuple[Sequence[Path], Sequence[Path]], Answers | Exception] = {}


def _scan(run: Run) -> Answers | Exception:
    from dynavet.engine import survey

    try:
        seen = survey(run.scanned, _options(run))
    except Exception as error:
        return error
    about_files = frozenset(rule.id for rule in all_rules() if ABOUT_FILES.issuperset(rule.checks))
    report = seen.report
    return Answers(seen.findings, report.errors, about_files, Path.cwd(), report.plans, seen.planned, seen.described)


def _options(run: Run) -> Options:
    """Those of our configuration, as for the command, with the variables that checkov was given."""
    from dynavet.baseline import read_baseline
    from dynavet.config import configured
    from dynavet.engine import Options

    found = configured(run.scanned, Path.cwd())
    options = replace(Options(), **found.options)
    if found.baseline is not None:
        options = replace(options, baseline=read_baseline(found.baseline, str(found.baseline)))
    return replace(options, inputs=(*options.inputs, *run.var_files))


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _run(names: dict[str, Any]) -> Run:
    missing = [name for name in ("root_folder", "files", "runner_filter", "report") if name not in names]
    if missing or not (names["root_folder"] or names["files"]):
        raise NotFound(f"checkov's runner has no {' or '.join(missing) or 'directory and no files'}")
    files = tuple(Path(file).absolute() for file in names["files"] or ())
    return Run(
        framework=names["self"].check_type,
        root=Path(names["root_folder"] or Path()).absolute(),
        files=files,
        var_files=tuple(Path(file).absolute() for file in names["runner_filter"].var_files or ()),
        report=names["report"],
        runner=names["self"],
        runner_filter=names["runner_filter"],
    )
