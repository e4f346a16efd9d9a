"""Version constraints of module calls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet_parsers.terraform.versions import ConstraintError, admits

VERSIONS = st.tuples(*[st.integers(0, 3)] * 3)
OPERATORS = st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "~>", ""])
CONDITIONS = st.tuples(OPERATORS, VERSIONS, st.integers(1, 3))


def holds(operator: str, asked: tuple[int, ...], written: int, actual: tuple[int, ...]) -> bool:
    """One condition on one version, as Terraform's documentation words it."""
    wanted = (*asked[:written], 0, 0)[:3]
    if operator == "~>":
        return actual >= wanted and actual[: written - 1] == wanted[: written - 1]
    return {
        "=": actual == wanted,
        "": actual == wanted,
        "!=": actual != wanted,
        ">": actual > wanted,
        ">=": actual >= wanted,
        "<": actual < wanted,
        "<=": actual <= wanted,
    }[operator]


@given(st.lists(CONDITIONS, min_size=1, max_size=3), VERSIONS)
def test_a_constraint_admits_a_version_exactly_if_all_its_conditions_hold(
    conditions: list[tuple[str, tuple[int, int, int], int]], actual: tuple[int, int, int]
) -> None:
    text = ", ".join(f"{operator} {'.'.join(map(str, asked[:n]))}" for operator, asked, n in conditions)
    assert admits(text, actual, actual) == all(holds(o, asked, n, actual) for o, asked, n in conditions)


@given(st.lists(CONDITIONS, min_size=1, max_size=3), VERSIONS, VERSIONS, VERSIONS)
def test_a_range_is_admitted_if_a_version_in_it_is(
    conditions: list[tuple[str, tuple[int, int, int], int]],
    oldest: tuple[int, int, int],
    inside: tuple[int, int, int],
    newest: tuple[int, int, int],
) -> None:
    oldest, inside, newest = sorted((oldest, inside, newest))
    text = ",".join(f"{operator}{'.'.join(map(str, asked[:n]))}" for operator, asked, n in conditions)
    if admits(text, inside, inside):
        assert admits(text, oldest, newest)


@pytest.mark.parametrize("text", ["", "latest", "1.0.0-beta", "1.2.3.4", "=> 1.0", "1.x"])
def test_what_is_no_constraint_is_told_apart(text: str) -> None:
    with pytest.raises(ConstraintError):
        admits(text, (1, 0, 0), (2, 0, 0))
