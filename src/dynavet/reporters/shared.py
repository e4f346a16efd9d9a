"""What several reporters say in the same way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from dynavet.findings import FRAMEWORK, Finding, Place, Report
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe
from dynavet.rule import Outcome

HOME = "https://github.com/dynavet/dynavet"

ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.SUPPRESSED, Outcome.PASS)
"""Of outcomes in a report, what needs attention first."""

WORDS = {
    Outcome.FAIL: "failed",
    Outcome.UNKNOWN: "undecided",
    Outcome.SUPPRESSED: "suppressed",
    Outcome.PASS: "passed",
}


def subject(finding: Finding) -> str:
    """What was judged: the resource, with the construct that it comes from, and the statement in it."""
    construct = f" ({safe(finding.construct)})" if finding.construct else ""
    resource = safe(finding.resource) + construct
    return resource if finding.statement is None else f"{resource} statement {safe(finding.statement)}"


def title(finding: Finding) -> str:
    return f"{finding.rule} {finding.name}"


def where(place: Place) -> str:
    return f"{safe(place.path)}:{place.line}:{place.column}"


def said(finding: Finding) -> str:
    """The message in one line, never empty, and with word of what is undecided or suppressed."""
    message = safe(finding.message) or WORDS[finding.outcome]
    if finding.outcome is Outcome.UNKNOWN and not message.startswith(WORDS[Outcome.UNKNOWN]):
        return f"{WORDS[Outcome.UNKNOWN]}: {message}"
    if finding.suppression is not None:
        return f"suppressed ({safe(finding.suppression.reason)}): {message}"
    return message


def listed(report: Report, presentation: Presentation) -> list[Finding]:
    """The findings to show, in the order of the report."""
    return [each for each in report.findings if each.outcome in presentation.show]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Failures before the undecided, and the more severe before the less."""
    return sorted(findings, key=lambda each: (ORDER.index(each.outcome), -each.severity))


def counted(report: Report) -> str:
    """How many of each outcome, in words."""
    counts = {outcome: report.count(outcome) for outcome in (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS)}
    if suppressed := report.count(Outcome.SUPPRESSED):
        counts[Outcome.SUPPRESSED] = suppressed
    return ", ".join(f"{count} {WORDS[outcome]}" for outcome, count in counts.items())


def of_frameworks(report: Report, presentation: Presentation) -> Iterator[str]:
    """For each file, how many findings are put aside because of who makes the resources, unless they are listed."""
    if Outcome.SUPPRESSED in presentation.show:
        return
    makers: dict[str, list[str]] = {}
    for each in report.findings:
        if each.suppression is not None and each.suppression.kind == FRAMEWORK:
            makers.setdefault(each.place.path, []).append(each.suppression.reason)
    for path, reasons in makers.items():
        many = number(len(reasons), "finding", "findings")
        why = "; ".join(sorted(set(reasons)))
        yield f"{safe(path)}: {many} not shown for resources that are {safe(why)}; --show suppressed lists them."


def seen(report: Report) -> str:
    """What was scanned, in words."""
    parts = (
        number(report.tables, "table", "tables"),
        number(report.policies, "policy", "policies"),
        number(report.statements, "statement", "statements"),
    )
    return f"Scanned {number(report.files, 'file', 'files')}: {', '.join(parts)}."


def number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def document(content: Any) -> str:
    """The content as JSON text in which a CI service finds no command of its own (``##[...]``)."""
    return re.sub(r"##(\w*)\[", r"##\1\\u005b", json.dumps(content, indent=2)) + "\n"
