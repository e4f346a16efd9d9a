"""What runs inside a VPC: functions, instances, services and DAX clusters."""

from __future__ import annotations

from dynavet.model import Client
from dynavet.text import Text
from dynavet.values import ABSENT, Data, Known, List, Unknown, Value, bind
from dynavet_parsers.cloudformation.readers import member, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack


def read_function(stack: Stack, resource: Resource) -> None:
    """``AWS::Lambda::Function``."""
    add_client(stack, resource, "Lambda function", member(resource.get("VpcConfig"), "SubnetIds"), _role(resource))


def read_instance(stack: Stack, resource: Resource) -> None:
    """``AWS::EC2::Instance``: the subnet is its own, of a network interface, or of the launch template."""
    own = resource.get("SubnetId")
    interfaces, more = slots(resource.get("NetworkInterfaces"))
    found = (own, *(member(interface, "SubnetId") for interface in interfaces))
    subnets = tuple(value for value in found if value != ABSENT)
    if not subnets and not more and resource.get("LaunchTemplate") != ABSENT:
        more = (Unknown("the subnet of a launch template is not read", resource.origin),)
    profile = text(resource.get("IamInstanceProfile"))
    add_client(stack, resource, "EC2 instance", Known(List(subnets, more)), _profile_role(stack, profile))


def read_service(stack: Stack, resource: Resource) -> None:
    """``AWS::ECS::Service``: with the role of its task definition."""
    subnets = resource.get("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
    definition = text(resource.get("TaskDefinition"))
    target = stack.target(definition, "AWS::ECS::TaskDefinition")
    role = text(target.get("TaskRoleArn")) if target is not None else _outside(definition, "task definition")
    add_client(stack, resource, "ECS service", subnets, role)


def read_dax_cluster(stack: Stack, resource: Resource) -> None:
    """``AWS::DAX::Cluster``: its subnets are those of the subnet group."""
    group = text(resource.get("SubnetGroupName"))
    target = stack.target(group, "AWS::DAX::SubnetGroup")
    subnets: Value[Data]
    if target is not None:
        subnets = target.get("SubnetIds")
    elif group == ABSENT:
        subnets = Unknown("the default DAX subnet group is declared outside this template", resource.origin)
    else:
        outside = _outside(group, "DAX subnet group")
        subnets = (
            outside if isinstance(outside, Unknown) else Unknown("the DAX subnet group is undecided", group.origin)
        )
    add_client(stack, resource, "DAX cluster", subnets, text(resource.get("IAMRoleARN")), dynamodb=True)


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


def _profile_role(stack: Stack, profile: Value[Text | None]) -> Value[Text | None]:
    target = stack.target(profile, "AWS::IAM::InstanceProfile")
    if target is None:
        return _outside(profile, "instance profile")
    places, more = slots(target.get("Roles"))
    return text(places[0]) if places else more[0] if more else ABSENT


def _outside(named: Value[Text | None], what: str) -> Value[Text | None]:
    """What is known of a property of something that this template does not declare."""

    def outside(name: Text | None) -> Value[Text | None]:
        if name is None:
            return ABSENT
        return Unknown(f"{what} {name} is declared outside this template", named.origin)

    return bind(outside, named)
