"""Lists of which one holds, as one list of slots."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from dynavet.values import ABSENT, OneOf, Origin, Value, same

MAX_PAIRS = 10_000
"""Longer lists are not compared item by item, but taken place by place."""

Row = dict[str, Value[Any]]
"""What each branch that has one puts in a place."""

Branches = Sequence[tuple[str, Sequence[Value[Any]]]]


def aligned(choice: OneOf[Any], branches: Branches, origin: Origin | None) -> list[Value[Any]]:
    """One list in which an item that branches share stands once, and stays known where all share it.

    What differs between shared items goes place by place, absent where a branch is shorter.
    """
    rows: list[Row] = []
    for label, items in branches:
        rows = _with_branch(rows, label, items)
    return [_slot(choice, [label for label, _ in branches], row, origin) for row in rows]


def _with_branch(rows: list[Row], label: str, items: Sequence[Value[Any]]) -> list[Row]:
    found: list[Row] = []
    row = item = 0
    for index, partner in [*enumerate(_partners(rows, items)), (len(items), len(rows))]:
        if partner is not None:
            found += _side_by_side(rows[row:partner], label, items[item:index])
            found += [{**shared, label: items[index]} for shared in rows[partner : partner + 1]]
            row, item = partner + 1, index + 1
    return found


def _side_by_side(rows: list[Row], label: str, items: Sequence[Value[Any]]) -> list[Row]:
    pairs = itertools.zip_longest(rows, items)
    return [{**(row or {}), **({} if item is None else {label: item})} for row, item in pairs]


def _partners(rows: list[Row], items: Sequence[Value[Any]]) -> list[int | None]:
    """For each item the row that has it too: a longest common subsequence."""
    if len(rows) * len(items) > MAX_PAIRS:
        return [None] * len(items)
    alike = [[any(same(item, other) for other in row.values()) for row in rows] for item in items]
    length = [[0] * (len(rows) + 1) for _ in range(len(items) + 1)]
    for i in reversed(range(len(items))):
        for j in reversed(range(len(rows))):
            length[i][j] = length[i + 1][j + 1] + 1 if alike[i][j] else max(length[i + 1][j], length[i][j + 1])
    partners: list[int | None] = [None] * len(items)
    i = j = 0
    while i < len(items) and j < len(rows):
        if alike[i][j]:
            partners[i] = j
            i, j = i + 1, j + 1
        elif length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            j += 1
    return partners


def _slot(choice: OneOf[Any], labels: list[str], row: Row, origin: Origin | None) -> Value[Any]:
    here = tuple((label, row.get(label, ABSENT)) for label in labels)
    first = here[0][1]
    if all(same(each, first) for _, each in here[1:]):
        return first
    return OneOf(choice.condition, here, choice.default, origin)
