"""XML that nobody vouches for.

What makes XML dangerous (entities that grow, or that name other files) needs a document type declaration, which
the manifests have no use for: one with it is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn, TypeAlias
from xml.parsers import expat

from dynavet_parsers.manifests.data import Unreadable

MAX_DEPTH = 100
_CHUNK = 64 * 1024

Element: TypeAlias = tuple[tuple[str, ...], Mapping[str, str], str]
"""The last names that lead to an element, without prefixes; its attributes; its own text."""


def elements(text: str) -> Iterator[Element]:
    """Each element as it ends. Raises `Unreadable`."""
    reader = _Reader()
    for start in range(0, len(text) + 1, _CHUNK):
        yield from reader.ended(text[start : start + _CHUNK], last=start + _CHUNK > len(text))


class _Reader:
    def __init__(self) -> None:
        self._found: list[Element] = []
        self._open: list[tuple[str, Mapping[str, str], list[str]]] = []
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def ended(self, text: str, *, last: bool) -> list[Element]:
        """The elements that end in this part of the text."""
        self._found = []
        try:
            self._parser.Parse(text, last)
        except expat.ExpatError as error:
            raise Unreadable(f"is not XML: {error}") from error
        return self._found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) == MAX_DEPTH:
            raise Unreadable(f"has more than {MAX_DEPTH} elements within one another")
        self._open.append((name.rpartition(":")[2], attributes, []))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def _end(self, _name: str) -> None:
        path = tuple(name for name, _, _ in self._open[-3:])
        _, attributes, text = self._open.pop()
        self._found.append((path, attributes, "".join(text).strip()))


def _refuse(*_declaration: object) -> NoReturn:
    raise Unreadable("has a document type declaration, with which XML is not read")
