"""Functions of lists and tuples; they keep what is known of a partly known one."""

from __future__ import annotations

from typing import Any

from dynavet.text import Text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Single, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, Handle, NotPlain, members, once, symbolic
from dynavet_parsers.terraform.functions.graphemes import graphemes
from dynavet_parsers.terraform.functions.signature import (
    ANY,
    FLAGS,
    ITEMS,
    MAX_ITEMS,
    NUMBER,
    TEXTS,
    Function,
    integer,
    limited,
)
from dynavet_parsers.terraform.operators import equality
from dynavet_parsers.terraform.type_conversion import convert, kind_of, text_of
from dynavet_parsers.terraform.types import ListValue, SetValue, type_of_data, unify

MAX_NESTING = 50


def sequence(value: Value[Any], *, sets: bool = False) -> List:
    """The list or tuple, or set. Raises `EvaluationError` for anything else, `NotPlain` for an unknown."""
    if isinstance(value, Unknown):
        raise NotPlain(value)
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, Handle):
        return sequence(members(data), sets=sets)
    if not isinstance(data, List) or (isinstance(data, SetValue) and not sets):
        raise EvaluationError(f"a {kind_of(data)} is not a list")
    return data


def in_order(data: List) -> List:
    """The same. Raises `NotPlain` where the order is undecided."""
    if data.more:
        raise NotPlain(data.more[0])
    if isinstance(data, (ListValue, SetValue)) and not data.ordered:
        raise NotPlain(Unknown("the order of a set is undecided"))
    return data


def decided(value: Value[Any]) -> Any:
    """The content of a known argument. Raises `NotPlain`."""
    if isinstance(value, Known):
        if isinstance(value.value, Text) and value.value.literal is None:
            raise NotPlain(symbolic(value.value, value.origin))
        return value.value
    raise NotPlain(value if isinstance(value, Unknown) else Unknown("an undecided argument"))


def _concat(values: list[Single[Any]]) -> Value[Any]:
    """Unknown lists among known ones become further items."""
    items: list[Value[Any]] = []
    more: list[Unknown] = []
    kinds = []
    ordered = True
    for value in values:
        if isinstance(value, Unknown):
            more.append(value)
            continue
        data = sequence(value)
        items += data.items
        more += data.more
        ordered = ordered and getattr(data, "ordered", True)
        kinds.append(type_of_data(data) if isinstance(data, ListValue) else ANY)
    limited(len(items), 10 * MAX_ITEMS)
    if kinds and all(each.kind == "list" for each in kinds):
        common = unify(kinds)
        of = common.of if common is not None else None
        if of is not None:
            converted = tuple(convert(item, of) for item in items)
            return Known(ListValue(converted, once(more), of=of, ordered=ordered))
    return Known(List(tuple(items), once(more)))


def _flatten(values: list[Single[Any]]) -> Value[Any]:
    items, more = _flat(sequence(values[0], sets=True), 0)
    limited(len(items), 10 * MAX_ITEMS)
    return Known(List(tuple(items), once(more)), values[0].origin)


def _flat(data: List, depth: int) -> tuple[list[Value[Any]], list[Unknown]]:
    items: list[Value[Any]] = []
    more = list(data.more)
    for item in data.items:
        inner = item.value if isinstance(item, Known) else None
        if isinstance(inner, List) and depth < MAX_NESTING:
            deeper, doubts = _flat(inner, depth + 1)
            items += deeper
            more += doubts
        elif isinstance(item, Unknown):
            more.append(item)  # it may be a list of any length
        else:
            items.append(item)
    return items, more


def _element(values: list[Single[Any]]) -> Value[Any]:
    data, number = sequence(values[0]), integer(decided(values[1]))
    size = len(in_order(data).items)
    if not size:
        raise EvaluationError("element() of an empty list")
    if number < 0 and number % size and not isinstance(data, ListValue):
        raise EvaluationError("element() before the first of a tuple")
    return data.items[number % size]


