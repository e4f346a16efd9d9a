"""Which DynamoDB and DAX actions a statement is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.actions import Action, expand
from dynavet.iam.patterns import applies, as_written, at_most, undecided_parts
from dynavet.model import Patterns, Statement
from dynavet.records import dataclass
from dynavet.remembering import remembered
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


@remembered
def reach(statement: Statement) -> tuple[Reach, ...]:
    """What a statement of one world is about, by action pattern in source order.

    Patterns that reach nothing are left out. An action is reached if it can apply to one of
    the resources. Where undecided resources leave that open, a pattern that names the service
    (``dynamodb:…``) counts as reaching: whatever the input, the statement is about DynamoDB.
    """
    found: list[Reach] = []
    place = _Place(statement)
    actions, not_actions = single(statement.actions), single(statement.not_actions)
    if isinstance(actions, Unknown):
        found.append(_unknown((actions,), place, actions.origin))
    elif actions.value is not None:
        found += [_item(single(item), place) for item in actions.value.items]
        if actions.value.more:
            found.append(_unknown(actions.value.more, place, actions.value.origin))
    if isinstance(not_actions, Unknown):
        found.append(_unknown((not_actions,), place, not_actions.origin))
    elif not_actions.value is not None:
        found.append(_negated(not_actions.value, place))
    return tuple(each for each in found if each.actions or each.possible)


class _Place:
    """The resources of a statement: whether an action applies to one of them, asked once for actions of one kind."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._answers: dict[tuple[str, tuple[str, ...], bool], Answer] = {}

    def has_resource_of(self, action: Action) -> Answer:
        kind = action.service, action.resource_types, action.required == ()
        if kind not in self._answers:
            self._answers[kind] = applies(self._statement.resources, self._statement.not_resources, action)
        return self._answers[kind]


def _item(item: Single[Text], place: _Place) -> Reach:
    if isinstance(item, Unknown):
        return _unknown((item,), place, item.origin)
    text = item.value
    candidates = expand(at_most(text))
    if not candidates:
        return Reach(text, item.origin)
    certain = set(expand(as_written(text)))
    return _sort(
        Reach(text, item.origin),
        candidates,
        lambda action: YES if action in certain else undecided(*undecided_parts(text, item.origin)),
        place,
        names_service=_names_service(text),
    )


def _unknown(reasons: tuple[Unknown, ...], place: _Place, origin: Origin | None) -> Reach:
    answer = undecided(*reasons)
    return _sort(Reach(None, origin), expand("*"), lambda _: answer, place)


def _negated(not_actions: Patterns, place: _Place) -> Reach:
    texts = [single(item) for item in not_actions.items]
    excluded = {a for t in texts if not isinstance(t, Unknown) for a in expand(as_written(t.value))}
    open_reasons: dict[Action, list[Unknown]] = {}
    for text in texts:
        if not isinstance(text, Unknown):
            for action in expand(at_most(text.value)):
                open_reasons.setdefault(action, []).extend(undecided_parts(text.value, text.origin))
    unknown = (*not_actions.more, *(t for t in texts if isinstance(t, Unknown)))

    def granted(action: Action) -> Answer:
        if action in excluded:
            return NO
        reasons = (*open_reasons.get(action, ()), *unknown)
        return undecided(*reasons) if reasons else YES

    return _sort(Reach(None, not_actions.origin, negated=True), expand("*"), granted, place)


def _sort(
    empty: Reach,
    candidates: Iterable[Action],
    granted: Callable[[Action], Answer],
    place: _Place,
    names_service: bool = False,
) -> Reach:
    """The reach, with each candidate in its place."""
    actions: list[Action] = []
    possible: list[Action] = []
    reasons: dict[Unknown, None] = {}
    for action in candidates:
        applied = place.has_resource_of(action)
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
