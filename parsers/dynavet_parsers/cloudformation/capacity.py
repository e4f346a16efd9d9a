"""What lets the capacity of tables and indexes follow their load.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from dynavet.model import ScalingPolicy, ScalingTarget
from dynavet.text import Text
from dynavet.values import Data, Known, Object, Unknown, Value, apply, bind
from dynavet_parsers.cloudformation.readers import member, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack

_GLOBAL = "AWS::DynamoDB::GlobalTable"
_READS = ("ReadProvisionedThroughputSettings", "ReadCapacityAutoScalingSettings")
_WRITES = ("WriteProvisionedThroughputSettings", "WriteCapacityAutoScalingSettings")


class Scaling(TypedDict, total=False):
    """Whether a table or index has autoscaling in its own declaration."""

    reads_scaled: Value[bool]
    writes_scaled: Value[bool]


def read_scaling_target(stack: Stack, resource: Resource) -> None:
    """``AWS::ApplicationAutoScaling::ScalableTarget``."""
    stack.project.scaling_targets.append(
        ScalingTarget(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            resource=text(resource.get("ResourceId")),
            dimension=text(resource.get("ScalableDimension")),
        )
    )


def read_scaling_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::ApplicationAutoScaling::ScalingPolicy``."""
    stack.project.scaling_policies.append(
        ScalingPolicy(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            target=text(resource.get("ScalingTargetId")),
            resource=text(resource.get("ResourceId")),
            dimension=text(resource.get("ScalableDimension")),
        )
    )


def simple_billing_mode(resource: Resource) -> Value[Text | None]:
    """A SAM table without `ProvisionedThroughput` is on demand, one with it what tables are by default."""
    throughput = resource.get("ProvisionedThroughput")
    return apply(lambda data: Text.of("PAY_PER_REQUEST") if data is None else None, throughput)


def table_scaling(resource: Resource) -> Scaling:
    """Only a global table says it itself: writes once, reads in each Region."""
    if resource.type != _GLOBAL:
        return {}
    return {
        "reads_scaled": _in_all_replicas(resource, lambda replica: _is_there(member(replica, *_READS))),
        "writes_scaled": _is_there(resource.get(*_WRITES)),
    }


def index_scaling(resource: Resource, index: Object) -> Scaling:
    """As of a table; the reads of an index stand in each replica beside its name."""
    if resource.type != _GLOBAL:
        return {}
    name = index.get("IndexName")
    return {
        "reads_scaled": _in_all_replicas(resource, lambda replica: _reads_of(replica, name)),
        "writes_scaled": _is_there(member(Known(index), *_WRITES)),
    }


def _in_all_replicas(resource: Resource, scaled: Callable[[Value[Data]], Value[bool]]) -> Value[bool]:
    places, more = slots(resource.get("Replicas"))
    if more:
        return more[0]
    every = [bind(lambda data: Known(True) if data is None else scaled(Known(data)), place) for place in places]
    return apply(lambda *each: all(each), *every) if every else Known(False)


def _reads_of(replica: Value[Data], name: Value[Data]) -> Value[bool]:
    places, more = slots(member(replica, "GlobalSecondaryIndexes"))
    here = [
        apply(lambda own, wanted, settings: own == wanted and settings is not None, own, name, settings)
        for own, settings in ((member(place, "IndexName"), member(place, *_READS)) for place in places)
    ]
    if any(each == Known(True) for each in here) or not more:
        return apply(lambda *each: any(each), *here) if here else Known(False)
    return more[0]


def _is_there(value: Value[Data]) -> Value[bool]:
    return value if isinstance(value, Unknown) else apply(lambda data: data is not None, value)
