"""The parts of a regular expression."""

from __future__ import annotations

import unicodedata
from dataclasses import field
from typing import TypeAlias

from dynavet.records import dataclass


@dataclass(frozen=True, slots=True)
class Class:
    """One character: in one of the ranges or Unicode categories, or else in none if `negated`."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False
    fold: bool = False
    inner: tuple[Class, ...] = ()
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def matches(self, character: str) -> bool:
        found = self._known.get(character)
        if found is None:
            variants = {character, character.lower(), character.upper()} if self.fold else {character}
            if self.fold and character in "kKK":
                variants |= set("kKK")
            if self.fold and character in "sSſ":
                variants |= set("sSſ")
            found = any(self._has(variant) for variant in variants if len(variant) == 1) is not self.negated
            self._known[character] = found
        return found

    def _has(self, character: str) -> bool:
        code = ord(character)
        if any(low <= code <= high for low, high in self.ranges):
            return True
        category = unicodedata.category(character)
        if any(category.startswith(name) is not negated for name, negated in self.categories):
            return True
        return any(each.matches(character) for each in self.inner)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place between characters: ``^ $ \\A \\z \\b \\B``, the first two by line where `multiline`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: Node
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    part: Node
    number: int


Node: TypeAlias = Class | Boundary | Sequence | Choice | Repeat | Group
