"""How a project stands to the practices: findings, passes among them, as one state for each practice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from dynavet.findings import UNREADABLE, DeclaredTable, Finding, Report, RuleCard, Scanned
from dynavet.practices import PRACTICES, Practice
from dynavet.records import dataclass
from dynavet.rule import Outcome

UNREAD = "DDB001"
"""The rule that reports a module or nested template that is not on disk."""

_ORDER = (Outcome.FAIL, Outcome.SUPPRESSED, Outcome.UNKNOWN, Outcome.PASS)


class State(Enum):
    BROKEN = "broken"
    """Something fails, be it accepted or not."""
    UNDECIDED = "undecided"
    """Nothing fails, and something depends on what the code does not say."""
    HELD = "held"
    """All that was judged is in order, and that was enough to say so."""
    NOT_SEEN = "not seen"
    """Too little in the code is about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A practice with its state and what that rests on, worst first.

    `accepted`: it is broken, and every failure is suppressed. `note` says why nothing is seen.
    """

    practice: Practice
    state: State
    evidence: tuple[Finding, ...] = ()
    accepted: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePosture:
    """A table with the practices that something was said of for this table itself."""

    table: DeclaredTable
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPosture:
    root: str
    language: str
    rows: tuple[Row, ...]
    tables: tuple[TablePosture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """All that was scanned: `rows` over everything, then each project.

    `rules` are those that ran. `unread` are findings about code that is not there to be read:
    what it declares is in no row. `problems` say what of the work could not be done.
    """

    rows: tuple[Row, ...]
    projects: tuple[ProjectPosture, ...]
    rules: tuple[RuleCard, ...]
    unread: tuple[Finding, ...]
    problems: tuple[str, ...]
    files: int


def posture(report: Report, findings: Sequence[Finding], projects: Iterable[Scanned]) -> Posture:
    """The posture of what was scanned; `findings` are each by itself and hold the passes."""
    ran = frozenset(card.id for card in report.rules)
    by_project: dict[str, list[Finding]] = {}
    for each in findings:
        by_project.setdefault(each.project, []).append(each)
    unique = {each.root: each for each in projects}
    return Posture(
        rows=rows(findings, ran),
        projects=tuple(_of_project(each, by_project.get(root, []), ran) for root, each in sorted(unique.items())),
        rules=tuple(report.rules),
        unread=tuple(each for each in findings if each.rule == UNREAD and each.outcome is not Outcome.PASS),
        problems=(*_unreadable(findings), *report.errors),
        files=report.files,
    )


def rows(findings: Iterable[Finding], ran: frozenset[str]) -> tuple[Row, ...]:
    """All practices, each with its state; `ran` are the ids of the rules that were asked."""
    said: dict[str, list[Finding]] = {}
    for each in findings:
        for practice in each.practices:
            said.setdefault(practice, []).append(each)
    return tuple(_row(practice, said.get(practice.id, []), ran) for practice in PRACTICES)


def _row(practice: Practice, said: list[Finding], ran: frozenset[str]) -> Row:
    passed = {each.rule for each in said if each.outcome is Outcome.PASS}
    lacking = [group for group in practice.needs if not passed.intersection(group)]
    failed = [each for each in said if _is(each, Outcome.FAIL)]
    if failed:
        state = State.BROKEN
    elif any(_is(each, Outcome.UNKNOWN) for each in said):
        state = State.UNDECIDED
    else:
        state = State.NOT_SEEN if lacking else State.HELD
    return Row(
        practice=practice,
        state=state,
        evidence=_worst_first(said),
        accepted=bool(failed) and all(each.suppression is not None for each in failed),
        note=_why_not_seen(practice, lacking, said, ran) if state is State.NOT_SEEN else "",
    )


def _why_not_seen(
    practice: Practice, lacking: Iterable[tuple[str, ...]], said: Iterable[Finding], ran: frozenset[str]
) -> str:
    idle = [" or ".join(group) for group in lacking if not ran.intersection(group)]
    if idle:
        return f"{' and '.join(idle)} did not run"
    passed = ", ".join(sorted({each.rule for each in said}))
    if not passed:
        return practice.silent
    return f"not enough to say: {passed} passed, {' and '.join(map(' or '.join, lacking))} judged nothing"


def _is(finding: Finding, outcome: Outcome) -> bool:
    """Whether the finding has this outcome, or had it before it was suppressed."""
    return (finding.suppression.hides if finding.suppression is not None else finding.outcome) is outcome


def _worst_first(said: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of the same outcome those of higher severity first."""
    return tuple(sorted(said, key=lambda each: (_ORDER.index(each.outcome), -each.severity)))


def _of_project(project: Scanned, said: Sequence[Finding], ran: frozenset[str]) -> ProjectPosture:
    return ProjectPosture(
        root=project.root,
        language=project.language,
        rows=rows(said, ran),
        tables=tuple(TablePosture(table=table, rows=_of_table(table, said, ran)) for table in project.tables),
    )


def _of_table(table: DeclaredTable, said: Iterable[Finding], ran: frozenset[str]) -> tuple[Row, ...]:
    """The practices that something is said of; the others are not the table's own."""
    addresses = {table.address, *table.others}
    own = rows((each for each in said if each.resource in addresses and each.statement is None), ran)
    return tuple(row for row in own if row.evidence)


def _unreadable(findings: Iterable[Finding]) -> Iterable[str]:
    for each in findings:
        if each.rule == UNREADABLE and each.outcome is Outcome.FAIL:
            yield f"{each.place.path}:{each.place.line}:{each.place.column}: {each.message}"
