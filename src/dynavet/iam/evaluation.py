"""The evaluation of a request: the logic of IAM over policies that may be partly undecided.

Source: IAM User Guide, "Policy evaluation logic" and the pages below it; Organizations User
Guide, "Service control policies" and "Resource control policies".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.applicable_policies import Level, Policies
from dynavet.iam.condition_matching import either
from dynavet.iam.decision import Decision, Layer, Outcome, Place
from dynavet.iam.derived_context import derived_keys
from dynavet.iam.gates import (
    WITH_IDENTITY,
    Gate,
    JudgedPlaces,
    Route,
    gate_of,
    lacking,
    passable,
    routes_across,
    routes_in_account,
)
from dynavet.iam.principal_matching import Caller
from dynavet.iam.request import PrincipalType, Request, account_of_resource
from dynavet.iam.statement_matching import judge
from dynavet.iam.text_matching import as_literal, in_lower_case, matches
from dynavet.model import Policy
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import MAX_WORLDS, Known, Unknown, assume, conditions, single, worlds

_CONTROL = (Layer.SERVICE_CONTROL, Layer.RESOURCE_CONTROL)
_SERVICE_LINKED = Text.of("arn:*:iam::*:role/aws-service-role/*")
_NAMED_AS_SERVICE_LINKED = Text.of("arn:*:sts::*:assumed-role/AWSServiceRole*")
_KEY, _ROLE = Text.of("arn:*:kms:*:*:key/*"), Text.of("arn:*:iam::*:role/*")
_OF_KMS, _OF_STS = Text.of("kms:*"), Text.of("sts:*")


def evaluate(request: Request, policies: Policies) -> Decision:
    """Whether the policies allow the request, as IAM decides it.

    An explicit Deny in any policy that applies decides. Otherwise each level of the service
    control policies must allow, the policy of the VPC endpoint must, and then: in one account
    the identity policies within permissions boundary and session policies, or the policy of
    the resource; across accounts both. Resource control policies only deny: the policy of AWS
    that allows is always attached. Service-linked roles are outside of control policies.

    A request that is known, with known policies that AWS would take, is always decided. What
    is unknown leaves decided what does not depend on it; where a condition is open, all its
    branches are looked at, and beyond `MAX_WORLDS` combinations the outcome is undecided.
    """
    open_conditions = conditions(request, policies)
    possible = worlds(open_conditions)
    if possible is None:
        return _undecided(Unknown(f"{' and '.join(open_conditions)} have more than {MAX_WORLDS} combinations"))
    if len(possible) == 1:
        return _in_world(request, policies)
    reasons = tuple(Unknown(f"{condition} is undecided") for condition in open_conditions)
    decisions = [_in_world(assume(request, world), assume(policies, world)) for world in possible]
    return _shared(decisions, reasons)


def _undecided(*reasons: Unknown) -> Decision:
    return Decision(outcome=Outcome.UNDECIDED, allowed=undecided(*reasons), reasons=reasons)


def _shared(decisions: Sequence[Decision], reasons: tuple[Unknown, ...]) -> Decision:
    """What all decisions, of which one holds, have in common."""
    statements = tuple(dict.fromkeys(each for decision in decisions for each in decision.statements))
    open_statements = tuple(dict.fromkeys(each for decision in decisions for each in decision.undecided))
    why = tuple(dict.fromkeys((*reasons, *(each for decision in decisions for each in decision.reasons))))
    truths = {decision.allowed.truth for decision in decisions}
    (allowed,) = truths if len(truths) == 1 else (None,)
    if len({decision.outcome for decision in decisions}) == 1 and decisions[0].outcome is not Outcome.UNDECIDED:
        places = tuple(dict.fromkeys(each for decision in decisions for each in decision.lacking))
        return replace(decisions[0], statements=statements, lacking=places)
    return Decision(
        outcome=Outcome.UNDECIDED,
        allowed=undecided(*why) if allowed is None else Answer(allowed),
        undecided=open_statements or statements,
        reasons=why,
    )


def _in_world(request: Request, policies: Policies) -> Decision:
    kind = single(request.principal.type)
    if isinstance(kind, Unknown):
        return _shared([_Evaluation.of(request, policies, each).decision() for each in PrincipalType], (kind,))
    return _Evaluation.of(request, policies, kind.value).decision()


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One request of one world, all statements judged."""

    request: Request
    policies: Policies
    caller: Caller
    judged: JudgedPlaces
    outside_organization: Answer

    @staticmethod
    def of(request: Request, policies: Policies, kind: PrincipalType) -> _Evaluation:
        request = replace(request, context=request.context.with_derived(derived_keys(request, kind)))
        caller = Caller(request.principal, kind, has_boundary=policies.boundary is not None)
        endpoint_caller = replace(caller, account_is_root=policies.gateway_endpoint)
        judged = {
            place: judge(given, place, request, endpoint_caller if place.layer is Layer.ENDPOINT else caller)
            for place, given in _places(policies, kind)
        }
        return _Evaluation(request, policies, caller, judged, _is_service_linked(request, kind))

    def decision(self) -> Decision:
        denied = self._explicitly_denied()
        if denied.truth:
            statements = tuple(
                each.reference
                for judged in self.judged.values()
                for each in judged
                if (each.denies & self._in_force(each.reference.place)).truth
            )
            return Decision(outcome=Outcome.EXPLICIT_DENY, allowed=NO, statements=statements)
        in_account, routes = self._routes()
        common = self._common_gates()
        passed = either(in_account, *(any_of(map(passable, each)) for each in routes)) & passable(common)
        allowed = passed & ~denied
        if denied.truth is None or passed.truth is None:
            return self._undecided(denied, passed, allowed)
        possible = [
            route for index, each in enumerate(routes) if in_account.truth is not (index == 1) for route in each
        ]
        if not passed.truth:
            closed = lacking([common]) + (lacking(possible) if not any(passable(r).truth for r in possible) else ())
            return Decision(outcome=Outcome.IMPLICIT_DENY, allowed=NO, lacking=closed)
        route = next(route for route in possible if passable(route).truth)
        statements = tuple(each for gate in (*common, *route) for each in gate.statements)
        return Decision(outcome=Outcome.ALLOWED, allowed=YES, statements=statements)

    def _undecided(self, denied: Answer, passed: Answer, allowed: Answer) -> Decision:
        statements = (
            each.reference
            for judged in self.judged.values()
            for each in judged
            if each.denies.truth is None or each.allows.at_all.truth is None
        )
        return Decision(
            outcome=Outcome.UNDECIDED,
            allowed=allowed,
            undecided=tuple(statements),
            reasons=tuple(dict.fromkeys((*denied.reasons, *passed.reasons))),
        )

    def _explicitly_denied(self) -> Answer:
        return any_of(each.denies & self._in_force(place) for place, judged in self.judged.items() for each in judged)

    def _in_force(self, place: Place) -> Answer:
        return ~self.outside_organization if place.layer in _CONTROL else YES

    def _common_gates(self) -> Route:
        """What must allow whoever owns the resource."""
        gates: list[Gate] = []
        for place in self.judged:
            if place.layer is Layer.ENDPOINT:
                gates.append(gate_of(self.judged, place.layer))
            elif place.layer is Layer.SERVICE_CONTROL:
                level = gate_of(self.judged, place.layer, place.level)
                gates.append(replace(level, allows=level.allows | self.outside_organization))
        return tuple(gates)

    def _routes(self) -> tuple[Answer, tuple[list[Route], list[Route]]]:
        """Whether the resource is in the principal's account, the routes if it is, and those if it is not."""
        in_account = _in_own_account(self.request)
        within = routes_in_account(self.judged, self.caller, self.policies, _resource_policy_must_allow(self.request))
        return in_account, (within, routes_across(self.judged, self.caller, self.policies))


