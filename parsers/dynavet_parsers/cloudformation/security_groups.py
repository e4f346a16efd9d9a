"""Security groups with their rules, in the group or by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from dynavet.model import IngressRule, SecurityGroup
from dynavet.text import Text
from dynavet.values import ABSENT, Data, Known, Origin, Value, bind
from dynavet_parsers.cloudformation.links import declared
from dynavet_parsers.cloudformation.readers import both, member, never, present, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.ports import port

_GROUP = "AWS::EC2::SecurityGroup"
Given = Callable[[str], Value[Data]]
"""The value of a property."""

_SOURCES = ("SourceSecurityGroupId", "SourceSecurityGroupName")


def read_group(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::SecurityGroup``."""
    places, more = slots(resource.get("SecurityGroupIngress"))
    stack.project.security_groups.append(
        SecurityGroup(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            name=text(resource.get("GroupName")),
            vpc=text(resource.get("VpcId")),
            more_ingress=more,
        )
    )
    for place in places:
        exists = both(resource.exists, present(place))
        if not never(exists):
            at = place.origin or resource.origin
            stack.project.ingress_rules.append(_rule(resource, resource.ref(), partial(member, place), at, exists))


def read_ingress(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::SecurityGroupIngress``: its group is named by id, or by name in a default VPC."""
    named = text(resource.get("GroupId"))
    by_name = _named(stack, text(resource.get("GroupName")))
    group = bind(lambda found: by_name if found is None else Known(found, named.origin), named)
    stack.project.ingress_rules.append(_rule(resource, group, resource.get, resource.origin, resource.exists))


def _named(stack: Stack, name: Value[Text | None]) -> Value[Text | None]:
    """A group of the template that is named by its name, as a reference to it."""

    def resolve(found: Text | None) -> Value[Text | None]:
        group = declared(stack, found, _GROUP) if found is not None else None
        return Known(found, name.origin) if group is None else Known(group.ref().value, name.origin)

    return bind(resolve, name)


def _rule(resource: Resource, group: Value[Text | None], given: Given, at: Origin, exists: Value[bool]) -> IngressRule:
    def all_of(*names: str) -> tuple[Value[Text | None], ...]:
        return tuple(value for name in names if (value := text(given(name))) != ABSENT)

    return IngressRule(
        address=resource.logical_id,
        origin=at,
        exists=exists,
        group=group,
        protocol=text(given("IpProtocol")),
        from_port=port(text(given("FromPort"))),
        to_port=port(text(given("ToPort"))),
        cidrs=all_of("CidrIp", "CidrIpv6"),
        prefix_lists=all_of("SourcePrefixListId"),
        sources=all_of(*_SOURCES),
    )
