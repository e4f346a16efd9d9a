"""The grammar of policies: what it generates has no fault, whatever is undecided in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.iam.conditions import OPERATORS
from dynavet.iam.demands import demands_of
from dynavet.iam.grammar import faults
from dynavet.model import PolicyKind
from dynavet.values import Known, List, Object, Unknown, Value
from dynavet_parsers.iam_json.json_source import parse_json

WORDS = st.text("abcdef", min_size=1, max_size=5)
ACTIONS = st.sampled_from(["*", "dynamodb:GetItem", "s3:*", "*:*"])
ARNS = st.sampled_from(
    ["*", "arn:aws:dynamodb:eu-west-1:111122223333:table/T", "arn:aws:s3:::b/*", "arn:aws:dynamodb:*"]
)
SCALARS = st.one_of(WORDS, st.booleans(), st.integers())
OPERATOR = st.sampled_from([*OPERATORS, "ForAllValues:StringLike", "StringEqualsIfExists"])


def one_or_more(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return items | st.lists(items, min_size=1, max_size=3)


def either(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(st.sampled_from([name, f"Not{name}"]), one_or_more(values)).map(lambda pair: dict([pair]))


KEYS = st.dictionaries(WORDS.map("aws:{}".format), one_or_more(SCALARS), max_size=2)
STATEMENTS = st.builds(
    lambda effect, action, resource, more: {"Effect": effect, **action, **resource, **more},
    st.sampled_from(["Allow", "Deny"]),
    either("Action", ACTIONS),
    either("Resource", ARNS),
    st.fixed_dictionaries({}, optional={"Condition": st.dictionaries(OPERATOR, KEYS, max_size=2)}),
)
DOCUMENTS = st.builds(
    lambda statement, more: {"Statement": statement, **more},
    one_or_more(STATEMENTS),
    st.fixed_dictionaries({}, optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"]), "Id": WORDS}),
)
IDENTITY = demands_of(PolicyKind.IDENTITY)


def read(document: Any) -> Value[Any]:
    return parse_json(json.dumps(document), "policy.json")


def with_hole(value: Value[Any], turns: list[int]) -> Value[Any]:
    """The value with something in it unknown: at each level, what the next of `turns` picks."""
    data = value.value if isinstance(value, Known) else None
    turn = turns.pop(0) if turns else 0
    if isinstance(data, List) and data.items and turn:
        index = turn % len(data.items)
        items = (with_hole(item, turns) if at == index else item for at, item in enumerate(data.items))
        return Known(List(tuple(items)), value.origin)
    if isinstance(data, Object) and data.entries and turn:
        chosen = list(data.entries)[turn % len(data.entries)]
        entries = {key: with_hole(item, turns) if key == chosen else item for key, item in data.entries.items()}
        return Known(Object(entries, (), data.keys), value.origin)
    return Unknown("var.x has no value")


@given(document=DOCUMENTS)
def test_what_the_grammar_generates_has_no_fault(document: Any) -> None:
    assert list(faults(read(document), IDENTITY)) == []


@given(document=DOCUMENTS, turns=st.lists(st.integers(0, 5), max_size=6))
def test_what_is_undecided_is_no_fault(document: Any, turns: list[int]) -> None:
    assert list(faults(with_hole(read(document), turns), IDENTITY)) == []


@given(document=DOCUMENTS, name=st.sampled_from(["Statement", "Version", "Id"]))
def test_element_names_are_case_sensitive(document: dict[str, Any], name: str) -> None:
    renamed = {key.lower() if key == name else key: value for key, value in document.items()}
    found = [fault.pointer for fault in faults(read(renamed), IDENTITY)]
    assert (f"/{name.lower()}" in found) == (name in document)


@pytest.mark.parametrize(
    ("document", "pointer", "expected"),
    [
        ([], "", "an object"),
        (
            {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "a/b~c": 1}]},
            "/Statement/0/a~1b~0c",
            "Sid",
        ),
        ({"Statement": {"Effect": "Allow", "Action": ":x", "Resource": "*"}}, "/Statement/Action", '"*" or a service'),
        (
            {"Statement": {"Effect": ["Allow"], "Action": "*", "Resource": "*"}},
            "/Statement/Effect",
            '"Allow" or "Deny"',
        ),
        (
            {"Version": 2012, "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}},
            "/Version",
            '"2012-10-17"',
        ),
        ({"Statement": {"Effect": "Deny", "Action": "*", "Resource": ""}}, "/Statement/Resource", '"*" or an ARN'),
    ],
)
def test_a_fault_says_where_and_what_is_allowed(document: Any, pointer: str, expected: str) -> None:
    [fault] = faults(read(document), IDENTITY)
    assert fault.pointer == pointer
    assert fault.expected.startswith(expected)