def _places(policies: Policies, kind: PrincipalType) -> Iterator[tuple[Place, tuple[Policy, ...]]]:
    """The places whose policies concern a principal of this type."""
    yield Place(Layer.RESOURCE), policies.resource
    if kind in WITH_IDENTITY:
        yield Place(Layer.IDENTITY), policies.identity
        yield Place(Layer.BOUNDARY), policies.boundary or ()
        yield Place(Layer.SESSION), policies.session or ()
    if kind in (*WITH_IDENTITY, PrincipalType.ROOT):
        yield from _levels(Layer.SERVICE_CONTROL, policies.service_control)
    yield from _levels(Layer.RESOURCE_CONTROL, policies.resource_control)
    if policies.endpoint is not None:
        yield Place(Layer.ENDPOINT), policies.endpoint


def _levels(layer: Layer, levels: tuple[Level, ...] | None) -> Iterator[tuple[Place, Level]]:
    for index, level in enumerate(levels or ()):
        yield Place(layer, index), level


def _in_own_account(request: Request) -> Answer:
    own, other = single(request.principal.account), account_of_resource(request)
    unknown = [each for each in (own, other) if isinstance(each, Unknown)]
    if isinstance(own, Known) and own.value is None:
        return NO
    if isinstance(own, Unknown) or isinstance(other, Unknown):
        return undecided(*unknown)
    return NO if own.value is None or other.value is None else matches(as_literal(own.value), other.value)


def _resource_policy_must_allow(request: Request) -> Answer:
    """KMS keys, and roles to be assumed: without their own policy nobody has access."""
    resource, action = single(request.resource), single(request.action)
    answers = []
    for service, kind in ((_OF_KMS, _KEY), (_OF_STS, _ROLE)):
        of_service = undecided(action) if isinstance(action, Unknown) else matches(service, in_lower_case(action.value))
        of_kind = undecided(resource) if isinstance(resource, Unknown) else matches(kind, resource.value)
        answers.append(of_service & of_kind)
    return any_of(answers)


def _is_service_linked(request: Request, kind: PrincipalType) -> Answer:
    """Whether the role is linked to a service; the names of such roles start with ``AWSServiceRole``."""
    if kind is not PrincipalType.ROLE:
        return NO
    role, session = single(request.principal.issuer), single(request.principal.arn)
    answers = []
    for pattern, arn in ((_SERVICE_LINKED, role), (_NAMED_AS_SERVICE_LINKED, session)):
        if isinstance(arn, Unknown):
            answers.append(undecided(arn))
        elif arn.value is not None:
            answers.append(matches(pattern, arn.value))
    return all_of(answers) if answers else NO
