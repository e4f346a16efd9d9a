"""Ranges by number, against looking at each of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dynavet.ranges import Ranges
from dynavet.values import Origin


@st.composite
def origins(draw: st.DrawFn) -> Origin:
    ends = sorted(draw(st.tuples(*[st.tuples(st.integers(1, 9), st.integers(1, 4))] * 2)))
    return Origin(draw(st.sampled_from("ab")), *ends[0], *ends[1])


@given(st.lists(origins(), max_size=12), origins())
def test_the_same_ranges_contain_a_place(ranges: list[Origin], place: Origin) -> None:
    expected = [number for number, each in enumerate(ranges) if each.contains(place)]
    assert Ranges(enumerate(ranges)).containing(place) == expected
