"""Which VPC something is in."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.model import Client, Entity, Subnet, Vpc
from dynavet.text import Text
from dynavet.values import Unknown, Value, single


def names(value: Value[Text | None], entity: Entity) -> Answer:
    """Whether the value is the id, name or ARN of this resource.

    A literal is none: what the code declares has its id only from AWS.
    """
    text = single(value)
    if isinstance(text, Unknown):
        return undecided(text)
    if text.value is None:
        return NO
    if text.value.holes:
        return undecided(*(Unknown(hole.reason, text.origin) for hole in text.value.holes))
    return YES if any(reference.target == entity.address for reference in text.value.references) else NO


def runs_in(client: Client, vpc: Vpc, subnets: list[Subnet]) -> Answer:
    """Whether one of the client's subnets is known to be in the VPC."""
    inside = [subnet for subnet in subnets if names(subnet.vpc, vpc).truth is not False]
    answers = [names(named, subnet) & names(subnet.vpc, vpc) for named in client.subnets for subnet in inside]
    return any_of((*answers, *(undecided(reason) for reason in client.more_subnets)))


def outside(client: Client, vpcs: list[Vpc], subnets: list[Subnet]) -> tuple[Unknown, ...]:
    """Why the client's VPC is not in the code; empty if it is, or if the client runs in no VPC.

    All subnets of a client are in one VPC, so the first one that is known settles it.
    """
    reasons = list(client.more_subnets)
    for named in client.subnets:
        reason = _outside(named, vpcs, subnets)
        if reason is None:
            return ()
        reasons.append(reason)
    return tuple(dict.fromkeys(reasons))


def _outside(named: Value[Text | None], vpcs: list[Vpc], subnets: list[Subnet]) -> Unknown | None:
    declared = next((subnet for subnet in subnets if names(named, subnet).truth), None)
    value = single(named if declared is None else declared.vpc)
    if isinstance(value, Unknown):
        return value
    if declared is not None and any(names(declared.vpc, vpc).truth for vpc in vpcs):
        return None
    what = f"the VPC of subnet {value.value}" if declared is None else f"VPC {value.value} of {declared.address}"
    return Unknown(f"{what} is not in this code", value.origin)
