"""Where the changes of tables go."""

from __future__ import annotations

from typing import TypedDict

from dynavet.model import DataStream, StreamDestination
from dynavet.text import Text
from dynavet.values import Value, apply
from dynavet_parsers.cloudformation.paths import places
from dynavet_parsers.cloudformation.readers import both, never, present, text
from dynavet_parsers.cloudformation.stack import Resource, Stack

_DESTINATIONS = {
    "AWS::DynamoDB::GlobalTable": "Replicas[].KinesisStreamSpecification.StreamArn",
    "AWS::DynamoDB::Table": "KinesisStreamSpecification.StreamArn",
}
"""Where a table names the Kinesis stream that receives its changes, a global table in each Region."""


class OwnStream(TypedDict):
    """The DynamoDB stream of a table."""

    stream_enabled: Value[bool | None]
    stream_view_type: Value[Text | None]


def own_stream(resource: Resource) -> OwnStream:
    """A table has a stream exactly if it has a `StreamSpecification`."""
    specification = resource.get("StreamSpecification")
    return {
        "stream_enabled": apply(lambda data: data is not None, specification),
        "stream_view_type": text(resource.get("StreamSpecification", "StreamViewType")),
    }


def read_data_stream(stack: Stack, resource: Resource) -> None:
    """``AWS::Kinesis::Stream``."""
    stack.project.data_streams.append(
        DataStream(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            name=text(resource.get("Name")),
            encryption=text(resource.get("StreamEncryption", "EncryptionType")),
        )
    )


def read_destinations_of(stack: Stack, resource: Resource) -> None:
    """The Kinesis streams that a table names."""
    for _, arn in places(resource, _DESTINATIONS[resource.type]) if resource.type in _DESTINATIONS else ():
        exists = both(resource.exists, present(arn))
        if not never(exists):
            stack.project.stream_destinations.append(
                StreamDestination(
                    address=resource.logical_id,
                    origin=arn.origin or resource.origin,
                    exists=exists,
                    table=resource.ref("name"),
                    stream=text(arn),
                )
            )
