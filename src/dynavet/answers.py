"""Three-valued answers to questions about values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from dynavet.records import dataclass
from dynavet.values import NoTruth, Single, Unknown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(NoTruth):
    """Yes, no, or undecided for the given reasons.

    Compare with `YES` and `NO`, or look at `reasons`.
    """

    truth: bool | None
    reasons: tuple[Unknown, ...] = ()

    def __invert__(self) -> Answer:
        return self if self.truth is None else Answer(not self.truth)

    def __and__(self, other: Answer) -> Answer:
        """Kleene's and: one no decides."""
        if self.truth is False or other.truth is False:
            return NO
        if self.truth is None or other.truth is None:
            return Answer(None, _unique(self.reasons + other.reasons))
        return YES

    def __or__(self, other: Answer) -> Answer:
        """Kleene's or: one yes decides."""
        if self.truth is True or other.truth is True:
            return YES
        if self.truth is None or other.truth is None:
            return Answer(None, _unique(self.reasons + other.reasons))
        return NO


YES = Answer(True)
NO = Answer(False)


def undecided(*reasons: Unknown) -> Answer:
    return Answer(None, _unique(reasons))


def _unique(reasons: Iterable[Unknown]) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(reasons))


def ask(question: Callable[[T], bool], value: Single[T]) -> Answer:
    """Put a question to a value of one world."""
    if isinstance(value, Unknown):
        return undecided(value)
    return Answer(question(value.value))


def any_of(answers: Iterable[Answer]) -> Answer:
    """Kleene's or over all of them; after a yes no further one is asked for."""
    result = NO
    for answer in answers:
        result = result | answer
        if result.truth is True:
            return YES
    return result


def all_of(answers: Iterable[Answer]) -> Answer:
    """Kleene's and over all of them; after a no no further one is asked for."""
    result = YES
    for answer in answers:
        result = result & answer
        if result.truth is False:
            return NO
    return result
