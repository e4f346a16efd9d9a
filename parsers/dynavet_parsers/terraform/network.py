"""VPCs, subnets, and the workloads in them."""

from __future__ import annotations

from dynavet.model import Client, Subnet, Vpc
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Unknown, Value, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.resource import Reading, Resource, texts
from dynavet_parsers.terraform.workloads import role_of_profile

Subnets = tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]


def read(reading: Reading) -> None:
    """Add VPCs, subnets and clients to the project."""
    project = reading.project
    project.vpcs += [
        Vpc(**r.entity, default=r.kind == "aws_default_vpc") for r in reading.of("aws_vpc", "aws_default_vpc")
    ]
    project.subnets += [
        Subnet(**r.entity, vpc=r.body.text("vpc_id")) for r in reading.of("aws_subnet", "aws_default_subnet")
    ]
    project.clients += [_function(r) for r in reading.of("aws_lambda_function")]
    project.clients += [_instance(reading, r) for r in reading.of("aws_instance")]
    project.clients += [_service(reading, r) for r in reading.of("aws_ecs_service")]


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


def _client(resource: Resource, kind: str, subnets: Subnets, role: Value[Text | None]) -> Client:
    known, more = subnets
    return Client(**resource.entity, kind=kind, subnets=known, more_subnets=more, role=role)


def _function(resource: Resource) -> Client:
    subnets = _nested_subnets(resource.body, "vpc_config", "subnet_ids")
    return _client(resource, "Lambda function", subnets, resource.body.text("role"))


def _instance(reading: Reading, resource: Resource) -> Client:
    """What an instance does not say itself is that of its launch template."""
    body = resource.body
    template = bind(lambda block: _launch_template(reading, block), body.block_value("launch_template"))
    inherited = bind(lambda found: ABSENT if found is None else _template_role(reading, found), template)
    profile, subnet = body.text("iam_instance_profile"), body.text("subnet_id")
    role = role_of_profile(reading, profile, inherited)
    subnets = ((subnet,), ()) if subnet != ABSENT else _template_subnets(template)
    return _client(resource, "EC2 instance", subnets, role)


def _launch_template(reading: Reading, block: Body | None) -> Value[Resource | None]:
    if block is None:
        return Known(None)
    named, by_name = block.text("id"), block.text("name")

    def declared(text: Text | None) -> Value[Resource | None]:
        found = reading.find("aws_launch_template", text)
        return Known(found) if found is not None else Unknown(f"launch template {text} is not in this code", block.at)

    return bind(declared, bind(lambda found: by_name if found is None else Known(found, named.origin), named))


def _template_role(reading: Reading, template: Resource) -> Value[Text | None]:
    def read(block: Body | None) -> Value[Text | None]:
        if block is None:
            return ABSENT
        name, arn = block.text("name"), block.text("arn")
        return role_of_profile(reading, bind(lambda found: arn if found is None else Known(found, name.origin), name))

    return bind(read, template.body.block_value("iam_instance_profile"))


def _template_subnets(template: Value[Resource | None]) -> Subnets:
    if isinstance(template, Known):
        found = template.value
        return ((), ()) if found is None else _nested_subnets(found.body, "network_interfaces", "subnet_id")
    if isinstance(template, Unknown):
        return (), (template,)
    return (), (Unknown(f"{template.condition} is undecided", template.origin),)


def _service(reading: Reading, resource: Resource) -> Client:
    subnets = _nested_subnets(resource.body, "network_configuration", "subnets")
    definition = resource.body.text("task_definition")
    role = _linked(reading, "aws_ecs_task_definition", definition, "task_role_arn")
    return _client(resource, "ECS service", subnets, role)


def _linked(reading: Reading, kind: str, link: Value[Text | None], argument: str) -> Value[Text | None]:
    """An argument of the resource that `link` means; unknown if it is not in the code."""

    def read(text: Text | None) -> Value[Text | None]:
        found = reading.find(kind, text)
        if text is None or found is not None:
            return ABSENT if found is None else found.body.text(argument)
        return Unknown(f"{text} is not in this code", link.origin)

    return bind(read, link)