def _length(values: list[Single[Any]]) -> Value[Any]:
    data = decided(values[0])
    if isinstance(data, str):
        return Known(len(graphemes(data)))
    if isinstance(data, Text):
        return symbolic(data, None)
    if isinstance(data, Object):
        return data.more[0] if data.more else Known(len(data.entries))
    found = sequence(values[0], sets=True)
    if found.more:
        return found.more[0]
    return Known(len(in_order(found).items if isinstance(found, SetValue) else found.items))


def _slice(values: list[Single[Any]]) -> Value[Any]:
    data = sequence(values[0])
    start, end = integer(decided(values[1])), integer(decided(values[2]))
    if data.more and end <= len(data.items) and getattr(data, "ordered", True):
        raise NotPlain(data.more[0])
    items = in_order(data).items
    if not 0 <= start <= end <= len(items):
        raise EvaluationError(f"no items {start} to {end} in a list of {len(items)}")
    return Known(_like(data, items[start:end]), values[0].origin)


def _like(data: List, items: tuple[Value[Any], ...]) -> List:
    """Some items of a list or tuple as one of the same type."""
    return ListValue(items, of=data.of) if isinstance(data, (ListValue, SetValue)) else List(items)


def _reverse(values: list[Single[Any]]) -> Value[Any]:
    data = sequence(values[0], sets=True)
    return Known(_like(data, in_order(data).items[::-1]), values[0].origin)


def _compact(values: list[Single[Any]]) -> Value[Any]:
    data = sequence(values[0])
    kept: list[Value[Any]] = []
    more = list(data.more)
    for item in data.items:
        if isinstance(item, Unknown) or (isinstance(item, OneOf) and _may_be_empty(item)):
            more.append(item if isinstance(item, Unknown) else Unknown(f"{item.condition} is undecided", item.origin))
        elif not (isinstance(item, Known) and item.value in (None, "")):
            kept.append(item)
    return Known(ListValue(tuple(kept), once(more), of=TEXTS.of or ANY), values[0].origin)


def _may_be_empty(item: Value[Any]) -> bool:
    if isinstance(item, OneOf):
        return any(_may_be_empty(branch) for _, branch in item.branches)
    return isinstance(item, Unknown) or item.value in (None, "")


def _contains(values: list[Single[Any]]) -> Value[Any]:
    """An unknown item leaves a missing value undecided."""
    data, wanted = sequence(values[0], sets=True), values[1]
    doubts: list[Unknown] = list(data.more)
    simple = _simple(wanted)
    for item in data.items:
        if simple is not None and (found := _simple(item)) is not None:
            if found == simple:
                return Known(True)
            continue
        answer = equality(item, wanted)
        if isinstance(answer, Known) and answer.value:
            return Known(True)
        if not isinstance(answer, Known):
            doubts.append(answer if isinstance(answer, Unknown) else Unknown(f"{answer.condition} is undecided"))
    return doubts[0] if doubts else Known(False)


def _simple(value: Value[Any]) -> tuple[type, Any] | None:
    """What two literal texts or booleans are compared by."""
    data = value.value if isinstance(value, Known) else None
    return (type(data), data) if isinstance(data, (str, bool)) else None


def _index(values: list[Single[Any]]) -> Value[Any]:
    data = sequence(values[0])
    for number, item in enumerate(in_order(data).items):
        answer = equality(item, values[1])
        if not isinstance(answer, Known):
            return answer if isinstance(answer, Unknown) else Unknown(f"{answer.condition} is undecided")
        if answer.value:
            return Known(number)
    raise EvaluationError("index() of what is not in the list")


def _distinct(values: list[Single[Any]]) -> Value[Any]:
    """The first of equal items; what is unknown stays."""
    data = sequence(values[0])
    items: list[Value[Any]] = []
    hashed: set[tuple[type, Any]] = set()
    for item in data.items:
        known = item.value if isinstance(item, Known) else None
        if isinstance(known, (str, int, float)):
            if (type(known), known) not in hashed:
                hashed.add((type(known), known))
                items.append(item)
        elif isinstance(item, Unknown) or item not in items:
            items.append(item)
    of = data.of if isinstance(data, ListValue) else ANY
    return Known(ListValue(tuple(items), data.more, of=of), values[0].origin)


