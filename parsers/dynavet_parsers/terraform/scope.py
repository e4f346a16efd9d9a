"""What names mean where an expression stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from dynavet.records import dataclass
from dynavet.values import Unknown, Value
from dynavet_parsers.terraform.data import NotPlain

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module

MAX_STEPS = 50_000
"""A `for` expression with those inside it takes no more steps than this."""


@dataclass(slots=True)
class Budget:
    """The steps that are left to a `for` expression and those inside it."""

    left: int = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Raises `NotPlain` when none is left."""
        self.left -= steps
        if self.left < 0:
            raise NotPlain(Unknown(f"a for expression takes more than {MAX_STEPS} steps"))


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: bindings of iterators and `for` variables over those of the module."""

    module: Module
    bindings: Mapping[str, Value[Any]] = field(default_factory=dict)
    budget: Budget | None = None
    closed: bool = False
    """Whether there are only the bindings, as in a template file."""

    def bind(self, **bindings: Value[Any]) -> Scope:
        return replace(self, bindings={**self.bindings, **bindings})

    def looping(self) -> Scope:
        """The scope of a `for` expression."""
        return self if self.budget is not None else replace(self, budget=Budget())
