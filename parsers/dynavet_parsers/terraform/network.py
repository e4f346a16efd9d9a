"""VPCs, subnets, endpoints, and the workloads in them."""

from __future__ import annotations

from dynavet.model import Client, Endpoint, Subnet, Vpc
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Unknown, Value
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.resource import Reading, Resource, texts

Subnets = tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]


def read(reading: Reading) -> None:
    """Add VPCs, subnets, endpoints and clients to the project."""
    project = reading.project
    project.vpcs += [Vpc(**r.entity) for r in reading.of("aws_vpc", "aws_default_vpc")]
    project.subnets += [
        Subnet(**r.entity, vpc=r.body.text("vpc_id")) for r in reading.of("aws_subnet", "aws_default_subnet")
    ]
    project.endpoints += [_endpoint(r) for r in reading.of("aws_vpc_endpoint")]
    project.clients += [_function(r) for r in reading.of("aws_lambda_function")]
    project.clients += [_instance(reading, r) for r in reading.of("aws_instance")]
    project.clients += [_service(reading, r) for r in reading.of("aws_ecs_service")]
    project.clients += [_cache(reading, r) for r in reading.of("aws_dax_cluster")]


def _endpoint(resource: Resource) -> Endpoint:
    body = resource.body
    return Endpoint(
        **resource.entity,
        vpc=body.text("vpc_id"),
        service=body.text("service_name"),
        kind=body.text("vpc_endpoint_type"),
    )


def _nested_subnets(body: Body, block: str, argument: str) -> Subnets:
    found = body.blocks(block)
    subnets: list[Value[Text | None]] = []
    more = list(found.more)
    for slot in found.slots:
        if isinstance(slot, Unknown):
            more.append(slot)
        elif isinstance(slot, Known):
            if slot.value is not None:
                known, further = texts(slot.value, argument)
                subnets += known
                more += further
        else:
            more.append(Unknown(f"{slot.condition} is undecided", slot.origin))
    return tuple(subnets), tuple(more)


def _client(
    resource: Resource, kind: str, subnets: Subnets, role: Value[Text | None], dynamodb: bool = False
) -> Client:
    known, more = subnets
    return Client(**resource.entity, kind=kind, subnets=known, more_subnets=more, role=role, dynamodb=dynamodb)


def _function(resource: Resource) -> Client:
    subnets = _nested_subnets(resource.body, "vpc_config", "subnet_ids")
    return _client(resource, "Lambda function", subnets, resource.body.text("role"))


def _instance(reading: Reading, resource: Resource) -> Client:
    subnet = resource.body.text("subnet_id")
    subnets: Subnets = ((), ()) if isinstance(subnet, Known) and subnet.value is None else ((subnet,), ())
    profile = resource.body.text("iam_instance_profile")
    role = _linked(reading, "aws_iam_instance_profile", profile, "role")
    return _client(resource, "EC2 instance", subnets, role)


def _service(reading: Reading, resource: Resource) -> Client:
    subnets = _nested_subnets(resource.body, "network_configuration", "subnets")
    definition = resource.body.text("task_definition")
    role = _linked(reading, "aws_ecs_task_definition", definition, "task_role_arn")
    return _client(resource, "ECS service", subnets, role)


def _cache(reading: Reading, resource: Resource) -> Client:
    group = resource.body.text("subnet_group_name")
    found = reading.find("aws_dax_subnet_group", group.value) if isinstance(group, Known) else None
    if found is not None:
        subnets = texts(found.body, "subnet_ids")
    else:
        undecided = (
            group if isinstance(group, Unknown) else Unknown(f"the subnets of {resource.address} are not in this code")
        )
        subnets = (), (undecided,)
    return _client(resource, "DAX cluster", subnets, resource.body.text("iam_role_arn"), dynamodb=True)


def _linked(reading: Reading, kind: str, link: Value[Text | None], argument: str) -> Value[Text | None]:
    """An argument of the resource that `link` means; unknown if it is not in the code."""
    if not isinstance(link, Known):
        return link
    if link.value is None:
        return ABSENT
    found = reading.find(kind, link.value)
    return found.body.text(argument) if found is not None else Unknown(f"{link.value} is not in this code", link.origin)
