"""What an account lacks, where a project says all that there is in it."""

from __future__ import annotations

from dynavet.answers import Answer, any_of, undecided
from dynavet.model import Project, Table
from dynavet.rule import Fail, Judgement, Undecided
from dynavet.values import Single, Unknown
from dynavet_checks.network.dynamodb_use import in_every_world


def lacking(project: Project, message: str) -> Judgement | None:
    """A failure for an account with tables; undecided where code is missing, which may declare what is lacking."""
    tables = any_of(map(is_there, project.tables))
    if tables.truth is False:
        return None
    missing = unread(project)
    if missing or tables.reasons:
        return Undecided(reasons=(*missing, *tables.reasons), message=message)
    return Fail(message=message)


def unread(project: Project) -> tuple[Unknown, ...]:
    """The modules and nested templates that are not on disk: what they declare may be what is looked for."""
    return tuple(Unknown(f"{each.address} is not in this code", each.origin) for each in project.missing)


def is_there(table: Table) -> Answer:
    """Whether the table exists in any case."""
    return in_every_world(table.exists, _is_true)


def _is_true(value: Single[bool]) -> Answer:
    return undecided(value) if isinstance(value, Unknown) else Answer(value.value)


__all__ = ["is_there", "lacking", "unread"]
