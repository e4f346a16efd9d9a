"""Who reads the changes of a table: consumers of its stream, or of a Kinesis stream that receives them."""

from __future__ import annotations

from dynavet.answers import NO, Answer, any_of, ask, undecided
from dynavet.iam.globs import intersects
from dynavet.iam.patterns import at_most
from dynavet.model import Entity, Project, StreamConsumer, StreamDestination, Table
from dynavet.text import Text
from dynavet.values import Unknown, Value, single
from dynavet_checks.table.meant import means, segments

_TABLE, _STREAM = "arn:*:dynamodb:*", "arn:*:kinesis:*"


def has_stream(table: Table) -> Answer:
    return ask(lambda enabled: enabled is True, single(table.stream_enabled))


def stream_is_read(table: Table, project: Project) -> Answer:
    """Whether somebody reads the stream of the table itself, if it has one, in whichever Region."""
    return any_of(
        _works(consumer) & _is_of(consumer.source, table, table.name, _TABLE) for consumer in project.stream_consumers
    )


def is_destination_of(destination: StreamDestination, table: Table) -> Answer:
    return means(destination.table, table, table.name)


def destination_is_read(destination: StreamDestination, project: Project) -> Answer:
    """Whether somebody reads the Kinesis stream; undecided where nobody does and the stream is not in the code."""
    stream = single(destination.stream)
    if isinstance(stream, Unknown):
        return undecided(stream)
    if stream.value is None:
        return NO
    streams = [(each, means(stream, each, each.name)) for each in project.data_streams]
    read = any_of(
        _works(consumer)
        & (
            _is_same(consumer.source, stream.value)
            | any_of(is_it & _is_of(consumer.source, each, each.name, _STREAM) for each, is_it in streams)
        )
        for consumer in project.stream_consumers
    )
    found = any_of(is_it for _, is_it in streams)
    if read.truth is False and found.truth is not True:
        return undecided(*found.reasons, Unknown(f"Kinesis stream {stream.value} is not in this code", stream.origin))
    return read


def _works(consumer: StreamConsumer) -> Answer:
    return ask(lambda active: active, single(consumer.active))


def _is_of(source: Value[Text | None], entity: Entity, name: Value[Text | None], service: str) -> Answer:
    """Whether an ARN, which may be of a queue or of another service's stream, is of this resource or part of it."""
    text = single(source)
    if not isinstance(text, Unknown) and text.value is not None:
        first = next(segments(text.value))
        if not intersects(at_most(first), service):
            return NO
    return means(source, entity, name, segment=1)


def _is_same(source: Value[Text | None], stream: Text) -> Answer:
    """Whether two ARNs are written alike; those that are undecided are compared with what the code declares."""
    text = single(source)
    return NO if isinstance(text, Unknown) else Answer(text.value == stream and not stream.holes)


__all__ = ["destination_is_read", "has_stream", "is_destination_of", "stream_is_read"]
