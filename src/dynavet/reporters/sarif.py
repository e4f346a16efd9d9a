"""The report as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dynavet import __version__
from dynavet.findings import Finding, Later, Place, Report, RuleCard
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe
from dynavet.reporters.shared import HOME, document, listed, said, subject
from dynavet.rule import Outcome, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "dynavet/v1"
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""GitHub reads a severity from these: over 9.0 critical, from 7.0 high, from 4.0 medium, else low."""

UNDECIDED = "/undecided"
"""Ends the rule id of undecided results: they have no severity and are not the failure that they may become."""

KINDS = {Outcome.PASS: "pass", Outcome.UNKNOWN: "review"}
LONGEST = 1000
"""Characters of a description; GitHub takes 1024."""


def render(report: Report, presentation: Presentation) -> str:
    """One run with the rules that ran and the findings to show; errors are notifications of the invocation."""
    findings = listed(report, presentation)
    rules = _descriptors(report.rules, findings)
    index = {each["id"]: number for number, each in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "dynavet",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": rules,
            }
        },
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The directory in which dynavet was run."}}},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "dynavet/"},
        "results": [_result(each, index) for each in findings],
    }
    return document({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _invocation(report: Report) -> dict[str, Any]:
    notifications = [{"level": "error", "message": {"text": safe(error)}} for error in report.errors]
    return {"executionSuccessful": not report.incomplete, "toolExecutionNotifications": notifications}


def _descriptors(cards: Iterable[RuleCard], findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """All rules that ran, and for those with undecided results a second one without severity."""
    known = {card.id: card for card in cards}
    undecided = set()
    for each in findings:
        known.setdefault(each.rule, _bare(each))
        if each.outcome is Outcome.UNKNOWN:
            undecided.add(each.rule)
    found = []
    for rule in sorted(known):
        found.append(_descriptor(known[rule]))
        if rule in undecided:
            found.append(_undecided(known[rule]))
    return found


def _bare(finding: Finding) -> RuleCard:
    """Of a finding whose rule is not among those that the report tells of."""
    name = finding.name
    return RuleCard(
        id=finding.rule, name=name, severity=finding.severity, summary=name, written=Later(str, (f"# {finding.rule}",))
    )


def _descriptor(card: RuleCard) -> dict[str, Any]:
    tags = ["security", "aws", "dynamodb", *card.practices, *_elsewhere(card)]
    properties: dict[str, Any] = {"tags": tags, "precision": "high"}
    if card.severity in SCORES:
        properties["security-severity"] = SCORES[card.severity]
    return {
        "id": card.id,
        "name": _pascal(card.name),
        "shortDescription": {"text": _cut(card.summary)},
        "fullDescription": {"text": _cut(_what_it_does(card))},
        "help": {"text": card.page, "markdown": card.page},
        "defaultConfiguration": {"level": LEVELS[card.severity]},
        "properties": properties,
    }


def _elsewhere(card: RuleCard) -> Iterator[str]:
    """What asks the same elsewhere, as tags: ``security-hub/DynamoDB.2``, ``checkov/CKV_AWS_28``."""
    yield from (f"security-hub/{each}" for each in card.security_hub)
    yield from (f"aws-config/{each}" for each in card.config_rules)
    yield from (each.replace(":", "/", 1) for each in card.peer_ids)


def _undecided(card: RuleCard) -> dict[str, Any]:
    described = _descriptor(card)
    described["properties"] = {"tags": [*described["properties"]["tags"], "undecided"]}
    return described | {
        "id": card.id + UNDECIDED,
        "name": described["name"] + "Undecided",
        "shortDescription": {"text": _cut(f"Undecided: {card.summary}")},
        "defaultConfiguration": {"level": "note"},
    }


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def _what_it_does(card: RuleCard) -> str:
    """The first paragraph of the page's section of that name, without a sentence that leads to a list."""
    _, _, section = card.page.partition("\n## What it does\n")
    paragraph = " ".join(section.strip().partition("\n\n")[0].split())
    if paragraph.endswith(":"):
        sentences, full_stop, _ = paragraph.rpartition(". ")
        paragraph = sentences + full_stop.rstrip()
    return paragraph or card.summary


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    rule = finding.rule + UNDECIDED if finding.outcome is Outcome.UNKNOWN else finding.rule
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": index[rule],
        "kind": KINDS.get(finding.outcome, "fail"),
        "message": {"text": f"{subject(finding)}: {said(finding)}"},
        "locations": [_location(finding.place) | {"logicalLocations": [_resource(finding)]}],
        "partialFingerprints": _fingerprints(finding),
    }
    if finding.outcome in (Outcome.FAIL, Outcome.SUPPRESSED):
        result["level"] = LEVELS[finding.severity]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number} | _location(each.place) | {"message": {"text": safe(each.message)}}
            for number, each in enumerate(finding.related, start=1)
        ]
    if (edit := finding.remediation) is not None:
        result["properties"] = {"remediation": edit}
    if finding.outcome is Outcome.SUPPRESSED:
        result["suppressions"] = [_suppression(finding)]
    return result


def _suppression(finding: Finding) -> dict[str, Any]:
    why = finding.suppression
    if why is None:
        return {"kind": "external"}
    stated = {"kind": "inSource" if why.kind == "inline" else "external", "justification": safe(why.reason)}
    return stated if why.place is None else stated | {"location": _location(why.place)}


def _fingerprints(finding: Finding) -> dict[str, str]:
    """Under our own name, and under the one that GitHub follows alerts by."""
    return {FINGERPRINT: finding.fingerprint, "primaryLocationLineHash": finding.fingerprint}


def _resource(finding: Finding) -> dict[str, str]:
    return {"fullyQualifiedName": subject(finding), "kind": "resource"}


def _location(place: Place) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {"physicalLocation": {"artifactLocation": _artifact(place.path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    """Relative to the working directory, or for what lies outside it an absolute URI."""
    if path.startswith("/") or path.split("/")[0] == "..":
        absolute = os.path.normpath(Path.cwd() / path).replace(os.sep, "/")
        return {"uri": f"file:///{_quoted(absolute.removeprefix('/'))}"}
    return {"uri": _quoted(path), "uriBaseId": ROOT}


def _quoted(path: str) -> str:
    try:
        return quote(os.fsencode(path))
    except UnicodeEncodeError:
        return quote(path, errors="backslashreplace")
