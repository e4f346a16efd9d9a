"""The report as GitLab's SAST report, shown among the vulnerabilities of a project.

https://gitlab.com/gitlab-org/security-products/security-report-schemas
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from dynavet import __version__
from dynavet.findings import Finding, Report
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe
from dynavet.reporters.shared import document, listed, said, subject, title
from dynavet.rule import Outcome

SCHEMA = "15.2.1"
SPACE = uuid.uuid5(uuid.NAMESPACE_OID, "dynavet")


def render(report: Report, presentation: Presentation) -> str:
    """One vulnerability per finding; what did not fail is of severity Info. The times are in UTC."""
    tool = {"id": "dynavet", "name": "dynavet", "version": __version__, "vendor": {"name": "dynavet"}}
    scan: dict[str, Any] = {
        "type": "sast",
        "analyzer": tool,
        "scanner": tool,
        "start_time": _time(report.started),
        "end_time": _time(datetime.now(UTC)),
        "status": "failure" if report.incomplete else "success",
    }
    if report.errors:
        scan["messages"] = [{"level": "fatal", "value": safe(error)} for error in report.errors]
    vulnerabilities = [_vulnerability(each) for each in listed(report, presentation)]
    return document({"version": SCHEMA, "scan": scan, "vulnerabilities": vulnerabilities})


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _vulnerability(finding: Finding) -> dict[str, Any]:
    at = finding.place
    edit = finding.remediation
    return {
        "id": str(uuid.uuid5(SPACE, f"{finding.fingerprint} {finding.outcome.value}")),
        "name": f"{title(finding)}: {subject(finding)}"[:255],
        "description": said(finding),
        **({} if edit is None else {"solution": edit}),
        "severity": finding.severity.label.capitalize() if finding.outcome is Outcome.FAIL else "Info",
        "identifiers": [{"type": "dynavet_rule", "name": title(finding), "value": finding.rule}],
        "location": {"file": safe(at.path), "start_line": at.line, "end_line": at.end_line},
        "details": {"fingerprint": {"type": "text", "name": "Fingerprint", "value": finding.fingerprint}},
    }
