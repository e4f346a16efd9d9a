"""Collection functions; they keep what is known of a partly known list or map."""

from __future__ import annotations

import itertools
from typing import Any

from dynavet.text import Text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Origin, Unknown, Value, apply, bind
from dynavet_parsers.terraform.data import EvaluationError, symbolic
from dynavet_parsers.terraform.functions.conversion import (
    FUNCTIONS as CONVERSIONS,
)
from dynavet_parsers.terraform.functions.conversion import (
    Function,
    distinct,
    plainly,
    sorted_set,
    text_of,
    to_list,
)

MAX_PRODUCT = 10_000
"""`setproduct` and `range` give no more items than this."""


def _concat(arguments: list[Value[Any]]) -> Value[Any]:
    """Unknown lists among known ones become further items."""
    known = [a for a in arguments if not isinstance(a, Unknown)]
    unknown = tuple(a for a in arguments if isinstance(a, Unknown))
    if not known:
        return unknown[0] if unknown else Known(List())

    def run(*lists: Any) -> List:
        read = [to_list(each) for each in lists]
        items = tuple(itertools.chain.from_iterable(each.items for each in read))
        return List(items, (*itertools.chain.from_iterable(each.more for each in read), *unknown))

    return apply(run, *known)


def _merge(arguments: list[Value[Any]]) -> Value[Any]:
    """Later maps win; an unknown map may add keys and change values, never remove a key."""
    known = [Known(Object(more=(a,))) if isinstance(a, Unknown) else a for a in arguments]
    if not known:
        return Known(Object())
    return apply(lambda *maps: merged([m for m in maps if m is not None]), *known, origin=_source(arguments))


def _source(arguments: list[Value[Any]]) -> Origin | None:
    """The argument that came from furthest away: what a caller or a default supplies."""
    origins = [a.origin for a in arguments if a.origin is not None]
    return max(origins, key=lambda origin: len(origin.via), default=None)


def merged(maps: list[Any]) -> Object:
    """The effect of ``merge``."""
    entries: dict[str, Value[Any]] = {}
    keys: dict[str, Any] = {}
    more: tuple[Unknown, ...] = ()
    for each in maps:
        if not isinstance(each, Object):
            raise EvaluationError("merge() takes maps")
        if each.more:
            entries = dict.fromkeys(entries, each.more[0])
        entries |= each.entries
        keys |= each.keys
        more += each.more
    return Object(entries, more, keys)


def _flatten(arguments: list[Value[Any]]) -> Value[Any]:
    return apply(lambda data: _flat(to_list(data), 0), arguments[0])


def _flat(data: List, depth: int) -> List:
    items: list[Value[Any]] = []
    more = list(data.more)
    for item in data.items:
        if isinstance(item, Known) and isinstance(item.value, List) and depth < 50:
            inner = _flat(item.value, depth + 1)
            items += inner.items
            more += inner.more
        elif isinstance(item, Unknown):
            more.append(item)  # it may be a list of any length
        else:
            items.append(item)
    return List(tuple(items), tuple(more))


def _lookup(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any, key: Any) -> Value[Any]:
        if not isinstance(data, Object) or not isinstance(key, str):
            return symbolic(key, None) if isinstance(key, Text) else _not(data, "a map")
        if key in data.entries or data.more:
            return data.get(key)
        if len(arguments) < 3:
            raise EvaluationError(f"no key {key!r}")
        return arguments[2]

    return bind(lambda inner: inner, apply(run, *arguments[:2]))


def _not(data: Any, what: str) -> Unknown:
    raise EvaluationError(f"{'null' if data is None else type(data).__name__} is not {what}")


def _element(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any, number: Any) -> Value[Any]:
        items = to_list(data)
        if items.more:
            return items.more[0]
        if not items.items:
            raise EvaluationError("element() of an empty list")
        return items.items[int(number) % len(items.items)]

    return bind(lambda inner: inner, apply(run, *arguments))


def _length(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any) -> Value[Any]:
        if isinstance(data, (List, Object)):
            size = len(data.items) if isinstance(data, List) else len(data.entries)
            return data.more[0] if data.more else Known(size)
        if isinstance(data, str):
            return Known(len(data))
        return symbolic(data, None) if isinstance(data, Text) else _not(data, "a collection")

    return bind(run, arguments[0])


def _keys(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any) -> List:
        if not isinstance(data, Object):
            _not(data, "a map")
        return List(tuple(Known(key, data.keys.get(key)) for key in sorted(data.entries)), data.more)

    return apply(run, arguments[0])


def _coalesce(arguments: list[Value[Any]]) -> Value[Any]:
    """The first that is neither null nor empty text."""
    for number, argument in enumerate(arguments):
        if isinstance(argument, OneOf):
            rest = arguments[number + 1 :]
            return bind(lambda data: _coalesce([Known(data, argument.origin), *rest]), argument)  # noqa: B023
        if isinstance(argument, Unknown) or argument.value not in (None, ""):
            return argument
    return ABSENT


