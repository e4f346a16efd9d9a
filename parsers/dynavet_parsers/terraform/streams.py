"""Where the changes of tables go."""

from __future__ import annotations

from dynavet.model import DataStream, StreamDestination
from dynavet_parsers.terraform.resource import Reading


def read(reading: Reading) -> None:
    """Add Kinesis streams, and the tables whose changes they receive, to the project."""
    project = reading.project
    project.data_streams += [
        DataStream(**r.entity, name=r.body.text("name"), encryption=r.body.text("encryption_type"))
        for r in reading.of("aws_kinesis_stream")
    ]
    project.stream_destinations += [
        StreamDestination(**r.entity, table=r.body.text("table_name"), stream=r.body.text("stream_arn"))
        for r in reading.of("aws_dynamodb_kinesis_streaming_destination")
    ]
