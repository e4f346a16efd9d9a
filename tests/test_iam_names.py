"""Names that AWS does not have, and what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.iam.actions import SERVICES, actions_of, service_prefixes
from dynavet.iam.names import Replacement, has_open_prefix, instead_of, intended_service, is_action
from dynavet.text import Hole, Text

ACTIONS = [action.id for service in SERVICES for action in actions_of(service)]
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
PARTIQL = ("dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete")


@pytest.mark.parametrize(
    ("prefix", "service"),
    [
        *[(each, "dynamodb") for each in ("dynamodb", "DynamoDB", "dynamo", "dyanmodb", "ddb", "dynamodb-streams")],
        *[("dynamodb.amazonaws.com", "dynamodb"), (" dynamodb", "dynamodb"), ("DAX", "dax"), ("amazondax", "dax")],
        *[(each, None) for each in ("s3", "*", "dynamo*", "dms", "dynamo.example.com", "dynamo.example.com/id")],
    ],
)
def test_the_service_that_a_prefix_is_meant_for(prefix: str, service: str | None) -> None:
    assert intended_service(prefix) == service


def test_no_prefix_of_another_service_is_taken_for_a_misspelling() -> None:
    assert {p for p in service_prefixes() if intended_service(p) is not None} == set(SERVICES)


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ("dynamodb:TransactWriteItems", Replacement(WRITES)),
        ("dynamodb:transactgetitems", Replacement(("dynamodb:GetItem",))),
        ("dynamodb:ExecuteTransaction", Replacement(PARTIQL)),
        ("dynamodb:TransactWrite*", Replacement(WRITES)),
        ("dynamo:getitem", Replacement(("dynamodb:GetItem",))),
        ("dynamo:Put*", Replacement(("dynamodb:Put*",))),
        ("dax:DescribeTable", Replacement(("dynamodb:DescribeTable",))),
        ("dynamodb:CreateCluster", Replacement(("dax:CreateCluster",))),
        ("dynamodb: GetItem", Replacement(("dynamodb:GetItem",))),
        ("dynamodb:BatchGetItems", Replacement(("dynamodb:BatchGetItem",), guess=True)),
        ("dynamodb:CreateItem", Replacement(("dynamodb:PutItem",), guess=True)),
        ("dynamodb:Xyzzy", None),
    ],
)
def test_what_to_write_instead(pattern: str, instead: Replacement | None) -> None:
    assert instead_of(pattern) == instead


@given(action=st.sampled_from(ACTIONS), upper=st.booleans())
def test_every_action_is_one_in_any_case(action: str, upper: bool) -> None:
    answer = is_action(Text.of(action.upper() if upper else action.lower()))
    assert answer is not None
    assert answer.truth is True


@given(action=st.sampled_from(ACTIONS), place=st.integers(0, 30), letter=st.sampled_from("qxzj"))
def test_a_letter_too_many_is_no_action_and_the_nearest_is_near(action: str, place: int, letter: str) -> None:
    start = min(action.index(":") + 1 + place, len(action))
    wrong = f"{action[:start]}{letter}{action[start:]}"
    answer = is_action(Text.of(wrong))
    assert answer is not None
    assert answer.truth is False
    found = instead_of(wrong)
    assert found is None or all(name in ACTIONS for name in found.actions)


def test_a_hole_leaves_open_what_it_can_complete_and_nothing_else() -> None:
    hole = Hole("var.verb has no value")
    may_be, never = is_action(Text.of("dynamodb:", hole, "Item")), is_action(Text.of("dynamodb:Fetch", hole))
    assert may_be is not None and may_be.truth is None
    assert never is not None and never.truth is False
    assert is_action(Text.of(hole, ":GetItem")) is None
    assert has_open_prefix(Text.of(hole, ":GetItem"))
    assert not has_open_prefix(Text.of("s3:", hole))
