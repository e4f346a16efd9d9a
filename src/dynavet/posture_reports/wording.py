"""What postures say in the same words in every format."""

from __future__ import annotations

from collections.abc import Iterable

from dynavet.findings import Finding
from dynavet.posture import Posture, ProjectPosture, Row, State
from dynavet.practices import PRACTICES
from dynavet.reporters.lines import safe
from dynavet.reporters.shared import number, said, subject
from dynavet.rule import Outcome

NOTHING = "Nothing was found to look at: no Terraform file, template or policy."

LEGEND = "+ held  X broken  x broken, accepted  ? undecided  . not seen"

MARKS = {State.HELD: "+", State.BROKEN: "X", State.UNDECIDED: "?", State.NOT_SEEN: "."}
ACCEPTED = "x"


def mark(row: Row) -> str:
    return ACCEPTED if row.accepted else MARKS[row.state]


def state(row: Row) -> str:
    return "accepted" if row.accepted else row.state.value


def headline(row: Row) -> str:
    """What the state rests on, in one line."""
    if row.state is State.NOT_SEEN:
        return row.note
    first, *others = decisive(row)
    place = f"{safe(first.place.path)}:{first.place.line}"
    what = f"{first.rule} {subject(first)} ({place})"
    if row.accepted and first.suppression is not None:
        what += f" {safe(first.suppression.reason)}"
    elif row.state is State.UNDECIDED:
        what += f" {said(first)}"
    return f"{what}, and {len(others)} more" if others else what


def decisive(row: Row) -> list[Finding]:
    """The evidence that makes the state what it is; of a practice that is held, its needed rules first."""
    if row.state is State.HELD:
        needed = {rule for group in row.practice.needs for rule in group}
        passed = [each for each in row.evidence if each.outcome is Outcome.PASS]
        return sorted(passed, key=lambda each: each.rule not in needed)
    if row.accepted:
        return [each for each in row.evidence if each.suppression and each.suppression.hides is Outcome.FAIL]
    outcome = Outcome.FAIL if row.state is State.BROKEN else Outcome.UNKNOWN
    found = [each for each in row.evidence if each.outcome is outcome]
    return found or [each for each in row.evidence if each.outcome is Outcome.SUPPRESSED]


def columns_of(rows: Iterable[Iterable[Row]]) -> list[str]:
    """The practices that some of the rows are about, in their order."""
    told = {row.practice.id for some in rows for row in some}
    return [practice.id for practice in PRACTICES if practice.id in told]


def told_of(posture: Posture) -> tuple[list[ProjectPosture], str]:
    """The projects in which some practice is seen, and word of the others, empty if there are none."""
    told = [each for each in posture.projects if any(row.state is not State.NOT_SEEN for row in each.rows)]
    silent = len(posture.projects) - len(told)
    return told, f"No practice is seen in {number(silent, 'more project', 'more projects')}." if silent else ""


def counts(posture: Posture) -> dict[str, int]:
    """How many practices are in each state, over everything."""
    states = [row.state for row in posture.rows]
    return {each.value: states.count(each) for each in State}


def summary(posture: Posture) -> str:
    counted = ", ".join(f"{count} {name}" for name, count in counts(posture).items())
    tables = number(sum(len(project.tables) for project in posture.projects), "table", "tables")
    projects = number(len(posture.projects), "project", "projects")
    accepted = sum(row.accepted for row in posture.rows)
    note = f" Of the broken {number(accepted, 'is', 'are')} accepted." if accepted else ""
    return f"{number(posture.files, 'file', 'files')}, {projects}, {tables}: {counted}.{note}"


def not_read(posture: Posture) -> str:
    """Word of what the code refers to and nobody could read, empty if there is none."""
    if not posture.unread:
        return ""
    first, *others = posture.unread
    more = f", and {len(others)} more" if others else ""
    return f"Not read, and in no row ({first.rule}): {subject(first)}{more}."
