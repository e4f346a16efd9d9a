"""Laws of three-valued answers."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.answers import NO, YES, Answer, all_of, any_of, ask, undecided
from dynavet.values import Known, Unknown

ANSWERS = st.one_of(
    st.sampled_from([YES, NO]),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(lambda names: undecided(*map(Unknown, names))),
)
TRUTHS = (True, False, None)

Binary = Callable[[Answer, Answer], Answer]
CONNECTIVES: tuple[Binary, ...] = (operator.and_, operator.or_)
OPERATIONS = pytest.mark.parametrize("operation", CONNECTIVES)


def reasons(answer: Answer) -> frozenset[str]:
    return frozenset(reason.reason for reason in answer.reasons)


@given(ANSWERS)
def test_negation_is_its_own_inverse(answer: Answer) -> None:
    assert ~~answer == answer


@given(ANSWERS)
def test_negating_keeps_the_reasons(answer: Answer) -> None:
    assert (~answer).reasons == answer.reasons


@given(ANSWERS, ANSWERS)
def test_de_morgan(a: Answer, b: Answer) -> None:
    assert ~(a & b) == ~a | ~b
    assert ~(a | b) == ~a & ~b


@OPERATIONS
@given(a=ANSWERS, b=ANSWERS)
def test_order_does_not_matter(operation: Binary, a: Answer, b: Answer) -> None:
    one, other = operation(a, b), operation(b, a)
    assert one.truth is other.truth
    assert reasons(one) == reasons(other)


@OPERATIONS
@given(a=ANSWERS, b=ANSWERS, c=ANSWERS)
def test_grouping_does_not_matter(operation: Binary, a: Answer, b: Answer, c: Answer) -> None:
    assert operation(operation(a, b), c) == operation(a, operation(b, c))


@OPERATIONS
@given(a=ANSWERS)
def test_repeating_adds_nothing(operation: Binary, a: Answer) -> None:
    assert operation(a, a) == a


@given(ANSWERS)
def test_neutral_and_deciding_answers(a: Answer) -> None:
    assert a & YES == a
    assert a | NO == a
    assert a & NO == NO
    assert a | YES == YES


@given(ANSWERS, ANSWERS)
def test_an_undecided_answer_hides_nothing(a: Answer, b: Answer) -> None:
    """What an undecided part could turn into never changes a decided whole."""
    for operation in CONNECTIVES:
        outcomes = {operation(x, y).truth for x in _completions(a) for y in _completions(b)}
        assert operation(a, b).truth is (outcomes.pop() if len(outcomes) == 1 else None)


def _completions(answer: Answer) -> list[Answer]:
    return [YES, NO] if answer.truth is None else [answer]


@given(ANSWERS, ANSWERS)
def test_only_undecided_answers_have_reasons_and_they_come_from_the_parts(a: Answer, b: Answer) -> None:
    for whole in (a & b, a | b, ~a):
        assert bool(whole.reasons) is (whole.truth is None)
        assert reasons(whole) <= reasons(a) | reasons(b)


@given(st.lists(ANSWERS, max_size=5))
def test_all_and_any_are_duals(answers: list[Answer]) -> None:
    assert all_of(answers) == ~any_of(~answer for answer in answers)


def test_none_of_nothing_and_all_of_nothing() -> None:
    assert any_of([]) == NO
    assert all_of([]) == YES


@pytest.mark.parametrize("answer", [YES, NO, undecided(Unknown("var.x has no value"))], ids=str)
def test_an_answer_has_no_truth_test(answer: Answer) -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(answer)


@pytest.mark.parametrize("truth", TRUTHS)
def test_asking_a_known_value_decides(truth: bool | None) -> None:
    assert ask(lambda value: value is truth, Known(truth)) == YES
    assert ask(lambda value: value is not truth, Known(truth)) == NO


def test_asking_an_unknown_value_names_it() -> None:
    unknown = Unknown("var.key has no value")
    assert ask(lambda _: True, unknown) == undecided(unknown)
