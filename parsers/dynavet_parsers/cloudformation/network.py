"""VPCs and subnets."""

from __future__ import annotations

from dynavet.model import Subnet, Vpc
from dynavet_parsers.cloudformation.readers import text
from dynavet_parsers.cloudformation.stack import Resource, Stack


def read_vpc(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::VPC``."""
    stack.project.vpcs.append(Vpc(address=resource.logical_id, origin=resource.origin, exists=resource.exists))


def read_subnet(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::Subnet``."""
    stack.project.subnets.append(
        Subnet(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            vpc=text(resource.get("VpcId")),
        )
    )
