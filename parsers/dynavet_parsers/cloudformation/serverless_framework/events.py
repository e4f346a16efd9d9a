"""Streams that functions read, and what a function needs of its role for that and for its own configuration.

https://www.serverless.com/framework/docs/providers/aws/events/streams
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Data, Known, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.readers import slots
from dynavet_parsers.cloudformation.serverless_framework.building import (
    allowed,
    attribute,
    content,
    entry,
    function_id,
    is_absent,
    made,
    normalized,
    present,
)
from dynavet_parsers.cloudformation.serverless_framework.service import Function, Service
from dynavet_parsers.cloudformation.template import literal

_READ = ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")
_DYNAMODB = tuple(f"dynamodb:{name}" for name in _READ)
_KINESIS = tuple(f"kinesis:{name}" for name in _READ)
_CONSUMER = tuple(f"kinesis:{name}" for name in (*_READ[:2], "DescribeStreamSummary", "ListShards"))
_SNS = ("sns:Publish",)
_SQS = ("sqs:ListQueues", "sqs:SendMessage")
_ORDER = (_DYNAMODB, _KINESIS, _CONSUMER, _SNS, _SQS)
"""The statements about streams, as the framework puts them."""

_ARN = regex(r"arn:[^:]*:(?P<service>[a-z]+):[^/]*/?(?P<name>[^/]*)")


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream event; `type` is ``dynamodb`` or ``kinesis``, `None` where nothing decides it."""

    arn: Value[Data]
    type: str | None
    body: Object
    at: Origin | None


def streams(function: Function) -> tuple[list[Stream], list[Unknown]]:
    """The streams that a function reads, and why there may be more events."""
    found = []
    events, more = slots(function.get("events"))
    reasons = list(more)
    for event in events:
        declared = entry(event, "stream")
        if isinstance(declared, Unknown):
            reasons.append(declared)
        elif not is_absent(declared):
            body = content(declared)
            arn = entry(body, "arn") if body.entries else declared
            kind = literal(entry(body, "type")) or _service(arn)
            found.append(Stream(arn, kind, body, event.origin or declared.origin))
    return found, reasons


def mappings(function: Function) -> Iterator[tuple[str, Value[Data]]]:
    """The event source mapping of each stream, by logical id."""
    for stream in streams(function)[0]:
        kind, body = stream.type or "stream", stream.body
        name = f"{normalized(function.name)}EventSourceMapping{kind[:1].upper()}{kind[1:]}{_name(stream.arn)}"
        failure = entry(body, "destinations", "onFailure")
        target = entry(failure, "arn")
        target = failure if is_absent(target) else target
        properties = {
            "EventSourceArn": stream.arn,
            "FunctionName": attribute(function_id(function.name), "Arn", stream.at),
            "StartingPosition": _or(body, "startingPosition", "TRIM_HORIZON", stream.at),
            "BatchSize": _or(body, "batchSize", 10, stream.at),
            "Enabled": _or(body, "enabled", True, stream.at),
        }
        if not is_absent(target):
            properties["DestinationConfig"] = made({"OnFailure": {"Destination": target}}, stream.at)
        filters = present(FilterCriteria=entry(body, "filterPatterns"))
        resource = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {**properties, **filters}}
        yield name, made(resource, stream.at)


def stream_statements(function: Function) -> tuple[list[Value[Data]], list[Unknown]]:
    """What the framework adds to the role of a function for the streams that it reads.

    What it adds for other events grants nothing on tables, and is left out.
    """
    found, more = streams(function)
    asked: dict[tuple[str, ...], list[Value[Data]]] = {actions: [] for actions in _ORDER}
    for stream in found:
        for actions, resource in _of_stream(stream):
            asked[actions].append(resource)
    places = {id(stream.arn): stream.at for stream in found}
    added = ((actions, each) for actions, each in asked.items() if each)
    return [allowed(actions, each, places.get(id(each[0]), each[0].origin)) for actions, each in added], more


def own_statements(service: Service, function: Function) -> Iterator[Value[Data]]:
    """What it adds for where failures go, and for the key of the environment variables."""
    failures = function.get("onError")
    if literal(failures) is not None:
        yield allowed(_SNS, [failures], failures.origin)
    key = function.get("kmsKeyArn")
    key = entry(service.provider, "kmsKeyArn") if is_absent(key) else key
    if not is_absent(key) and not (isinstance(key, Known) and isinstance(key.value, Object)):
        yield allowed(("kms:Decrypt",), [key], key.origin or function.at)


def _of_stream(stream: Stream) -> Iterator[tuple[tuple[str, ...], Value[Data]]]:
    """The actions that a stream needs, each time with what they are needed on."""
    if stream.type == "kinesis":
        yield _KINESIS if is_absent(entry(stream.body, "consumer")) else _CONSUMER, stream.arn
    else:
        yield _DYNAMODB, stream.arn
    failure = entry(stream.body, "destinations", "onFailure")
    if not is_absent(failure):
        target = entry(failure, "arn")
        target = failure if is_absent(target) else target
        kind = literal(entry(failure, "type")) or _service(target)
        yield _SNS if kind == "sns" else _SQS, target


def _or(body: Object, key: str, default: object, at: Origin | None) -> Value[Data]:
    value = entry(body, key)
    return made(default, at) if is_absent(value) else value


def _arn(value: Value[Data]) -> re.Match[str] | None:
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, Text):
        data = "".join(part if isinstance(part, str) else "?" for part in data.parts)
    return _ARN.match(data) if isinstance(data, str) else None


def _service(arn: Value[Data]) -> str | None:
    """The service in an ARN, if it is written there."""
    found = _arn(arn)
    return found["service"] if found is not None else None


def _name(arn: Value[Data]) -> str:
    """What stands for the stream in the logical id of its mapping."""
    found = _arn(arn)
    body = content(arn)
    name = found["name"] if found is not None else ""
    for key in ("Fn::GetAtt", "Fn::ImportValue", "Ref"):
        argument = body.entries.get(key)
        first = slots(argument)[0][:1] if argument is not None else ()
        name = name or (literal(first[0]) or "" if first else "")
    name = re.sub("[^0-9A-Za-z]", "", name)
    return name[:1].upper() + name[1:]
