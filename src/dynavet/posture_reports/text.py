"""The posture for people: the practices, then projects and tables by practice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dynavet.posture import Posture, Row, State
from dynavet.posture_reports.wording import (
    LEGEND,
    NOTHING,
    columns_of,
    headline,
    mark,
    not_read,
    state,
    summary,
    told_of,
)
from dynavet.practices import KINDS
from dynavet.reporters.lines import columns, cut, inert, safe

BOLD, DIM = "1", "2"
COLOURS = {State.HELD: "32", State.BROKEN: "31", State.UNDECIDED: "33", State.NOT_SEEN: DIM}
MOST = 60
"""Columns of a name before a matrix; a longer one has the line to itself."""


def render(posture: Posture, *, colour: bool = False, width: int | None = None) -> str:
    pen = _Pen(colour=colour, width=width)
    lines = [*_problems(posture, pen)]
    if posture.projects:
        lines += [*_practices(posture.rows, pen), "", *_projects(posture, pen), *_tables(posture, pen)]
        lines += [summary(posture), *filter(None, [not_read(posture)])]
    elif not lines:
        lines = [NOTHING]
    return "".join(f"{inert(line.rstrip())}\n" for line in lines)


class _Pen:
    def __init__(self, *, colour: bool, width: int | None) -> None:
        self._colour = colour
        self._width = None if width is None else max(width, 40)

    def styled(self, style: str, text: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._colour else text

    def rest(self, text: str, used: int) -> str:
        """As much of the text as the line has room for after `used` columns."""
        return text if self._width is None else cut(text, max(self._width - used, 12))


def _problems(posture: Posture, pen: _Pen) -> Iterator[str]:
    yield from (f"{pen.styled(COLOURS[State.BROKEN], 'error:')} {safe(each)}" for each in posture.problems)
    if posture.problems:
        yield ""


def _practices(rows: Sequence[Row], pen: _Pen) -> Iterator[str]:
    wide = max(len(row.practice.title) for row in rows)
    states = max(len(state(row)) for row in rows)
    kind = ""
    for row in rows:
        if row.practice.id[0] != kind:
            kind = row.practice.id[0]
            yield pen.styled(BOLD, KINDS[kind])
        told = f"  {row.practice.id}  {row.practice.title:{wide}}  "
        shown = pen.styled(COLOURS[row.state], f"{state(row):{states}}")
        yield f"{told}{shown}  {pen.rest(headline(row), len(told) + states + 2)}"


def _projects(posture: Posture, pen: _Pen) -> Iterator[str]:
    """One line for each project in which a practice is seen, if there are several."""
    told, silent = told_of(posture)
    if len(told) > 1:
        yield from _matrix("Projects", [(safe(each.root), each.rows, "") for each in told], pen)
        yield from (silent, "") if silent else ()


def _tables(posture: Posture, pen: _Pen) -> Iterator[str]:
    named = [
        (safe(each.table.address), each.rows, f"{safe(each.table.place.path)}:{each.table.place.line}")
        for project in posture.projects
        for each in project.tables
    ]
    if named:
        yield from _matrix("Tables, by what is said of them alone", named, pen)


def _matrix(title: str, named: Sequence[tuple[str, Sequence[Row], str]], pen: _Pen) -> Iterator[str]:
    ids = columns_of(rows for _, rows, _ in named)
    wide = min(max(columns(title) - 2, *(columns(name) for name, _, _ in named)), MOST)
    yield pen.styled(BOLD, f"{title}{' ' * (wide + 2 - columns(title))}  {'  '.join(ids)}")
    for name, rows, where in named:
        if columns(name) > wide:
            yield f"  {name}"
            name = ""
        found = {row.practice.id: row for row in rows}
        marks = "   ".join(_mark(found.get(each), pen) for each in ids)
        used = wide + 4 + 4 * len(ids)
        yield f"  {name}{' ' * (wide - columns(name))}  {marks}   {pen.rest(where, used)}"
    yield pen.styled(DIM, LEGEND)
    yield ""


def _mark(row: Row | None, pen: _Pen) -> str:
    return pen.styled(COLOURS[row.state], mark(row)) if row is not None else pen.styled(DIM, ".")
