"""DAX clusters."""

from __future__ import annotations

from dynavet.model import DaxCluster
from dynavet.values import Data, Known, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.clients import add_client
from dynavet_parsers.cloudformation.links import linked
from dynavet_parsers.cloudformation.readers import boolean, each_known, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack


def read_cluster(stack: Stack, resource: Resource) -> None:
    """``AWS::DAX::Cluster``, as such and as a client: its subnets are those of the subnet group."""
    subnets = _subnets(stack, resource)
    places, more_subnets = slots(subnets)
    groups, more_groups = slots(resource.get("SecurityGroupIds"))
    stack.project.dax_clusters.append(
        DaxCluster(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            name=text(resource.get("ClusterName")),
            encryption_at_rest=each_known(_enabled, resource.get("SSESpecification"), None),
            endpoint_encryption=text(resource.get("ClusterEndpointEncryptionType")),
            security_groups=tuple(text(group) for group in groups),
            more_security_groups=more_groups,
            subnets=tuple(text(place) for place in places),
            more_subnets=more_subnets,
        )
    )
    add_client(stack, resource, "DAX cluster", subnets, text(resource.get("IAMRoleARN")), dynamodb=True)


def _enabled(specification: Object, origin: Origin | None) -> Value[bool | None]:
    """What a specification does not say stands, as absent, at the specification."""
    enabled = boolean(specification.get("SSEEnabled"))
    return Known(None, enabled.origin or origin) if enabled == Known(None) else enabled


def _subnets(stack: Stack, resource: Resource) -> Value[Data]:
    group = text(resource.get("SubnetGroupName"))
    unnamed = Unknown("the default DAX subnet group is declared outside this template", resource.origin)
    return linked(
        stack, group, "AWS::DAX::SubnetGroup", "DAX subnet group", lambda found: found.get("SubnetIds"), unnamed
    )
