"""Which DynamoDB and DAX actions a statement is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.actions import Action, expand
from dynavet.iam.patterns import applies, as_written, at_most, undecided_parts
from dynavet.model import Statement
from dynavet.text import Text
from dynavet.values import Origin, Single, Unknown, single


@dataclass(frozen=True, slots=True)
class Reach:
    """What one action pattern of a statement reaches, given the statement's resources.

    `actions` are reached whatever the undecided inputs are; `possible` may be, depending on
    `reasons`. `pattern` is `None` for a `NotAction` element (`negated`), and for an action or
    list of actions that is unknown.
    """

    pattern: Text | None
    origin: Origin | None
    actions: tuple[Action, ...] = ()
    possible: tuple[Action, ...] = ()
    reasons: tuple[Unknown, ...] = ()
    negated: bool = False

    def includes(self, question: Callable[[Action], bool]) -> Answer:
        """Whether an action for which `question` holds is reached."""
        if any(question(action) for action in self.actions):
            return YES
        return undecided(*self.reasons) if any(question(action) for action in self.possible) else NO


def reach(statement: Statement) -> tuple[Reach, ...]:
    """What a statement of one world is about, by action pattern in source order.

    Patterns that reach nothing are left out. An action is reached if it can apply to one of
    the resources. Where undecided resources leave that open, a pattern that names the service
    (``dynamodb:…``) counts as reaching: whatever the input, the statement is about DynamoDB.
    """
    found: list[Reach] = []
    actions, not_actions = single(statement.actions), single(statement.not_actions)
    if isinstance(actions, Unknown):
        found.append(_unknown((actions,), statement, actions.origin))
    elif actions.value is not None:
        found += [_item(single(item), statement) for item in actions.value.items]
        if actions.value.more:
            found.append(_unknown(actions.value.more, statement, actions.value.origin))
    if isinstance(not_actions, Unknown):
        found.append(_unknown((not_actions,), statement, not_actions.origin))
    elif not_actions.value is not None:
        found.append(_negated(statement))
    return tuple(each for each in found if each.actions or each.possible)


def _item(item: Single[Text], statement: Statement) -> Reach:
    if isinstance(item, Unknown):
        return _unknown((item,), statement, item.origin)
    text = item.value
    candidates = expand(at_most(text))
    if not candidates:
        return Reach(text, item.origin)
    certain = set(expand(as_written(text)))
    return _sort(
        Reach(text, item.origin),
        candidates,
        lambda action: YES if action in certain else undecided(*undecided_parts(text, item.origin)),
        statement,
        names_service=_names_service(text),
    )


def _unknown(reasons: tuple[Unknown, ...], statement: Statement, origin: Origin | None) -> Reach:
    return _sort(Reach(None, origin), expand("*"), lambda _: undecided(*reasons), statement)


def _negated(statement: Statement) -> Reach:
    value = single(statement.not_actions)
    if isinstance(value, Unknown) or value.value is None:
        raise ValueError("the statement has no known NotAction")
    texts = [single(item) for item in value.value.items]
    excluded = {a for t in texts if not isinstance(t, Unknown) for a in expand(as_written(t.value))}
    open_reasons: dict[Action, list[Unknown]] = {}
    for text in texts:
        if not isinstance(text, Unknown):
            for action in expand(at_most(text.value)):
                open_reasons.setdefault(action, []).extend(undecided_parts(text.value, text.origin))
    unknown = (*value.value.more, *(t for t in texts if isinstance(t, Unknown)))

    def granted(action: Action) -> Answer:
        if action in excluded:
            return NO
        reasons = (*open_reasons.get(action, ()), *unknown)
        return undecided(*reasons) if reasons else YES

    return _sort(Reach(None, value.value.origin, negated=True), expand("*"), granted, statement)


def _sort(
    empty: Reach,
    candidates: Iterable[Action],
    granted: Callable[[Action], Answer],
    statement: Statement,
    names_service: bool = False,
) -> Reach:
    """The reach, with each candidate in its place."""
    actions: list[Action] = []
    possible: list[Action] = []
    reasons: dict[Unknown, None] = {}
    for action in candidates:
        applied = applies(statement.resources, statement.not_resources, action)
        if names_service and applied.truth is None:
            applied = YES
        answer = granted(action) & applied
        if answer.truth:
            actions.append(action)
        elif answer.truth is None:
            possible.append(action)
            reasons |= dict.fromkeys(answer.reasons)
    return Reach(empty.pattern, empty.origin, tuple(actions), tuple(possible), tuple(reasons), empty.negated)


def _names_service(text: Text) -> bool:
    """Whether the pattern can be about nothing but DynamoDB or DAX."""
    service, colon, _ = at_most(text).lower().partition(":")
    return service.startswith("dynamo") or (service == "dax" and bool(colon))
