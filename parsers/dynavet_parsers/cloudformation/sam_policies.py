"""The entries of `Policies` in a serverless function or state machine.

The policy templates that grant DynamoDB actions are written out as the serverless transform
does; others grant nothing on DynamoDB and read as absent.
"""

from __future__ import annotations

from dynavet.text import Hole, Text
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.policies import literal_document
from dynavet_parsers.cloudformation.readers import over
from dynavet_parsers.cloudformation.texts import join

_TABLE, _INDEXES, _STREAM = "table/{TableName}", "table/{TableName}/index/*", "table/{TableName}/stream/{StreamName}"
_STREAMS, _BACKUPS = "table/{TableName}/stream/*", "table/{TableName}/backup/*"
_READ = "GetItem Scan Query BatchGetItem DescribeTable"

TEMPLATES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "DynamoDBBackupFullAccessPolicy": (
        ("CreateBackup DescribeContinuousBackups", (_TABLE,)),
        ("DeleteBackup DescribeBackup ListBackups", (_BACKUPS,)),
    ),
    "DynamoDBCrudPolicy": (
        (
            "GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable"
            " ConditionCheckItem",
            (_TABLE, _INDEXES),
        ),
    ),
    "DynamoDBReadPolicy": ((_READ, (_TABLE, _INDEXES)),),
    "DynamoDBReconfigurePolicy": (("UpdateTable", (_TABLE,)),),
    "DynamoDBRestoreFromBackupPolicy": (
        ("RestoreTableFromBackup", (_BACKUPS,)),
        ("PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem", (_TABLE,)),
    ),
    "DynamoDBStreamReadPolicy": (
        ("DescribeStream GetRecords GetShardIterator", (_STREAM,)),
        ("ListStreams", (_STREAMS,)),
    ),
    "DynamoDBWritePolicy": (("PutItem UpdateItem BatchWriteItem", (_TABLE, _INDEXES)),),
}
"""Statements of each template: actions, and resources below the account's ARN prefix."""

_SERVICE_ROLE_PREFIX = "AWSLambda"
_SERVICE_ROLE_SUFFIXES = ("ExecutionRole", "AWSLambdaRole")


def policy_name(place: Value[Data], index: int) -> str:
    """What tells this entry apart from the others: its index, and its template if it is one."""
    data = place.value if isinstance(place, Known) else None
    if isinstance(data, Object) and len(data.entries) == 1 and "Statement" not in data.entries:
        return f"Policies[{index}].{next(iter(data.entries))}"
    return f"Policies[{index}]"


def policy_document(place: Value[Data], at: Origin) -> Value[Data]:
    """The document that an entry is or expands to; absent for managed policies."""

    def read(data: Data, origin: Origin | None) -> Value[Data]:
        if not isinstance(data, Object):
            return Known(None)
        if "Statement" in data.entries:
            return Known(data, origin)
        name, parameters = next(iter(data.entries.items()), ("", Known(None)))
        if len(data.entries) != 1 or name not in TEMPLATES:
            return Known(None)
        place = data.keys.get(name) or origin or at
        return over(lambda given, _: _expanded(name, given, place), parameters)

    return Known(None) if isinstance(place, Unknown) else over(read, place)


def managed_policy(place: Value[Data]) -> Value[Text | None]:
    """The ARN of the managed policy that an entry names; absent for documents and templates."""

    def read(data: Data, origin: Origin | None) -> Value[Text | None]:
        if isinstance(data, Text):
            return Known(data, origin)
        if not isinstance(data, str):
            return Known(None)
        return Known(Text.of(data if data.startswith("arn:") else _aws_managed(data)), origin)

    return over(read, place)


def _aws_managed(name: str) -> Text:
    service_role = name.startswith(_SERVICE_ROLE_PREFIX) and name.endswith(_SERVICE_ROLE_SUFFIXES)
    path = "service-role/" if service_role else ""
    return Text.of("arn:", _partition(), f":iam::aws:policy/{path}{name}")


def _expanded(name: str, parameters: Data, at: Origin) -> Value[Data]:
    given = parameters if isinstance(parameters, Object) else Object()
    statements: list[dict[str, Value[Data]]] = []
    for actions, resources in TEMPLATES[name]:
        action_items: tuple[Value[Data], ...] = tuple(Known(f"dynamodb:{a}", at) for a in actions.split())
        resource_items = tuple(_resource(resource, given, at) for resource in resources)
        statements.append(
            {
                "Effect": Known("Allow", at),
                "Action": Known(List(action_items), at),
                "Resource": Known(List(resource_items), at),
            }
        )
    return literal_document(statements, at)


def _resource(pattern: str, given: Object, at: Origin) -> Value[Data]:
    """An ARN of the template; its parameters stand where the template's user wrote them."""
    prefix = Text.of("arn:", _partition(), ":dynamodb:", _hole("AWS::Region"), ":", _hole("AWS::AccountId"), ":")
    parts: list[Value[Data]] = [Known(prefix)]
    origin = given.get("TableName").origin or at
    for piece in pattern.replace("}", "{").split("{"):
        parts.append(given.get(piece) if piece in ("TableName", "StreamName") else Known(piece))
    return join(parts, origin=origin)


def _partition() -> Hole:
    return _hole("AWS::Partition")


def _hole(name: str) -> Hole:
    return Hole(f"{name} is decided at deployment")
