"""Laws of values: computing commutes with choosing a world, and an unknown is never lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.text import Hole, Text, as_text
from dynavet.values import (
    ABSENT,
    MAX_WORLDS,
    Known,
    List,
    Object,
    OneOf,
    Origin,
    Unknown,
    Value,
    World,
    apply,
    assume,
    bind,
    choose,
    concatenate,
    conditions,
    single,
    worlds,
)

SINGLE: st.SearchStrategy[Value[Any]] = st.one_of(
    st.integers(0, 3).map(Known), st.sampled_from("pq").map(lambda name: Unknown(f"var.{name} has no value"))
)
LABELS = {"IsProd": ("true", "false"), "parameter Env": ("dev", "test", "prod")}


def _open(children: st.SearchStrategy[Value[Any]]) -> st.SearchStrategy[Value[Any]]:
    """Every `OneOf` of a condition has all of its labels, as the readers make them."""
    return st.sampled_from(sorted(LABELS)).flatmap(
        lambda condition: st.tuples(*(children for _ in LABELS[condition])).map(
            lambda branches: OneOf(condition, tuple(zip(LABELS[condition], branches, strict=True)))
        )
    )


VALUES = st.recursive(SINGLE, _open, max_leaves=6)
TREES = st.recursive(
    VALUES,
    lambda children: st.one_of(
        st.lists(children, max_size=3).map(lambda items: Known(List(tuple(items)))),
        st.dictionaries(st.sampled_from("kl"), children, max_size=2).map(lambda entries: Known(Object(entries))),
    ),
    max_leaves=5,
)
TEXT_VALUES: st.SearchStrategy[Value[Any]] = st.one_of(
    st.sampled_from(["a", "", "b*"]).map(Known),
    st.sampled_from([True, 2]).map(Known),
    st.just(Known(Text.of("x", Hole("var.h has no value")))),
    st.sampled_from("pq").map(lambda name: Unknown(f"var.{name} has no value")),
)


def every_world(*things: object) -> list[World]:
    found = worlds(conditions(*things))
    assert found is not None
    return found


# Functions over values


@given(VALUES)
def test_applying_the_identity_changes_nothing_in_any_world(value: Value[int]) -> None:
    same = apply(lambda x: x, value)
    for world in every_world(value):
        assert assume(same, world) == assume(value, world)


@given(VALUES)
def test_applying_two_functions_is_applying_their_composition(value: Value[int]) -> None:
    assert apply(lambda x: x * 2, apply(lambda x: x + 1, value)) == apply(lambda x: (x + 1) * 2, value)


@given(VALUES, VALUES)
def test_computing_and_then_choosing_a_world_is_choosing_and_then_computing(a: Value[int], b: Value[int]) -> None:
    computed = apply(lambda x, y: (x, y), a, b)
    for world in every_world(a, b):
        assert assume(computed, world) == apply(lambda x, y: (x, y), assume(a, world), assume(b, world))


@given(VALUES)
def test_a_value_is_never_combined_across_branches_of_its_own_condition(value: Value[int]) -> None:
    pairs = apply(lambda x, y: x == y, value, value)
    for world in every_world(value):
        assert assume(pairs, world) in (Known(True), assume(value, world))


@given(VALUES)
def test_binding_commutes_with_choosing_a_world(value: Value[int]) -> None:
    def step(x: int) -> Value[int]:
        return Unknown("var.big has no value") if x > 1 else Known(x + 1)

    bound = bind(step, value)
    for world in every_world(value):
        assert assume(bound, world) == bind(step, assume(value, world))


@given(st.booleans(), VALUES, VALUES)
def test_a_known_choice_takes_its_branch(truth: bool, a: Value[int], b: Value[int]) -> None:
    assert choose(Known(truth), a, b) == (a if truth else b)


@given(VALUES, VALUES)
def test_an_undecided_choice_keeps_both_branches_apart(a: Value[int], b: Value[int]) -> None:
    chosen = choose(Unknown("var.secure has no value"), a, b)
    for world in every_world(a, b):
        assert assume(chosen, {**world, "var.secure": "true"}) == assume(a, world)
        assert assume(chosen, {**world, "var.secure": "false"}) == assume(b, world)


@given(VALUES)
def test_a_choice_between_equals_is_no_choice(value: Value[int]) -> None:
    assert choose(Unknown("var.any has no value"), value, value) == value


@given(SINGLE, SINGLE)
def test_an_unknown_argument_makes_an_unknown_result_that_names_it(a: Value[int], b: Value[int]) -> None:
    result = apply(lambda x, y: x + y, a, b)
    unknown = [value for value in (a, b) if isinstance(value, Unknown)]
    assert isinstance(result, Unknown) is bool(unknown)
    if unknown:
        assert result == unknown[0]


def test_too_many_combinations_are_unknown_and_say_so() -> None:
    many = [OneOf(f"var.c{i}", (("true", Known(i)), ("false", Known(-i)))) for i in range(1, 8)]
    result = apply(lambda *xs: sum(xs), *many)
    assert isinstance(result, Unknown)
    assert "var.c1" in result.reason


@pytest.mark.parametrize(
    ("a", "b"),
    [(True, 1), (0, False), (Text(("{}",), document="a"), Text(("{}",), document="b"))],
    ids=["true and 1", "0 and false", "two documents of one text"],
)
def test_what_only_compares_equal_is_still_two(a: object, b: object) -> None:
    value = OneOf("IsProd", (("true", Known(a)), ("false", Known(b))))
    assert isinstance(apply(lambda x: x, value), OneOf)
    assert isinstance(choose(Unknown("var.any has no value"), Known(a), Known(b)), OneOf)


# Worlds


@given(TREES)
def test_in_one_world_nothing_is_open(tree: Value[Any]) -> None:
    for world in every_world(tree):
        assert conditions(assume(tree, world)) == {}


@given(TREES)
def test_assuming_twice_is_assuming_once(tree: Value[Any]) -> None:
    for world in every_world(tree):
        assert assume(assume(tree, world), world) == assume(tree, world)


@given(TREES)
def test_what_is_not_open_is_returned_itself(tree: Value[Any]) -> None:
    for world in every_world(tree):
        settled = assume(tree, world)
        assert assume(settled, world) is settled


@given(TREES, TREES)
def test_the_conditions_of_two_things_are_those_of_each(a: Value[Any], b: Value[Any]) -> None:
    assert set(conditions(a, b)) == set(conditions(a)) | set(conditions(b))
    assert set(conditions((a, b))) == set(conditions(a, b))


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), max_size=4))
def test_worlds_are_all_combinations_once(sizes: dict[str, int]) -> None:
    total = 1
    for size in sizes.values():
        total *= size
    found = worlds({name: (tuple(map(str, range(size))), None) for name, size in sizes.items()})
    if total > MAX_WORLDS:
        assert found is None
        return
    assert found is not None
    assert len(found) == len({tuple(sorted(world.items())) for world in found}) == total
    assert all(set(world) == set(sizes) for world in found)


def test_a_world_that_lacks_a_label_leaves_the_value_unknown_and_names_the_condition() -> None:
    value = OneOf("parameter Env", (("dev", Known(1)),))
    assert assume(value, {"parameter Env": "prod"}) == Unknown("parameter Env is undecided")


def test_conditions_are_found_in_entities_and_mappings() -> None:
    @dataclass(frozen=True)
    class Thing:
        tags: dict[str, Value[int]]

    value = OneOf("IsProd", (("true", Known(1)), ("false", Known(2))), default="true")
    thing = Thing({"a": value})
    assert conditions(thing) == {"IsProd": (("true", "false"), "true")}
    assert assume(thing, {"IsProd": "false"}) == Thing({"a": Known(2)})


# Text


@given(st.lists(TEXT_VALUES, min_size=2, max_size=4))
def test_interpolation_keeps_what_is_known_around_a_hole(values: list[Value[Any]]) -> None:
    joined = concatenate(values)
    assert isinstance(joined, Known)
    parts = [Hole(v.reason) if isinstance(v, Unknown) else as_text(single(v).value) for v in values]  # type: ignore[union-attr]
    assert as_text(joined.value) == Text.of(*parts)


@given(TEXT_VALUES)
def test_interpolating_one_value_keeps_an_unknown_unknown(value: Value[Any]) -> None:
    joined = concatenate([value])
    assert isinstance(joined, Unknown) is isinstance(value, Unknown)


# Truth, absence, origin


@pytest.mark.parametrize("value", [Known(True), Known(False), ABSENT, Unknown("x is open"), OneOf("c", ())], ids=repr)
def test_a_value_has_no_truth_test(value: Value[bool]) -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(value)
    with pytest.raises(TypeError, match="no truth value"):
        assert not value


def test_a_single_value_is_itself_and_an_open_one_is_refused() -> None:
    assert single(Known(1)) == Known(1)
    assert single(Unknown("x is open")) == Unknown("x is open")
    with pytest.raises(TypeError, match="IsProd"):
        single(OneOf("IsProd", (("true", Known(1)),)))


def test_a_missing_key_is_absent_only_if_there_can_be_no_more() -> None:
    assert Object({"a": Known(1)}).get("b") == ABSENT
    assert Object({"a": Known(1)}, more=(Unknown("var.tags has no value"),)).get("b") == Unknown(
        "var.tags has no value"
    )
    assert Object({"a": Known(None)}, more=(Unknown("var.tags has no value"),)).get("a") == ABSENT


POSITIONS = st.tuples(st.integers(1, 3), st.integers(1, 3))
ORIGINS = st.builds(
    lambda path, start, end: Origin(path, *min(start, end), *max(start, end)),
    st.sampled_from(["a.tf", "b.tf"]),
    POSITIONS,
    POSITIONS,
)


@given(ORIGINS, ORIGINS, ORIGINS)
def test_containing_is_a_partial_order(a: Origin, b: Origin, c: Origin) -> None:
    assert a.contains(a)
    assert not (a.contains(b) and b.contains(c)) or a.contains(c)
    assert not (a.contains(b) and b.contains(a)) or a == b


@given(ORIGINS, ORIGINS, ORIGINS)
def test_the_way_runs_from_the_nearest_step_to_the_furthest(here: Origin, near: Origin, far: Origin) -> None:
    steps = here.through(near.through(far))
    assert (steps.path, steps.line, steps.column) == (here.path, here.line, here.column)
    expected = [o for o, inner in ((near, here), (far, near)) if not inner.contains(o)]
    assert list(steps.via) == expected


def test_a_value_without_a_source_keeps_its_origin() -> None:
    origin = Origin("a.tf", 1, 1, 1, 5)
    assert origin.through(None) is origin


def test_a_stand_in_gives_way_to_where_a_value_comes_from() -> None:
    stand_in = Origin("main.tf", 1, 1, 1, 9, stands_in=True)
    real = Origin("main.tf", 3, 3, 3, 9, via=(Origin("vars.tf", 1, 1, 1, 2),))
    assert stand_in.through(real) is real
    assert stand_in.through(None) is stand_in
