"""The report for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from dynavet.findings import UNQUOTED, Finding, Place, Report
from dynavet.records import dataclass
from dynavet.reporters import Presentation
from dynavet.reporters.lines import columns, cut, inert, safe, source_line, underlined
from dynavet.reporters.shared import number, of_frameworks, seen, subject, where
from dynavet.rule import Outcome, Severity

HEADINGS = {
    Outcome.FAIL: "Failed",
    Outcome.UNKNOWN: "Undecided",
    Outcome.SUPPRESSED: "Suppressed",
    Outcome.PASS: "Passed",
}
MAX_INSTANCES = 5
MAX_SOURCE = 160
"""Columns of a source line that are shown where the width of the output is not known."""

BOLD, DIM, RED, YELLOW, BLUE, GREEN = "1", "2", "31", "33", "34", "32"
SEVERITY_COLOURS = {
    Severity.CRITICAL: f"{BOLD};{RED}",
    Severity.HIGH: RED,
    Severity.MEDIUM: YELLOW,
    Severity.LOW: BLUE,
    Severity.INFO: DIM,
}

EDITS = {"-": RED, "+": GREEN}
"""Colours of the lines of an edit."""


def render(report: Report, presentation: Presentation) -> str:
    """Findings by outcome and file, errors, and a summary of what was seen."""
    pen = _Pen(presentation.colour, presentation.width, report.plans, presentation.fixes)
    lines: list[str] = []
    for outcome, heading in HEADINGS.items():
        findings = [each for each in report.findings if each.outcome is outcome]
        if outcome in presentation.show and findings:
            lines += [pen.styled(BOLD, f"{heading} ({len(findings)})"), ""]
            lines += [*_passed(findings), ""] if outcome is Outcome.PASS else _blocks(findings, pen)
    lines += [f"{pen.styled(RED, 'error:')} {safe(error)}" for error in report.errors]
    if lines or not presentation.quiet:
        lines += of_frameworks(report, presentation)
        lines += _summary(report, pen)
    return "".join(f"{inert(line.rstrip())}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Pen:
    colour: bool
    width: int | None
    unquoted: frozenset[str]
    """Files of which no line is shown."""
    fixes: bool = False

    def styled(self, style: str, text: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour else text

    def wrapped(self, text: str, indent: str) -> list[str]:
        if self.width is None:
            return [indent + text]
        from textwrap import wrap

        width = max(self.width, 40)
        return wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _blocks(findings: Iterable[Finding], pen: _Pen) -> Iterator[str]:
    edits: set[tuple[str, str]] = set()
    for path, in_file in groupby(findings, key=lambda each: each.place.path):
        yield pen.styled(BOLD, safe(path))
        for rules, each in _merged(in_file):
            yield from _block(each, [f"{rule.rule} {rule.name}" for rule in rules], pen)
            yield from _fixes(rules, edits, pen)
        yield ""


def _merged(findings: Iterable[Finding]) -> list[tuple[list[Finding], Finding]]:
    """Findings of several rules that say the same of one place, as one."""
    same: dict[tuple[Place, str, str, str | None], tuple[list[Finding], Finding]] = {}
    for each in findings:
        key = each.place, each.message, each.resource, each.statement
        rules, first = same.setdefault(key, ([], each))
        rules.append(each)
        if each.severity > first.severity:
            same[key] = rules, replace(first, severity=each.severity)
    return list(same.values())


def _block(finding: Finding, rules: list[str], pen: _Pen) -> Iterator[str]:
    at = finding.place
    severity = pen.styled(SEVERITY_COLOURS[finding.severity], finding.severity.label)
    titles = ", ".join(rules) if len(rules) == 1 else ", ".join(rule.split()[0] for rule in rules)
    yield f"  {where(at)}: {severity} {titles}  {subject(finding)}"
    if finding.rule != UNQUOTED:
        yield from _source(at, pen)
    yield from pen.wrapped(safe(finding.message), "      ")
    if finding.suppression is not None:
        yield from pen.wrapped(safe(f"suppressed: {finding.suppression.reason}"), "      ")
    others = finding.instances[1:]
    if others:
        more = f" and {len(others) - MAX_INSTANCES} more" if len(others) > MAX_INSTANCES else ""
        yield from pen.wrapped(f"also: {safe(', '.join(others[:MAX_INSTANCES]))}{more}", "      ")
    for related in finding.related:
        yield from pen.wrapped(f"{where(related.place)}: {safe(related.message)}", "      ")


def _fixes(findings: Iterable[Finding], seen: set[tuple[str, str]], pen: _Pen) -> Iterator[str]:
    """The edit for each rule, unless it was shown for an earlier finding."""
    for each in findings:
        edit = each.remediation if pen.fixes else None
        if edit is None or (each.rule, edit) in seen:
            continue
        seen.add((each.rule, edit))
        yield f"      how to fix {each.rule}, on an example:"
        yield from (pen.styled(EDITS.get(line[0], DIM), f"        {line}") for line in edit.splitlines() if line)


def _source(at: Place, pen: _Pen) -> Iterator[str]:
    source = source_line(at.path, at.line) if at.path not in pen.unquoted else None
    if source is None or not source.strip():
        return
    line, carets = underlined(source, at.column, at.end_column if at.end_line == at.line else len(source) + 1)
    gutter = f"    {at.line} | "
    room = max((pen.width or MAX_SOURCE) - len(gutter), 20)
    yield gutter + cut(line, room)
    if columns(carets[: carets.index("^")]) < room:
        yield " " * (len(gutter) - 2) + "| " + pen.styled(RED, carets[:room])


def _passed(findings: Iterable[Finding]) -> Iterator[str]:
    for each in findings:
        yield f"  {where(each.place)}: {each.rule} {each.name}  {subject(each)}"


def _summary(report: Report, pen: _Pen) -> Iterator[str]:
    if not report.files and not report.errors:
        yield "Nothing was found to scan: no Terraform file, template or policy."
    else:
        yield seen(report)
        yield _outcomes(report, pen)
    if report.skipped or report.ignored:
        yield _left_out(report)


def _outcomes(report: Report, pen: _Pen) -> str:
    failed = Counter(each.severity for each in report.findings if each.outcome is Outcome.FAIL)
    by_severity = ", ".join(f"{failed[severity]} {severity.label}" for severity in sorted(failed, reverse=True))
    failures = f"{failed.total()} failed" + (f" ({by_severity})" if failed else "")
    parts = [pen.styled(RED if failed else GREEN, failures)]
    unknown = f"{report.count(Outcome.UNKNOWN)} undecided"
    parts.append(pen.styled(YELLOW, unknown) if report.count(Outcome.UNKNOWN) else unknown)
    parts.append(f"{report.count(Outcome.PASS)} passed")
    if suppressed := report.count(Outcome.SUPPRESSED):
        parts.append(f"{suppressed} suppressed")
    return ", ".join(parts) + "."


def _left_out(report: Report) -> str:
    reasons = Counter(each.reason for each in report.skipped)
    listed = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    parts = [f"{number(len(report.skipped), 'file', 'files')} passed over ({listed})"] if report.skipped else []
    parts += [f"{report.ignored} left out by .gitignore"] if report.ignored else []
    return "; ".join(parts) + "."
