"""AWS Backup: plans, and which resources they are for."""

from __future__ import annotations

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlan(Entity):
    """A backup plan that the code declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCondition:
    """A condition on a tag of a resource.

    `operator` is ``StringEquals``, ``StringLike``, ``StringNotEquals`` or ``StringNotLike``. `key`
    may have the prefix ``aws:ResourceTag/``.
    """

    operator: str
    key: Value[Text | None] = ABSENT
    value: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSelection(Entity):
    """Resources that are assigned to a backup plan.

    Assigned is what one of the patterns in `resources` matches, or one of `any_tag`, or everything if
    there are neither; of that, what meets `all_tags`, and is not in `excluded`. A `more_` field that
    is not empty: there may be others, for these reasons.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
    """

    resources: tuple[Value[Text | None], ...] = ()
    more_resources: tuple[Unknown, ...] = ()
    excluded: tuple[Value[Text | None], ...] = ()
    more_excluded: tuple[Unknown, ...] = ()
    any_tag: tuple[Value[TagCondition | None], ...] = ()
    more_any_tag: tuple[Unknown, ...] = ()
    all_tags: tuple[Value[TagCondition | None], ...] = ()
    more_all_tags: tuple[Unknown, ...] = ()
