"""What a scan reports, in plain data: reporters read nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from dynavet.rule import Outcome, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """A source range; one-based, path as the user sees it."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    place: Place
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's outcome on one resource.

    `statement` is the Sid or index, for a finding about a statement. `instances` are all the
    addresses that share the cause. `fingerprint` holds no line and no working directory.
    """

    rule: str
    name: str
    outcome: Outcome
    severity: Severity
    resource: str
    statement: str | None
    place: Place
    message: str
    related: tuple[RelatedPlace, ...] = ()
    instances: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was passed over, and why."""

    path: str
    reason: str


@dataclass(kw_only=True)
class Report:
    """The whole result of a scan. `errors` are failures of the scan itself, already worded.

    `ignored` counts the files and directories that a ``.gitignore`` excludes.
    """

    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    ignored: int = 0
    files: int = 0
    tables: int = 0
    policies: int = 0
    statements: int = 0
    errors: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        return sum(f.outcome is outcome for f in self.findings)
