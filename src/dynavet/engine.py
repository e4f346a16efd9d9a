"""A scan: discover, parse, judge, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from pathlib import Path

from dynavet.catalogue import ALWAYS, choose
from dynavet.discovery import NOT_OURS, Discovery, Document, discover
from dynavet.findings import Finding, Report, Skipped
from dynavet.judge import Crash, judge
from dynavet.model import Project, SourceProblem
from dynavet.placement import finding, grouped
from dynavet.rule import Outcome, Rule, Severity
from dynavet.values import Origin

DEFAULT_SHOW = frozenset({Outcome.FAIL, Outcome.UNKNOWN})


class ExitStatus(IntEnum):
    OK = 0
    """Nothing at or above the threshold failed."""
    FAILED = 1
    INCOMPLETE = 2
    """The job could not be done, whatever else was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asks of a scan.

    `select` and `ignore` hold rule ids or names. `fail_on` is `None` for never. `show` are
    the outcomes that reports list. `variables` and `var_files` give Terraform's root variables.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = Severity.LOW
    fail_on_unknown: bool = False
    show: frozenset[Outcome] = DEFAULT_SHOW
    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: Sequence[Path] = ()


def scan(paths: Sequence[Path], options: Options | None = None) -> Report:
    """Everything that the chosen rules say of what is in `paths`.

    Raises `dynavet.catalogue.UnknownRule` and `dynavet.discovery.NothingThere`.
    """
    options = options or Options()
    rules = choose(options.select, options.ignore)
    found = discover(paths, Path.cwd(), options.var_files)
    report = Report(ignored=found.ignored)
    findings: list[Finding] = []
    files: set[str] = set()
    for project in _projects(found, options, report.errors):
        counts = project.counts()
        report.tables += counts["tables"]
        report.policies += counts["policies"]
        report.statements += counts["statements"]
        files.update(project.files, (problem.origin.path for problem in project.problems))
        findings += _findings(project, rules, found.anchor(project.root), report.errors)
    report.findings = grouped(findings)
    report.files = len(files)
    report.skipped = sorted(found.skipped, key=lambda skipped: skipped.path)
    return report


def model(paths: Sequence[Path], options: Options | None = None) -> tuple[list[Project], list[str]]:
    """The projects in `paths` as the rules see them, and what went wrong while reading them.

    Raises `dynavet.discovery.NothingThere`.
    """
    errors: list[str] = []
    options = options or Options()
    found = discover(paths, Path.cwd(), options.var_files)
    return list(_projects(found, options, errors)), errors


def exit_status(report: Report, options: Options) -> ExitStatus:
    """What the command ends with."""
    failures = [each for each in report.findings if each.outcome is Outcome.FAIL]
    if report.errors or any(each.rule == ALWAYS for each in failures):
        return ExitStatus.INCOMPLETE
    if options.fail_on is not None and any(each.severity >= options.fail_on for each in failures):
        return ExitStatus.FAILED
    if options.fail_on_unknown and report.count(Outcome.UNKNOWN):
        return ExitStatus.FAILED
    return ExitStatus.OK


def _findings(project: Project, rules: Sequence[Rule], anchor: str, errors: list[str]) -> Iterator[Finding]:
    try:
        for verdict in judge(project, rules):
            if isinstance(verdict, Crash):
                errors.append(str(verdict))
            else:
                yield finding(verdict, anchor)
    except Exception as error:
        errors.append(_crashed(project.root, error))


def _projects(found: Discovery, options: Options, errors: list[str]) -> Iterator[Project]:
    for problem in found.problems:
        yield Project(root=problem.address, language="", problems=[problem])
    if found.terraform:
        yield from _terraform(found, options, errors)
    for document in found.documents:
        yield from _guarded(partial(_read, document, found), document.path, found, errors)


def _terraform(found: Discovery, options: Options, errors: list[str]) -> Iterator[Project]:
    """All roots in one go; should the reader crash, then directory by directory, to lose only one."""
    from dynavet_parsers.terraform import Inputs, read_roots

    inputs = Inputs(options.variables, tuple(options.var_files))
    try:
        yield from list(read_roots(found.terraform, found.sources, inputs))
    except Exception:
        for directory, files in sorted(found.terraform.items()):
            alone = partial(read_roots, {directory: files}, found.sources, inputs)
            yield from _guarded(alone, directory, found, errors)


def _read(document: Document, found: Discovery) -> Iterator[Project]:
    """The project of a template or policy file; what turns out to be neither is passed over."""
    from dynavet_parsers.cloudformation import read_template
    from dynavet_parsers.iam_json import read_policies

    project = read_template(document.path, found.sources) if document.template else None
    if project is None and document.policy:
        project = read_policies(document.path, found.sources)
    if project is None:
        found.skipped.append(Skipped(found.sources.show(document.path), NOT_OURS))
    else:
        yield project


def _guarded(
    read: Callable[[], Iterator[Project]], path: Path, found: Discovery, errors: list[str]
) -> Iterator[Project]:
    """What `read` gives; a crash is an error of the scan and a problem of the file, and the scan goes on."""
    try:
        yield from list(read())
    except Exception as error:
        shown = found.sources.show(path)
        errors.append(_crashed(shown, error))
        problem = SourceProblem(
            address=shown, origin=Origin(shown, 1, 1, 1, 1), message=f"cannot be analysed: {_named(error)}"
        )
        yield Project(root=shown, language="", problems=[problem])


def _crashed(path: str, error: Exception) -> str:
    return f"dynavet crashed on {path}: {_named(error)}"


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
