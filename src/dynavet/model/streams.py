"""Where the changes of tables go."""

from __future__ import annotations

from dataclasses import dataclass

from dynavet.model.entity import Entity
from dynavet.text import Text
from dynavet.values import ABSENT, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDestination(Entity):
    """A Kinesis stream receives the changes of a table.

    `table` is the name of the table or a reference to it, `stream` the ARN of the stream.
    """

    table: Value[Text | None] = ABSENT
    stream: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStream(Entity):
    """A stream of Kinesis Data Streams; `encryption` is ``KMS`` or ``NONE``, not encrypted if absent."""

    name: Value[Text | None] = ABSENT
    encryption: Value[Text | None] = ABSENT
