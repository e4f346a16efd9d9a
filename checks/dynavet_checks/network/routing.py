"""Which route table a subnet uses, and whether it leads to an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.model import Endpoint, Project, Routing, Subnet
from dynavet.text import Reference, Text
from dynavet.values import ABSENT, Known, Single, Unknown, Value, single
from dynavet_checks.network.vpc_placement import names

MAIN = "main_route_table"
"""The attribute of a VPC that is the route table which AWS makes with it."""


def same_vpc(one: Value[Text | None], other: Value[Text | None]) -> Answer:
    """Whether two values of one world are of one VPC; one input without a value is the same for both."""
    a, b = single(one), single(other)
    if a == b and a != ABSENT:
        return YES
    for each in (a, b):
        if isinstance(each, Unknown):
            return undecided(each)
        if each.value is None or each.value.holes:
            return undecided(Unknown(f"{each.value or 'the default VPC'} is not known", each.origin))
    return NO


def table_of(subnet: Subnet, project: Project) -> Single[Text | None]:
    """The route table of a declared subnet: the one associated with it, or else the main one of its VPC."""
    own = _routed(project.routings, lambda routing: names(routing.subnet, subnet))
    if own is not None:
        return own
    vpc = next((vpc for vpc in project.vpcs if names(subnet.vpc, vpc).truth), None)
    if vpc is None:
        value = single(subnet.vpc)
        if isinstance(value, Unknown):
            return value
        return Unknown(f"the main route table of VPC {value.value} is not in this code", value.origin)
    main = _routed(project.routings, lambda routing: names(routing.vpc, vpc))
    return main if main is not None else Known(Text((Reference(vpc.address, MAIN),)))


def _routed(routings: Iterable[Routing], is_for: Callable[[Routing], Answer]) -> Single[Text | None] | None:
    """The route table of the routing that is for something; `None` if there is none."""
    doubt: Unknown | None = None
    for routing in routings:
        answer = is_for(routing)
        if answer.truth:
            return single(routing.route_table)
        if answer.truth is None:
            doubt = answer.reasons[0]
    return doubt


def leads_to(table: Single[Text | None], endpoint: Endpoint, project: Project) -> Answer:
    """Whether the endpoint of one world is associated with the route table of a declared subnet."""
    if isinstance(table, Unknown):
        return undecided(table)
    if table.value is None:
        return NO
    more = (undecided(reason) for reason in endpoint.more_route_tables)
    listed = (_is_table(table.value, single(each), project) for each in endpoint.route_tables)
    return any_of((*listed, *more))


def _is_table(table: Text, listed: Single[Text | None], project: Project) -> Answer:
    if isinstance(listed, Unknown):
        return undecided(listed)
    if listed.value is None:
        return NO
    if listed.value == table and not table.holes:
        return YES
    for text in (table, listed.value):
        if text.holes:
            return undecided(*(Unknown(hole.reason, listed.origin) for hole in text.holes))
    kinds = {_kind(text, project) for text in (table, listed.value)}
    if kinds in ({"declared"}, {"main"}, {"declared", "main"}, {"literal"}, {"declared", "literal"}):
        return NO
    return undecided(Unknown(f"whether route table {listed.value} is that of the subnet is not in this code"))


def _kind(table: Text, project: Project) -> str:
    """What names the table: a declared one has its id only from AWS, so that no literal is it."""
    if table.literal is not None:
        return "literal"
    reference = table.reference
    if reference is not None and reference.attribute == MAIN:
        return "main"
    declared = reference is not None and any(each.address == reference.target for each in project.route_tables)
    return "declared" if declared else "other"


__all__ = ["MAIN", "leads_to", "same_vpc", "table_of"]
