"""Lists under a condition as one list of slots."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dynavet.values import Known, OneOf, Unknown, Value, assume
from dynavet_parsers.iam_json.alignment import aligned

CHOICE: OneOf[str] = OneOf("var.x", ())
LISTS = st.lists(st.sampled_from("abc"), max_size=5)


def slots(*lists: list[str]) -> list[Value[str]]:
    branches = [(str(number), [Known(item) for item in items]) for number, items in enumerate(lists)]
    return aligned(CHOICE, branches, None)


@given(st.lists(LISTS, min_size=1, max_size=3))
def test_each_world_has_its_own_list(lists: list[list[str]]) -> None:
    found = slots(*lists)
    for number, items in enumerate(lists):
        here = [assume(slot, {"var.x": str(number)}) for slot in found]
        assert [slot.value for slot in here if slot.value is not None] == items


@given(before=LISTS, inserted=LISTS, after=LISTS)
def test_what_is_inserted_under_a_condition_leaves_the_rest_known(
    before: list[str], inserted: list[str], after: list[str]
) -> None:
    found = slots([*before, *inserted, *after], [*before, *after])
    assert [slot.value for slot in found if isinstance(slot, Known)] == [*before, *after]


def test_what_differs_goes_place_by_place() -> None:
    first, second, third = slots(["a", "x", "b"], ["a", "y", "b"])
    assert (first, third) == (Known("a"), Known("b"))
    assert second == OneOf("var.x", (("0", Known("x")), ("1", Known("y"))))


def test_an_unknown_item_stays_in_its_branch() -> None:
    doubt = Unknown("var.y has no value")
    branches: list[tuple[str, list[Value[str]]]] = [("0", [doubt, Known("a")]), ("1", [Known("a")])]
    assert aligned(CHOICE, branches, None) == [OneOf("var.x", (("0", doubt), ("1", Known(None)))), Known("a")]
