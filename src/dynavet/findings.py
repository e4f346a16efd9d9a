"""What a scan reports, in plain data: reporters read nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from dynavet.records import dataclass
from dynavet.rule import Outcome, Severity

FRAMEWORK = "framework"
"""The kind of suppression of what nobody who writes the code can change."""

UNREADABLE = "DDB000"
"""The rule that reports a file in scope that cannot be read."""

UNQUOTED = "DDB212"
"""The rule that points at credentials: the text there is not quoted."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Later(Generic[T]):
    """What is worked out only if somebody asks, because few do: `work_out` with `arguments`."""

    work_out: Callable[..., T]
    arguments: tuple[Any, ...]

    def now(self) -> T:
        return self.work_out(*self.arguments)


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
class PutAside:
    """Why a finding is suppressed.

    `kind` is ``inline`` (a comment or metadata), ``configuration``, ``baseline``, or ``framework``
    for what a program that writes the code adds by itself. `until` is
    the last day on which it holds, as ``YYYY-MM-DD``. `place` is where it is written. `hides` is the
    outcome without it.
    """

    kind: str
    reason: str
    until: str | None = None
    place: Place | None = None
    hides: Outcome = Outcome.FAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's outcome on one resource.

    `statement` is the Sid or index, for a finding about a statement. `instances` are all the
    addresses that share the cause. `fingerprint` holds no line and no working directory, but
    the `evidence` of a failure. `suppression` says why a suppressed one is. `construct` is where a
    program that wrote the code says that the resource comes from. `remedy` gives `remediation`.
    `project` is the path of the root, template or policy file that it is about.
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
    evidence: tuple[str, ...] = ()
    suppression: PutAside | None = None
    construct: str = ""
    project: str = ""
    remedy: Later[str | None] | None = field(default=None, compare=False, repr=False)

    @property
    def remediation(self) -> str | None:
        """For a failure the edit that it asks for, on an example in the language of its file.

        Lines to take out begin with ``-``, those to put in with ``+``. `None` where no edit can be
        shown; the page of the rule says why.
        """
        return self.remedy.now() if self.remedy is not None and self.outcome is Outcome.FAIL else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTable:
    """A table that a project declares; `others` are further addresses of it: equal instances, replicas."""

    address: str
    place: Place
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A project that was scanned: its path, its language and its tables."""

    root: str
    language: str
    tables: tuple[DeclaredTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was passed over, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """What reports tell of a rule."""

    id: str
    name: str
    severity: Severity
    summary: str
    written: Later[str] = field(compare=False, repr=False)
    practices: tuple[str, ...] = ()
    peer_ids: tuple[str, ...] = ()
    security_hub: tuple[str, ...] = ()
    config_rules: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Its documentation in Markdown."""
        return self.written.now()


@dataclass(kw_only=True)
class Report:
    """The whole result of a scan. `errors` are failures of the scan itself, already worded.

    `passed` counts what passes and is not among the findings.
    `rules` are those that ran. `ignored` counts the files and directories that a ``.gitignore``
    excludes. `plans` are the Terraform plans among the files: they hold sensitive values in the
    clear, so their text is not to be quoted.
    """

    findings: list[Finding] = field(default_factory=list)
    passed: int = 0
    plans: frozenset[str] = frozenset()
    skipped: list[Skipped] = field(default_factory=list)
    ignored: int = 0
    files: int = 0
    tables: int = 0
    policies: int = 0
    statements: int = 0
    errors: list[str] = field(default_factory=list)
    rules: list[RuleCard] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)

    @property
    def incomplete(self) -> bool:
        """Whether something in scope was not judged, for a file that cannot be read or an error."""
        return bool(self.errors) or any(f.outcome is Outcome.FAIL and f.rule == UNREADABLE for f in self.findings)

    def count(self, outcome: Outcome) -> int:
        uncounted = self.passed if outcome is Outcome.PASS else 0
        return uncounted + sum(f.outcome is outcome for f in self.findings)
