"""What patterns can denote, and which actions a statement reaches; undecided inputs are named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.answers import NO, YES, Answer
from dynavet.iam.actions import actions_of, expand, find
from dynavet.iam.globs import subsumes
from dynavet.iam.patterns import (
    as_written,
    at_most,
    concern_dynamodb_or_dax,
    covers_all_resources_of,
    has_wildcard,
    is_dynamodb_or_dax,
    may_be_resource_of,
)
from dynavet.iam.reach import Reach, reach
from dynavet.model import Patterns, Statement
from dynavet.text import Hole, Part, Reference, Text
from dynavet.values import ABSENT, Known, Origin, Unknown, Value

AT = Origin("p.json", 1, 1, 1, 2)
X = Hole("var.x has no value")
TABLE = Reference("aws_dynamodb_table.t", "arn", "arn:*:dynamodb:*:*:table/*")
STREAM = Reference("aws_dynamodb_table.t", "stream_arn", "arn:*:dynamodb:*:*:table/*/stream/*")
BUCKET = Reference("aws_s3_bucket.b", "arn", "arn:*:s3:*")
NAME = Reference("aws_dynamodb_table.t", "name")
OPAQUE = Reference("module.m", "output")
ARN = "arn:aws:dynamodb:eu-west-1:111122223333:"


def text(pattern: Any) -> Text:
    return Text.of(*pattern) if isinstance(pattern, tuple) else Text.of(pattern)


def patterns(items: Any) -> Value[Patterns | None]:
    if items is None:
        return ABSENT
    if isinstance(items, Unknown):
        return items
    found = tuple(item if isinstance(item, Unknown) else Known(text(item)) for item in items)
    return Known(Patterns(items=found))


def statement(
    actions: Any = None, resources: Any = None, not_actions: Any = None, not_resources: Any = None
) -> Statement:
    return Statement(
        name="0",
        index=0,
        origin=AT,
        actions=patterns(actions),
        resources=patterns(resources),
        not_actions=patterns(not_actions),
        not_resources=patterns(not_resources),
    )


def one(found: tuple[Reach, ...]) -> Reach:
    (only,) = found
    return only


def names(actions: Any) -> set[str]:
    return {action.id for action in actions}


def truth(answer: Answer) -> bool | None:
    if answer.truth is None:
        assert answer.reasons
    return answer.truth


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "dynamodb:ListTables", True),
        (ARN + "*", "dynamodb:ListTables", False),
        ("arn:aws:s3:::b/*", "dynamodb:GetItem", False),
        (ARN + "table/T", "dynamodb:GetItem", True),
        (ARN + "table/T", "dynamodb:GetRecords", False),
        (ARN + "table/T/stream/*", "dynamodb:GetRecords", True),
        (ARN + "table/T/stream/*", "dynamodb:GetItem", False),
        (ARN + "table/T/index/*", "dynamodb:Query", True),
        (ARN + "table/T/index/*", "dynamodb:PutItem", False),
        (ARN + "table/T*", "dynamodb:GetRecords", True),
        (ARN + "global-table/T", "dynamodb:GetItem", False),
        (ARN + "table/${aws:username}", "dynamodb:GetItem", True),
        (ARN + "table/${*}", "dynamodb:GetRecords", False),
        ("arn:aws:dax:*:*:cache/c", "dax:GetItem", True),
        ("arn:aws:dax:*:*:cache/c", "dynamodb:GetItem", False),
        ("arn:aws:dax:*:*:cache/c", "dax:DescribeClusters", True),
        ((TABLE,), "dynamodb:GetItem", True),
        ((TABLE,), "dynamodb:GetRecords", False),
        ((TABLE, "/index/*"), "dynamodb:Query", True),
        ((TABLE, "/*"), "dynamodb:GetRecords", True),
        ((STREAM,), "dynamodb:GetRecords", True),
        ((STREAM,), "dynamodb:GetItem", False),
        ((BUCKET, "/*"), "dynamodb:GetItem", False),
        ((ARN + "table/", NAME), "dynamodb:GetItem", True),
        ((ARN + "table/", NAME), "dynamodb:GetRecords", False),
        (("arn:aws:dynamodb:", X, ":", X, ":table/T"), "dynamodb:GetItem", True),
        (("arn:aws:dynamodb:", X, ":", X, ":table/T"), "dynamodb:GetRecords", False),
        ((ARN + "table/", X), "dynamodb:GetItem", True),
        ((ARN + "table/", X), "dynamodb:GetRecords", None),
        ((X,), "dynamodb:GetItem", None),
        ((X,), "dynamodb:ListTables", None),
        ((X, "/index/*"), "dynamodb:GetItem", False),
        ((X, "/index/*"), "dynamodb:Query", None),
        ((OPAQUE,), "dynamodb:GetItem", None),
        (("arn:aws:s3:::", X, "/*"), "dynamodb:GetItem", False),
    ],
)
def test_may_be_resource_of(pattern: Any, action: str, expected: bool | None) -> None:
    found = find(action)
    assert found is not None
    assert truth(may_be_resource_of(text(pattern), found)) is expected


def test_reason_names_the_input() -> None:
    get = find("dynamodb:GetItem")
    assert get is not None
    assert may_be_resource_of(Text.of(X), get).reasons == (Unknown("var.x has no value"),)
    assert may_be_resource_of(Text.of(OPAQUE), get).reasons == (Unknown("module.m.output is not known"),)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("arn:aws:*", True),
        ("arn:aws:s3:::b", False),
        ((BUCKET,), False),
        ((TABLE,), True),
        ((X,), None),
        (("arn:aws:", X, ":eu-west-1:1:table/T"), None),
    ],
)
def test_is_dynamodb_or_dax(pattern: Any, expected: bool | None) -> None:
    assert truth(is_dynamodb_or_dax(text(pattern))) is expected
    assert truth(concern_dynamodb_or_dax(patterns([pattern]))) is expected


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "dynamodb:GetItem", True),
        ("arn:aws:dynamodb:*", "dynamodb:GetItem", True),
        ("arn:aws:dynamodb:*", "dynamodb:ListTables", False),
        (ARN + "*", "dynamodb:GetItem", False),
        ("arn:aws:dynamodb:*:*:table/secret", "dynamodb:GetItem", False),
        ("arn:aws:dynamodb:*:*:table/${aws:username}*", "dynamodb:GetItem", False),
        (("arn:aws:dynamodb:*:*:", X), "dynamodb:GetItem", None),
    ],
)
def test_covers_all_resources_of(pattern: Any, action: str, expected: bool | None) -> None:
    found = find(action)
    assert found is not None
    assert truth(covers_all_resources_of(text(pattern), found)) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("dynamodb:*", True), ("table/${*}", False), ("table/${aws:username}", False), ("a?", True), (("a", X), False)],
)
def test_has_wildcard(pattern: Any, expected: bool) -> None:
    assert has_wildcard(text(pattern)) is expected


PIECES: st.SearchStrategy[Part] = st.sampled_from(
    ("arn:aws:dynamodb:", "*", "?", ":", "table/", "/index/", "T", "${aws:username}", "${*}")
)
SYMBOLS: st.SearchStrategy[Part] = st.sampled_from((X, NAME, TABLE))
TEXTS = st.lists(st.one_of(PIECES, SYMBOLS), max_size=6).map(lambda parts: Text.of(*parts))


@given(TEXTS)
def test_what_a_pattern_says_is_within_what_it_can_say(pattern: Text) -> None:
    assert subsumes(at_most(pattern), as_written(pattern))


@given(TEXTS, st.sampled_from(actions_of("dynamodb")), st.sampled_from(("T", "*", "arn:aws:s3:::b", "x/y")))
def test_filling_a_hole_only_decides(pattern: Text, action: Any, value: str) -> None:
    """A `no` stays a no, whatever the undecided input turns out to be."""
    filled = Text.of(*(value if isinstance(part, Hole) else part for part in pattern.parts))
    if may_be_resource_of(pattern, action) == NO:
        assert may_be_resource_of(filled, action) == NO


def test_reach_respects_the_resources() -> None:
    assert reach(statement(["*"], ["arn:aws:s3:::b/*"])) == ()
    assert reach(statement(["s3:*"], ["*"])) == ()
    assert reach(statement(["dynamodb:*"], [(BUCKET,)])) == ()
    everything = one(reach(statement(["dynamodb:*"], ["*"])))
    assert set(everything.actions) == set(actions_of("dynamodb"))
    index = one(reach(statement(["dynamodb:*"], [(TABLE, "/index/*")])))
    assert names(index.actions) == {
        "dynamodb:DescribeContributorInsights",
        "dynamodb:PartiQLSelect",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:SearchVectors",
        "dynamodb:UpdateContributorInsights",
    }


def test_reach_tells_patterns_apart() -> None:
    first, second = reach(statement(["dynamodb:Get*", "s3:*", "dynamodb:PutItem"], [(TABLE,)]))
    assert (first.pattern, names(first.actions)) == (
        Text.of("dynamodb:Get*"),
        {"dynamodb:GetItem", "dynamodb:GetResourcePolicy"},
    )
    assert (second.pattern, names(second.actions)) == (Text.of("dynamodb:PutItem"), {"dynamodb:PutItem"})


def test_undecided_resource_leaves_a_named_service_reached() -> None:
    found = one(reach(statement(["dynamodb:Get*"], [(X,)])))
    assert "dynamodb:GetItem" in names(found.actions)
    assert found.possible == ()


def test_undecided_resource_leaves_a_star_undecided() -> None:
    found = one(reach(statement(["*"], [(X,)])))
    assert found.actions == ()
    assert set(found.possible) == set(expand("*"))
    assert found.reasons == (Unknown("var.x has no value"),)
    assert found.includes(lambda action: action.data == "read").truth is None


@pytest.mark.parametrize("action", [("dynamodb:", X), Unknown("var.x has no value")])
def test_undecided_action_is_undecided(action: Any) -> None:
    found = one(reach(statement([action], [(TABLE,)])))
    assert found.actions == ()
    assert "dynamodb:GetItem" in names(found.possible)
    assert found.reasons == (Unknown("var.x has no value"),)


def test_undecided_action_on_foreign_resources_reaches_nothing() -> None:
    assert reach(statement(Unknown("var.a has no value"), ["arn:aws:s3:::b"])) == ()
    assert reach(statement([("s3:", X)], ["*"])) == ()


def test_further_actions_may_be_reached() -> None:
    more = Known(Patterns(items=(Known(Text.of("s3:*")),), more=(Unknown("var.x has no value"),)))
    found = one(reach(Statement(name="0", index=0, origin=AT, actions=more, resources=patterns(["*"]))))
    assert (found.pattern, found.actions) == (None, ())
    assert found.possible


def test_not_action_reaches_the_rest() -> None:
    found = one(reach(statement(not_actions=["iam:*", "dynamodb:*"], resources=["*"])))
    assert found.negated
    assert set(found.actions) == set(actions_of("dax"))
    assert reach(statement(not_actions=["dynamodb:*", "dax:*"], resources=["*"])) == ()
    part = one(reach(statement(not_actions=["dynamodb:*", ("dax:", X)], resources=["*"])))
    assert part.actions == ()
    assert set(part.possible) == set(actions_of("dax"))


def test_not_resource_leaves_the_rest() -> None:
    found = one(reach(statement(["dynamodb:*"], not_resources=["arn:aws:dynamodb:*"])))
    assert "dynamodb:ListTables" in names(found.actions)
    assert all(not action.resource_types for action in found.actions)
    assert "dynamodb:GetItem" in names(one(reach(statement(["dynamodb:*"], not_resources=[ARN + "*"]))).actions)
    assert reach(statement(["dynamodb:*"], not_resources=["*"])) == ()


def test_statement_without_resource_is_not_limited() -> None:
    assert one(reach(statement(["dynamodb:GetItem"]))).includes(lambda action: action.name == "GetItem") == YES


WRITTEN = st.lists(
    st.sampled_from(("*", "dynamodb:*", "dynamodb:Get*", "dynamodb:GetItem", "dax:*", "s3:*")), min_size=1
)
PLACES = st.lists(st.sampled_from(("*", ARN + "table/*", ARN + "table/T", ARN + "table/T/index/*", "arn:aws:s3:::b")))


@given(WRITTEN, PLACES)
def test_narrowing_the_resources_reaches_no_more(actions: list[str], resources: list[str]) -> None:
    def reached(places: list[str]) -> set[Any]:
        return {action for each in reach(statement(actions, places)) for action in each.actions}

    assert reached(resources) <= reached(["*"])
    for index in range(len(resources)):
        assert reached(resources[:index] + resources[index + 1 :]) <= reached(resources)
