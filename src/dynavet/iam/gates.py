"""The places in which a request needs an Allow, and the ways past them.

Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny
access" (resource-based policies, by type of principal) and "Cross-account policy evaluation
logic"; KMS Developer Guide, "Key policies in AWS KMS".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dynavet.answers import YES, Answer, all_of, any_of
from dynavet.iam.applicable_policies import Policies
from dynavet.iam.condition_matching import either
from dynavet.iam.decision import Layer, Place, StatementReference
from dynavet.iam.principal_matching import Caller, PrincipalMatch
from dynavet.iam.request import PrincipalType
from dynavet.iam.statement_matching import Judged
from dynavet.records import dataclass

WITH_IDENTITY = (PrincipalType.USER, PrincipalType.ROLE, PrincipalType.FEDERATED_USER)
"""Who has identity policies, permissions boundaries and session policies."""

JudgedPlaces = Mapping[Place, list[Judged]]


@dataclass(frozen=True, slots=True)
class Gate:
    """A place that must allow, whether it does, and the statements that do."""

    place: Place
    allows: Answer
    statements: tuple[StatementReference, ...] = ()


Route = tuple[Gate, ...]
"""Gates that let a request through together."""


def passable(route: Route) -> Answer:
    return all_of(gate.allows for gate in route)


def gate(judged: JudgedPlaces, place: Place, how: Callable[[PrincipalMatch], Answer]) -> Gate:
    answers = [(how(each.allows), each.reference) for each in judged.get(place, ())]
    statements = tuple(reference for answer, reference in answers if answer.truth)
    return Gate(place, any_of(answer for answer, _ in answers), statements)


def _at_all(match: PrincipalMatch) -> Answer:
    return match.at_all


def gate_of(judged: JudgedPlaces, layer: Layer, level: int | None = None) -> Gate:
    return gate(judged, Place(layer, level), _at_all)


def routes_in_account(judged: JudgedPlaces, caller: Caller, policies: Policies, resource_must: Answer) -> list[Route]:
    """The ways to a resource of the principal's own account.

    The policy of the resource that names the user or session, or everybody, is enough by itself.
    One that names the role of a session, or the user of a federated-user session, is limited by
    boundary and session policies. Otherwise the identity policies must allow; where the
    resource's own policy must too (`resource_must`: keys and roles), it may delegate to the
    account.
    """
    resource = gate_of(judged, Layer.RESOURCE)
    directly = gate(judged, resource.place, lambda match: match.directly)
    if not caller.has_account:
        return [(directly,)]
    by_issuer = gate(judged, resource.place, lambda match: match.by_issuer)
    needed = Gate(resource.place, either(resource_must, resource.allows, YES), resource.statements)
    required = () if resource_must.truth is False else (needed,)
    own = own_account(judged, caller, policies)
    return [(*required, *own), (directly,), (by_issuer, *own[1:])]


def routes_across(judged: JudgedPlaces, caller: Caller, policies: Policies) -> list[Route]:
    """The way to a resource of another account: both accounts must allow."""
    resource = gate_of(judged, Layer.RESOURCE)
    return [(resource, *own_account(judged, caller, policies))] if caller.has_account else [(resource,)]


def own_account(judged: JudgedPlaces, caller: Caller, policies: Policies) -> Route:
    """What the principal's account must allow; its root user may do everything.

    A federated-user session without session policy has no permissions of its own (IAM User
    Guide, "Permissions for GetFederationToken").
    """
    if caller.type not in WITH_IDENTITY:
        return (Gate(Place(Layer.IDENTITY), YES),)
    found = [gate_of(judged, Layer.IDENTITY)]
    if policies.boundary is not None:
        found.append(gate_of(judged, Layer.BOUNDARY))
    if policies.session is not None or caller.type is PrincipalType.FEDERATED_USER:
        found.append(gate_of(judged, Layer.SESSION))
    return tuple(found)


def lacking(routes: list[Route]) -> tuple[Place, ...]:
    """Where an Allow is missing on the ways that need the fewest more."""
    closed = [[gate.place for gate in route if gate.allows.truth is False] for route in routes]
    fewest = min((len(each) for each in closed), default=0)
    return tuple(dict.fromkeys(place for each in closed if len(each) == fewest for place in each))
