"""Condition operators and keys."""

from __future__ import annotations

from typing import Any

import pytest

from dynavet.iam.conditions import (
    OPERATORS,
    Operator,
    conditions_of,
    has_condition_on,
    key_is,
    limits_rows_or_attributes,
    read_operator,
)
from dynavet.model import Statement
from dynavet.text import Hole, Text
from dynavet.values import Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.iam_json.document import read_document

AT = Origin("p.json", 1, 1, 1, 2)
X = Unknown("var.x has no value")


def tree(data: Any) -> Value[Any]:
    if isinstance(data, dict):
        return Known(Object({key: tree(item) for key, item in data.items()}))
    if isinstance(data, list):
        return Known(List(tuple(map(tree, data))))
    return data if isinstance(data, Unknown) else Known(data)


def statement(condition: Any) -> Statement:
    (slot,) = read_document(tree({"Statement": {"Condition": condition}}), AT).statements
    assert isinstance(slot, Known)
    assert slot.value is not None
    return slot.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("StringEquals", Operator("", "StringEquals", False)),
        ("ForAllValues:StringLike", Operator("ForAllValues", "StringLike", False)),
        ("ForAnyValue:StringNotEqualsIfExists", Operator("ForAnyValue", "StringNotEquals", True)),
        ("forallvalues:stringequals", Operator("ForAllValues", "StringEquals", False)),
        ("Null", Operator("", "Null", False)),
        ("NullIfExists", None),
        ("ForAllValues:Null", None),
        ("ForEachValue:StringEquals", None),
        ("StringEqual", None),
        ("ForAllValues", None),
        ("IfExists", None),
        ("", None),
    ],
)
def test_read_operator(text: str, expected: Operator | None) -> None:
    assert read_operator(text) == expected


@pytest.mark.parametrize("name", [name for name in OPERATORS if name != "Null"])
def test_every_operator_takes_every_modifier(name: str) -> None:
    assert read_operator(f"ForAllValues:{name}IfExists") == Operator("ForAllValues", name, True)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("NotIpAddress", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_missing_key(text: str, holds: bool) -> None:
    operator = read_operator(text)
    assert operator is not None
    assert operator.holds_without_key is holds


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Text.of("DYNAMODB:leadingkeys"), True),
        (Text.of("dynamodb:Select"), False),
        (Text.of(Hole("var.x has no value")), None),
        (Text.of("dynamodb:", Hole("var.x has no value")), None),
        (Text.of(Hole("var.x has no value"), ":aud"), False),
    ],
)
def test_key_is(key: Text, expected: bool | None) -> None:
    assert key_is(key, ("dynamodb:LeadingKeys",)).truth is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:userid}"]}}, True),
        ({"ForAllValues:StringEquals": {"Dynamodb:attributes": ["a"]}}, True),
        ({"ForAllValues:StringLike": {"dynamodb:FirstPartitionKeyValues": "a"}}, True),
        ({"ForAllValues:StringLike": {"dynamodb:FourthPartitionKeyValues": X}}, True),
        ({"StringEquals": {"dynamodb:Select": "COUNT"}}, False),
        ({"Null": {"dynamodb:LeadingKeys": "false"}}, False),
        ({"StringEquals": {"aws:ResourceTag/team": "a"}}, False),
        (None, False),
        (X, None),
        ({"ForAllValues:StringEquals": X}, None),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}, "Bool": X}, True),
        ({"StringEquals": {"dynamodb:LeadingKeys": None}}, False),
    ],
)
def test_limits_rows_or_attributes(condition: Any, expected: bool | None) -> None:
    answer = limits_rows_or_attributes(statement(condition))
    assert answer.truth is expected
    assert answer.reasons == ((X,) if expected is None else ())


def test_conditions_of_leaves_out_absent_ones() -> None:
    known, unknown = conditions_of(statement({"Bool": {"a": True, "b": None}, "Null": X}))
    assert [condition.key.literal for condition in known] == ["a"]
    assert unknown == (X,)


def test_has_condition_on_any_of_the_keys() -> None:
    judged = statement({"Bool": {"aws:SecureTransport": True}})
    assert has_condition_on(judged, ("aws:sourcevpc", "AWS:SecureTransport")).truth is True
    assert has_condition_on(judged, ("aws:SourceVpc",)).truth is False
