"""How keys are found in bytes that are not parsed: as a pattern finds them that is easier to read, and slower."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dynavet_parsers.cloudformation.serverless_framework.marks import has_key

PIECES = [b"service", b"servic", b'"', b"'", b":", b" ", b"\t", b"\n", b"{", b",", b"-", b"x", b"AWS"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map(b"".join)

PLAIN = re.compile(rb"""(?:^|[{,][ \t\r\n]*)["']?service["']?[ \t\r\n]*:""", re.MULTILINE)
INDENTED = re.compile(
    rb"""(?:^[ \t]*(?:-[ \t]+)?|[{,][ \t\r\n]*(?:-[ \t]+)?)["']?service["']?[ \t\r\n]*:""", re.MULTILINE
)


@given(TEXTS)
def test_a_key_is_found_where_the_pattern_finds_it(text: bytes) -> None:
    assert has_key(text, b"service") == bool(PLAIN.search(text))


@given(TEXTS)
def test_a_key_that_may_be_indented_is_found_where_the_pattern_finds_it(text: bytes) -> None:
    assert has_key(text, b"service", indented=True) == bool(INDENTED.search(text))
