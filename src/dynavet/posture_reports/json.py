"""The posture as JSON, for programs; `posture.schema.json` beside this file says what is in it."""

from __future__ import annotations

from typing import Any

from dynavet import __version__
from dynavet.findings import Finding, RuleCard
from dynavet.posture import Posture, ProjectPosture, Row, TablePosture
from dynavet.posture_reports.wording import counts, headline
from dynavet.reporters.shared import document

VERSION = 1
"""Of the format: raised when something in it changes its meaning or goes away."""


def render(posture: Posture, *, colour: bool = False, width: int | None = None) -> str:  # noqa: ARG001
    content = {
        "version": VERSION,
        "tool": {"name": "dynavet", "version": __version__},
        "summary": {
            "files": posture.files,
            "projects": len(posture.projects),
            "tables": sum(len(each.tables) for each in posture.projects),
        }
        | {name.replace(" ", "_"): count for name, count in counts(posture).items()},
        "practices": [_row(each) for each in posture.rows],
        "projects": [_project(each) for each in posture.projects],
        "rules": [_rule(each) for each in posture.rules if each.practices],
        "unread": [_evidence(each) for each in posture.unread],
        "errors": list(posture.problems),
    }
    return document(content)


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.practice.id,
        "title": row.practice.title,
        "state": row.state.value,
        "accepted": row.accepted,
        "summary": headline(row),
    }


def _project(project: ProjectPosture) -> dict[str, Any]:
    return {
        "root": project.root,
        "language": project.language,
        "practices": [_row(row) | {"evidence": [_evidence(each) for each in row.evidence]} for row in project.rows],
        "tables": [_table(each) for each in project.tables],
    }


def _table(judged: TablePosture) -> dict[str, Any]:
    return {
        "resource": judged.table.address,
        "others": list(judged.table.others),
        "path": judged.table.place.path,
        "line": judged.table.place.line,
        "practices": [_row(row) for row in judged.rows],
    }


def _evidence(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "severity": finding.severity.label,
        "resource": finding.resource,
        "statement": finding.statement,
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
        "accepted": None if finding.suppression is None else finding.suppression.reason,
        "fingerprint": finding.fingerprint,
    }


def _rule(card: RuleCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "name": card.name,
        "severity": card.severity.label,
        "practices": list(card.practices),
        "security_hub": list(card.security_hub),
        "config_rules": list(card.config_rules),
        "peer_ids": list(card.peer_ids),
    }
