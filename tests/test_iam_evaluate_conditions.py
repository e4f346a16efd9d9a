"""Conditions of statements in the evaluation of a request: operators, absent keys, variables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dynavet.evaluation_cases import read_cases
from dynavet.iam import evaluate

USER = "arn:aws:iam::111122223333:user/dev/ann"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
UNKNOWN = {"unknown": "not given"}


def meets(condition: dict[str, Any], context: dict[str, Any] | None = None) -> bool | None:
    """Whether an Allow with the condition allows."""
    statement = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*", "Condition": condition}
    request = {"principal": USER, "action": "dynamodb:GetItem", "resource": TABLE, "context": context or {}}
    policies = {"identity": {"Version": "2012-10-17", "Statement": statement}}
    (case,) = read_cases(json.dumps({"request": request, "policies": policies}), "case.json", Path()).cases
    return evaluate(case.request, case.policies).allowed.truth


@pytest.mark.parametrize(
    ("condition", "value", "met"),
    [
        ({"StringEquals": ["a", "b"]}, "b", True),
        ({"StringEquals": "A"}, "a", False),
        ({"StringEquals": "a*"}, "ab", False),
        ({"StringEquals": "a*"}, "a*", True),
        ({"StringNotEquals": ["a", "b"]}, "b", False),
        ({"StringNotEquals": ["a", "b"]}, "c", True),
        ({"StringEqualsIgnoreCase": "AbC"}, "aBc", True),
        ({"StringNotEqualsIgnoreCase": "AbC"}, "aBc", False),
        ({"StringLike": "a*c?"}, "abbcd", True),
        ({"StringLike": "a*"}, "Ab", False),
        ({"StringNotLike": "a*"}, "ab", False),
        ({"NumericEquals": "10"}, "10.0", True),
        ({"NumericNotEquals": 10}, "11", True),
        ({"NumericLessThan": 10}, "9", True),
        ({"NumericLessThan": 10}, "10", False),
        ({"NumericLessThanEquals": 10}, "10", True),
        ({"NumericGreaterThan": -1.5}, "-1", True),
        ({"NumericGreaterThanEquals": 10}, "9.999999999999999999", False),
        ({"NumericEquals": "ten"}, "ten", False),
        ({"NumericNotEquals": "10"}, "ten", True),
        ({"DateEquals": "2026-01-01T00:00:00Z"}, "2026-01-01", True),
        ({"DateEquals": "2026-01-01T01:00:00+01:00"}, "2026-01-01T00:00Z", True),
        ({"DateEquals": "1767225600"}, "2026-01-01T00:00:00Z", True),
        ({"DateNotEquals": "2026-01-01"}, "2026-01-01T00:00:00.001Z", True),
        ({"DateLessThan": "2026"}, "2025-12-31T23:59:59.999Z", True),
        ({"DateGreaterThan": "2026-02"}, "1767225600", False),
        ({"DateGreaterThanEquals": "2026-02-30"}, "2027-01-01", False),
        ({"DateLessThanEquals": "2026-02-01"}, "2026-02-01T00:00:00Z", True),
        ({"Bool": "true"}, "true", True),
        ({"Bool": True}, "true", True),
        ({"Bool": "true"}, "false", False),
        ({"BinaryEquals": "QmluYXJ5"}, "QmluYXJ5", True),
        ({"BinaryEquals": "QmluYXJ5"}, "QmluYXJ6", False),
        ({"IpAddress": "203.0.113.0/24"}, "203.0.113.7", True),
        ({"IpAddress": "203.0.113.7"}, "203.0.113.7", True),
        ({"IpAddress": ["203.0.113.0/24", "2001:db8:1234:5678::/64"]}, "2001:DB8:1234:5678::1", True),
        ({"IpAddress": "203.0.113.0/24"}, "2001:db8::1", False),
        ({"NotIpAddress": ["203.0.113.0/24", "198.51.100.0/24"]}, "198.51.100.1", False),
        ({"NotIpAddress": "203.0.113.0/24"}, "192.0.2.1", True),
        ({"ArnEquals": "arn:aws:sns:*:111122223333:*"}, "arn:aws:sns:eu-west-1:111122223333:t:sub", True),
        ({"ArnLike": "arn:aws:*:111122223333:t"}, "arn:aws:sns:eu-west-1:111122223333:t", False),
        ({"ArnLike": "*"}, "arn:aws:sns:eu-west-1:111122223333:t", True),
        ({"ArnLike": "*"}, "t", False),
        ({"ArnNotLike": "arn:aws:sns:*:*:t"}, "arn:aws:sns:eu-west-1:111122223333:u", True),
        ({"ArnNotEquals": "arn:aws:sns:*:*:t"}, "arn:aws:sns:eu-west-1:111122223333:t", False),
        ({"Null": "true"}, "x", False),
        ({"Null": "false"}, "x", True),
        ({"Null": False}, "", False),
    ],
)
def test_operators(condition: dict[str, Any], value: str, met: bool) -> None:
    given = {operator: {"example:Key": values} for operator, values in condition.items()}
    assert meets(given, {"EXAMPLE:key": value}) is met


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("NumericNotEquals", True),
        ("NumericLessThan", False),
        ("NotIpAddress", True),
        ("IpAddressIfExists", True),
        ("ArnNotLike", True),
        ("BoolIfExists", True),
        ("Bool", False),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
@pytest.mark.parametrize("context", [{}, {"example:Key": None}, {"example:Key": []}])
def test_operators_without_the_key(operator: str, met: bool, context: dict[str, Any]) -> None:
    assert meets({operator: {"example:Key": "1"}}, context) is met


def test_null_without_the_key() -> None:
    assert meets({"Null": {"example:Key": "true"}}) is True
    assert meets({"Null": {"example:Key": "false"}}) is False


@pytest.mark.parametrize(
    ("operator", "values", "met"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "c"], False),
        ("ForAllValues:StringEquals", [""], True),
        ("ForAnyValue:StringEquals", ["c", "a"], True),
        ("ForAnyValue:StringEquals", ["c", "d"], False),
        ("ForAnyValue:StringEquals", [""], False),
        ("ForAllValues:StringNotEquals", ["c", "d"], True),
        ("ForAllValues:StringNotEquals", ["c", "a"], False),
        ("ForAnyValue:StringNotEquals", ["a", "c"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], False),
    ],
)
def test_set_operators(operator: str, values: list[str], met: bool) -> None:
    assert meets({operator: {"example:Key": ["a", "b"]}}, {"example:Key": values}) is met


def test_all_operators_and_keys_must_be_met() -> None:
    condition = {"StringEquals": {"example:A": "1", "example:B": "1"}, "Bool": {"example:C": "true"}}
    assert meets(condition, {"example:A": "1", "example:B": "1", "example:C": "true"}) is True
    assert meets(condition, {"example:A": "1", "example:B": "2", "example:C": "true"}) is False
    assert meets(condition, {"example:A": "1", "example:B": "1", "example:C": "false"}) is False


@pytest.mark.parametrize(
    ("operator", "written", "value", "met"),
    [
        ("StringEquals", "${aws:username}", "ann", True),
        ("StringEquals", "${AWS:UserName}", "ann", True),
        ("StringLike", "${aws:username}-*", "ann-1", True),
        ("StringEquals", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team}", False),
        ("StringNotEquals", "${aws:PrincipalTag/team}", "blue", True),
        ("StringEquals", "${aws:PrincipalTag/team, 'blue'}", "blue", True),
        ("StringEquals", "${aws:username, 'blue'}", "blue", False),
        ("StringEquals", "${example:Several}", "a", False),
        ("StringLike", "a${*}c", "abc", False),
        ("StringLike", "a${*}c", "a*c", True),
        ("StringLike", "a${?}${$}{x}", "a?${x}", True),
        ("StringEquals", "a${*}c", "a*c", True),
        ("StringLike", "${example:Star}", "anything", False),
        ("ArnLike", "arn:aws:iam::${aws:PrincipalAccount}:user/*", USER, True),
        ("NumericEquals", "${example:Number}", "1", False),
    ],
)
def test_variables(operator: str, written: str, value: str, met: bool) -> None:
    context = {"example:Key": value, "example:Several": ["a", "b"], "example:Star": "*", "example:Number": "1"}
    assert meets({operator: {"example:Key": written}}, context) is met


def test_null_closes_the_gap_of_missing_leading_keys() -> None:
    condition = {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert meets(condition, {"dynamodb:LeadingKeys": ["a"]}) is True
    assert meets(condition) is False


def test_a_present_key_of_unknown_value_is_not_absent() -> None:
    assert meets({"Null": {"example:Key": "false"}}, {"example:Key": ["x", UNKNOWN]}) is True
    assert meets({"Null": {"example:Key": "false"}}, {"example:Key": UNKNOWN}) is None
    assert meets({"StringLike": {"example:Key": "*"}}, {"example:Key": [UNKNOWN]}) is True
    assert meets({"ForAllValues:StringEquals": {"example:Key": "a"}}, {"example:Key": ["b", UNKNOWN]}) is False
    assert meets({"ForAnyValue:StringEquals": {"example:Key": "a"}}, {"example:Key": ["a", UNKNOWN]}) is True
