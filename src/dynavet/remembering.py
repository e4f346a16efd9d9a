"""Answers about an object that are worked out once, as long as the object lives, or until they are forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import ref

T = TypeVar("T")
R = TypeVar("R")

_ANSWERS: dict[tuple[Callable[[Any], Any], int], tuple[ref[Any], Any]] = {}
"""What each function said of an object, by its identity."""


def remembered(function: Callable[[T], R]) -> Callable[[T], R]:
    """The function, asked once for each object; equal objects are asked for each by itself.

    For objects that never change, whose comparison would cost more than the answer. They must
    allow weak references: an answer goes when its object does. One that holds its own object keeps
    it, until `forget`.
    """
    get, pop = _ANSWERS.get, _ANSWERS.pop  # an object may go after this module, when the program ends

    def once(thing: T) -> R:
        key = function, id(thing)
        known = get(key)
        if known is not None and known[0]() is thing:
            result: R = known[1]
            return result
        result = function(thing)
        _ANSWERS[key] = ref(thing, lambda _: pop(key, None)), result
        return result

    once.__doc__ = function.__doc__
    once.__name__ = function.__name__
    return once


def forget() -> None:
    """Let go of all answers, and of what they hold."""
    _ANSWERS.clear()
