"""Values as far as the code decides them.

A value read from infrastructure code is `Known`, `Unknown` (with the reason), or `OneOf`
several, depending on a condition that the code leaves open. None of them, and no `Answer`,
has a truth test: ``if value:`` raises, so an unknown can hide neither behind ``x`` nor
behind ``not x``.

Compound data keeps what is known around a hole: a `List` or `Object` may have `more`
unknown members, and `Text` may hold references and holes between its literal parts.
`null` is the Python `None`, and means absent.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, fields, is_dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

from dynavet.records import dataclass
from dynavet.text import Hole, Reference, Text, as_text, plain

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

MAX_WORLDS = 64
"""More combinations of undecided conditions than this are not enumerated."""


class NoTruth:
    """Mixin that refuses a truth test."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value; ask a question and compare its answer")


@dataclass(frozen=True, slots=True)
class Origin:
    """A source range, one-based, end exclusive in columns; `via` is the way a value came here.

    `path` is as the user will see it. `via` runs from the nearest step (the variable's
    default, the argument of a module call) to the furthest. One that `stands_in` for a place
    that the user cannot see gives way to where a value came from.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    via: tuple[Origin, ...] = ()
    stands_in: bool = field(default=False, compare=False)

    def through(self, source: Origin | None) -> Origin:
        """This range, for a value that came from `source`."""
        if self.stands_in and source is not None:
            return source
        if source is None or self.contains(source):
            return replace(self, via=source.via) if source is not None and source.via else self
        return replace(self, via=(replace(source, via=()), *source.via))

    def contains(self, other: Origin) -> bool:
        return (
            self.path == other.path
            and (self.line, self.column) <= (other.line, other.column)
            and (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )


@dataclass(frozen=True, slots=True)
class Known(NoTruth, Generic[T_co]):
    value: T_co
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Unknown(NoTruth):
    """`reason` starts with the input that is undecided: ``var.key has no value``."""

    reason: str
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OneOf(NoTruth, Generic[T_co]):
    """One branch per answer to `condition`.

    Two values that name the same condition take the same branch together. `default` is the
    label that holds unless somebody chooses otherwise (a parameter with a default and other
    allowed values); without it nothing is known of which branch holds.
    """

    condition: str
    branches: tuple[tuple[str, Value[T_co]], ...]
    default: str | None = None
    origin: Origin | None = field(default=None, compare=False)


Value: TypeAlias = Known[T_co] | Unknown | OneOf[T_co]
Single: TypeAlias = Known[T_co] | Unknown
"""A value within one world: what a check sees."""

ABSENT: Known[None] = Known(None)


def single(value: Value[T]) -> Single[T]:
    """The same value, of which the caller knows that it belongs to one world.

    Raises `TypeError` for a `OneOf`: something was to be assumed first.
    """
    if isinstance(value, OneOf):
        raise TypeError(f"{value.condition} is still open")
    return value


def weight(value: Value[Any]) -> int:
    """How many values there are in all, each counted as often as it is met."""
    return _extent(value)[0]


def _extent(value: Value[Any]) -> tuple[int, int]:
    """`weight`, and how many lists and objects are within one another."""
    if isinstance(value, OneOf):
        extents = [_extent(branch) for _, branch in value.branches]
        return sum(size for size, _ in extents), max((depth for _, depth in extents), default=0)
    data = value.value if isinstance(value, Known) else None
    return data.extent if isinstance(data, Compound) else (1, 0)


class Compound:
    """Data with members. It knows how large it is, so that what repeats itself is never walked unawares."""

    __slots__ = ()

    _measured: tuple[int, int] | None

    def _members(self) -> Iterable[Value[Any]]:
        raise NotImplementedError

    @property
    def extent(self) -> tuple[int, int]:
        """The weight of the whole and its depth; asked of the members once."""
        if self._measured is None:
            total, deepest = 1, 0
            for member in self._members():
                size, depth = _extent(member)
                total += size
                deepest = max(deepest, depth)
            object.__setattr__(self, "_measured", (total, deepest + 1))
        return self._measured or (1, 1)


@dataclass(frozen=True, slots=True)
class List(Compound):
    """A sequence; `more` non-empty: there may be further items, for these reasons."""

    items: tuple[Value[Data], ...] = ()
    more: tuple[Unknown, ...] = ()
    _measured: tuple[int, int] | None = field(init=False, default=None, compare=False, repr=False)

    def _members(self) -> Iterable[Value[Data]]:
        return self.items


@dataclass(frozen=True, slots=True)
class Object(Compound):
    """A mapping; `more` non-empty: there may be further keys, for these reasons.

    `keys` holds where each key stands, for those that have a place of their own. `symbolic`
    are entries whose key is: the key, the value, and why it may be any key, which is one of
    `more` as well.
    """

    entries: Mapping[str, Value[Data]] = field(default_factory=dict)
    more: tuple[Unknown, ...] = ()
    keys: Mapping[str, Origin] = field(default_factory=dict, compare=False, repr=False)
    symbolic: tuple[tuple[Text, Value[Data], Unknown], ...] = ()
    _measured: tuple[int, int] | None = field(init=False, default=None, compare=False, repr=False)

    def _members(self) -> Iterable[Value[Data]]:
        return (*self.entries.values(), *(value for _, value, _ in self.symbolic))

    @property
    def hidden(self) -> tuple[Unknown, ...]:
        """Why there may be keys beside the entries and the symbolic ones."""
        shown = {id(reason) for _, _, reason in self.symbolic}
        return tuple(reason for reason in self.more if id(reason) not in shown)

    def get(self, key: str) -> Value[Data]:
        """The entry; `ABSENT` if there is none, unknown if there may be one."""
        found = self.entries.get(key)
        if found is not None:
            return found
        return self.more[0] if self.more else ABSENT


Data: TypeAlias = "bool | int | float | str | Text | List | Object | None"
"""What the languages compute with. A `str` is wholly literal, a `Text` is symbolic."""


def concatenate(values: Sequence[Value[Any]], origin: Origin | None = None) -> Value[str | Text]:
    """String interpolation: an unknown among others becomes a hole, alone it stays unknown."""
    if len(values) == 1:
        return apply(lambda v: plain(as_text(v)), values[0], origin=origin)

    def join(*data: Any) -> str | Text:
        return plain(Text.of(*(d if isinstance(d, Hole) else as_text(d) for d in data)))

    holed = [Known(Hole(v.reason)) if isinstance(v, Unknown) else v for v in values]
    return apply(join, *holed, origin=origin)


World: TypeAlias = Mapping[str, str]
"""A label for each undecided condition."""


def conditions(*things: object) -> dict[str, tuple[tuple[str, ...], str | None]]:
    """The undecided conditions anywhere inside, each with its labels and default label."""
    found: dict[str, tuple[tuple[str, ...], str | None]] = {}
    waiting: list[Any] = [things]
    while waiting:
        thing = waiting.pop()
        kind = type(thing)
        if kind is Known:
            waiting.append(thing.value)
        elif kind is tuple or kind is list:
            waiting += reversed(thing)
        elif kind is OneOf:
            labels, default = found.get(thing.condition, ((), thing.default))
            merged = tuple(dict.fromkeys((*labels, *(label for label, _ in thing.branches))))
            found[thing.condition] = (merged, default)
            waiting += (branch for _, branch in reversed(thing.branches))
        elif (parts := _parts(kind)) is not None:  # type: ignore[arg-type]
            waiting += parts(thing)
    return found


@cache
def _parts(kind: type) -> Callable[[Any], Iterable[Any]] | None:
    """What gives the parts of a thing of this type in which values may be, the last first; `None` if it has none."""
    if issubclass(kind, Mapping):
        return lambda thing: reversed(tuple(thing.values()))
    if not is_dataclass(kind) or issubclass(kind, (Unknown, Origin, Text, Reference, Hole)):
        return None
    names = [each.name for each in reversed(fields(kind))]
    if len(names) < 2:
        return lambda thing: [getattr(thing, name) for name in names]
    return attrgetter(*names)


def worlds(open_conditions: Mapping[str, tuple[tuple[str, ...], str | None]]) -> list[World] | None:
    """Every combination of labels; `None` if they are more than `MAX_WORLDS`."""
    total = 1
    for labels, _ in open_conditions.values():
        total *= len(labels)
    if total > MAX_WORLDS:
        return None
    names = list(open_conditions)
    combinations = itertools.product(*(labels for labels, _ in open_conditions.values()))
    return [dict(zip(names, picked, strict=True)) for picked in combinations]


def assume(thing: Any, world: World) -> Any:
    """The same thing with every `OneOf` that `world` decides replaced by its branch, at any depth."""
    if isinstance(thing, OneOf):
        if thing.condition not in world:
            return replace(thing, branches=tuple((name, assume(branch, world)) for name, branch in thing.branches))
        for name, branch in thing.branches:
            if name == world[thing.condition]:
                return assume(branch, world)
        return Unknown(f"{thing.condition} is undecided", thing.origin)
    if isinstance(thing, Known):
        inner = assume(thing.value, world)
        return thing if inner is thing.value else Known(inner, thing.origin)
    if isinstance(thing, tuple):
        items = tuple(assume(item, world) for item in thing)
        return thing if all(a is b for a, b in zip(items, thing, strict=True)) else items
    if isinstance(thing, Mapping):
        entries = {key: assume(item, world) for key, item in thing.items()}
        return thing if all(entries[key] is thing[key] for key in entries) else entries
    if is_dataclass(thing) and not isinstance(thing, (type, Unknown, Origin, Text, Reference, Hole)):
        changed = {}
        for each in fields(thing):
            old = getattr(thing, each.name)
            new = assume(old, world)
            if new is not old:
                changed[each.name] = new
        return replace(thing, **changed) if changed else thing
    return thing


def apply(function: Callable[..., U], *values: Value[Any], origin: Origin | None = None) -> Value[U]:
    """`function` over the contents of `values`; unknown if one is, branch by branch where one is open.

    The values' own conditions are taken together: two values under one condition are never
    combined across its branches. Conditions deeper inside compound data are left alone.
    """
    open_value = next((v for v in values if isinstance(v, OneOf)), None)
    if open_value is not None:
        if _size(values) > MAX_WORLDS:
            return Unknown(f"{open_value.condition} and other conditions have too many combinations", origin)
        branches = tuple(
            (label, apply(function, *(in_branch(v, open_value.condition, label) for v in values), origin=origin))
            for label, _ in open_value.branches
        )
        first = branches[0][1]
        if all(same(branch, first) for _, branch in branches[1:]):
            return first
        return OneOf(open_value.condition, branches, open_value.default, origin or open_value.origin)
    contents = []
    for value in values:
        if isinstance(value, Unknown):
            return value if origin is None else Unknown(value.reason, origin.through(value.origin))
        if isinstance(value, Known):
            contents.append(value.value)
    if origin is None and len(values) == 1:
        origin = values[0].origin
    return Known(function(*contents), origin)


def bind(function: Callable[[Any], Value[U]], value: Value[Any]) -> Value[U]:
    """Like `apply` for a function that itself gives a value."""
    if isinstance(value, OneOf):
        return OneOf(
            value.condition,
            tuple((label, bind(function, branch)) for label, branch in value.branches),
            value.default,
            value.origin,
        )
    return value if isinstance(value, Unknown) else function(value.value)


def choose(condition: Value[bool], when_true: Value[T], when_false: Value[T], name: str = "") -> Value[T]:
    """``condition ? when_true : when_false``.

    An undecided condition makes an open value; choices of one `name` (by default the input
    that the condition waits for) go together.
    """
    if isinstance(condition, Unknown):
        if same(when_true, when_false):
            return when_true
        name = name or condition.reason.removesuffix(" has no value")
        return OneOf(name, (("true", when_true), ("false", when_false)), None, condition.origin)
    return bind(lambda truth: when_true if truth else when_false, condition)


def leaves(value: Value[object]) -> int:
    """How many branches a value has in the end."""
    return sum(leaves(branch) for _, branch in value.branches) if isinstance(value, OneOf) else 1


def same(a: Value[Any], b: Value[Any]) -> bool:
    """Whether nothing tells the two apart; ``1`` and ``true`` are two, and so are texts of two documents."""
    if not isinstance(a, Known) or not isinstance(b, Known):
        return type(a) is type(b) and a == b
    documents = (v.document for v in (a.value, b.value) if isinstance(v, Text))
    return type(a.value) is type(b.value) and a.value == b.value and len({id(each) for each in documents}) < 2


def _size(values: Iterable[Value[Any]]) -> int:
    """How many combinations of labels the values' own conditions have."""
    labels: dict[str, set[str]] = {}
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, OneOf):
            labels.setdefault(value.condition, set()).update(label for label, _ in value.branches)
            pending.extend(branch for _, branch in value.branches)
    return math.prod(len(each) for each in labels.values())


def in_branch(value: Value[Any], condition: str, label: str) -> Value[Any]:
    """The value where `label` holds of `condition`; conditions inside compound data are left alone."""
    if not isinstance(value, OneOf):
        return value
    if value.condition == condition:
        for name, branch in value.branches:
            if name == label:
                return in_branch(branch, condition, label)
        return Unknown(f"{condition} is undecided", value.origin)
    return replace(
        value, branches=tuple((name, in_branch(branch, condition, label)) for name, branch in value.branches)
    )
