"""The elements of a statement: from positioned data to the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from typing import Any, TypeVar

from dynavet.model import Condition, Patterns, Principals
from dynavet.records import dataclass
from dynavet.text import Text, as_text
from dynavet.values import ABSENT, MAX_WORLDS, Known, List, Object, OneOf, Origin, Unknown, Value, same
from dynavet_parsers.iam_json.symbols import Symbols

T = TypeVar("T")
U = TypeVar("U")

_KINDS = {List: "a list", Object: "an object", bool: "a boolean", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the elements of one document.

    `fallback` is where values stand that have no place of their own; with `fixed`, all of
    them stand there (text that has lost its positions).
    """

    fallback: Origin
    fixed: bool = False
    symbols: Symbols = field(default_factory=Symbols)

    def at(self, thing: Value[Any] | Origin | None) -> Origin:
        origin = thing if isinstance(thing, Origin) or thing is None else thing.origin
        return self.fallback if self.fixed or origin is None else origin

    def over(self, value: Value[Any], read: Callable[[Known[Any]], Value[U]]) -> Value[U]:
        """`read` the value in each branch."""
        if isinstance(value, OneOf):
            branches = tuple((label, self.over(branch, read)) for label, branch in value.branches)
            return OneOf(value.condition, branches, value.default, self.at(value))
        if isinstance(value, Unknown):
            return Unknown(value.reason, self.at(value))
        return read(value)

    def text(self, data: object) -> Text:
        return self.symbols.text(data) if isinstance(data, str) else as_text(data)

    def scalar(self, value: Value[Any], element: str) -> Value[Text | None]:
        """A string; numbers and booleans as text."""

        def read(known: Known[Any]) -> Value[Text | None]:
            if known.value is None:
                return ABSENT
            if isinstance(known.value, (List, Object)):
                return self.wrong(known, element, "a string")
            return Known(self.text(known.value), self.at(known))

        return self.over(value, read)

    def patterns(self, value: Value[Any], element: str) -> Value[Patterns | None]:
        """A string or a list of strings."""

        def read(known: Known[Any]) -> Value[Patterns | None]:
            data, origin = known.value, self.at(known)
            if data is None:
                return ABSENT
            if isinstance(data, Object):
                return self.wrong(known, element, "a string or a list")
            if not isinstance(data, List):
                return Known(Patterns(items=(Known(self.text(data), origin),), origin=origin), origin)
            more = tuple(Unknown(each.reason, self.at(each)) for each in data.more)

            def build(items: Sequence[Value[Any]]) -> Value[Patterns | None]:
                texts = (self.scalar(item, element) for item in items if not _absent(item))
                return Known(Patterns(items=tuple(texts), more=more, origin=origin), origin)  # type: ignore[arg-type]

            return hoist(data.items, build, _may_be_absent)

        return self.over(value, read)

    def principals(self, value: Value[Any], element: str) -> Value[Principals | None]:
        """``"*"`` or an object of identifiers by type."""

        def read(known: Known[Any]) -> Value[Principals | None]:
            data, origin = known.value, self.at(known)
            if data is None:
                return ABSENT
            if isinstance(data, Object):
                names = list(data.entries)
                lists = [self.patterns(data.entries[name], element) for name in names]
                more = (*_at(data.more, self), *self.symbolic_keys(data))
                return hoist(lists, lambda each: self.by_type(names, each, more, origin), _is_open)
            if not isinstance(data, List):
                return self.principal_text(self.text(data), origin, element)
            return self.wrong(known, element, '"*" or an object')

        return self.over(value, read)

    def principal_text(self, text: Text, origin: Origin, element: str) -> Value[Principals | None]:
        if text.literal == "*":
            everyone = Patterns(items=(Known(text, origin),), origin=origin)
            return Known(Principals(by_type={"*": everyone}, origin=origin), origin)
        if text.holes:
            return Unknown(text.holes[0].reason, origin)
        return Unknown(f'{element} is "{text}", neither "*" nor an object', origin)

    def by_type(
        self, names: list[str], lists: Sequence[Value[Any]], more: tuple[Unknown, ...], origin: Origin
    ) -> Value[Principals | None]:
        found: dict[str, Patterns] = {}
        for name, value in zip(names, lists, strict=True):
            if self.symbols.occurs_in(name):
                continue
            if isinstance(value, Unknown):
                found[name] = Patterns(more=(value,), origin=value.origin)
            elif isinstance(value, Known) and value.value is not None:
                found[name] = value.value
        return Known(Principals(by_type=found, more=more, origin=origin), origin)

    def symbolic_keys(self, data: Object) -> tuple[Unknown, ...]:
        """Keys that nothing decides, where only the names of elements belong."""
        symbolic = ((key, self.at(data.keys.get(key))) for key in data.entries if self.symbols.occurs_in(key))
        return tuple(self.symbols.unknown(key, place) for key, place in symbolic)

    def conditions(self, value: Value[Any]) -> tuple[list[Value[Condition | None]], tuple[Unknown, ...]]:
        """A `Condition` element: operator and key pairs, and why there may be further ones."""
        if isinstance(value, Unknown):
            return [], (Unknown(value.reason, self.at(value)),)
        if isinstance(value, OneOf):
            return self.open_conditions(value, self.conditions), ()
        data = value.value
        if data is None:
            return [], ()
        if not isinstance(data, Object):
            return [], (self.wrong(value, "Condition", "an object"),)
        found: list[Value[Condition | None]] = []
        more = [*_at(data.more, self), *self.symbolic_keys(data)]
        for operator, keys in data.entries.items():
            if not self.symbols.occurs_in(operator):
                pairs, further = self.operator(operator, keys)
                found += pairs
                more += further
        return found, tuple(more)

    def operator(self, operator: str, value: Value[Any]) -> tuple[list[Value[Condition | None]], tuple[Unknown, ...]]:
        if isinstance(value, Unknown):
            return [], (Unknown(value.reason, self.at(value)),)
        if isinstance(value, OneOf):
            return self.open_conditions(value, lambda branch: self.operator(operator, branch)), ()
        data = value.value
        if data is None:
            return [], ()
        if not isinstance(data, Object):
            return [], (self.wrong(value, f"Condition {operator}", "an object"),)
        pairs = [
            self.condition(operator, self.text(key), entry, data.keys.get(key)) for key, entry in data.entries.items()
        ]
        pairs += [self.condition(operator, key, entry, reason.origin) for key, entry, reason in data.symbolic]
        return pairs, _at(data.hidden, self)

    def condition(self, operator: str, key: Text, value: Value[Any], place: Origin | None) -> Value[Condition | None]:
        origin = self.at(place or value.origin)
        values = self.patterns(value, f"Condition {operator} {key}")

        def build(each: Sequence[Value[Any]]) -> Value[Condition | None]:
            if _absent(each[0]):
                return ABSENT
            return Known(Condition(operator=operator, key=key, values=each[0], origin=origin), origin)

        return hoist((values,), build, _may_be_absent)

    def open_conditions(
        self,
        value: OneOf[Any],
        read: Callable[[Value[Any]], tuple[list[Value[Condition | None]], tuple[Unknown, ...]]],
    ) -> list[Value[Condition | None]]:
        branches = []
        for label, branch in value.branches:
            pairs, more = read(branch)
            branches.append((label, [*pairs, *more]))
        return slots(value, branches, self.at(value))

    def wrong(self, known: Known[Any], element: str, wanted: str) -> Unknown:
        found = _KINDS.get(type(known.value), "a string")
        return Unknown(f"{element} is {found}, not {wanted}", self.at(known))


