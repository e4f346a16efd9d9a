"""The report as Markdown, for the summary of a job or a comment on a change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dynavet.findings import Finding, Report
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe, tame
from dynavet.reporters.shared import ORDER, counted, listed, said, seen, subject, title, where
from dynavet.rule import Outcome, Severity

MAX_ROWS = 200
"""Of one table: GitHub shows no summary larger than 1 MiB."""

MAX_CELL = 1000

HEADINGS = {Outcome.UNKNOWN: "Undecided", Outcome.SUPPRESSED: "Suppressed", Outcome.PASS: "Passed"}


def render(report: Report, presentation: Presentation) -> str:
    """A table of failures for each severity, one for each other outcome that is to be listed, and the errors."""
    findings = listed(report, presentation)
    if presentation.quiet and not findings and not report.errors:
        return ""
    lines = ["## dynavet", "", f"**{counted(report)}**", ""]
    lines += _errors(report)
    for severity in sorted(Severity, reverse=True):
        failed = [each for each in findings if each.outcome is Outcome.FAIL and each.severity is severity]
        lines += _section(f"Failed: {severity.label}", failed)
    for outcome in ORDER[1:]:
        lines += _section(HEADINGS[outcome], [each for each in findings if each.outcome is outcome])
    lines += _fixes(findings)
    lines.append(seen(report) if report.files else "Nothing was found to scan.")
    return "\n".join([*lines, ""])


def _errors(report: Report) -> Iterator[str]:
    if report.errors:
        yield "### Errors"
        yield ""
        yield from (f"- {escaped(error)}" for error in report.errors[:MAX_ROWS])
        yield ""


def _section(heading: str, findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield from (f"### {heading} ({len(findings)})", "")
    yield from ("| rule | place | resource | message |", "|---|---|---|---|")
    yield from _rows(findings[:MAX_ROWS])
    yield ""
    if len(findings) > MAX_ROWS:
        yield from (f"… and {len(findings) - MAX_ROWS} more.", "")


def _fixes(findings: Iterable[Finding]) -> Iterator[str]:
    """The edits for the failures, one for each rule and language, folded up."""
    edits = dict.fromkeys((title(each), edit) for each in findings if (edit := each.remediation) is not None)
    if edits:
        yield from ("### How to fix", "")
    for name, edit in edits:
        yield from (f"<details><summary>{name}, on an example</summary>", "")
        yield from ("```diff", *edit.splitlines(), "```", "", "</details>", "")


def _rows(findings: Iterable[Finding]) -> Iterator[str]:
    for each in findings:
        cells = (title(each), code(where(each.place)), code(subject(each)), escaped(said(each)))
        yield f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """A code span in a cell of a table: only a backtick and a bar mean something in it."""
    text = tame(_cut(text))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{space}{text.replace('|', chr(92) + '|')}{space}{fence}"


def escaped(text: str) -> str:
    """The text without meaning as Markdown, HTML, a mention, a link or a formula."""
    return re.sub(r"[\\`*_{}\[\]()<>#|~&@$]|(?<=https)(?=://)|(?<=http)(?=://)", _entity, _cut(safe(text)))


def _entity(match: re.Match[str]) -> str:
    character = match[0]
    if character in "<>&@$#":
        return f"&#{ord(character)};" if character else "<!-- -->"
    return f"\\{character}"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CELL else text[:MAX_CELL] + "…"