def _coalesce_list(arguments: list[Value[Any]]) -> Value[Any]:
    for argument in arguments:
        if isinstance(argument, Unknown) or not isinstance(argument, Known):
            return argument
        if isinstance(argument.value, List) and (argument.value.items or argument.value.more):
            return argument
    return Known(List())


def _compact(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any) -> List:
        kept = [i for i in to_list(data).items if not (isinstance(i, Known) and i.value in (None, ""))]
        return List(tuple(kept), to_list(data).more)

    return apply(run, arguments[0])


def _contains(arguments: list[Value[Any]]) -> Value[Any]:
    """An unknown item leaves a missing value undecided."""

    def run(data: Any, wanted: Any) -> Value[Any]:
        items = to_list(data)
        doubts: list[Unknown] = list(items.more)
        for item in items.items:
            if isinstance(item, Known) and item.value == wanted:
                return Known(True)
            if not isinstance(item, Known):
                doubts.append(item if isinstance(item, Unknown) else Unknown(f"{item.condition} is undecided"))
        return doubts[0] if doubts else Known(False)

    return bind(lambda inner: inner, apply(run, *arguments))


def _one(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any) -> Value[Any]:
        items = to_list(data)
        if items.more:
            return items.more[0]
        return items.items[0] if items.items else ABSENT

    return bind(run, arguments[0])


def _zipmap(arguments: list[Value[Any]]) -> Value[Any]:
    def run(keys: Any, values: Any) -> Object:
        names, items = to_list(keys), to_list(values)
        pairs = zip(names.items, items.items, strict=False)
        entries = {str(text_of(k.value)): v for k, v in pairs if isinstance(k, Known)}
        doubts = tuple(k for k in names.items if isinstance(k, Unknown))
        return Object(entries, (*names.more, *items.more, *doubts))

    return apply(run, *arguments)


def _slice(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any, start: Any, end: Any) -> Value[Any]:
        items = to_list(data)
        return items.more[0] if items.more else Known(List(items.items[int(start) : int(end)]))

    return bind(lambda inner: inner, apply(run, *arguments))


def _range(*limits: Any) -> list[Any]:
    start, stop, step = (0, limits[0], 1) if len(limits) == 1 else (*limits, 1)[:3]
    numbers = list(itertools.islice(itertools.count(start, step), MAX_PRODUCT))
    return [n for n in numbers if (n < stop if step > 0 else n > stop)]


def _set_product(arguments: list[Value[Any]]) -> Value[Any]:
    def run(*lists: Any) -> Value[Any]:
        read = [to_list(each) for each in lists]
        doubts = [d for each in read for d in each.more]
        size = 1
        for each in read:
            size *= len(each.items)
        if doubts or size > MAX_PRODUCT:
            return doubts[0] if doubts else Unknown(f"setproduct() gives {size} items, more than {MAX_PRODUCT}")
        rows = itertools.product(*(each.items for each in read))
        return Known(List(tuple(Known(List(row)) for row in rows)))

    return bind(lambda inner: inner, apply(run, *arguments))


def _set_operation(arguments: list[Value[Any]], keep: Any) -> Value[Any]:
    return plainly(lambda *sets: sorted(keep([set(s) for s in sets])))(arguments)


FUNCTIONS: dict[str, Function] = {
    **CONVERSIONS,
    "concat": _concat,
    "merge": _merge,
    "flatten": _flatten,
    "lookup": _lookup,
    "element": _element,
    "length": _length,
    "keys": _keys,
    "values": lambda a: apply(to_list, a[0]),
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "compact": _compact,
    "contains": _contains,
    "distinct": lambda a: apply(distinct, a[0]),
    "one": _one,
    "zipmap": _zipmap,
    "slice": _slice,
    "setproduct": _set_product,
    "setunion": lambda a: bind(lambda data: Known(sorted_set(data)), _concat(a)),
    "setintersection": lambda a: _set_operation(a, lambda s: set.intersection(*s)),
    "setsubtract": lambda a: _set_operation(a, lambda s: s[0] - s[1]),
    "reverse": lambda a: apply(lambda d: List(to_list(d).items[::-1], to_list(d).more), a[0]),
    "sort": plainly(lambda items: sorted(str(i) for i in items)),
    "sum": plainly(sum),
    "range": plainly(_range),
    "index": plainly(lambda items, item: items.index(item)),
    "alltrue": plainly(lambda items: all(i in (True, "true") for i in items)),
    "anytrue": plainly(lambda items: any(i in (True, "true") for i in items)),
    "matchkeys": plainly(lambda v, k, wanted: [x for x, key in zip(v, k, strict=False) if key in wanted]),
    "transpose": plainly(
        lambda m: {v: sorted(k for k in m if v in m[k]) for v in {x for values in m.values() for x in values}}
    ),
    "chunklist": plainly(lambda items, n: [items[i : i + n] for i in range(0, len(items), n)]),
}

__all__ = ["FUNCTIONS", "merged"]
