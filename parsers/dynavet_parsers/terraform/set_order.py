"""The items of a set: without repetition, in the order in which Terraform walks them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dynavet.values import Value
from dynavet_parsers.terraform.data import NotPlain, to_plain
from dynavet_parsers.terraform.numeric import exact


def set_items(items: Iterable[Value[Any]]) -> tuple[tuple[Value[Any], ...], bool]:
    """The items once each, sorted, and whether their order is decided.

    Where an item is not decided, it is not told apart from the others and stays.
    """
    seen: dict[Any, Value[Any]] = {}
    undecided: list[Value[Any]] = []
    for item in items:
        try:
            seen.setdefault(_rank(to_plain(item)), item)
        except NotPlain:
            if item not in undecided:
                undecided.append(item)
    known = [seen[rank] for rank in sorted(seen)]
    return (*known, *undecided), not undecided or len(seen) + len(undecided) < 2


def _rank(data: Any) -> tuple[int, Any]:
    """What items of one type are sorted by; null stands last."""
    if data is None:
        return 4, 0
    if isinstance(data, bool):
        return 0, data
    if isinstance(data, (int, float)):
        return 1, exact(data)
    return (2, data) if isinstance(data, str) else (3, _fingerprint(data))


def _fingerprint(data: Any) -> str:
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, str):
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(data, list):
        return "[" + "".join(_fingerprint(item) + ";" for item in data) + "]"
    if isinstance(data, dict):
        return "<" + "".join(_fingerprint(data[key]) + ";" for key in sorted(data)) + ">"
    return str(data)
