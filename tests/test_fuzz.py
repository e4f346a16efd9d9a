"""The harnesses of the fuzzer on what they start with, and on changes of it that know the structure of the text.

With atheris, `python -m fuzz.run` goes on from here; see fuzz/README.md.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("fuzz", reason="needs the source tree")

from fuzz.corpora import seeds
from fuzz.harnesses import HARNESSES
from fuzz.laws import Broken, judged, well_formed
from fuzz.mutations import mutated

from dynavet.findings import Report
from dynavet.options import Options

names = pytest.mark.parametrize("name", HARNESSES)


@names
def test_a_harness_takes_what_it_starts_with(name: str) -> None:
    texts = seeds(name)
    assert texts
    for text in texts[:: max(1, len(texts) // 25)]:
        HARNESSES[name](text)


@names
@settings(max_examples=60)
@given(place=st.integers(0, 10_000), seed=st.integers(0, 2**32))
def test_no_change_of_it_breaks_a_law(name: str, place: int, seed: int) -> None:
    texts = seeds(name)
    HARNESSES[name](mutated(name, texts[place % len(texts)], Random(seed)))  # noqa: S311


@names
@settings(max_examples=30)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_nor_does_anything_else(name: str, data: bytes) -> None:
    HARNESSES[name](data)


def test_the_laws_can_be_broken() -> None:
    with pytest.raises(Broken, match="dynavet crashed"):
        judged(Report(errors=["dynavet crashed on main.tf: ZeroDivisionError"]), Options())
    with pytest.raises(Broken, match="x1b"):
        well_formed("text", "a\x1b[31m")
