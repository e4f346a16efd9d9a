"""What records what happens in an account: CloudTrail, and AWS Config with its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Origin, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A list of texts; `more` non-empty: it may hold further items, for these reasons."""

    items: tuple[Value[Text | None], ...] = ()
    more: tuple[Unknown, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataResource:
    """What a basic event selector logs data events of: a `type` of resource, and ARNs or beginnings of them."""

    type: Value[Text | None] = ABSENT
    values: Texts = Texts()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSelector:
    """A basic event selector.

    `management` events are logged if absent. `read_write` is ``All``, ``ReadOnly`` or
    ``WriteOnly``, All if absent. `excluded` are the event sources of management events that
    are left out.
    """

    origin: Origin
    management: Value[bool | None] = ABSENT
    read_write: Value[Text | None] = ABSENT
    excluded: Texts = Texts()
    data: tuple[Value[DataResource | None], ...] = ()
    more_data: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelector:
    """What an advanced event selector asks of one field of an event, by operator (``NotStartsWith``)."""

    origin: Origin
    field: Value[Text | None]
    operators: Mapping[str, Texts]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvancedEventSelector:
    """Logs the events of which all `fields` are as they ask."""

    origin: Origin
    fields: tuple[Value[FieldSelector | None], ...] = ()
    more_fields: tuple[Unknown, ...] = ()


TRAIL = "trail"
EVENT_DATA_STORE = "event data store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail(Entity):
    """A trail of CloudTrail, or an event data store of CloudTrail Lake, as `kind` says.

    An event is logged if one of the `selectors` selects it; without any, management events
    are. An event data store has no log files to validate.
    """

    kind: str = TRAIL
    logging: Value[bool] = field(default=Known(True))
    multi_region: Value[bool] = field(default=Known(False))
    log_file_validation: Value[bool] = field(default=Known(False))
    selectors: tuple[Value[EventSelector | AdvancedEventSelector | None], ...] = ()
    more_selectors: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingGroup:
    """What a configuration recorder records, by types of resources.

    `strategy` is ``ALL_SUPPORTED_RESOURCE_TYPES``, ``INCLUSION_BY_RESOURCE_TYPES`` or
    ``EXCLUSION_BY_RESOURCE_TYPES``; without it the rest tells.
    """

    origin: Origin | None = None
    strategy: Value[Text | None] = ABSENT
    all_supported: Value[bool | None] = ABSENT
    included: Value[Texts] = field(default=Known(Texts()))
    excluded: Value[Texts] = field(default=Known(Texts()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder(Entity):
    """A configuration recorder of AWS Config; without a `group` it records all supported types.

    What has the same `place` is in the same Region of the same account, as far as the code says.
    """

    recording: Value[bool]
    place: str = ""
    group: Value[RecordingGroup | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChannel(Entity):
    """Where AWS Config delivers to; `place` as of a `Recorder`, `topic` names a topic of SNS."""

    place: str = ""
    topic: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigRule(Entity):
    """A rule of AWS Config, of an account or an organization, or a conformance pack of them.

    `managed` are the identifiers of managed rules (``DYNAMODB_PITR_ENABLED``),
    `resource_types` the types that a rule is limited to.
    """

    managed: Value[Texts] = field(default=Known(Texts()))
    resource_types: Value[Texts] = field(default=Known(Texts()))


__all__ = [
    "EVENT_DATA_STORE",
    "TRAIL",
    "AdvancedEventSelector",
    "ConfigRule",
    "DataResource",
    "DeliveryChannel",
    "EventSelector",
    "FieldSelector",
    "Recorder",
    "RecordingGroup",
    "Texts",
    "Trail",
]