def slots(
    choice: OneOf[Any], branches: Sequence[tuple[str, Sequence[Value[T]]]], origin: Origin
) -> list[Value[T | None]]:
    """Lists of which one holds, as one list: place by place, absent where a branch is shorter."""
    found: list[Value[T | None]] = []
    for index in range(max((len(items) for _, items in branches), default=0)):
        here = tuple((label, items[index] if index < len(items) else ABSENT) for label, items in branches)
        first = here[0][1]
        alike = all(same(each, first) for _, each in here[1:])
        found.append(first if alike else OneOf(choice.condition, here, choice.default, origin))
    return found


def hoist(
    values: Sequence[Value[Any]], build: Callable[[Sequence[Value[Any]]], Value[U]], must: Callable[[OneOf[Any]], bool]
) -> Value[U]:
    """`build` from values of which none is open in a way that `must` forbids: their conditions go around it."""
    size = 1
    for condition_size in _sizes(values, must).values():
        size *= condition_size
    if size > MAX_WORLDS:
        names = " and ".join(_sizes(values, must))
        return Unknown(
            f"{names} have more than {MAX_WORLDS} combinations", next((value.origin for value in values), None)
        )
    return _hoist(values, build, must)


def _hoist(
    values: Sequence[Value[Any]], build: Callable[[Sequence[Value[Any]]], Value[U]], must: Callable[[OneOf[Any]], bool]
) -> Value[U]:
    for value in values:
        if isinstance(value, OneOf) and must(value):
            branches = tuple(
                (label, _hoist([_choose(each, value.condition, label) for each in values], build, must))
                for label, _ in value.branches
            )
            return OneOf(value.condition, branches, value.default, value.origin)
    return build(values)


def _sizes(values: Iterable[Value[Any]], must: Callable[[OneOf[Any]], bool]) -> dict[str, int]:
    """The conditions to go around, with their numbers of branches."""
    found: dict[str, int] = {}
    for value in values:
        if isinstance(value, OneOf) and must(value):
            found[value.condition] = len(value.branches)
            found |= _sizes((branch for _, branch in value.branches), must)
    return found


def _choose(value: Value[Any], condition: str, label: str) -> Value[Any]:
    if isinstance(value, OneOf) and value.condition == condition:
        return next((_choose(branch, condition, label) for name, branch in value.branches if name == label), ABSENT)
    return value


def _absent(value: Value[Any]) -> bool:
    return isinstance(value, Known) and value.value is None


def _may_be_absent(value: OneOf[Any]) -> bool:
    return any(_absent(b) or (isinstance(b, OneOf) and _may_be_absent(b)) for _, b in value.branches)


def _is_open(_: OneOf[Any]) -> bool:
    return True


def _at(reasons: Iterable[Unknown], reader: Reader) -> tuple[Unknown, ...]:
    return tuple(Unknown(each.reason, reader.at(each)) for each in reasons)
