"""Laws of symbolic text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.text import Hole, Part, Reference, Text, as_text, plain

LITERALS = st.text("ab*${}/:", max_size=4)
REFERENCES = st.builds(
    Reference, st.sampled_from(["aws_dynamodb_table.t", "Orders"]), st.sampled_from(["arn", "name"]), st.just("*")
)
HOLES = st.sampled_from(["var.a has no value", "parameter B has no default"]).map(Hole)
PARTS: st.SearchStrategy[Part] = LITERALS | REFERENCES | HOLES
TEXTS = st.lists(PARTS, max_size=5).map(lambda parts: Text.of(*parts))


@given(TEXTS)
def test_neighbouring_literals_are_one_and_none_is_empty(text: Text) -> None:
    assert "" not in text.parts
    for left, right in zip(text.parts, text.parts[1:], strict=False):
        assert not (isinstance(left, str) and isinstance(right, str))


@given(TEXTS, TEXTS, TEXTS)
def test_joining_is_associative(a: Text, b: Text, c: Text) -> None:
    assert Text.of(Text.of(a, b), c) == Text.of(a, Text.of(b, c)) == Text.of(a, b, c)


@given(TEXTS)
def test_the_empty_text_is_neutral(text: Text) -> None:
    assert Text.of("", text) == text == Text.of(text, "")


@given(LITERALS, LITERALS)
def test_joining_literals_is_joining_strings(a: str, b: str) -> None:
    assert Text.of(a, b).literal == a + b


@given(TEXTS)
def test_a_text_is_literal_exactly_when_nothing_in_it_is_symbolic(text: Text) -> None:
    assert (text.literal is None) is bool(text.references or text.holes)


@given(TEXTS)
def test_parts_are_kept(text: Text) -> None:
    assert Text.of(*text.parts) == text


@given(TEXTS)
def test_the_plain_form_loses_nothing(text: Text) -> None:
    assert as_text(plain(text)) == text
    assert plain(as_text(plain(text))) == plain(text)


@given(LITERALS)
def test_the_plain_form_of_a_literal_is_a_string(literal: str) -> None:
    assert plain(Text.of(literal)) == literal
    assert isinstance(plain(Text.of(literal)), str)


def test_the_plain_form_keeps_the_document_that_a_literal_encodes() -> None:
    text = Text(("{}",), document="the document")
    assert plain(text) is text


@given(LITERALS, REFERENCES, HOLES)
def test_people_see_references_and_holes(literal: str, reference: Reference, hole: Hole) -> None:
    shown = str(Text.of(literal, reference, hole))
    assert shown == f"{literal}${{{reference.target}.{reference.attribute}}}${{?}}"


@given(REFERENCES, LITERALS.filter(bool))
def test_a_text_is_a_reference_only_if_it_is_nothing_else(reference: Reference, literal: str) -> None:
    assert Text.of(reference).reference == reference
    assert Text.of(reference, literal).reference is None
    assert Text.of(literal).reference is None


def test_two_references_are_equal_whatever_is_known_of_their_shape() -> None:
    assert Reference("Orders", "arn", "arn:*:dynamodb:*") == Reference("Orders", "arn")


@pytest.mark.parametrize(
    ("data", "written"),
    [(True, "true"), (False, "false"), (1, "1"), (2.0, "2"), (2.5, "2.5"), ("x", "x"), (Text.of("y"), "y")],
)
def test_data_is_written_as_interpolation_writes_it(data: object, written: str) -> None:
    assert as_text(data).literal == written
