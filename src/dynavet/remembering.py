"""Answers about an object that are worked out once, as long as the object lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import ref

T = TypeVar("T")
R = TypeVar("R")


def remembered(function: Callable[[T], R]) -> Callable[[T], R]:
    """The function, asked once for each object; equal objects are asked for each by itself.

    For objects that never change, whose comparison would cost more than the answer. They must
    allow weak references: an answer goes when its object does.
    """
    answers: dict[int, tuple[ref[T], R]] = {}

    def once(thing: T) -> R:
        known = answers.get(id(thing))
        if known is not None and known[0]() is thing:
            return known[1]
        result = function(thing)
        key = id(thing)
        answers[key] = ref(thing, lambda _: answers.pop(key, None)), result
        return result

    once.__doc__ = function.__doc__
    once.__name__ = function.__name__
    return once
