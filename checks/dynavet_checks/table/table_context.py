"""Tables whose data matters less than the usual, or more."""

from __future__ import annotations

from dynavet.answers import Answer
from dynavet.model import Context, Project, Table
from dynavet.rule import Severity
from dynavet.values import Known
from dynavet_checks.table.table_marks import marked

LOCK_KEY = "LockID"
"""The hash key that Terraform's S3 backend demands of its lock table."""


def severity_of(table: Table, project: Project, base: Severity, *, by_use: bool = True) -> tuple[Severity | None, str]:
    """How severe it is that the table's data, in it or a replica, lack a protection, and a sentence that says why.

    `base` is the rule's own severity; where that stays the answer is `None`. The sentence is for the end of a message,
    and may be empty. A sensitive table counts one step more, whatever else it is. A table that is not for production
    is low, and with `by_use` so is one whose data are short-lived. What is undecided changes nothing; the sentence
    says so where the user has configured what marks a table.
    """
    settings = project.settings
    sensitive = marked(table, settings.context.sensitive, settings)
    if sensitive.answer.truth:
        raised = Severity(min(base + 1, Severity.CRITICAL))
        return raised, f" Severity {raised.label}: the table is marked as sensitive ({sensitive.by})."
    spared = marked(table, settings.context.non_production, settings)
    by_convention = settings.context.sensitive == Context().sensitive
    doubts = "" if by_convention else _doubt("sensitive", sensitive.answer)
    if spared.answer.truth:
        reason: str | None = f"the table is marked as not for production ({spared.by})"
    else:
        reason = lowered(table) if by_use else None
        doubts += "" if reason else _doubt("not for production", spared.answer)
    if reason is None or base <= Severity.LOW:
        return None, doubts
    return Severity.LOW, f" Severity low: {reason}.{doubts}"


def _doubt(mark: str, answer: Answer) -> str:
    listed = "; ".join(dict.fromkeys(reason.reason for reason in answer.reasons))
    return f" Whether it is marked as {mark} is undecided: {listed}." if listed else ""


def lowered(table: Table) -> str | None:
    """Why a finding about the protection of this table's data counts for less by what the table is for, if it does."""
    if isinstance(table.hash_key, Known) and isinstance(table.range_key, Known):
        hash_key = table.hash_key.value
        if hash_key is not None and hash_key.literal == LOCK_KEY and table.range_key.value is None:
            return f"this is a Terraform lock table (hash key {LOCK_KEY})"
    if isinstance(table.ttl_enabled, Known) and table.ttl_enabled.value is True:
        return "the table's items expire (time to live is on)"
    return None
