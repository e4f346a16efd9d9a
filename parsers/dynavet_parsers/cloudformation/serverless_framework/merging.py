"""How the framework joins values: deeply, lists place by place, and what comes later wins."""

from __future__ import annotations

from dynavet.values import Data, Known, List, Object, Value


def merged(first: Value[Data] | None, second: Value[Data]) -> Value[Data]:
    """The second value over the first."""
    one = first.value if isinstance(first, Known) else None
    other = second.value if isinstance(second, Known) else None
    if isinstance(one, Object) and isinstance(other, Object):
        return Known(joined(one, other), first.origin if first is not None else None)
    if isinstance(one, List) and isinstance(other, List):
        pairs = [merged(a, b) for a, b in zip(one.items, other.items, strict=False)]
        longer = one.items if len(one.items) > len(other.items) else other.items
        return Known(List((*pairs, *longer[len(pairs) :]), (*one.more, *other.more)), second.origin)
    return second


def joined(first: Object, second: Object) -> Object:
    """The entries of two mappings."""
    entries = dict(first.entries)
    for name, value in second.entries.items():
        entries[name] = merged(entries.get(name), value)
    return Object(entries, (*first.more, *second.more), {**second.keys, **first.keys})


def assigned(first: Object, second: Object) -> Object:
    """The entries of two mappings, each as a whole."""
    entries = {**first.entries, **second.entries}
    return Object(entries, (*first.more, *second.more), {**first.keys, **second.keys})
