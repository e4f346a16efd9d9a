"""Trails and event data stores of CloudTrail."""

from __future__ import annotations

from dynavet.model import AdvancedEventSelector, DataResource, EventSelector, FieldSelector, Texts, Trail
from dynavet.model.detection import EVENT_DATA_STORE, TRAIL
from dynavet.values import Data, Known, Object, Origin, Value, apply
from dynavet_parsers.cloudformation.readers import boolean, each_known, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack

_OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")


def read_trail(stack: Stack, resource: Resource) -> None:
    """``AWS::CloudTrail::Trail``."""
    at = resource.origin
    basic, more = slots(resource.get("EventSelectors"))
    advanced, further = slots(resource.get("AdvancedEventSelectors"))
    stack.project.trails.append(
        Trail(
            address=resource.logical_id,
            origin=at,
            exists=resource.exists,
            kind=TRAIL,
            logging=flag(resource.get("IsLogging"), default=True),
            multi_region=flag(resource.get("IsMultiRegionTrail"), default=False),
            log_file_validation=flag(resource.get("EnableLogFileValidation"), default=False),
            selectors=(*(_basic(place, at) for place in basic), *(_advanced(place, at) for place in advanced)),
            more_selectors=(*more, *further),
        )
    )


def read_store(stack: Stack, resource: Resource) -> None:
    """``AWS::CloudTrail::EventDataStore``."""
    advanced, more = slots(resource.get("AdvancedEventSelectors"))
    stack.project.trails.append(
        Trail(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            kind=EVENT_DATA_STORE,
            logging=flag(resource.get("IngestionEnabled"), default=True),
            multi_region=flag(resource.get("MultiRegionEnabled"), default=True),
            selectors=tuple(_advanced(place, resource.origin) for place in advanced),
            more_selectors=more,
        )
    )


def list_of(value: Value[Data]) -> Texts:
    """A property that is a list of texts."""
    places, more = slots(value)
    return Texts(items=tuple(text(place) for place in places), more=more, origin=value.origin)


def flag(value: Value[Data], *, default: bool) -> Value[bool]:
    return apply(lambda given: default if given is None else given, boolean(value))


def _basic(value: Value[Data], owner: Origin) -> Value[EventSelector | AdvancedEventSelector | None]:
    def read(data: Object, origin: Origin | None) -> Value[EventSelector | AdvancedEventSelector | None]:
        places, more = slots(data.get("DataResources"))
        selector = EventSelector(
            origin=origin or owner,
            management=boolean(data.get("IncludeManagementEvents")),
            read_write=text(data.get("ReadWriteType")),
            excluded=list_of(data.get("ExcludeManagementEventSources")),
            data=tuple(each_known(_data, place, None) for place in places),
            more_data=more,
        )
        return Known(selector, origin)

    return each_known(read, value, None)


def _data(data: Object, origin: Origin | None) -> Value[DataResource | None]:
    return Known(DataResource(type=text(data.get("Type")), values=list_of(data.get("Values"))), origin)


def _advanced(value: Value[Data], owner: Origin) -> Value[EventSelector | AdvancedEventSelector | None]:
    def read_field(data: Object, origin: Origin | None) -> Value[FieldSelector | None]:
        operators = {name: list_of(data.get(name)) for name in _OPERATORS}
        return Known(FieldSelector(origin=origin or owner, field=text(data.get("Field")), operators=operators), origin)

    def read(data: Object, origin: Origin | None) -> Value[EventSelector | AdvancedEventSelector | None]:
        places, more = slots(data.get("FieldSelectors"))
        fields = tuple(each_known(read_field, place, None) for place in places)
        return Known(AdvancedEventSelector(origin=origin or owner, fields=fields, more_fields=more), origin)

    return each_known(read, value, None)
