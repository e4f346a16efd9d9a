"""What reads the changes of tables."""

from __future__ import annotations

from dynavet.model import StreamConsumer
from dynavet.text import Text
from dynavet.values import ABSENT, Data, Known, Object, Value, apply
from dynavet_parsers.cloudformation.readers import boolean, member, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.ingestion_pipelines import streamed_tables
from dynavet_parsers.pipe_states import runs

_EVENTS = ("DynamoDB", "Kinesis")
"""The types of events of a SAM function that come from a stream."""


def read_mapping(stack: Stack, resource: Resource) -> None:
    """``AWS::Lambda::EventSourceMapping``."""
    _add(stack, resource, text(resource.get("EventSourceArn")), _enabled(resource.get("Enabled")))


def read_pipe(stack: Stack, resource: Resource) -> None:
    """``AWS::Pipes::Pipe``."""
    _add(stack, resource, text(resource.get("Source")), runs(text(resource.get("DesiredState"))))


def read_registered(stack: Stack, resource: Resource) -> None:
    """``AWS::Kinesis::StreamConsumer``."""
    _add(stack, resource, text(resource.get("StreamARN")))


def read_delivery_stream(stack: Stack, resource: Resource) -> None:
    """``AWS::KinesisFirehose::DeliveryStream``."""
    _add(stack, resource, text(resource.get("KinesisStreamSourceConfiguration", "KinesisStreamARN")))


def read_pipeline(stack: Stack, resource: Resource) -> None:
    """``AWS::OSIS::Pipeline``."""
    for arn in streamed_tables(text(resource.get("PipelineConfigurationBody"))):
        _add(stack, resource, arn)


def read_events_of(stack: Stack, resource: Resource) -> None:
    """The event source mappings that the serverless transform makes of a function's events."""
    events = resource.get("Events") if resource.type == "AWS::Serverless::Function" else ABSENT
    data = events.value if isinstance(events, Known) else None
    for name, event in data.entries.items() if isinstance(data, Object) else ():
        kind = member(event, "Type")
        if isinstance(kind, Known) and kind.value in _EVENTS:
            properties = member(event, "Properties")
            _add(stack, resource, text(member(properties, "Stream")), _enabled(member(properties, "Enabled")), name)


def _enabled(flag: Value[Data]) -> Value[bool]:
    return apply(lambda data: data is not False, boolean(flag))


def _add(
    stack: Stack,
    resource: Resource,
    source: Value[Text | None],
    active: Value[bool] = Known(True),  # noqa: B008
    event: str = "",
) -> None:
    if source != ABSENT:
        stack.project.stream_consumers.append(
            StreamConsumer(
                address=f"{resource.logical_id}{event}",
                origin=(source.origin if event else None) or resource.origin,
                exists=resource.exists,
                source=source,
                active=active,
            )
        )
