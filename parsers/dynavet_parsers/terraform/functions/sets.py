"""Functions of sets."""

from __future__ import annotations

import itertools
import math
from typing import Any

from dynavet.values import Known, List, Single, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, NotPlain, once, to_plain
from dynavet_parsers.terraform.functions.sequences import in_order, sequence
from dynavet_parsers.terraform.functions.signature import A_SET, ANY, MAX_ITEMS, Function, limited
from dynavet_parsers.terraform.set_order import set_items
from dynavet_parsers.terraform.type_conversion import as_set, convert
from dynavet_parsers.terraform.types import ListValue, SetValue, Type, set_of, type_of, type_of_data, unify


def _sets(values: list[Single[Any]]) -> tuple[list[List], Type]:
    """Sets of one type, and the type of their members."""
    read = [sequence(value, sets=True) for value in values]
    common = unify([type_of_data(each) for each in read], safe=False)
    if common is None:
        raise EvaluationError("the sets have no common type")
    of = common.of or ANY
    converted = [convert(Known(each), set_of(of)) for each in read]
    return [each.value for each in converted if isinstance(each, Known)], of


def _union(values: list[Single[Any]]) -> Value[Any]:
    """An unknown set may have further items."""
    unknown = tuple(value for value in values if isinstance(value, Unknown))
    sets, of = _sets([value for value in values if not isinstance(value, Unknown)])
    items = [item for each in sets for item in each.items]
    limited(len(items), 10 * MAX_ITEMS)
    return Known(as_set(items, once((*(doubt for each in sets for doubt in each.more), *unknown)), of))


def _rest(values: list[Single[Any]], keep: Any) -> Value[Any]:
    """The items of the first set that `keep` wants, told of which others have them."""
    sets, of = _sets(values)
    first, *others = [_plain_set(each) for each in sets]
    kept = [item for rank, item in first.items() if keep([rank in other for other in others])]
    return Known(as_set(kept, (), of))


def _plain_set(data: List) -> dict[str, Value[Any]]:
    if data.more:
        raise NotPlain(data.more[0])
    return {repr(to_plain(item)): item for item in data.items}


def _product(values: list[Single[Any]]) -> Value[Any]:
    """Every choice of one item from each; a set where one of them is."""
    read = [in_order(sequence(value, sets=True)) for value in values]
    limited(math.prod(len(each.items) for each in read), MAX_ITEMS)
    columns, types = [], []
    for each in read:
        if isinstance(each, (ListValue, SetValue)):
            of: Type | None = type_of_data(each).of
        else:
            of = unify([type_of(item) for item in each.items])
        if of is None:
            raise EvaluationError("the items have no common type")
        types.append(of)
        columns.append([convert(item, of) for item in each.items])
    rows = [Known(List(tuple(row))) for row in itertools.product(*columns)]
    of = Type("tuple", items=tuple(types))
    if any(isinstance(each, SetValue) for each in read):
        items, ordered = set_items(rows)
        return Known(SetValue(items, of=of, ordered=ordered))
    return Known(ListValue(tuple(rows), of=of))


FUNCTIONS: dict[str, Function] = {
    "setintersection": Function(lambda v: _rest(v, all), (A_SET,), rest=A_SET, partial=True),
    "setproduct": Function(_product, rest=ANY, at_least=2, partial=True),
    "setsubtract": Function(lambda v: _rest(v, lambda found: not any(found)), (A_SET, A_SET), partial=True),
    "setunion": Function(_union, (A_SET,), rest=A_SET, partial=True),
}
