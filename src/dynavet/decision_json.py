"""Decisions as the JSON that `dynavet evaluate` prints."""

from __future__ import annotations

from typing import Any

from dynavet.evaluation_cases import Case
from dynavet.iam import Decision, Place, StatementReference
from dynavet.values import Unknown


def decision_json(case: Case, decision: Decision) -> dict[str, Any]:
    """The decision of a case; every key is always there."""
    return {
        "name": case.name,
        "decision": decision.outcome.value,
        "allowed": decision.allowed.truth,
        "statements": [_statement(each) for each in decision.statements],
        "lacking": [_place(each) for each in decision.lacking],
        "undecided": [_statement(each) for each in decision.undecided],
        "reasons": [_reason(each) for each in decision.reasons],
        "expect": case.expect or None,
        "as_expected": case.is_met_by(decision) if case.expect else None,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"kind": place.layer.value.replace(" ", "_"), "level": place.level}


def _statement(reference: StatementReference) -> dict[str, Any]:
    return {
        **_place(reference.place),
        "policy": reference.policy,
        "name": reference.name,
        "statement": reference.statement,
        "index": reference.index,
        "effect": reference.effect or None,
    }


def _reason(unknown: Unknown) -> dict[str, Any]:
    at = unknown.origin
    return {"reason": unknown.reason, "line": None if at is None else at.line, "path": None if at is None else at.path}
