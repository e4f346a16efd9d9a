"""Glob algebra against its definition: the texts over a small alphabet that match."""

from __future__ import annotations

import itertools
import time
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.iam.globs import SEGMENT, intersects, match, subsumes

ALPHABET = "ab#"
TEXTS = ["".join(letters) for length in range(9) for letters in itertools.product(ALPHABET, repeat=length)]
PATTERNS = st.text(alphabet="ab*?", max_size=4)
"""Two patterns of four symbols that have a text in common, or differ, do so on one of `TEXTS`."""


@cache
def language(pattern: str) -> frozenset[str]:
    return frozenset(text for text in TEXTS if matches(pattern, text))


def matches(pattern: str, text: str) -> bool:
    """The definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


@given(PATTERNS, st.sampled_from(TEXTS))
def test_match(pattern: str, text: str) -> None:
    assert match(pattern, text) == matches(pattern, text)


@given(PATTERNS, PATTERNS)
def test_intersects(a: str, b: str) -> None:
    assert intersects(a, b) == bool(language(a) & language(b))


@given(PATTERNS, PATTERNS)
def test_subsumes(a: str, b: str) -> None:
    assert subsumes(a, b) == (language(b) <= language(a))


LONG = st.text(alphabet="ab*?", max_size=12)


@given(LONG)
def test_every_pattern_is_within_itself_and_within_everything(pattern: str) -> None:
    assert subsumes(pattern, pattern)
    assert subsumes("*", pattern)
    assert intersects(pattern, pattern)


@given(LONG, LONG)
def test_intersection_is_symmetric_and_follows_from_inclusion(a: str, b: str) -> None:
    assert intersects(a, b) == intersects(b, a)
    if subsumes(a, b):
        assert intersects(a, b)


@given(LONG, LONG, st.integers(0, 11))
def test_widening_a_pattern_loses_nothing(a: str, b: str, at: int) -> None:
    wider = a[:at] + "*" + a[at + 1 :]
    assert subsumes(wider, a)
    if intersects(a, b):
        assert intersects(wider, b)
    if subsumes(a, b):
        assert subsumes(wider, b)


@given(LONG, LONG, LONG)
def test_inclusion_is_transitive(a: str, b: str, c: str) -> None:
    if subsumes(a, b) and subsumes(b, c):
        assert subsumes(a, c)


def test_inclusion_that_neither_the_shortest_nor_the_longest_text_refutes() -> None:
    assert not subsumes("*?xa*", "*xa*bx*a")
    assert match("*?xa*", "xabxa")
    assert not match("*?xa*", "xabx#a")


def test_star_crosses_separators_and_case_counts() -> None:
    assert match("arn:aws:dynamodb:*", "arn:aws:dynamodb:eu-west-1:1:table/T/index/I")
    assert not match("table/Orders", "table/orders")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("table/T", True),
        ("table/T*", True),
        ("ta*T", True),
        ("*", True),
        ("table/?", True),
        ("table/T/index/I", False),
        ("table/*/index/I", False),
        ("table/a:b", False),
    ],
)
def test_segment_stops_at_separators(pattern: str, expected: bool) -> None:
    assert intersects(pattern, f"table/{SEGMENT}") is expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("*?a" * 100 + "*", "*a" * 200),
        ("*?" * 200, "*ab?" * 200),
        ("*a???????a*", "*a*" * 50 + "a"),
        ("*a?b??a???b*" * 5, "*a*b*a" * 30),
        ("*a*" * 500, "*b*a" * 500),
    ],
)
def test_hostile_patterns_end(a: str, b: str) -> None:
    start = time.monotonic()
    subsumes(a, b)
    intersects(a, b)
    match(a, b)
    assert time.monotonic() - start < 10
