"""Where the changes of tables go, and what reads them."""

from __future__ import annotations

from dataclasses import field

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Value


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamConsumer(Entity):
    """Something that reads a stream, of a table or of Kinesis Data Streams, such as the event source of a function.

    `source` is the ARN of what it reads, or of the table whose stream it reads; it may also be no stream at all, but a
    queue. Unless it is `active` it is there and reads nothing.
    """

    source: Value[Text | None] = ABSENT
    active: Value[bool] = field(default=Known(True))
