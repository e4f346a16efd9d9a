"""The posture as Markdown, for a wiki or the summary of a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dynavet.posture import Posture, Row
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
from dynavet.reporters.lines import safe
from dynavet.reporters.markdown import code, escaped


def render(posture: Posture, *, colour: bool = False, width: int | None = None) -> str:  # noqa: ARG001
    lines = ["## dynavet posture", ""]
    lines += [f"- error: {escaped(each)}" for each in posture.problems]
    lines += [""] if posture.problems else []
    if posture.projects:
        lines += [f"**{summary(posture)}**", "", *_practices(posture.rows)]
        told, silent = told_of(posture)
        projects = [(each.root, each.rows) for each in told]
        tables = [(each.table.address, each.rows) for project in posture.projects for each in project.tables]
        lines += _matrix("project", projects) if len(projects) > 1 else []
        lines += _matrix("table", tables) if tables else []
        lines += [LEGEND, "", *([silent, ""] if silent else [])]
        lines += [escaped(not_read(posture)), ""] if posture.unread else []
    elif not posture.problems:
        lines += [NOTHING, ""]
    return "\n".join(lines)


def _practices(rows: Iterable[Row]) -> Iterator[str]:
    yield from ("| | practice | state | rests on |", "|---|---|---|---|")
    for row in rows:
        yield f"| {row.practice.id} | {row.practice.title} | {state(row)} | {escaped(headline(row))} |"
    yield ""


def _matrix(what: str, named: Sequence[tuple[str, Sequence[Row]]]) -> Iterator[str]:
    ids = columns_of(rows for _, rows in named)
    yield from (f"| {what} | {' | '.join(ids)} |", "|---|" + ":-:|" * len(ids))
    for name, rows in named:
        marks = {row.practice.id: mark(row) for row in rows}
        yield f"| {code(safe(name))} | {' | '.join(marks.get(each, '.') for each in ids)} |"
    yield ""
