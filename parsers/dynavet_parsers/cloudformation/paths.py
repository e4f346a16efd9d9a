"""Properties in nested mappings and lists."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.values import Data, Known, Object, OneOf, Unknown, Value
from dynavet_parsers.cloudformation.readers import member, slots
from dynavet_parsers.cloudformation.stack import Resource

ITEMS, ENTRIES = "[]", "{}"


def places(resource: Resource, path: str) -> Iterator[tuple[str, Value[Data]]]:
    """What stands at a dotted path, with the indexes of the list items that lead there (``[0][2]``).

    A name followed by ``[]`` goes through all items of a list, one by ``{}`` through all entries
    of a mapping. What is not there is absent; what is undecided on the way is unknown.
    """
    first, *rest = path.replace(ITEMS, f".{ITEMS}").replace(ENTRIES, f".{ENTRIES}").split(".")
    return _walk(resource.get(first), rest)


def _walk(value: Value[Data], path: list[str], index: str = "") -> Iterator[tuple[str, Value[Data]]]:
    if not path:
        yield index, value
        return
    step, *rest = path
    if step == ITEMS:
        found, more = slots(value)
        for number, place in enumerate(found):
            yield from _walk(place, rest, f"{index}[{number}]")
        for reason in more:
            yield index, Unknown(reason.reason, reason.origin)
    elif step == ENTRIES:
        for name in _names(value):
            yield from _walk(member(value, name), rest, f"{index}[{name}]")
        if isinstance(value, Unknown):
            yield index, value
    else:
        yield from _walk(member(value, step), rest, index)


def _names(value: Value[Data]) -> list[str]:
    """The keys of a mapping, in any branch."""
    if isinstance(value, OneOf):
        return list(dict.fromkeys(name for _, branch in value.branches for name in _names(branch)))
    data = value.value if isinstance(value, Known) else None
    return list(data.entries) if isinstance(data, Object) else []
