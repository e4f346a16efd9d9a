"""Trails and event data stores of CloudTrail."""

from __future__ import annotations

from dynavet.model import AdvancedEventSelector, DataResource, EventSelector, FieldSelector, Texts, Trail
from dynavet.model.detection import EVENT_DATA_STORE, TRAIL
from dynavet.values import Known, Value, apply, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.resource import Reading, Resource, texts

OPERATORS = {
    "Equals": "equals",
    "StartsWith": "starts_with",
    "EndsWith": "ends_with",
    "NotEquals": "not_equals",
    "NotStartsWith": "not_starts_with",
    "NotEndsWith": "not_ends_with",
}
"""The operators of advanced event selectors, each with its argument."""


def read(reading: Reading) -> None:
    """Add trails and event data stores to the project."""
    reading.project.trails += [_trail(resource) for resource in reading.of("aws_cloudtrail")]
    reading.project.trails += [_store(resource) for resource in reading.of("aws_cloudtrail_event_data_store")]


def list_of(body: Body, name: str) -> Texts:
    """An argument that is a list of texts."""
    items, more = texts(body, name)
    argument = body.block.arguments.get(name)
    return Texts(items=items, more=more, origin=argument.at if argument is not None else None)


def flag(body: Body, name: str, *, default: bool) -> Value[bool]:
    return apply(lambda given: default if given is None else given, body.flag(name))


def _trail(resource: Resource) -> Trail:
    body = resource.body
    basic, advanced = body.blocks("event_selector"), body.blocks("advanced_event_selector")
    return Trail(
        **resource.entity,
        kind=TRAIL,
        logging=flag(body, "enable_logging", default=True),
        multi_region=flag(body, "is_multi_region_trail", default=False),
        log_file_validation=flag(body, "enable_log_file_validation", default=False),
        selectors=(*(bind(_basic, slot) for slot in basic.slots), *(bind(_advanced, slot) for slot in advanced.slots)),
        more_selectors=(*basic.more, *advanced.more),
    )


def _store(resource: Resource) -> Trail:
    """``suspend`` stops it from taking in events."""
    advanced = resource.body.blocks("advanced_event_selector")
    return Trail(
        **resource.entity,
        kind=EVENT_DATA_STORE,
        logging=apply(lambda suspended: not suspended, flag(resource.body, "suspend", default=False)),
        multi_region=flag(resource.body, "multi_region_enabled", default=True),
        selectors=tuple(bind(_advanced, slot) for slot in advanced.slots),
        more_selectors=advanced.more,
    )


def _basic(block: Body | None) -> Value[EventSelector | AdvancedEventSelector | None]:
    if block is None:
        return Known(None)
    data = block.blocks("data_resource")
    selector = EventSelector(
        origin=block.at,
        management=block.flag("include_management_events"),
        read_write=block.text("read_write_type"),
        excluded=list_of(block, "exclude_management_event_sources"),
        data=tuple(bind(_data, slot) for slot in data.slots),
        more_data=data.more,
    )
    return Known(selector, block.at)


def _data(block: Body | None) -> Value[DataResource | None]:
    if block is None:
        return Known(None)
    return Known(DataResource(type=block.text("type"), values=list_of(block, "values")), block.at)


def _advanced(block: Body | None) -> Value[EventSelector | AdvancedEventSelector | None]:
    if block is None:
        return Known(None)
    fields = block.blocks("field_selector")
    slots = tuple(bind(_field, slot) for slot in fields.slots)
    return Known(AdvancedEventSelector(origin=block.at, fields=slots, more_fields=fields.more), block.at)


def _field(block: Body | None) -> Value[FieldSelector | None]:
    if block is None:
        return Known(None)
    operators = {name: list_of(block, argument) for name, argument in OPERATORS.items()}
    return Known(FieldSelector(origin=block.at, field=block.text("field"), operators=operators), block.at)
