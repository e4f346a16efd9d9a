"""What passes, counted without a finding for each: most of what rules say, and few reports list it."""

from __future__ import annotations

from typing import TypeAlias

from dynavet.findings import Place

Passed: TypeAlias = dict[tuple[Place, str | None], int]
"""For a place and the name of a statement there the rules that pass, a bit for each.

One rule at one place is one pass, as in `dynavet.placement.grouped`, however many instances and projects share it.
"""


def add(passed: Passed, at: Place, statement: str | None, rules: int) -> None:
    """Count that the rules, a bit for each, pass there."""
    key = at, statement
    passed[key] = passed.get(key, 0) | rules


def merge(into: Passed, more: Passed) -> None:
    """Add what passes elsewhere, with the same bits for the same rules."""
    for (at, statement), rules in more.items():
        add(into, at, statement, rules)


def total(passed: Passed) -> int:
    """How many passes there are."""
    return sum(rules.bit_count() for rules in passed.values())
