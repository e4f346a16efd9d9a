"""Version constraints of module calls.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

from typing import TypeAlias

from dynavet.regexes import regex

Version: TypeAlias = tuple[int, int, int]

_CONDITION = regex(r"\s*(=|!=|>=|<=|>|<|~>|)\s*v?(\d+(?:\.\d+){0,2})\s*")
_FIRST: Version = (0, 0, 0)


class ConstraintError(Exception):
    """A constraint that cannot be read, or that asks for a pre-release; the message is the condition in question."""


def version(text: str) -> Version:
    """``4.1`` as (4, 1, 0). Raises `ValueError` for anything but one to three numbers."""
    major, minor, patch = (*map(int, text.split(".")), 0, 0)[:3]
    return major, minor, patch


def admits(constraint: str, oldest: Version, newest: Version) -> bool:
    """Whether a constraint leaves a version from `oldest` to `newest`, both included. Raises `ConstraintError`."""
    start, end = oldest, _after(newest)
    excluded: set[Version] = set()
    for condition in constraint.split(","):
        found = _CONDITION.fullmatch(condition)
        if found is None:
            raise ConstraintError(condition.strip())
        if found[1] == "!=":
            excluded.add(version(found[2]))
            continue
        first, beyond = _range(found[1], found[2])
        start = max(start, first)
        end = min(end, beyond or end)
    while start in excluded:
        start = _after(start)
    return start < end


def _range(operator: str, text: str) -> tuple[Version, Version | None]:
    """The first version that a condition allows, and the first one after those (`None`: there is no end)."""
    given = version(text)
    if operator == ">=":
        return given, None
    if operator == ">":
        return _after(given), None
    if operator == "<":
        return _FIRST, given
    if operator == "<=":
        return _FIRST, _after(given)
    if operator == "~>":
        return given, _next(given, text.count("."))
    return given, _after(given)


def _after(given: Version) -> Version:
    return given[0], given[1], given[2] + 1


def _next(given: Version, dots: int) -> Version | None:
    """Where ``~>`` ends: all parts but the last one written stay; with only one written there is no end."""
    if dots == 0:
        return None
    return (given[0], given[1] + 1, 0) if dots == 2 else (given[0] + 1, 0, 0)
