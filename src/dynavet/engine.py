"""A scan: discover, parse, judge, report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import IntEnum
from pathlib import Path

from dynavet.catalogue import card
from dynavet.deadline import Deadline
from dynavet.discovery import Discovery, discover, look_through, undiscovered
from dynavet.findings import Finding, Report, Scanned
from dynavet.gathering import Part, Submit, gather, here
from dynavet.inline import INLINE, inline_suppressions
from dynavet.model import Project, Suppression
from dynavet.options import Options as Options
from dynavet.passing import Passed, merge, total
from dynavet.placement import grouped
from dynavet.reading import Log, Task, read_parameters, read_task
from dynavet.records import dataclass
from dynavet.reviewing import Review, Reviewer
from dynavet.rule import Outcome, Scope
from dynavet.sources import BadInput as BadInput
from dynavet.suppressing import NEVER, Register, Seen, hide_known
from dynavet.workers import crew


class ExitStatus(IntEnum):
    OK = 0
    """Nothing at or above the threshold failed."""
    FAILED = 1
    INCOMPLETE = 2
    """The job could not be done, whatever else was found."""


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
    log = Log(Deadline(options.max_seconds))
    found = undiscovered(paths, Path.cwd(), (*options.var_files, *options.parameter_files))
    reviewer = Reviewer(found, options)
    with crew(reviewer, log.deadline) as (heed, submit):
        look_through(found, heed)
        reviews = list(_reviews(reviewer, submit, log))
    plans = frozenset(map(found.sources.show, found.plans))
    report = Report(ignored=found.ignored, plans=plans, rules=[card(rule) for rule in reviewer.rules])
    for review in reviews:
        report.tables += review.counts["tables"]
        report.policies += review.counts["policies"]
        report.statements += review.counts["statements"]
        reviewer.concern.take_in(review.files, review.plans)
    files = {path for review in reviews for path in (*review.files, *review.problems)}
    if left_out := log.deadline.left_out(files):
        log.errors.append(f"--max-seconds {options.max_seconds:g}: {len(left_out)} not scanned in that time")
    seen = Seen(
        rules=frozenset(rule.id for rule in reviewer.rules),
        directories=tuple(path.resolve() for path in found.named if path.is_dir()),
        gaps=[origin for review in reviews for origin in review.gaps],
        whole=not log.errors and not any(review.problems for review in reviews),
    )
    register = _register(files, found, options)
    applied = [(register.apply(each), each.reported) for review in reviews for each in review.located]
    kept = [each for each, reported in applied if reported]
    suppressions = register.settled(seen)
    passed: Passed = {}
    kept += _about(suppressions, reviewer, passed, log)
    for review in reviews:
        merge(passed, review.passed)
    kept = hide_known(kept, options.baseline, register.never)
    report.findings = grouped(kept)
    report.passed = total(passed)
    report.files = len(files)
    report.errors = log.errors
    report.skipped = sorted([*found.skipped, *log.skipped, *left_out], key=lambda skipped: skipped.path)
    return Survey(
        report=report,
        findings=kept,
        suppressions=suppressions,
        planned={plan: review.root for review in reviews for plan in review.plans},
        described=[(review.root, address) for review in reviews for address in review.described],
        projects=[review.scanned for review in reviews if review.scanned is not None],
    )


def model(paths: Sequence[Path], options: Options | None = None) -> tuple[list[Project], list[str]]:
    """The projects in `paths` as the rules see them, and what went wrong while reading them.

    Raises `dynavet.discovery.NothingThere` and `dynavet.sources.BadInput`.
    """
    options = options or Options()
    log = Log(Deadline(None))
    found = discover(paths, Path.cwd(), (*options.var_files, *options.parameter_files))
    parameters = read_parameters(options, found)

    def read(task: Task, log: Log) -> Part[Project]:
        return Part(list(read_task(task, found, options, parameters, log)), log)

    projects = list(gather(found, options, parameters, here(read, log.deadline), log))
    return [*_problems(found), *projects], log.errors


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


def _about(suppressions: Iterable[Suppression], reviewer: Reviewer, passed: Passed, log: Log) -> Iterator[Finding]:
    """What the rules say of the suppressions themselves."""
    rules = [rule for rule in reviewer.rules if Scope.SUPPRESSION in rule.checks]
    for each in suppressions:
        if each.kind == INLINE and not reviewer.concern.lies_in(each.origin.path):
            continue
        project = Project(root=each.origin.path, language="", suppressions=[each])
        for located in reviewer.located(project, rules, passed, log):
            yield located.finding


def _reviews(reviewer: Reviewer, submit: Submit[Review], log: Log) -> Iterator[Review]:
    """What there is of all projects, in the order of the report."""
    found, options = reviewer.found, reviewer.options
    yield from reviewer.of_projects(_problems(found), log).projects
    yield from gather(found, options, reviewer.parameters, submit, log)


def _problems(found: Discovery) -> Iterator[Project]:
    """What could not even be looked at."""
    for problem in found.problems:
        yield Project(root=problem.address, language="", problems=[problem])
