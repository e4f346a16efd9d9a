"""How many tables a resource pattern stands for."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dynavet.iam.breadth import Breadth, breadth_of
from dynavet.iam.globs import subsumes
from dynavet.text import Hole, Reference, Text

NAMES = st.text(alphabet="ab*?", min_size=1, max_size=5)
ENDS = st.sampled_from(["", "*", "/index/*", "/stream/2026", "/*"])
STARTS = st.sampled_from(["arn:aws:dynamodb:eu-west-1:111122223333:", "arn:*:dynamodb:*:*:", "arn:aws:dynamodb:*:"])
ARNS = st.one_of(
    st.builds(lambda start, name, end: f"{start}table/{name}{end}", STARTS, NAMES, ENDS),
    st.sampled_from(["*", "arn:aws:dynamodb:*", "arn:aws:dynamodb:*:*:*", "arn:aws:dynamodb:*:*:table*"]),
)


@given(wide=ARNS, narrow=ARNS)
def test_a_narrower_pattern_is_not_broader(wide: str, narrow: str) -> None:
    assume(subsumes(wide, narrow))
    assert breadth_of(Text.of(narrow)).least <= breadth_of(Text.of(wide)).least


@pytest.mark.parametrize(
    ("pattern", "breadth"),
    [
        ("*", Breadth.WIDE),
        ("arn:aws:dynamodb:*", Breadth.WIDE),
        ("arn:aws:dynamodb:*:*:table/*", Breadth.WIDE),
        ("arn:aws:dynamodb:*:*:table/?rders", Breadth.WIDE),
        ("arn:aws:dynamodb:*:*:table/orders*", Breadth.PREFIX),
        ("arn:aws:dynamodb:*:*:table/orders/index/*", Breadth.NAMED),
        ("arn:aws:dynamodb:*:table/orders", Breadth.NAMED),
        ("arn:aws:dynamodb::111122223333:global-table/orders", Breadth.NAMED),
        ("arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/tenant}-*", Breadth.NAMED),
        ("arn:aws:dynamodb:*:*:table/*-${aws:PrincipalTag/tenant}", Breadth.WIDE),
        ("arn:aws:dynamodb:*:*:table/${*}", Breadth.NAMED),
        ("arn:aws:dax:*:*:cache/orders", Breadth.NAMED),
        ("arn:aws:dax:*:*:cache/*", Breadth.WIDE),
    ],
)
def test_breadth(pattern: str, breadth: Breadth) -> None:
    found = breadth_of(Text.of(pattern))
    assert (found.least, found.most) == (breadth, breadth)


def test_only_inputs_that_may_be_a_wildcard_in_the_name_leave_it_open() -> None:
    region, table = Hole("var.region has no value"), Hole("var.table has no value")
    both = breadth_of(Text.of("arn:aws:dynamodb:", region, ":*:table/", table))
    assert [reason.reason for reason in both.reasons] == ["var.table has no value"]
    assert breadth_of(Text.of("arn:aws:dynamodb:", region, ":*:table/orders")).most is Breadth.NAMED
    assert breadth_of(Text.of("arn:aws:dynamodb:*:*:table/", table, "-*")).least is Breadth.PREFIX


def test_a_reference_is_one_table() -> None:
    arn = Reference("aws_dynamodb_table.orders", "arn", "arn:*:dynamodb:*:*:table/*")
    assert breadth_of(Text.of(arn, "/index/*")).most is Breadth.NAMED
    assert breadth_of(Text.of(arn, "*")).least is Breadth.PREFIX
