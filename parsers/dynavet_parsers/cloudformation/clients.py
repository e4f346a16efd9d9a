"""What runs inside a VPC: functions, instances and services."""

from __future__ import annotations

from dynavet.model import Client
from dynavet.text import Text
from dynavet.values import ABSENT, Data, Known, List, Unknown, Value, bind
from dynavet_parsers.cloudformation.links import linked
from dynavet_parsers.cloudformation.readers import member, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.workloads import role_of_profile

_TEMPLATE = ("AWS::EC2::LaunchTemplate", "launch template")


def read_function(stack: Stack, resource: Resource) -> None:
    """``AWS::Lambda::Function``."""
    add_client(stack, resource, "Lambda function", member(resource.get("VpcConfig"), "SubnetIds"), _role(resource))


def read_instance(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::Instance``: what it does not say itself is that of its launch template."""
    subnets, more = _own_subnets(resource.get("SubnetId"), resource.get("NetworkInterfaces"))
    profile = text(resource.get("IamInstanceProfile"))
    inherited: Value[Text | None] = ABSENT
    if resource.get("LaunchTemplate") != ABSENT:
        template = _launch_template(resource)
        inherited = linked(stack, template, *_TEMPLATE, lambda found: _template_role(stack, found), ABSENT)
        if not subnets and not more:
            subnets, more = slots(linked(stack, template, *_TEMPLATE, _template_subnets, ABSENT))
    role = role_of_profile(stack, profile, inherited)
    add_client(stack, resource, "EC2 instance", Known(List(subnets, more)), role)


def _own_subnets(subnet: Value[Data], interfaces: Value[Data]) -> tuple[tuple[Value[Data], ...], tuple[Unknown, ...]]:
    """The subnets that an instance is put into, itself or by network interfaces that are made for it."""
    places, more = slots(interfaces)
    found = (subnet, *(member(place, "SubnetId") for place in places))
    return tuple(value for value in found if value != ABSENT), more


def _launch_template(resource: Resource) -> Value[Text | None]:
    named = text(resource.get("LaunchTemplate", "LaunchTemplateId"))
    by_name = text(resource.get("LaunchTemplate", "LaunchTemplateName"))
    return bind(lambda found: by_name if found is None else Known(found, named.origin), named)


def _template_role(stack: Stack, template: Resource) -> Value[Text | None]:
    profile = template.get("LaunchTemplateData", "IamInstanceProfile")
    name, arn = text(member(profile, "Name")), text(member(profile, "Arn"))
    return role_of_profile(stack, bind(lambda found: arn if found is None else Known(found, name.origin), name))


def _template_subnets(template: Resource) -> Value[Data]:
    subnets, more = _own_subnets(ABSENT, template.get("LaunchTemplateData", "NetworkInterfaces"))
    return Known(List(subnets, more))


def read_service(stack: Stack, resource: Resource) -> None:
    """``AWS::ECS::Service``: with the role of its task definition."""
    subnets = resource.get("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
    definition = text(resource.get("TaskDefinition"))
    role = linked(
        stack,
        definition,
        "AWS::ECS::TaskDefinition",
        "task definition",
        lambda found: text(found.get("TaskRoleArn")),
        ABSENT,
    )
    add_client(stack, resource, "ECS service", subnets, role)


def add_client(
    stack: Stack,
    resource: Resource,
    kind: str,
    subnets: Value[Data],
    role: Value[Text | None],
    dynamodb: bool = False,
) -> None:
    places, more = slots(subnets)
    stack.project.clients.append(
        Client(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            kind=kind,
            subnets=tuple(text(place) for place in places),
            more_subnets=more,
            role=role,
            dynamodb=dynamodb,
        )
    )


def _role(resource: Resource) -> Value[Text | None]:
    return text(resource.get("Role"))
