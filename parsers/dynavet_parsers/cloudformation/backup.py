"""Plans and selections of AWS Backup."""

from __future__ import annotations

from dynavet.model import BackupPlan, BackupSelection, TagCondition
from dynavet.text import Text
from dynavet.values import Data, Known, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.readers import each_known, member, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack

_OPERATORS = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike")

TagConditions = tuple[tuple[Value[TagCondition | None], ...], tuple[Unknown, ...]]


def read_plan(stack: Stack, resource: Resource) -> None:
    """``AWS::Backup::BackupPlan``."""
    stack.project.backup_plans.append(
        BackupPlan(address=resource.logical_id, origin=resource.origin, exists=resource.exists)
    )


def read_selection(stack: Stack, resource: Resource) -> None:
    """``AWS::Backup::BackupSelection``."""
    selection = resource.get("BackupSelection")
    resources, more_resources = _texts(member(selection, "Resources"))
    excluded, more_excluded = _texts(member(selection, "NotResources"))
    any_tag, more_any_tag = _tag_conditions(member(selection, "ListOfTags"), "StringEquals")
    conditions = member(selection, "Conditions")
    per_operator = [_tag_conditions(member(conditions, operator), operator) for operator in _OPERATORS]
    stack.project.backup_selections.append(
        BackupSelection(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            resources=resources,
            more_resources=more_resources,
            excluded=excluded,
            more_excluded=more_excluded,
            any_tag=any_tag,
            more_any_tag=more_any_tag,
            all_tags=tuple(condition for found, _ in per_operator for condition in found),
            more_all_tags=tuple(dict.fromkeys(reason for _, more in per_operator for reason in more)),
        )
    )


def _texts(value: Value[Data]) -> tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]:
    places, more = slots(value)
    return tuple(map(text, places)), more


def _tag_conditions(value: Value[Data], operator: str) -> TagConditions:
    def read(data: Object, origin: Origin | None) -> Value[TagCondition | None]:
        key, wanted = text(data.get("ConditionKey")), text(data.get("ConditionValue"))
        return Known(TagCondition(operator=operator, key=key, value=wanted), origin)

    places, more = slots(value)
    return tuple(each_known(read, place, None) for place in places), more
