"""Which statements of a policy apply to a request, and to what effect.

Source: IAM User Guide, "AWS JSON policy elements": "Action", "NotAction", "Resource",
"NotResource", "Effect".
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.condition_matching import Reading, conditions_met
from dynavet.iam.decision import Layer, Place, StatementReference
from dynavet.iam.patterns import ask_any
from dynavet.iam.principal_matching import EVERYBODY, Caller, PrincipalMatch, principal_match
from dynavet.iam.request import Request
from dynavet.iam.text_matching import in_lower_case, matches, reasons
from dynavet.iam.variables import has_variables
from dynavet.model import Patterns, Policy, Statement
from dynavet.records import dataclass
from dynavet.text import Hole, Text
from dynavet.values import Origin, Single, Unknown, single

_WITH_PRINCIPALS = (Layer.RESOURCE, Layer.ENDPOINT, Layer.RESOURCE_CONTROL)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a statement applies as a Deny, and as an Allow, and how that means the principal."""

    reference: StatementReference
    denies: Answer
    allows: PrincipalMatch


def judge(policies: tuple[Policy, ...], place: Place, request: Request, caller: Caller) -> list[Judged]:
    """Every statement of the policies of one place; all of one world."""
    return [
        judged
        for index, policy in enumerate(policies)
        for judged in _judge_policy(policy, index, place, request, caller)
    ]


def _judge_policy(policy: Policy, index: int, place: Place, request: Request, caller: Caller) -> Iterator[Judged]:
    exists = single(policy.exists)
    there = undecided(exists) if isinstance(exists, Unknown) else Answer(exists.value)
    reading = Reading(request.context, has_variables(policy))
    name = policy.label or policy.address

    def reference(effect: str, statement: Statement | None, origin: Origin | None) -> StatementReference:
        return StatementReference(
            place=place,
            policy=index,
            name=name,
            effect=effect,
            statement=None if statement is None else statement.name,
            index=None if statement is None else statement.index,
            origin=origin,
        )

    unknown = list(policy.more)
    for slot in policy.statements:
        known = single(slot)
        if isinstance(known, Unknown):
            unknown.append(known)
        elif known.value is not None:
            statement = known.value
            allow, deny, effect = _effect(statement)
            match = _applies(statement, place.layer, request, caller, reading).on(there)
            yield Judged(reference(effect, statement, statement.origin), match.at_all & deny, match.on(allow))
    if unknown:
        maybe = undecided(*unknown) & there
        yield Judged(reference("", None, policy.origin), maybe, PrincipalMatch(directly=maybe))


def _effect(statement: Statement) -> tuple[Answer, Answer, str]:
    """Whether it allows, whether it denies, and its effect."""
    effect = single(statement.effect)
    if isinstance(effect, Unknown):
        return undecided(effect), undecided(effect), ""
    if effect.value is None:
        missing = undecided(Unknown(f"statement {statement.name} has no Effect", statement.origin))
        return missing, missing, ""
    literal = effect.value.literal
    if literal in ("Allow", "Deny"):
        return Answer(literal == "Allow"), Answer(literal == "Deny"), literal
    wrong = (Unknown(f'Effect is "{literal}", neither Allow nor Deny', effect.origin),)
    open_effect = undecided(*(wrong if literal is not None else reasons(effect.value, effect.origin)))
    return open_effect, open_effect, ""


def _applies(statement: Statement, layer: Layer, request: Request, caller: Caller, reading: Reading) -> PrincipalMatch:
    """How the statement means the principal of the request, given that the rest of it applies."""
    rest = _action_matches(statement, request)
    if rest.truth is not False:
        rest = rest & _resource_matches(statement, layer, request, reading)
    match = _principal(statement, layer, caller)
    if rest.truth is not False and match.at_all.truth is not False:
        rest = rest & conditions_met(statement, reading)
    return match.on(rest)


def _principal(statement: Statement, layer: Layer, caller: Caller) -> PrincipalMatch:
    if layer in _WITH_PRINCIPALS:
        return principal_match(statement, caller)
    for element in (single(statement.principals), single(statement.not_principals)):
        if isinstance(element, Unknown):
            return PrincipalMatch(directly=undecided(element))
        if element.value is not None:
            reason = f"statement {statement.name} has a principal, which no {layer.value} policy takes"
            return PrincipalMatch(directly=undecided(Unknown(reason, element.origin)))
    return EVERYBODY


def _action_matches(statement: Statement, request: Request) -> Answer:
    action = _text(single(request.action))

    def one(text: Text, origin: Origin | None) -> Answer:
        return matches(in_lower_case(text), in_lower_case(action), origin)

    wanted, excepted = single(statement.actions), single(statement.not_actions)
    if _absent(wanted) and _absent(excepted):
        return undecided(Unknown(f"statement {statement.name} has neither Action nor NotAction", statement.origin))
    return ask_any(wanted, one, absent=YES) & ~ask_any(excepted, one, absent=NO)


def _resource_matches(statement: Statement, layer: Layer, request: Request, reading: Reading) -> Answer:
    resource = _text(single(request.resource))

    def one(text: Text, origin: Origin | None) -> Answer:
        pattern = reading.substitute(text, in_arn=True)
        return NO if pattern is None else matches(pattern, resource, origin)

    wanted, excepted = single(statement.resources), single(statement.not_resources)
    if _absent(wanted) and _absent(excepted):
        return _without_resource(statement, layer, request)
    return ask_any(wanted, one, absent=YES) & ~ask_any(excepted, one, absent=NO)


def _without_resource(statement: Statement, layer: Layer, request: Request) -> Answer:
    """Only the trust policy of a role does without; in a key policy such a statement has no effect."""
    action = single(request.action)
    service = "" if isinstance(action, Unknown) else (action.value.literal or "").lower().partition(":")[0]
    if layer is Layer.RESOURCE and service in ("sts", "kms"):
        return Answer(service == "sts")
    return undecided(Unknown(f"statement {statement.name} has neither Resource nor NotResource", statement.origin))


def _absent(element: Single[Patterns | None]) -> bool:
    return not isinstance(element, Unknown) and element.value is None


def _text(value: Single[Text]) -> Text:
    return Text.of(Hole(value.reason)) if isinstance(value, Unknown) else value.value
