"""Whether what one statement allows is denied by others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam import Context, Outcome, Policies, PrincipalType, Request, RequestPrincipal, evaluate
from dynavet.iam.actions import Action, arn_globs
from dynavet.iam.breadth import Breadth, breadth_of
from dynavet.iam.patterns import may_be_resource_of
from dynavet.model import Policy, Statement
from dynavet.regexes import regex
from dynavet.remembering import remembered
from dynavet.text import Hole, Text
from dynavet.values import Known, Unknown, Value, single

_ANY = "it may be any"
"""Why a part of the request is open: the request stands for all that differ in it."""

_OPEN = regex(r"(\$\{[^}]*\}|[*?])")
_CALLER = RequestPrincipal(
    type=Known(PrincipalType.ROLE), arn=Unknown(_ANY), account=Unknown(_ANY), issuer=Unknown(_ANY)
)


def denied(action: Action, pattern: Text, policies: tuple[Policy, ...]) -> Answer:
    """Whether identity policies deny the action on whatever the resource pattern stands for, whoever asks and when.

    A Deny for some of these resources, or under conditions, leaves requests that get through.
    """
    denying = tuple(_without_allows(policy) for policy in policies)
    if not any(policy.statements for policy in denying):
        return NO
    request = Request(
        principal=_CALLER,
        action=Known(Text.of(action.id)),
        resource=Known(_example(pattern, action)),
        resource_account=Unknown(_ANY),
        context=Context.of({}, others=Unknown(_ANY)),
    )
    decision = evaluate(request, Policies(identity=denying))
    if decision.outcome is Outcome.EXPLICIT_DENY:
        return YES
    reasons = [reason for reason in decision.reasons if reason.reason != _ANY]
    return undecided(*reasons) if decision.undecided and reasons else NO


EVERYTHING = Text.of("*")


def patterns_for(action: Action, statement: Statement) -> tuple[Text, ...]:
    """The known resource patterns of a statement of one world that are for the action; without one, ``*``."""
    resources = single(statement.resources)
    items = resources.value.items if isinstance(resources, Known) and resources.value is not None else ()
    texts = [item.value for item in map(single, items) if isinstance(item, Known)]
    return tuple(text for text in texts if may_be_resource_of(text, action).truth is not False) or (EVERYTHING,)


@remembered
def _without_allows(policy: Policy) -> Policy:
    kept = (slot for slot in policy.statements if not _only_allows(slot))
    return replace(policy, statements=tuple(kept), more=())


def _only_allows(slot: Value[object]) -> bool:
    effect = getattr(slot.value, "effect", None) if isinstance(slot, Known) else None
    text = effect.value if isinstance(effect, Known) else None
    return isinstance(text, Text) and text.literal == "Allow"


def _example(pattern: Text, action: Action) -> Text:
    """What the pattern stands for, with open parts in place of its wildcards and variables."""
    if not action.resource_types:
        return Text.of("*")
    if pattern.literal is not None and breadth_of(pattern).least is Breadth.WIDE:
        return Text.of(*_opened(arn_globs(action.service)[action.resource_types[-1]]))
    return Text.of(*(each for part in pattern.parts for each in (_opened(part) if isinstance(part, str) else (part,))))


def _opened(text: str) -> Iterator[str | Hole]:
    for piece in _OPEN.split(text):
        yield Hole(_ANY) if _OPEN.fullmatch(piece) else piece
