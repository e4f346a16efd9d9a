"""What a function takes, and the checks that Terraform makes before it runs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dynavet.records import dataclass
from dynavet.values import Known, Single, Unknown, Value
from dynavet_parsers.terraform.data import (
    EvaluationError,
    NotPlain,
    branchwise,
    chosen,
    from_plain,
    to_plain,
)
from dynavet_parsers.terraform.limits import MAX_ITEMS, MAX_TEXT, limited
from dynavet_parsers.terraform.numeric import is_whole
from dynavet_parsers.terraform.type_conversion import convert
from dynavet_parsers.terraform.types import ANY, BOOL, NUMBER, STRING, Type, list_of, map_of, set_of

if TYPE_CHECKING:
    from dynavet_parsers.terraform.evaluate import Scope

TEXTS = list_of(STRING)
ITEMS = list_of(ANY)
A_SET = set_of(ANY)
FLAGS = list_of(BOOL)


@dataclass(frozen=True, slots=True)
class Function:
    """`takes` are the parameter types, `rest` that of any further arguments.

    `run` gets plain Python data and gives plain data, which becomes a `gives`; it is not run
    where an argument is not decided. With `partial` it gets the values of its arguments, none
    of them open, and gives a value; with `scoped` it gets the scope as well. `null` are the
    numbers of the parameters that may be null, `optional` how many of the last may be left
    out; `at_least` is the number of `rest` arguments.
    """

    run: Callable[..., Any]
    takes: tuple[Type, ...] = ()
    rest: Type | None = None
    gives: Type = ANY
    partial: bool = False
    scoped: bool = False
    null: frozenset[int] = frozenset()
    null_rest: bool = False
    optional: int = 0
    at_least: int = 0

    def call(self, arguments: list[Value[Any]], scope: Scope) -> Value[Any]:
        """Raises `EvaluationError` for arguments that Terraform would reject."""
        self._count(len(arguments))
        return chosen(lambda values: self._called([*map(self._argument, range(len(values)), values)], scope), arguments)

    def _count(self, given: int) -> None:
        least = len(self.takes) - self.optional + self.at_least
        if given < least or (self.rest is None and given > len(self.takes)):
            raise EvaluationError(f"takes {least} arguments, not {given}")

    def _argument(self, number: int, value: Value[Any]) -> Value[Any]:
        fixed = number < len(self.takes)
        if isinstance(value, Known) and value.value is None:
            if (number in self.null) if fixed else self.null_rest:
                return value
            raise EvaluationError(f"argument {number + 1} is null")
        wanted = self.takes[number] if fixed else self.rest or ANY
        return convert(value, wanted)

    def _called(self, values: list[Value[Any]], scope: Scope) -> Value[Any]:
        if any(not isinstance(v, (Known, Unknown)) for v in values):
            return chosen(lambda decided: self._called([*decided], scope), values)
        try:
            if self.scoped:
                return self.run(values, scope)  # type: ignore[no-any-return]
            return self.run(values) if self.partial else branchwise(self._plainly, values)
        except NotPlain as error:
            return error.unknown

    def _plainly(self, values: list[Value[Any]]) -> Value[Any]:
        try:
            plain = [to_plain(value) for value in values]
            result = from_plain(self.run(*plain), values[0].origin if values else None)
            return convert(result, self.gives)
        except NotPlain as error:
            return error.unknown


def known(value: Single[Any]) -> Any:
    """The content of an argument. Raises `NotPlain` for one that is unknown."""
    if isinstance(value, Unknown):
        raise NotPlain(value)
    return value.value


def integer(number: int | float, bits: int = 64) -> int:
    """A whole number of so many bits. Raises `EvaluationError` for any other."""
    if not is_whole(number) or int(number).bit_length() >= bits:
        raise EvaluationError(f"{number} is not a whole number")
    return int(number)


__all__ = [
    "ANY",
    "A_SET",
    "BOOL",
    "FLAGS",
    "ITEMS",
    "MAX_ITEMS",
    "MAX_TEXT",
    "NUMBER",
    "STRING",
    "TEXTS",
    "Function",
    "integer",
    "known",
    "limited",
    "list_of",
    "map_of",
    "set_of",
]
