"""What lets the capacity of tables and indexes follow their load."""

from __future__ import annotations

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingTarget(Entity):
    """A capacity that Application Auto Scaling may change.

    `resource` is ``table/NAME`` or ``table/NAME/index/INDEX``, `dimension` what of it, such as
    ``dynamodb:table:ReadCapacityUnits``; targets of other services are here too.
    """

    resource: Value[Text | None] = ABSENT
    dimension: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingPolicy(Entity):
    """When Application Auto Scaling changes a capacity: that of `target`, or of `resource` and `dimension`."""

    target: Value[Text | None] = ABSENT
    resource: Value[Text | None] = ABSENT
    dimension: Value[Text | None] = ABSENT
