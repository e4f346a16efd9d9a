"""VPC endpoints, route tables, and which of them subnets use.

A template cannot name the main route table of a VPC that it declares: ``AWS::EC2::VPC`` has no such attribute.
"""

from __future__ import annotations

from dynavet.model import Endpoint, PolicyKind, RouteTable, Routing
from dynavet_parsers.cloudformation.readers import slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack


def read_route_table(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::RouteTable``."""
    stack.project.route_tables.append(
        RouteTable(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            vpc=text(resource.get("VpcId")),
        )
    )


def read_subnet_association(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::SubnetRouteTableAssociation``."""
    stack.project.routings.append(
        Routing(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            subnet=text(resource.get("SubnetId")),
            route_table=text(resource.get("RouteTableId")),
        )
    )


def read_endpoint(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::VPCEndpoint``, whose policy has been read already."""
    tables, more = slots(resource.get("RouteTableIds"))
    own = (policy for policy in stack.project.policies if policy.address == resource.logical_id)
    stack.project.endpoints.append(
        Endpoint(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            vpc=text(resource.get("VpcId")),
            service=text(resource.get("ServiceName")),
            kind=text(resource.get("VpcEndpointType")),
            route_tables=tuple(text(table) for table in tables),
            more_route_tables=more,
            policies=tuple(policy for policy in own if policy.kind is PolicyKind.ENDPOINT),
        )
    )
