"""Glob patterns as IAM writes them: ``*`` for any string, ``?`` for any character, nothing else.

``*`` crosses ``/`` and ``:``. Comparison is case-sensitive; where IAM compares without case,
lower both sides first. A pattern is read as an automaton whose states are its positions; a
set of states is an integer with one bit for each.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from dynavet.records import dataclass
from dynavet.regexes import regex

MAX_STATE_SETS = 256
"""See `subsumes`."""

SEGMENT = "\ue000"
"""In the second pattern of `intersects`: any string without ``/`` and ``:``."""

_STARS = regex(r"\*+")
_FRESH = ""


def has_wildcard(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


@lru_cache(maxsize=4096)
def match(pattern: str, text: str) -> bool:
    """Whether the whole text matches; characters of `text` stand for themselves.

    >>> match("dynamodb:*Item", "dynamodb:GetItem")
    True
    """
    if not has_wildcard(pattern):
        return pattern == text
    automaton = _automaton(pattern)
    states = automaton.start
    for character in text:
        states = automaton.step(states, character)
    return bool(states & automaton.end)


@lru_cache(maxsize=4096)
def intersects(a: str, b: str) -> bool:
    """Whether some text matches both; `b` may hold `SEGMENT`.

    >>> intersects("table/orders*", "table/*/index/*")
    True
    """
    automaton = _automaton(b)
    states = automaton.start
    for symbol in _STARS.sub("*", a):
        if symbol == "*":
            states = automaton.from_first(states)
        elif symbol == "?":
            states = automaton.step_any(states)
        else:
            states = automaton.step(states, symbol)
    return bool(states & automaton.end)


@lru_cache(maxsize=4096)
def subsumes(a: str, b: str) -> bool:
    """Whether every text that matches `b` matches `a`.

    A text that disproves it may use, for the wildcards of `b`, a character that occurs in
    neither pattern; only how often it stands for each ``*`` is open. All lengths are followed
    at once, the sets of states that contain another one left out. Without ``?`` in `a` one set
    remains, so the time is linear. Beyond `MAX_STATE_SETS` sets, which takes hundreds of ``?``
    in `a` against many ``*`` in `b`, the answer is false.

    >>> subsumes("table/*", "table/orders/index/*")
    True
    """
    automaton = _automaton(a)
    sets = [automaton.start]
    for symbol in _STARS.sub("*", b):
        if symbol == "*":
            sets = [each for states in sets for each in automaton.run(states)]
        else:
            character = _FRESH if symbol == "?" else symbol
            sets = [automaton.step(states, character) for states in sets]
        sets = _minimal(sets)
        if 0 in sets or len(sets) > MAX_STATE_SETS:
            return False
    return all(states & automaton.end for states in sets)


def _minimal(sets: list[int]) -> list[int]:
    """The sets that contain no other."""
    kept: list[int] = []
    for states in sorted(set(sets), key=int.bit_count):
        if not any(smaller & states == smaller for smaller in kept):
            kept.append(states)
    return kept


@dataclass(frozen=True, slots=True)
class _Automaton:
    """`literal`: where each character stands; `any`, `star`, `segment`: where ``?``, ``*``, `SEGMENT` stand."""

    literal: dict[str, int]
    any: int
    star: int
    segment: int
    start: int
    end: int

    def step(self, states: int, character: str) -> int:
        """The states after the character; the empty string is one that the pattern does not hold."""
        stays = self.star if character in ("/", ":") else self.star | self.segment
        moved = (states & (self.literal.get(character, 0) | self.any)) << 1 | states & stays
        return self.reduce(self.skip(moved))

    def step_any(self, states: int) -> int:
        """The states after some character."""
        loops = self.star | self.segment
        return self.skip((states & ~loops & (self.end - 1)) << 1 | states & loops)

    def from_first(self, states: int) -> int:
        """The states after any text."""
        return (self.end << 1) - (states & -states) if states else 0

    def run(self, states: int) -> list[int]:
        """The sets of states after each number of characters that the pattern does not hold."""
        found = [states]
        while (states := self.step(states, _FRESH)) not in found:
            found.append(states)
        return found

    def skip(self, states: int) -> int:
        """With the states after a ``*`` or `SEGMENT` that matches nothing."""
        while (further := states | (states & (self.star | self.segment)) << 1) != states:
            states = further
        return states

    def reduce(self, states: int) -> int:
        """Without the states before the last ``*`` reached: it accepts all that they do."""
        last = (states & self.star).bit_length()
        return states >> last - 1 << last - 1 if last else states


@lru_cache(maxsize=1024)
def _automaton(pattern: str) -> _Automaton:
    literal: dict[str, int] = {}
    wild = star = segment = 0
    symbols = _STARS.sub("*", pattern)
    for index, symbol in enumerate(symbols):
        if symbol == "*":
            star |= 1 << index
        elif symbol == "?":
            wild |= 1 << index
        elif symbol == SEGMENT:
            segment |= 1 << index
        else:
            literal[symbol] = literal.get(symbol, 0) | 1 << index
    automaton = _Automaton(literal, wild, star, segment, 0, 1 << len(symbols))
    return replace(automaton, start=automaton.skip(1))
