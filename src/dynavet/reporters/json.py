"""The report as JSON, for programs; `report.schema.json` beside this file says what is in it."""

from __future__ import annotations

from typing import Any

from dynavet import __version__
from dynavet.findings import Finding, PutAside, Report
from dynavet.reporters import Presentation
from dynavet.reporters.shared import document
from dynavet.rule import Outcome

VERSION = 1
"""Of the format: raised when something in it changes its meaning or goes away."""


def render(report: Report, presentation: Presentation) -> str:
    """The summary counts everything; the results are those of the outcomes to be shown."""
    content = {
        "version": VERSION,
        "tool": {"name": "dynavet", "version": __version__},
        "summary": _summary(report),
        "results": [_result(each) for each in report.findings if each.outcome in presentation.show],
        "skipped": [{"path": each.path, "reason": each.reason} for each in report.skipped],
        "errors": report.errors,
    }
    return document(content)


def _summary(report: Report) -> dict[str, int]:
    seen = {
        "files": report.files,
        "tables": report.tables,
        "policies": report.policies,
        "statements": report.statements,
    }
    return seen | {outcome.value: report.count(outcome) for outcome in Outcome}


def _result(finding: Finding) -> dict[str, Any]:
    at = finding.place
    return {
        "rule": finding.rule,
        "name": finding.name,
        "outcome": finding.outcome.value,
        "severity": finding.severity.label,
        "resource": finding.resource,
        "statement": finding.statement,
        "construct": finding.construct or None,
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "message": finding.message,
        "related": [
            {"path": each.place.path, "line": each.place.line, "message": each.message} for each in finding.related
        ],
        "instances": list(finding.instances),
        "practices": list(finding.practices),
        "remediation": finding.remediation,
        "fingerprint": finding.fingerprint,
        "suppression": None if finding.suppression is None else _suppression(finding.suppression),
    }


def _suppression(why: PutAside) -> dict[str, Any]:
    at = why.place
    return {
        "kind": why.kind,
        "reason": why.reason,
        "until": why.until,
        "path": None if at is None else at.path,
        "line": None if at is None else at.line,
    }
