"""The report as GitLab's Code Quality report, shown in merge requests."""

from __future__ import annotations

from typing import Any

from dynavet.findings import Finding, Report
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe
from dynavet.reporters.shared import document, listed, said, subject
from dynavet.rule import Outcome, Severity

SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report, presentation: Presentation) -> str:
    """A list with one issue per finding; what did not fail is of severity info.

    The format has no place for errors of the scan: the exit status and standard error have them.
    """
    return document([_issue(each) for each in listed(report, presentation)])


def _issue(finding: Finding) -> dict[str, Any]:
    at = finding.place
    return {
        "description": f"{subject(finding)}: {said(finding)}",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.severity] if finding.outcome is Outcome.FAIL else "info",
        "location": {"path": safe(at.path), "lines": {"begin": at.line, "end": at.end_line}},
    }
