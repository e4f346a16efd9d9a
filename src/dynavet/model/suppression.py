"""Requests to put findings aside."""

from __future__ import annotations

from datetime import date
from enum import Enum

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.values import Origin


class SuppressionState(Enum):
    INVALID = "invalid"
    """It covers nothing; `problem` says why."""
    EXPIRED = "expired"
    ACTIVE = "active"
    UNUSED = "unused"
    UNCHECKED = "unchecked"
    """Nothing matched, but a rule was not run or not all that it may cover was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Findings by globs with ``*`` and ``?``; an empty one matches everything.

    `path` is matched against the path relative to `base`, an absolute directory.
    """

    base: str
    path: str = ""
    resource: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression(Entity):
    """A comment, an entry of metadata, or an entry of the configuration.

    `address` names what it stands on and `origin` is where it is written. `covers` is the
    source range whose findings are meant, or a selection of them. Non-empty `evidence`
    limits it to findings with no other evidence; standing on a `literal`, such as one action
    of a list, limits it to that where there is evidence. `until` is the last day of it.
    One that is `unbound` has no way to name evidence. `unused` are the rules that ran and gave nothing to put aside.
    """

    kind: str
    rules: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    evidence: tuple[str, ...] = ()
    covers: Origin | Selection | None = None
    literal: str | None = None
    unbound: bool = False
    problem: str = ""
    state: SuppressionState = SuppressionState.UNCHECKED
    unused: tuple[str, ...] = ()
