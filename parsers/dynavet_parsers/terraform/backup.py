"""Plans and selections of AWS Backup."""

from __future__ import annotations

from dynavet.model import BackupPlan, BackupSelection, TagCondition
from dynavet.values import Known, Unknown, Value, bind
from dynavet_parsers.terraform.body import Blocks, Body
from dynavet_parsers.terraform.resource import Reading, Resource, texts

_OPERATORS = {
    "string_equals": "StringEquals",
    "string_like": "StringLike",
    "string_not_equals": "StringNotEquals",
    "string_not_like": "StringNotLike",
}

TagConditions = tuple[tuple[Value[TagCondition | None], ...], tuple[Unknown, ...]]


def read(reading: Reading) -> None:
    """Add backup plans and selections to the project."""
    reading.project.backup_plans += [BackupPlan(**each.entity) for each in reading.of("aws_backup_plan")]
    reading.project.backup_selections += [_selection(each) for each in reading.of("aws_backup_selection")]


def _selection(resource: Resource) -> BackupSelection:
    resources, more_resources = texts(resource.body, "resources")
    excluded, more_excluded = texts(resource.body, "not_resources")
    any_tag, more_any_tag = _tag_conditions(resource.body.blocks("selection_tag"), "StringEquals")
    all_tags, more_all_tags = _all_tags(resource.body.blocks("condition"))
    return BackupSelection(
        **resource.entity,
        resources=resources,
        more_resources=more_resources,
        excluded=excluded,
        more_excluded=more_excluded,
        any_tag=any_tag,
        more_any_tag=more_any_tag,
        all_tags=all_tags,
        more_all_tags=more_all_tags,
    )


def _tag_conditions(blocks: Blocks, operator: str) -> TagConditions:
    def read(block: Body | None) -> Value[TagCondition | None]:
        if block is None:
            return Known(None)
        return Known(TagCondition(operator=operator, key=block.text("key"), value=block.text("value")), block.at)

    return tuple(bind(read, slot) for slot in blocks.slots), blocks.more


def _all_tags(blocks: Blocks) -> TagConditions:
    found: list[Value[TagCondition | None]] = []
    more = list(blocks.more)
    for slot in blocks.slots:
        if not isinstance(slot, Known):
            more.append(slot if isinstance(slot, Unknown) else Unknown(f"{slot.condition} is undecided", slot.origin))
        elif slot.value is not None:
            for name, operator in _OPERATORS.items():
                known, further = _tag_conditions(slot.value.blocks(name), operator)
                found += known
                more += further
    return tuple(found), tuple(more)
