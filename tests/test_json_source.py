"""JSON with positions: the same values as the standard library's, each at its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.values import Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.iam_json.json_source import ATOM_FIRST, MAX_DEPTH, JsonError, parse_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
INDENTS = st.sampled_from((None, 0, 1, "\t"))


def plain(value: Value[Any]) -> Any:
    """The value as the standard library gives it."""
    assert isinstance(value, Known)
    if isinstance(value.value, List):
        return [plain(item) for item in value.value.items]
    if isinstance(value.value, Object):
        return {key: plain(entry) for key, entry in value.value.entries.items()}
    return value.value


def places(value: Value[Any]) -> Iterator[tuple[Origin, Any]]:
    """Every value and key, with its origin."""
    assert value.origin is not None
    yield value.origin, plain(value)
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List):
        for item in data.items:
            yield from places(item)
    if isinstance(data, Object):
        for key, origin in data.keys.items():
            yield origin, key
        for entry in data.entries.values():
            yield from places(entry)


def cut(text: str, origin: Origin) -> str:
    """The range of the text that an origin names."""
    lines = text.split("\n")[origin.line - 1 : origin.end_line]
    lines[-1] = lines[-1][: origin.end_column - 1]
    lines[0] = lines[0][origin.column - 1 :]
    return "\n".join(lines)


@given(JSON, INDENTS, st.booleans())
def test_values_are_those_of_the_standard_library(data: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    expected = json.loads(text)
    found = plain(parse_json(text, "p.json"))
    assert (found, repr(found)) == (expected, repr(expected))


@given(JSON, INDENTS, st.booleans())
def test_every_position_cuts_out_its_own_value(data: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    for origin, value in places(parse_json(text, "p.json")):
        assert json.loads(cut(text, origin)) == value


@given(JSON, INDENTS, st.integers(1, 50), st.integers(1, 50))
def test_text_is_placed_where_it_stands_in_its_file(data: Any, indent: Any, line: int, column: int) -> None:
    text = json.dumps(data, indent=indent)
    file = "\n" * (line - 1) + " " * (column - 1) + text
    for origin, value in places(parse_json(text, "p.json", line, column)):
        assert json.loads(cut(file, origin)) == value


@given(st.text(alphabet='{}[]:,"\\ \n019-+.eEtrufalsn/b\x01', max_size=12))
def test_accepts_what_the_standard_library_accepts(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(JsonError):
            parse_json(text, "p.json")
    else:
        assert plain(parse_json(text, "p.json")) == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "expected a JSON value, found the end of the text"),
        ('{"a": 1,\n "b" 2}', 2, 6, 'expected ":", found "2"'),
        ('{"a": 1\n "b": 2}', 2, 2, 'expected "," or "}", found a string'),
        ('{"a": [1, 2}', 1, 12, 'expected "," or "]", found "}"'),
        ('{"a": 1,}', 1, 9, 'expected a key in double quotes, found "}"'),
        ("{'a': 1}", 1, 2, 'expected a key in double quotes or "}", found "\'"'),
        ('{"a": True}', 1, 7, 'expected a JSON value, found "True"'),
        ('["a]\n', 1, 2, 'expected a closing ‘"’ on the line of the string that starts here'),
        ('["a\\d"]', 1, 4, 'expected a JSON escape, found "\\\\d"'),
        ('["a\tb"]', 1, 4, "expected no control character in a string, found '\\t'"),
        ("[1] [2]", 1, 5, 'expected the end of the text, found "["'),
        ("[NaN]", 1, 2, 'expected a JSON value or "]", found "NaN"'),
    ],
)
def test_error_says_what_was_expected_and_where(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(JsonError) as caught:
        parse_json(text, "p.json")
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, line, column)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)])
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(JsonError, match=f"at most {MAX_DEPTH} levels"):
        parse_json(text, "p.json")


def test_deepest_allowed_nesting_reads() -> None:
    assert isinstance(parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH, "p.json"), Known)


def test_huge_number_is_an_error() -> None:
    with pytest.raises(JsonError, match="4300 digits"):
        parse_json("1" * 5000, "p.json")


def test_byte_order_mark_is_skipped() -> None:
    assert plain(parse_json("\ufeff[1]", "p.json")) == [1]


def test_last_of_duplicate_keys_counts() -> None:
    value = parse_json('{"a": 1, "a": 2}', "p.json")
    assert plain(value) == {"a": 2}
    assert isinstance(value, Known)
    assert isinstance(value.value, Object)
    assert value.value.keys["a"].column == 10


def test_lone_surrogate_can_be_printed() -> None:
    assert plain(parse_json(r'["\ud800", "\ud83d\ude00"]', "p.json")) == ["\ufffd", "😀"]


def test_atom_is_a_value_or_further_members() -> None:
    atom = chr(ATOM_FIRST)
    text = f'{{"a": {atom}, "b": [1, {atom}], "c": [{atom}{atom} 2], {atom} "d": {{{atom}}}, "e": "x{atom}"}}'
    value = parse_json(text, "p.json", atom=lambda run, origin: Unknown(f"{len(run)} undecided", origin))
    assert isinstance(value, Known)
    data = value.value
    assert isinstance(data, Object)
    one = (Unknown("1 undecided"),)
    assert data.entries["a"] == one[0]
    assert data.entries["b"] == Known(List((Known(1),), one))
    assert data.entries["c"] == Known(List((Known(2),), (Unknown("2 undecided"),)))
    assert data.entries["d"] == Known(Object({}, one))
    assert data.entries["e"] == Known(f"x{atom}")
    assert data.more == one


def test_atom_without_reader_is_an_error() -> None:
    with pytest.raises(JsonError, match="expected a JSON value"):
        parse_json(chr(ATOM_FIRST), "p.json")
