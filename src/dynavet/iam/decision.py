"""What comes out of an evaluation, and what decided it."""

from __future__ import annotations

from enum import Enum

from dynavet.answers import Answer
from dynavet.records import dataclass
from dynavet.values import Origin, Unknown


class Outcome(Enum):
    """The result of a request."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicit deny"
    EXPLICIT_DENY = "explicit deny"
    UNDECIDED = "undecided"


class Layer(Enum):
    """What a policy is for a request."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    BOUNDARY = "boundary"
    SESSION = "session"
    SERVICE_CONTROL = "service control"
    RESOURCE_CONTROL = "resource control"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class Place:
    """A layer; of control policies also the level, zero being the root of the organisation."""

    layer: Layer
    level: int | None = None

    def __str__(self) -> str:
        return self.layer.value if self.level is None else f"{self.layer.value}, level {self.level}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReference:
    """A statement: `policy` is the index of its policy in the place, `name` that of the policy.

    `statement` is the Sid, or else the index as text; both `statement` and `index` are absent
    for what a policy may hold beside its known statements. `effect` is ``Allow``, ``Deny``, or
    empty if it is undecided.
    """

    place: Place
    policy: int
    name: str
    effect: str
    statement: str | None = None
    index: int | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of a request.

    `allowed` is yes or no also where it is undecided how a request is denied. `statements`
    decided: the Deny statements that apply, or the Allow statements that let the request
    through. `lacking`, for an implicit deny: where an Allow is missing; in one account an Allow
    in one of several places can be enough. `undecided` are the statements of which it is not
    known whether they apply, `reasons` the inputs on which an undecided outcome depends.
    """

    outcome: Outcome
    allowed: Answer
    statements: tuple[StatementReference, ...] = ()
    lacking: tuple[Place, ...] = ()
    undecided: tuple[StatementReference, ...] = ()
    reasons: tuple[Unknown, ...] = ()
