"""Replicas of tables that are resources of their own."""

from __future__ import annotations

from dataclasses import replace

from dynavet.model import Replica
from dynavet.values import ABSENT, Known, Value, bind
from dynavet_parsers.cloudformation.readers import text
from dynavet_parsers.cloudformation.stack import Resource, Stack

CUSTOM = "Custom::DynamoDBReplica"
"""By which the `Table` of AWS CDK gets its `replicationRegions`: a call of UpdateTable for one Region, and no more."""


def add_replicas(stack: Stack) -> None:
    """Give the tables that have been read the replicas that other resources of the template create for them.

    They go by the table's address, for the app says it of the table alone. They have nothing of their own: no key,
    no tags, neither point-in-time recovery nor deletion protection.
    """
    tables = stack.project.tables
    for resource in stack.resources():
        if resource.type != CUSTOM:
            continue
        target = stack.target(text(resource.get("TableName")), "AWS::DynamoDB::Table")
        if target is not None:
            slot = _slot(resource)
            tables[:] = [
                replace(each, replicas=(*each.replicas, slot)) if each.address == target.logical_id else each
                for each in tables
            ]


def _slot(resource: Resource) -> Value[Replica | None]:
    replica = Replica(region=text(resource.get("Region")), origin=resource.origin)

    def there(exists: bool) -> Value[Replica | None]:
        return Known(replica, resource.origin) if exists else ABSENT

    return bind(there, resource.exists)
