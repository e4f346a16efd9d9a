"""The document reader: one policy, whatever form it comes in."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.model import Statement
from dynavet.text import Hole, Part, Reference, Text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Origin, Unknown, Value, assume
from dynavet_parsers.iam_json.document import Document, read_document

AT = Origin("policy.json", 7, 3, 9, 4)
TABLE = Reference("aws_dynamodb_table.orders", "arn", "arn:*:dynamodb:*:*:table/*")
KEY = Hole("var.key has no value")

ELEMENTS = st.sampled_from(
    ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "x")
)
SCALARS = st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(("Allow", "*", "dynamodb:*", "AWS", ""))
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ELEMENTS, inner, max_size=3), max_leaves=8
)
STATEMENTS = st.dictionaries(ELEMENTS, ANYTHING, max_size=4)
DOCUMENTS = ANYTHING | st.fixed_dictionaries({"Statement": ANYTHING | st.lists(STATEMENTS | ANYTHING, max_size=3)})


def tree(data: Any) -> Value[Any]:
    """Plain data as the languages give it."""
    if isinstance(data, (Unknown, OneOf)):
        return data
    if isinstance(data, list):
        return Known(List(tuple(tree(item) for item in data)))
    if isinstance(data, dict):
        return Known(Object({key: tree(item) for key, item in data.items()}))
    return Known(data)


def bare(thing: Any) -> Any:
    """A thing without its origins."""
    if isinstance(thing, (tuple, list)):
        return [bare(item) for item in thing]
    if isinstance(thing, dict):
        return {key: bare(item) for key, item in thing.items()}
    if is_dataclass(thing):
        kept = {each.name: bare(getattr(thing, each.name)) for each in fields(thing) if each.name != "origin"}
        return type(thing).__name__, kept
    return type(thing).__name__, thing


def symbolic_json(data: Any) -> Text:
    """Plain data with `Text` leaves as JSON text with holes."""
    found: list[Part] = []

    def encode(item: Any) -> None:
        if isinstance(item, Text):
            found.extend(['"', *(json.dumps(p)[1:-1] if isinstance(p, str) else p for p in item.parts), '"'])
        elif isinstance(item, list):
            found.append("[")
            for index, each in enumerate(item):
                found.append("," if index else "")
                encode(each)
            found.append("]")
        elif isinstance(item, dict):
            found.append("{")
            for index, (key, each) in enumerate(item.items()):
                found.append(("," if index else "") + json.dumps(key) + ":")
                encode(each)
            found.append("}")
        else:
            found.append(json.dumps(item))

    encode(data)
    return Text.of(*found)


def read(data: Any) -> Document:
    return read_document(tree(data), AT)


def only(document: Document) -> Statement:
    (slot,) = document.statements
    assert isinstance(slot, Known)
    assert slot.value is not None
    return slot.value


def literals(value: Any) -> list[str | None]:
    assert isinstance(value, Known)
    assert value.value is not None
    return [item.value.literal for item in value.value.items]


@given(DOCUMENTS)
def test_object_and_text_read_the_same(data: Any) -> None:
    as_text = read_document(Known(json.dumps(data)), AT)
    assert bare(as_text) == bare(read(data)) or isinstance(data, str)


@given(st.lists(STATEMENTS, max_size=4), st.randoms(use_true_random=False))
def test_order_of_statements_does_not_matter(statements: list[Any], random: Any) -> None:
    def contents(items: list[Any]) -> list[str]:
        slots = [slot for slot in read({"Statement": items}).statements if isinstance(slot, Known)]
        kept = [{**bare(slot.value)[1], "name": None, "index": None} for slot in slots]
        return sorted(map(repr, kept))

    shuffled = random.sample(statements, len(statements))
    assert contents(shuffled) == contents(statements)


SYMBOLIC = st.recursive(
    SCALARS | st.sampled_from((Text.of(TABLE), Text.of(TABLE, "/index/*"), Text.of('"', KEY, "\\"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ELEMENTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"Statement": st.lists(st.dictionaries(ELEMENTS, SYMBOLIC, max_size=4), max_size=3)}))
def test_references_and_holes_read_the_same_in_text(data: Any) -> None:
    assert bare(read_document(Known(symbolic_json(data)), AT)) == bare(read(data))


def _open(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    choice = st.builds(
        lambda name, yes, no: OneOf(name, (("true", tree(yes)), ("false", tree(no)))),
        st.sampled_from(("IsProd", "IsTest")),
        inner,
        inner,
    )
    return choice | st.lists(inner, max_size=2) | st.dictionaries(ELEMENTS, inner, max_size=2)


OPEN = st.recursive(SCALARS | st.just(Unknown("var.x has no value")), _open, max_leaves=8)
OPEN_DOCUMENTS = OPEN | st.builds(
    lambda s: {"Statement": s}, OPEN | st.lists(OPEN | st.dictionaries(ELEMENTS, OPEN, max_size=3), max_size=3)
)


@given(OPEN_DOCUMENTS, st.sampled_from(("true", "false")), st.sampled_from(("true", "false")))
def test_reading_commutes_with_choosing_a_world(data: Any, prod: str, test: str) -> None:
    def contents(document: Document) -> Any:
        """Places and reasons told apart from their order: an open place may turn out empty."""
        slots = [slot for slot in document.statements if slot != ABSENT]
        known = [_conditions(bare(slot.value)[1]) for slot in slots if isinstance(slot, Known)]
        unknown = [each for each in (*slots, *document.more) if isinstance(each, Unknown)]
        reasons = sorted(re.sub(r"^Statement \d+", "Statement", each.reason) for each in unknown)
        return bare(document.version), [{**each, "name": None, "index": None} for each in known], reasons

    world = {"IsProd": prod, "IsTest": test}
    value = tree(data)
    assert contents(assume(read_document(value, AT), world)) == contents(read_document(assume(value, world), AT))


def _conditions(statement: dict[str, Any]) -> dict[str, Any]:
    slots = [slot for slot in statement["conditions"] if slot != bare(ABSENT)]
    unknown = [slot for slot in slots if slot[0] == "Unknown"] + statement["more_conditions"]
    known = [slot for slot in slots if slot[0] != "Unknown"]
    return {**statement, "conditions": known, "more_conditions": sorted(unknown, key=repr)}


def test_reads_every_element() -> None:
    statement = only(
        read(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Sid": "Rows",
                    "Effect": "Allow",
                    "Action": "dynamodb:GetItem",
                    "NotAction": ["dynamodb:Scan"],
                    "Resource": ["a", "b"],
                    "NotResource": "c",
                    "Principal": {"AWS": ["1", "2"], "Service": "lambda.amazonaws.com"},
                    "NotPrincipal": "*",
                    "Condition": {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"k": [1, "2"], "l": 3}},
                },
            }
        )
    )
    assert (statement.name, statement.index) == ("Rows", 0)
    assert statement.effect == Known(Text.of("Allow"))
    assert literals(statement.actions) == ["dynamodb:GetItem"]
    assert literals(statement.not_actions) == ["dynamodb:Scan"]
    assert literals(statement.resources) == ["a", "b"]
    assert literals(statement.not_resources) == ["c"]
    assert isinstance(statement.principals, Known)
    assert statement.principals.value is not None
    by_type = statement.principals.value.by_type
    assert {kind: literals(Known(patterns)) for kind, patterns in by_type.items()} == {
        "AWS": ["1", "2"],
        "Service": ["lambda.amazonaws.com"],
    }
    assert isinstance(statement.not_principals, Known)
    assert statement.not_principals.value is not None
    assert list(statement.not_principals.value.by_type) == ["*"]
    found = [slot.value for slot in statement.conditions if isinstance(slot, Known) and slot.value is not None]
    assert [(c.operator, c.key.literal, literals(c.values)) for c in found] == [
        ("Bool", "aws:SecureTransport", ["true"]),
        ("NumericLessThan", "k", ["1", "2"]),
        ("NumericLessThan", "l", ["3"]),
    ]


def test_element_names_are_case_sensitive() -> None:
    statement = only(read({"Statement": {"effect": "Allow", "ACTION": "*"}}))
    assert statement.effect == ABSENT
    assert statement.actions == ABSENT


def test_hole_hides_only_what_it_stands_for() -> None:
    text = Text.of(
        '{"Statement": [{"Sid": "A", "Action": ["dynamodb:GetItem"], "Resource": "',
        TABLE,
        '/index/*", "Condition": {"StringEquals": {"',
        KEY,
        ':aud": "x"}}}, {"Sid": "B", "Action": ',
        Hole("var.actions has no value"),
        '}, {"Sid": "C", "Resource": [',
        Hole("var.arns has no value"),
        ', "*"]} ',
        Hole("var.extra has no value"),
        "]}",
    )
    document = read_document(Known(text), AT)
    first, second, third = (slot.value for slot in document.statements if isinstance(slot, Known) and slot.value)
    assert isinstance(first.resources, Known)
    assert first.resources.value is not None
    assert first.resources.value.items == (Known(Text.of(TABLE, "/index/*")),)
    assert isinstance(first.conditions[0], Known)
    assert first.conditions[0].value is not None
    assert first.conditions[0].value.key == Text.of(KEY, ":aud")
    assert second.actions == Unknown("var.actions has no value")
    assert literals(third.resources) == ["*"]
    assert isinstance(third.resources, Known)
    assert third.resources.value is not None
    assert third.resources.value.more == (Unknown("var.arns has no value"),)
    assert document.more == (Unknown("var.extra has no value"),)


def test_private_use_characters_of_the_text_stay_themselves() -> None:
    text = Text.of('{"Statement": {"Sid": "\U00100000", "Resource": "', KEY, '\U00100001"}}')
    statement = only(read_document(Known(text), AT))
    assert statement.sid == Known(Text.of("\U00100000"))
    assert isinstance(statement.resources, Known)
    assert statement.resources.value is not None
    assert statement.resources.value.items == (Known(Text.of(KEY, "\U00100001")),)


def test_document_of_a_text_is_preferred_to_the_text() -> None:
    inner = tree({"Statement": {"Sid": "Inner"}})
    assert only(read_document(Known(Text((KEY,), document=inner)), AT)).name == "Inner"


def test_wholly_unknown_document_is_more() -> None:
    assert read_document(Unknown("var.policy has no value"), AT).more == (Unknown("var.policy has no value"),)
    assert read_document(Known(Text.of(KEY)), AT).more == (Unknown("var.key has no value"),)
    reference = Text.of(Reference("data.aws_iam_policy_document.x", "json"))
    assert read_document(Known(reference), AT).more == (Unknown("data.aws_iam_policy_document.x.json is not known"),)


def test_text_that_is_not_json_is_more() -> None:
    (reason,) = read_document(Known('{"Statement": ['), AT).more
    assert reason.reason.startswith("the policy text is not JSON: expected a JSON value")
    assert reason.origin == AT


@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_no_document_has_no_statement(nothing: Any) -> None:
    assert read(nothing) == Document()


def test_absent_items_are_dropped_and_single_statements_read() -> None:
    assert [only(read({"Statement": [None, {"Sid": "A"}, None]})).name] == ["A"]
    assert only(read({"Statement": {"Effect": "Deny"}})).name == "0"


def test_open_lists_become_slots_place_by_place() -> None:
    choice = OneOf("IsProd", (("true", tree([{"Sid": "A"}, {"Sid": "B"}])), ("false", tree([{"Sid": "C"}]))))
    first, second = read({"Statement": choice}).statements
    assert isinstance(first, OneOf)
    assert [(label, b.value.name) for label, b in first.branches if isinstance(b, Known) and b.value] == [
        ("true", "A"),
        ("false", "C"),
    ]
    assert isinstance(second, OneOf)
    assert dict(second.branches)["false"] == ABSENT


def test_wrong_types_say_what_was_found() -> None:
    statement = only(read({"Statement": {"Action": {"a": 1}, "Resource": [["x"]], "Principal": "me", "Effect": []}}))
    assert statement.actions == Unknown("Action is an object, not a string or a list")
    assert statement.effect == Unknown("Effect is a list, not a string")
    assert statement.principals == Unknown('Principal is "me", neither "*" nor an object')
    assert isinstance(statement.resources, Known)
    assert statement.resources.value is not None
    assert statement.resources.value.items == (Unknown("Resource is a list, not a string"),)
    assert read({"Statement": ["x"]}).statements == (Unknown("Statement 0 is a string, not an object"),)
    assert read([]).more == (Unknown("the policy is a list, not an object"),)


def test_text_without_place_of_its_own_stands_where_the_whole_text_does() -> None:
    statement = only(read_document(Known('{"Statement":\n{"Action": "a"}}', AT), Origin("x", 1, 1, 1, 1)))
    assert statement.origin == AT
    assert statement.actions.origin == AT


def test_text_of_known_place_has_positions() -> None:
    statement = only(read_document(Known('{"Statement":\n{"Action": "a"}}', AT), AT, text_at=(8, 5)))
    assert (statement.origin.line, statement.origin.column) == (9, 1)
    assert statement.actions.origin == Origin("policy.json", 9, 12, 9, 15)


def test_condition_points_at_its_key() -> None:
    statement = only(read_document(Known('{"Statement": {"Condition": {"Bool": {"k": true}}}}'), AT, text_at=(1, 1)))
    assert statement.conditions[0].origin == Origin("policy.json", 1, 39, 1, 42)


def test_too_many_open_items_are_unknown() -> None:
    items = [OneOf(f"c{n}", (("true", Known("a")), ("false", ABSENT))) for n in range(20)]
    statement = only(read({"Statement": {"Action": items}}))
    assert isinstance(statement.actions, Unknown)
    assert "more than 64 combinations" in statement.actions.reason
