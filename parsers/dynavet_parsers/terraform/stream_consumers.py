"""What reads the changes of tables."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.model import StreamConsumer
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Value, apply, bind
from dynavet_parsers.ingestion_pipelines import streamed_tables
from dynavet_parsers.pipe_states import runs
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.resource import Reading


def read(reading: Reading) -> None:
    """Add event sources of functions, pipes, pipelines, and consumers of Kinesis streams to the project."""
    reading.project.stream_consumers += [each for each in _consumers(reading) if each.source != ABSENT]


def _consumers(reading: Reading) -> Iterator[StreamConsumer]:
    for r in reading.of("aws_lambda_event_source_mapping"):
        active = apply(lambda flag: flag is not False, r.body.flag("enabled"))
        yield StreamConsumer(**r.entity, source=r.body.text("event_source_arn"), active=active)
    for r in reading.of("aws_pipes_pipe"):
        yield StreamConsumer(**r.entity, source=r.body.text("source"), active=runs(r.body.text("desired_state")))
    for r in reading.of("aws_kinesis_stream_consumer"):
        yield StreamConsumer(**r.entity, source=r.body.text("stream_arn"))
    for r in reading.of("aws_kinesis_firehose_delivery_stream"):
        yield StreamConsumer(**r.entity, source=bind(_delivered, r.body.block_value("kinesis_source_configuration")))
    for r in reading.of("aws_osis_pipeline"):
        for arn in streamed_tables(r.body.text("pipeline_configuration_body")):
            yield StreamConsumer(**r.entity, source=arn)


def _delivered(source: Body | None) -> Value[Text | None]:
    return Known(None) if source is None else source.text("kinesis_stream_arn")