def _one(values: list[Single[Any]]) -> Value[Any]:
    data = sequence(values[0], sets=True)
    if data.more:
        return data.more[0]
    if len(data.items) > 1:
        if isinstance(data, SetValue) and not data.ordered:
            return Unknown("the items of a set are undecided")
        raise EvaluationError(f"one() of {len(data.items)} items")
    return data.items[0] if data.items else ABSENT


def _coalesce_list(values: list[Single[Any]]) -> Value[Any]:
    for value in values:
        if not isinstance(value, Unknown):
            sequence(value)
    for value in values:
        data = sequence(value)
        if data.items or data.more:
            return value if data.items else data.more[0]
    raise EvaluationError("coalescelist() of empty lists")


def _chunks(values: list[Single[Any]]) -> Value[Any]:
    data, size = sequence(values[0]), integer(decided(values[1]))
    if size < 0:
        raise EvaluationError("chunklist() of less than nothing")
    items = in_order(data).items
    step = size or max(len(items), 1)
    rows = tuple(items[i : i + step] for i in range(0, len(items), step))
    of = type_of_data(data)
    return Known(ListValue(tuple(Known(_like(data, row)) for row in rows), of=of), values[0].origin)


def _match_keys(values: Any, keys: Any, wanted: Any) -> list[Any]:
    if len(values) != len(keys):
        raise EvaluationError("matchkeys() over lists of several lengths")
    if any(isinstance(key, str) for key in (*keys, *wanted)):
        keys, wanted = _texts(keys), _texts(wanted)
    elif len({isinstance(key, bool) for key in (*keys, *wanted) if key is not None}) > 1:
        raise EvaluationError("matchkeys() over keys without a common type")
    return [value for value, key in zip(values, keys, strict=True) if key in wanted]


def _texts(items: list[Any]) -> list[Any]:
    return [item if item is None or isinstance(item, (list, dict)) else text_of(item) for item in items]


def _quantified(values: list[Single[Any]], decisive: bool) -> Value[Any]:
    """``anytrue`` (`decisive` is true) and ``alltrue``; null is not true."""
    data = sequence(values[0])
    doubts = [item for item in data.items if not isinstance(item, Known)]
    if any(isinstance(item, Known) and (item.value is True) is decisive for item in data.items):
        return Known(decisive)
    for doubt in (*data.more, *doubts):
        return doubt if isinstance(doubt, Unknown) else Unknown("an undecided item")
    return Known(not decisive)


def _sort(items: list[Any]) -> list[Any]:
    if None in items:
        raise EvaluationError("sort() of null")
    return sorted(items)


def _partial(run: Any, *takes: Any, **more: Any) -> Function:
    return Function(run, takes, partial=True, **more)


FUNCTIONS: dict[str, Function] = {
    "alltrue": _partial(lambda v: _quantified(v, False), FLAGS),
    "anytrue": _partial(lambda v: _quantified(v, True), FLAGS),
    "chunklist": _partial(_chunks, ITEMS, NUMBER),
    "coalescelist": _partial(_coalesce_list, rest=ANY, at_least=1),
    "compact": _partial(_compact, TEXTS),
    "concat": _partial(_concat, rest=ANY, at_least=1),
    "contains": _partial(_contains, ANY, ANY),
    "distinct": _partial(_distinct, ITEMS),
    "element": _partial(_element, ANY, NUMBER),
    "flatten": _partial(_flatten, ANY),
    "index": _partial(_index, ANY, ANY),
    "length": _partial(_length, ANY),
    "matchkeys": Function(_match_keys, (ITEMS, ITEMS, ITEMS), gives=ITEMS),
    "one": _partial(_one, ANY),
    "reverse": _partial(_reverse, ANY),
    "slice": _partial(_slice, ANY, NUMBER, NUMBER),
    "sort": Function(_sort, (TEXTS,), gives=TEXTS),
}
