"""What was discovered, read into projects. What goes wrong over one file is kept, and the rest goes on."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dynavet.deadline import Deadline
from dynavet.discovery import NOT_OURS, Batch, Discovery, Document
from dynavet.findings import Skipped
from dynavet.model import Project, SourceProblem
from dynavet.sources import SourceError
from dynavet.values import Data, Origin, Value

if TYPE_CHECKING:
    from dynavet.options import Options


Task: TypeAlias = Document | tuple[Batch, ...]
"""What is read in one go: a template or policy file, or what Terraform reads, where one directory calls another."""


class Log:
    """What went wrong while a part of the scan was read and judged, and what was left out.

    `errors` are failures of the scan itself, already worded.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.errors: list[str] = []
        self.skipped: list[Skipped] = []

    def crashed(self, path: str, error: Exception) -> None:
        self.errors.append(f"dynavet crashed on {path}: {named(error)}")

    def take_in(self, other: Log) -> None:
        self.errors += other.errors
        self.skipped += other.skipped
        self.deadline.take_in(other.deadline)


def named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _read_terraform(found: Discovery, batches: Sequence[Batch], options: Options, log: Log) -> Iterator[Project]:
    """The roots of all batches. One that is scanned as a whole is not read again for the sake of a named file."""
    whole: set[str] = set()
    projects: list[Project] = []
    for batch in batches:
        projects += (each for each in _batch(batch, found, options, log) if each.root not in whole)
        if batch.named is None:
            whole = {each.root for each in projects}
    log.errors += dict.fromkeys(error for each in projects for error in each.errors)
    nowhere = "--var {}: no Terraform root that was scanned declares this variable"
    everything = list(batches) == found.batches
    if everything and not log.deadline.unread and not any(project.problems for project in projects):
        variables = {name for project in projects for name in project.variables}
        log.errors += undeclared(options.variables, nowhere, variables, found)
    read = {path for project in projects for path in (project.root, *project.plans)}
    shown = [found.sources.show(plan) for batch in batches for plan in batch.plans]
    log.skipped += (Skipped(plan, NOT_OURS) for plan in shown if plan not in read and plan not in log.deadline.unread)
    yield from projects


def read_task(
    task: Task, found: Discovery, options: Options, parameters: Mapping[str, Value[Data]], log: Log
) -> Iterator[Project]:
    """The projects of a template or policy file, or of all that is Terraform's."""
    if isinstance(task, Document):
        return _read_document(task, found, parameters, log)
    return _read_terraform(found, task, options, log)


def _read_document(
    document: Document, found: Discovery, parameters: Mapping[str, Value[Data]], log: Log
) -> Iterator[Project]:
    """What turns out to be neither a template nor a policy is passed over."""
    if log.deadline.passed():
        log.deadline.unread[found.sources.show(document.path)] = None
    else:
        yield from _guarded(partial(_document, document, found, parameters, log), document.path, found, log)


def read_parameters(options: Options, found: Discovery) -> Mapping[str, Value[Data]]:
    """The parameters of templates that the user gives. Raises `dynavet.sources.BadInput`."""
    if not options.parameter_files:
        return {}
    from dynavet_parsers.cloudformation import read_parameters

    return read_parameters(options.parameter_files, found.sources)


def undeclared(given: Iterable[str], problem: str, variables: Iterable[str], found: Discovery) -> Iterator[str]:
    """The names of inputs that are not among the declared `variables`, each as the `problem` with its name.

    What named files show of a repository says nothing of them.
    """
    if not any(path.is_dir() for path in found.named):
        return
    from difflib import get_close_matches

    declared = sorted(variables)
    for name in dict.fromkeys(given):
        if name not in declared:
            nearest = get_close_matches(name, declared, 1, 0)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            yield problem.format(name) + hint


def _batch(batch: Batch, found: Discovery, options: Options, log: Log) -> Iterator[Project]:
    """All roots in one go; should the reader crash, then directory by directory, to lose only one."""
    from dynavet_parsers.terraform import Inputs, read_roots

    environment = os.environ if options.tf_env else None
    inputs = Inputs(*options.inputs, environment=environment, workspace=options.workspace)
    try:
        roots = read_roots(batch.directories, found.sources, inputs, batch.named, batch.plans)
        yield from _in_time(roots, batch, found, log.deadline)
    except Exception:
        for directory, files in sorted(batch.directories.items()):
            alone = partial(read_roots, {directory: files}, found.sources, inputs, batch.named)
            yield from _guarded(alone, directory, found, log)
        for plan in batch.plans:
            yield from _guarded(partial(read_roots, {}, found.sources, inputs, None, (plan,)), plan, found, log)


def _in_time(roots: Iterator[Project], batch: Batch, found: Discovery, deadline: Deadline) -> list[Project]:
    """The roots for which there is time, all of them read before the first is given."""
    projects: list[Project] = []
    while not deadline.passed():
        project = next(roots, None)
        if project is None:
            return projects
        projects.append(project)
    read = {file for each in projects for file in (*each.files, *(problem.origin.path for problem in each.problems))}
    read |= {posixpath.dirname(file) or "." for file in read}
    shown = map(found.sources.show, (*batch.directories, *batch.plans))
    deadline.unread.update(dict.fromkeys(path for path in shown if path not in read))
    return projects


def _document(
    document: Document, found: Discovery, parameters: Mapping[str, Value[Data]], log: Log
) -> Iterator[Project]:
    from dynavet_parsers.cloudformation import read_template
    from dynavet_parsers.iam_json import read_policies

    project = read_template(document.path, found.sources, parameters) if document.template else None
    if project is None and document.policy:
        project = read_policies(document.path, found.sources)
    if project is None:
        log.skipped.append(Skipped(found.sources.show(document.path), NOT_OURS))
    else:
        yield project


def _guarded(read: Callable[[], Iterator[Project]], path: Path, found: Discovery, log: Log) -> Iterator[Project]:
    """What `read` gives; a crash is an error of the scan and a problem of the file, and the scan goes on."""
    shown = found.sources.show(path)
    try:
        yield from list(read())
    except SourceError as error:  # it could still be read when it was looked for
        yield unreadable(shown, str(error))
    except Exception as error:
        log.crashed(shown, error)
        yield unreadable(shown, f"cannot be analysed: {named(error)}")


def unreadable(shown: str, message: str) -> Project:
    """A project of which nothing is known but that its file, as the user sees it, could not be read."""
    problem = SourceProblem(address=shown, origin=Origin(shown, 1, 1, 1, 1), message=message)
    return Project(root=shown, language="", problems=[problem])
