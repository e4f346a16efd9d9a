"""Answers about an object that are worked out once, as long as the object lives, or until they are forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakSet, ref

T = TypeVar("T")
R = TypeVar("R")


def remembered(function: Callable[[T], R]) -> Callable[[T], R]:
    """The function, asked once for each object; equal objects are asked for each by itself.

    For objects that never change, whose comparison would cost more than the answer. They must
    allow weak references: an answer goes when its object does. One that holds its own object keeps
    it, until `forget`.
    """
    answers = _Answers()
    _EVERYTHING.add(answers)

    def once(thing: T) -> R:
        known = answers.of.get(id(thing))
        if known is not None and known[0]() is thing:
            result: R = known[1]
            return result
        result = function(thing)
        key = id(thing)
        answers.of[key] = ref(thing, lambda _: answers.of.pop(key, None)), result
        return result

    once.__doc__ = function.__doc__
    once.__name__ = function.__name__
    return once


def forget() -> None:
    """Let go of all answers, and of what they hold."""
    for answers in tuple(_EVERYTHING):
        answers.of.clear()


class _Answers:
    """The answers of one function by the identity of what was asked about."""

    def __init__(self) -> None:
        self.of: dict[int, tuple[ref[Any], Any]] = {}


_EVERYTHING: WeakSet[_Answers] = WeakSet()
