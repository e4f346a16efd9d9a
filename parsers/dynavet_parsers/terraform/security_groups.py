"""Security groups with their rules, in the group or by themselves.

Attributes as of hashicorp/aws 5.100 (`terraform providers schema`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from dynavet.model import IngressRule, SecurityGroup
from dynavet.text import Reference, Text
from dynavet.values import ABSENT, Known, OneOf, Origin, Unknown, Value, apply
from dynavet_parsers.ports import port
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.members import members
from dynavet_parsers.terraform.paths import both, some_body
from dynavet_parsers.terraform.resource import Reading, Resource, list_of_texts, texts

_GROUPS = {"aws_security_group": False, "aws_default_security_group": True}
_CIDRS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
_PREFIX_LISTS = ("prefix_list_ids", "prefix_list_id")
_SOURCES = ("security_groups", "source_security_group_id", "referenced_security_group_id")
_PROTOCOLS = ("protocol", "ip_protocol")

Texts = tuple[Value[Text | None], ...]
Given = Callable[[str], Texts]
"""The texts of an argument: none if it is absent, an unknown for each reason why there may be more."""


def read(reading: Reading) -> None:
    """Add the groups and their ingress rules to the project."""
    project = reading.project
    for kind, default in _GROUPS.items():
        for resource in reading.of(kind):
            inline = list(_inline(resource))
            project.ingress_rules += [each for each in inline if isinstance(each, IngressRule)]
            project.security_groups.append(
                SecurityGroup(
                    **resource.entity,
                    name=resource.body.text("name"),
                    vpc=resource.body.text("vpc_id"),
                    default=default,
                    more_ingress=tuple(each for each in inline if isinstance(each, Unknown)),
                )
            )
    for resource in reading.of("aws_security_group_rule", "aws_vpc_security_group_ingress_rule"):
        if (rule := _own(resource)) is not None:
            project.ingress_rules.append(rule)


def _own(resource: Resource) -> IngressRule | None:
    """A rule that is a resource, unless it is about what goes out."""
    body = resource.body
    exists = resource.exists
    if resource.kind == "aws_security_group_rule":
        exists = both(exists, _is_ingress(body.text("type")))
    if exists == Known(False):
        return None
    return _rule(resource, body.text("security_group_id"), partial(_of_body, body), body.at, exists)


def _is_ingress(direction: Value[Text | None]) -> Value[bool]:
    if isinstance(direction, Unknown):
        either = (("ingress", Known(True)), ("egress", Known(False)))
        return OneOf(direction.reason.removesuffix(" has no value"), either, origin=direction.origin)
    return apply(lambda text: str(text) == "ingress", direction)


def _inline(resource: Resource) -> Iterator[IngressRule | Unknown]:
    """The rules in a group, and the reasons why there may be more.

    They are blocks or objects in an argument; only the evaluated argument has all of the objects.
    """
    body = resource.body
    group: Value[Text | None] = Known(_reference(resource), body.at)
    arguments = {name: argument for name, argument in body.block.arguments.items() if name != "ingress"}
    blocks = replace(body, block=replace(body.block, arguments=arguments)).blocks("ingress")
    for slot in blocks.slots:
        inner = some_body(slot)
        if isinstance(inner, Body):
            exists = both(resource.exists, apply(lambda each: each is not None, slot))
            yield _rule(resource, group, partial(_of_body, inner), inner.at, exists)
        elif inner is not None:
            yield inner
    yield from blocks.more
    argument = body.block.arguments.get("ingress")
    for item in members(body.raw("ingress"), "[]") if argument is not None else ():
        at = item.origin or (argument.at if argument is not None else body.at)
        if isinstance(item, Unknown):
            yield Unknown(item.reason, at)
        elif item != ABSENT:
            there = apply(lambda data: data is not None, item) if isinstance(item, OneOf) else Known(True)
            yield _rule(resource, group, partial(_of_object, item, at), at, both(resource.exists, there))


def _reference(resource: Resource) -> Text:
    return Text((Reference(resource.address, "id"),))


def _of_body(body: Body, name: str) -> Texts:
    found, more = texts(body, name)
    return (*found, *more)


def _of_object(item: Value[Any], at: Origin, name: str) -> Texts:
    value = next(members(item, name))
    found, more = list_of_texts(value, value.origin or at)
    return (*found, *more)


def _rule(resource: Resource, group: Value[Text | None], given: Given, at: Origin, exists: Value[bool]) -> IngressRule:
    fields = resource.entity
    fields["origin"], fields["exists"] = at, exists

    def all_of(names: tuple[str, ...]) -> Texts:
        return tuple(value for name in names for value in given(name) if value != ABSENT)

    def one_of(*names: str) -> Value[Text | None]:
        return next(iter(all_of(names)), ABSENT)

    return IngressRule(
        **fields,
        group=group,
        protocol=one_of(*_PROTOCOLS),
        from_port=port(one_of("from_port")),
        to_port=port(one_of("to_port")),
        cidrs=all_of(_CIDRS),
        prefix_lists=all_of(_PREFIX_LISTS),
        sources=all_of(_SOURCES),
    )
