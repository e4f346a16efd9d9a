"""The report as workflow commands, which GitHub Actions shows as annotations of the changed lines.

At most ten errors, ten warnings and ten notices of one step are shown; the worst come first.
"""

from __future__ import annotations

from dynavet.findings import Finding, Report
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe, tame
from dynavet.reporters.shared import counted, listed, said, subject, title, where, worst_first
from dynavet.rule import Outcome, Severity

COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
"""Of a failure; any other outcome is a notice."""


def render(report: Report, presentation: Presentation) -> str:
    """One command per finding and error, and a last line for those who read the log."""
    lines = [_annotation(each) for each in worst_first(listed(report, presentation))]
    lines += [f"::error title=dynavet::{_data(safe(error))}" for error in report.errors]
    if lines or not presentation.quiet:
        lines.append(f"dynavet: {counted(report)}.")
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding) -> str:
    command = COMMANDS[finding.severity] if finding.outcome is Outcome.FAIL else "notice"
    at = finding.place
    properties = {"file": safe(at.path), "line": at.line, "endLine": at.end_line, "col": at.column}
    if at.end_line == at.line:
        properties["endColumn"] = at.end_column
    properties["title"] = f"{title(finding)}: {subject(finding)}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = [said(finding)]
    message += [f"{where(each.place)}: {safe(each.message)}" for each in finding.related]
    return f"::{command} {listed}::{_data(chr(10).join(message))}"


def _data(text: str) -> str:
    return tame(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
