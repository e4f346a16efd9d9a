"""`dynavet.records.dataclass` against the standard library's, whose part it plays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from dynavet import records

DECORATORS = [dataclasses.dataclass, records.dataclass]
Decorator = Callable[..., Callable[[type], Any]]


def shapes(dataclass: Decorator) -> list[Any]:
    """The same classes by either decorator."""

    @dataclass(frozen=True, slots=True)
    class Place:
        path: str
        line: int = 1
        note: str = field(default="", compare=False, repr=False)
        parts: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named(Place):
        name: str
        length: int = field(init=False, default=3)
        seen: dict[str, int] = field(init=False, default_factory=dict, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.name))

    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    @dataclass(slots=True)
    class Open:
        value: Any = None

        def double(self) -> Any:
            return self.value * 2

    return [Place, Named, Nothing, Open]


CALLS: list[tuple[int, tuple[Any, ...], dict[str, Any]]] = [
    (0, ("a",), {}),
    (0, ("a", 2), {"note": "x"}),
    (0, ("a", 2, "x", [1]), {}),
    (0, (), {}),
    (0, ("a",), {"other": 1}),
    (0, ("a", 1, "", [], 5), {}),
    (1, ("a",), {"name": "bcd"}),
    (1, ("a",), {}),
    (1, ("a",), {"name": "b", "length": 1}),
    (2, (), {}),
    (2, (1,), {}),
    (3, (4,), {}),
    (3, (), {"value": None}),
]


@pytest.mark.parametrize(("index", "arguments", "named"), CALLS, ids=repr)
def test_an_instance_is_what_the_standard_library_would_make(
    index: int, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    made: list[Any] = []
    for dataclass in DECORATORS:
        kind = shapes(dataclass)[index]
        for _ in range(2):  # the second time with what the first compiled
            try:
                instance = kind(*arguments, **named)
            except TypeError:
                made.append("TypeError")
                continue
            shown = {each.name: getattr(instance, each.name) for each in dataclasses.fields(instance)}
            made.append((repr(instance).rpartition(".")[2], shown, kind.__match_args__, hasattr(instance, "__dict__")))
    assert made[0] == made[1] == made[2] == made[3]


@pytest.mark.parametrize("dataclass", DECORATORS)
def test_equality_is_that_of_the_class_and_its_compared_fields(dataclass: Decorator) -> None:
    place, named, nothing, opened = shapes(dataclass)
    assert place("a", note="x") == place("a", note="y")
    assert place("a") != place("b")
    assert place("a") != named("a", name="a")
    assert nothing() == nothing()
    assert nothing() != place("a")
    assert opened([1]) == opened([1])
    assert place("a") != "a"


@pytest.mark.parametrize("dataclass", DECORATORS)
def test_what_is_frozen_can_be_in_a_set(dataclass: Decorator) -> None:
    place, named, nothing, opened = shapes(dataclass)
    assert len({place("a", parts=()), place("a", note="y", parts=())}) == 1
    assert len({named("a", name="a", parts=()), named("a", name="b", parts=())}) == 2
    assert len({nothing(), nothing()}) == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(opened(1))


def test_a_default_that_is_made_is_made_for_each() -> None:
    place = shapes(records.dataclass)[0]
    first, second = place("a"), place("a")
    first.parts.append(1)
    assert second.parts == []
    assert dataclasses.replace(first, path="b") == place("b", parts=[1])


def test_a_method_of_the_class_itself_is_left_alone() -> None:
    @records.dataclass(slots=True)
    class Counted:
        count: int

        def __init__(self) -> None:
            self.count = 7

    assert Counted().count == 7
