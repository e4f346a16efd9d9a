"""The report as JUnit XML, for the test pages of CI services."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from dynavet.findings import Finding, Report
from dynavet.reporters import Presentation
from dynavet.reporters.lines import inert, safe
from dynavet.reporters.shared import listed, said, subject, title, where
from dynavet.rule import Outcome

NAMES = {Outcome.FAIL: "failure", Outcome.UNKNOWN: "skipped", Outcome.SUPPRESSED: "skipped"}


def render(report: Report, presentation: Presentation) -> str:
    """A suite per file with a case per finding; undecided and suppressed ones are skipped cases.

    The first suite is the scan itself, so that there is always one case: it has the errors.
    """
    findings = listed(report, presentation)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<testsuites {_attributes(name='dynavet', **_counts(findings, len(report.errors), 1))}>")
    lines += _scan(report)
    for path, in_file in groupby(findings, key=lambda each: each.place.path):
        lines += _suite(path, list(in_file))
    return "\n".join([*lines, "</testsuites>", ""])


def _scan(report: Report) -> list[str]:
    count = {"tests": 1, "failures": 0, "errors": len(report.errors), "skipped": 0}
    return [
        f"  <testsuite {_attributes(name='dynavet', **count)}>",
        '    <testcase classname="dynavet" name="scan">',
        *(f"      <error {_attributes(message=safe(error))}/>" for error in report.errors),
        "    </testcase>",
        "  </testsuite>",
    ]


def _suite(path: str, findings: list[Finding]) -> list[str]:
    lines = [f"  <testsuite {_attributes(name=safe(path), **_counts(findings, 0, 0))}>"]
    for each in findings:
        name = f"{title(each)}: {subject(each)}"
        case = _attributes(classname=safe(path), name=name, file=safe(path), line=each.place.line)
        lines.append(f"    <testcase {case}>")
        if each.outcome in NAMES:
            lines.append(_result(each))
        lines.append("    </testcase>")
    return [*lines, "  </testsuite>"]


def _result(finding: Finding) -> str:
    name = NAMES[finding.outcome]
    if finding.outcome is not Outcome.FAIL:
        return f"      <{name} {_attributes(message=said(finding))}/>"
    places = [f"at {where(finding.place)}"]
    places += [f"and {where(each.place)}: {safe(each.message)}" for each in finding.related]
    edit = finding.remediation
    places += [] if edit is None else ["", *edit.splitlines()]
    text = "\n".join(map(_escaped, map(inert, places)))
    attributes = _attributes(message=said(finding), type=finding.severity.label)
    return f"      <{name} {attributes}>{text}</{name}>"


def _counts(findings: Iterable[Finding], errors: int, more: int) -> dict[str, int]:
    names = [NAMES.get(each.outcome) for each in findings]
    failures, skipped = names.count("failure"), names.count("skipped")
    return {"tests": len(names) + more, "failures": failures, "errors": errors, "skipped": skipped}


def _attributes(**attributes: object) -> str:
    return " ".join(f'{name}="{_escaped(str(value))}"' for name, value in attributes.items())


def _escaped(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    text = re.sub(r"##(\w*)\[", r"##\1&#91;", text)
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
