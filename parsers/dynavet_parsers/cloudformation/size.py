"""How large a value is with every branch written out: shared parts make small input huge."""

from __future__ import annotations

from dynavet.values import Known, List, Object, OneOf, Value


class Sizes:
    """Measures values up to `limit`; each shared part is looked at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[int, tuple[object, int]] = {}

    def fits(self, value: Value[object]) -> bool:
        return self._measure(value) <= self._limit

    def _measure(self, thing: object) -> int:
        known = self._known.get(id(thing))
        if known is not None and known[0] is thing:
            return known[1]
        size = 1 + sum(map(self._measure, _parts(thing)))
        self._known[id(thing)] = (thing, min(size, self._limit + 1))
        return size


def _parts(thing: object) -> list[object]:
    if isinstance(thing, Known):
        return [thing.value] if isinstance(thing.value, (List, Object)) else []
    if isinstance(thing, OneOf):
        return [branch for _, branch in thing.branches]
    if isinstance(thing, List):
        return list(thing.items)
    return list(thing.entries.values()) if isinstance(thing, Object) else []
