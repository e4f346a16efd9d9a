"""Which of many source ranges contain a place, without looking at all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from dynavet.values import Origin


class Ranges:
    """Source ranges by number. Those of one file rarely overlap, and then a question takes the logarithm of them."""

    def __init__(self, ranges: Iterable[tuple[int, Origin]]) -> None:
        by_path: dict[str, list[tuple[tuple[int, int], tuple[int, int], int]]] = {}
        for number, at in ranges:
            entry = (at.line, at.column), (at.end_line, at.end_column), number
            by_path.setdefault(at.path, []).append(entry)
        self._by_path = {path: _File(sorted(entries)) for path, entries in by_path.items()}

    def containing(self, place: Origin) -> list[int]:
        """The numbers of the ranges that contain the place as `Origin.contains` has it, the lowest first."""
        file = self._by_path.get(place.path)
        if file is None:
            return []
        return sorted(file.containing((place.line, place.column), (place.end_line, place.end_column)))


class _File:
    def __init__(self, entries: list[tuple[tuple[int, int], tuple[int, int], int]]) -> None:
        self._entries = entries
        self._starts = [start for start, _, _ in entries]
        self._furthest = list(accumulate((end for _, end, _ in entries), max))
        """For each entry, where the last of it and of those before it ends."""

    def containing(self, start: tuple[int, int], end: tuple[int, int]) -> Iterable[int]:
        index = bisect_right(self._starts, start) - 1
        while index >= 0 and self._furthest[index] >= end:
            _, its_end, number = self._entries[index]
            if its_end >= end:
                yield number
            index -= 1
