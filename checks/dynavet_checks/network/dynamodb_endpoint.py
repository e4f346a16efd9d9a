"""What a VPC endpoint is for."""

from __future__ import annotations

from dynavet.answers import NO, Answer, ask, undecided
from dynavet.iam.globs import match
from dynavet.iam.patterns import at_most, undecided_parts
from dynavet.model import Endpoint
from dynavet.text import Part, Text
from dynavet.values import Unknown, single

SERVICES = ("dynamodb", "dynamodb-fips", "dynamodb-streams")
"""What services of endpoints for DynamoDB are called."""


def serves_dynamodb(endpoint: Endpoint) -> Answer:
    """Whether it is for DynamoDB itself, not for its streams: the last label of the service name says."""
    return serves(endpoint, SERVICES[:1])


def serves(endpoint: Endpoint, services: tuple[str, ...]) -> Answer:
    """Whether it is for one of these."""
    service = single(endpoint.service)
    if isinstance(service, Unknown):
        return undecided(service)
    if service.value is None:
        return NO
    label = _last_label(service.value)
    if not label.holes and not label.references:
        return Answer(label.literal in services)
    reasons = undecided_parts(label, service.origin)
    return undecided(*reasons) if reasons and any(match(at_most(label), each) for each in services) else NO


def service_of(endpoint: Endpoint) -> str:
    """The last label of the service name, as far as it is known."""
    service = single(endpoint.service)
    known = None if isinstance(service, Unknown) or service.value is None else _last_label(service.value).literal
    return known or ""


def _last_label(service: Text) -> Text:
    """What follows the last dot that is written; undecided parts may hold further dots."""
    kept: list[Part] = []
    for part in reversed(service.parts):
        if isinstance(part, str) and "." in part:
            return Text.of(part.rpartition(".")[2], *reversed(kept))
        kept.append(part)
    return service


def is_gateway(endpoint: Endpoint) -> Answer:
    return _is_of(endpoint, "Gateway")


def is_interface(endpoint: Endpoint) -> Answer:
    return _is_of(endpoint, "Interface")


def _is_of(endpoint: Endpoint, wanted: str) -> Answer:
    """Whether the endpoint is of that type; the default is Gateway."""
    kind = single(endpoint.kind)
    if not isinstance(kind, Unknown) and kind.value is not None and kind.value.literal is None:
        return undecided(*undecided_parts(kind.value, kind.origin))
    return ask(lambda text: _written(text) == wanted, kind)


def _written(kind: Text | None) -> str:
    return "Gateway" if kind is None else str(kind)
