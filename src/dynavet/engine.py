"""A scan: discover, parse, judge, report."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from enum import IntEnum
from functools import partial
from pathlib import Path

from dynavet.catalogue import card, choose
from dynavet.concern import Concern
from dynavet.deadline import Deadline
from dynavet.dependencies import dependencies_of
from dynavet.discovery import NOT_OURS, Batch, Discovery, Document, discover
from dynavet.findings import Finding, Report, Scanned, Skipped
from dynavet.inline import INLINE, inline_suppressions
from dynavet.judge import Crash, judge
from dynavet.model import Project, Settings, SourceProblem, Suppression
from dynavet.placement import findings, grouped, scanned, standing
from dynavet.records import dataclass
from dynavet.rule import Outcome, Rule, Severity
from dynavet.sources import BadInput as BadInput
from dynavet.suppressing import NEVER, Located, Register, Seen, hide_known
from dynavet.values import Data, Origin, Value

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
    the outcomes that reports list. `inputs` give Terraform's root variables, as values by name
    and as files of values, the last one winning; with `tf_env` Terraform's environment variables
    count as well. `workspace` is the name of Terraform's workspace. `parameter_files` give the
    parameters of templates.
    `suppressions` are those of the configuration, `never_suppress` the ids that none may name.
    With `require_evidence` a suppression of a statement's finding must name its evidence, or
    stand on the one action that it accepts; a comment in checkov's form need not.
    `baseline` holds the fingerprints of known failures. `today` is what suppressions expire by.
    After `max_seconds` no further file is read and no further rule is tried; the report says what was left out.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = Severity.LOW
    fail_on_unknown: bool = False
    show: frozenset[Outcome] = DEFAULT_SHOW
    inputs: Sequence[Mapping[str, str] | Path] = ()
    tf_env: bool = False
    workspace: str | None = None
    parameter_files: Sequence[Path] = ()
    inline_suppressions: bool = True
    suppressions: Sequence[Suppression] = ()
    never_suppress: frozenset[str] = frozenset()
    require_evidence: bool = True
    baseline: frozenset[str] = frozenset()
    today: date | None = None
    max_seconds: float | None = None
    settings: Settings = field(default_factory=Settings)

    @property
    def variables(self) -> list[str]:
        """The names of the variables that are given a value each."""
        return [name for each in self.inputs if isinstance(each, Mapping) for name in each]

    @property
    def var_files(self) -> list[Path]:
        return [each for each in self.inputs if isinstance(each, Path)]


@dataclass(kw_only=True)
class Survey:
    """A scan with every finding by itself, where the report has one for each cause, and with its suppressions.

    `planned` gives for each plan the root, a directory or the plan itself, that it is reported in.
    `described` are module calls that are understood without their source, each with its root.
    `projects` are those that were judged.
    """

    report: Report
    findings: list[Finding]
    suppressions: list[Suppression]
    planned: dict[str, str]
    described: list[tuple[str, str]]
    projects: list[Scanned]


def scan(paths: Sequence[Path], options: Options | None = None) -> Report:
    """Everything that the chosen rules say of what is in `paths`.

    Raises `dynavet.catalogue.UnknownRule`, `dynavet.discovery.NothingThere` and `dynavet.sources.BadInput`.
    """
    return survey(paths, options).report


def survey(paths: Sequence[Path], options: Options | None = None) -> Survey:
    """See `scan`."""
    options = options or Options()
    deadline = Deadline(options.max_seconds)
    rules = choose(options.select, options.ignore, options.settings)
    found = discover(paths, Path.cwd(), (*options.var_files, *options.parameter_files))
    plans = frozenset(map(found.sources.show, found.plans))
    report = Report(ignored=found.ignored, plans=plans, rules=[card(rule) for rule in rules])
    concern, dependencies = Concern(found), dependencies_of(found)
    located: list[Located] = []
    gaps: list[Origin] = []
    broken = False
    files: set[str] = set()
    planned: dict[str, str] = {}
    described: list[tuple[str, str]] = []
    projects: list[Scanned] = []
    for project in _projects(found, options, report.errors, deadline):
        project.settings, project.dependencies = options.settings, dependencies
        counts = project.counts()
        report.tables += counts["tables"]
        report.policies += counts["policies"]
        report.statements += counts["statements"]
        concern.take_in(project)
        planned.update(dict.fromkeys(project.plans, project.root))
        projects += [scanned(project)] if project.language else []
        described += ((project.root, module.address) for module in project.described)
        files.update(project.files, (problem.origin.path for problem in project.problems))
        located += _located(project, deadline.judging(rules, project.root), concern, report.errors)
        gaps += (origin for each in project.missing for origin in (each.origin, *each.calls))
        broken = broken or bool(project.problems)
    if left_out := deadline.left_out(files):
        report.errors.append(f"--max-seconds {options.max_seconds:g}: {len(left_out)} not scanned in that time")
        found.skipped += left_out
    seen = Seen(
        rules=frozenset(rule.id for rule in rules),
        directories=tuple(path.resolve() for path in found.named if path.is_dir()),
        gaps=gaps,
        whole=not broken and not report.errors,
    )
    register = _register(files, found, options)
    applied = [(register.apply(each), each.reported) for each in located]
    kept = [each for each, reported in applied if reported]
    suppressions = register.settled(seen)
    kept += _about(suppressions, rules, concern, report.errors)
    kept = hide_known(kept, options.baseline, register.never)
    report.findings = grouped(kept)
    report.files = len(files)
    report.skipped = sorted(found.skipped, key=lambda skipped: skipped.path)
    return Survey(
        report=report,
        findings=kept,
        suppressions=suppressions,
        planned=planned,
        described=described,
        projects=projects,
    )


def model(paths: Sequence[Path], options: Options | None = None) -> tuple[list[Project], list[str]]:
    """The projects in `paths` as the rules see them, and what went wrong while reading them.

    Raises `dynavet.discovery.NothingThere` and `dynavet.sources.BadInput`.
    """
    errors: list[str] = []
    options = options or Options()
    found = discover(paths, Path.cwd(), (*options.var_files, *options.parameter_files))
    return list(_projects(found, options, errors, Deadline(None))), errors


def exit_status(report: Report, options: Options) -> ExitStatus:
    """What the command ends with."""
    failures = [each for each in report.findings if each.outcome is Outcome.FAIL]
    if report.incomplete:
        return ExitStatus.INCOMPLETE
    if options.fail_on is not None and any(each.severity >= options.fail_on for each in failures):
        return ExitStatus.FAILED
    if options.fail_on_unknown and report.count(Outcome.UNKNOWN):
        return ExitStatus.FAILED
    return ExitStatus.OK


def _register(files: Iterable[str], found: Discovery, options: Options) -> Register:
    """The suppressions in the files and in the configuration."""
    inline = [*inline_suppressions(files, found.cwd, found.sources)] if options.inline_suppressions else []
    return Register(
        [*inline, *options.suppressions],
        options.today or date.today(),
        found.cwd,
        NEVER | options.never_suppress,
        options.require_evidence,
        framework=options.inline_suppressions,
    )


def _about(
    suppressions: Iterable[Suppression], rules: Sequence[Rule], concern: Concern, errors: list[str]
) -> Iterator[Finding]:
    """What the rules say of the suppressions themselves."""
    for each in suppressions:
        if each.kind == INLINE and not concern.lies_in(each.origin.path):
            continue
        project = Project(root=each.origin.path, language="", suppressions=[each])
        for located in _located(project, rules, concern, errors):
            yield located.finding


def _located(project: Project, rules: Iterable[Rule], concern: Concern, errors: list[str]) -> Iterator[Located]:
    try:
        for verdict in judge(project, rules):
            if isinstance(verdict, Crash):
                errors.append(str(verdict))
            else:
                origins, reported = standing(verdict), concern.covers(verdict, project)
                for found in findings(verdict, concern.anchor(verdict, project), project):
                    of_project = replace(found, project=project.root)
                    yield Located(of_project, origins, reported, verdict.entity.made_by)
    except Exception as error:
        errors.append(_crashed(project.root, error))


def _projects(found: Discovery, options: Options, errors: list[str], deadline: Deadline) -> Iterator[Project]:
    for problem in found.problems:
        yield Project(root=problem.address, language="", problems=[problem])
    if found.terraform or found.plans or options.variables:
        yield from _terraform(found, options, errors, deadline)
    given = _parameters(options, found)
    projects: list[Project] = []
    for project in _documents(found, given, errors, deadline):
        projects += [project] if given else []
        yield project
    nowhere = "--parameters {}: no template that was scanned declares this parameter"
    errors += [] if deadline.unread else _undeclared(given, nowhere, projects, found)


def _terraform(found: Discovery, options: Options, errors: list[str], deadline: Deadline) -> Iterator[Project]:
    """The roots of all batches. One that is scanned as a whole is not read again for the sake of a named file."""
    whole: set[str] = set()
    projects: list[Project] = []
    for batch in found.batches:
        projects += (each for each in _batch(batch, found, options, errors, deadline) if each.root not in whole)
        if batch.named is None:
            whole = {each.root for each in projects}
    errors += dict.fromkeys(error for each in projects for error in each.errors)
    nowhere = "--var {}: no Terraform root that was scanned declares this variable"
    errors += [] if deadline.unread else _undeclared(dict.fromkeys(options.variables), nowhere, projects, found)
    read = {path for project in projects for path in (project.root, *project.plans)}
    shown = map(found.sources.show, found.plans)
    found.skipped += (Skipped(plan, NOT_OURS) for plan in shown if plan not in read and plan not in deadline.unread)
    yield from projects


def _parameters(options: Options, found: Discovery) -> Mapping[str, Value[Data]]:
    if not options.parameter_files:
        return {}
    from dynavet_parsers.cloudformation import read_parameters

    return read_parameters(options.parameter_files, found.sources)


def _undeclared(given: Iterable[str], problem: str, projects: Sequence[Project], found: Discovery) -> Iterator[str]:
    """The names of inputs that no root or template declares, each as the `problem` with its name.

    What named files show of a repository says nothing of them, nor does a root that cannot be read.
    """
    if not any(path.is_dir() for path in found.named) or any(project.problems for project in projects):
        return
    from difflib import get_close_matches

    declared = sorted({name for project in projects for name in project.variables})
    for name in given:
        if name not in declared:
            nearest = get_close_matches(name, declared, 1, 0)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            yield problem.format(name) + hint


def _batch(
    batch: Batch, found: Discovery, options: Options, errors: list[str], deadline: Deadline
) -> Iterator[Project]:
    """All roots in one go; should the reader crash, then directory by directory, to lose only one."""
    from dynavet_parsers.terraform import Inputs, read_roots

    environment = os.environ if options.tf_env else None
    inputs = Inputs(*options.inputs, environment=environment, workspace=options.workspace)
    try:
        roots = read_roots(batch.directories, found.sources, inputs, batch.named, batch.plans)
        yield from _in_time(roots, batch, found, deadline)
    except Exception:
        for directory, files in sorted(batch.directories.items()):
            alone = partial(read_roots, {directory: files}, found.sources, inputs, batch.named)
            yield from _guarded(alone, directory, found, errors)
        for plan in batch.plans:
            yield from _guarded(partial(read_roots, {}, found.sources, inputs, None, (plan,)), plan, found, errors)


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


def _documents(
    found: Discovery, given: Mapping[str, Value[Data]], errors: list[str], deadline: Deadline
) -> Iterator[Project]:
    """Templates and policy files. A template that another one nests is part of that, unless it was named itself.

    Of templates that only nest each other in a circle the first one counts, so that no file is left out.
    """
    named = {found.sources.show(document.path) for document in found.documents if document.by_name}
    inner: set[str] = set()
    outer: list[Project] = []
    for document in sorted(found.documents, key=lambda document: len(document.path.parts)):
        if deadline.passed():
            deadline.unread[found.sources.show(document.path)] = None
        elif document.nests and found.sources.show(document.path) not in inner - named:
            read = list(_guarded(partial(_read, document, found, given), document.path, found, errors))
            inner.update(path for project in read for path in project.files if path != project.root)
            outer += read
    yield from (project for project in outer if project.root not in inner - named)
    for document in found.documents:
        if deadline.passed():
            deadline.unread[found.sources.show(document.path)] = None
        elif not document.nests and found.sources.show(document.path) not in inner - named:
            yield from _guarded(partial(_read, document, found, given), document.path, found, errors)


def _read(document: Document, found: Discovery, given: Mapping[str, Value[Data]]) -> Iterator[Project]:
    """The project of a template or policy file; what turns out to be neither is passed over."""
    from dynavet_parsers.cloudformation import read_template
    from dynavet_parsers.iam_json import read_policies

    project = read_template(document.path, found.sources, given) if document.template else None
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
