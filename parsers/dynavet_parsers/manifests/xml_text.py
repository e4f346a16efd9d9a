"""XML that nobody vouches for.

What makes XML dangerous (entities that grow, or that name other files) needs a document type declaration, which
the manifests have no use for: one with it is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from dynavet_parsers.manifests.data import Unreadable

MAX_DEPTH = 100


def elements(text: str) -> Iterator[tuple[tuple[str, ...], Mapping[str, str], str]]:
    """Each element as it ends: the last names that lead to it, without prefixes; its attributes; its own text.

    Raises `Unreadable`.
    """
    return iter(_Reader(text).found)


class _Reader:
    def __init__(self, text: str) -> None:
        self.found: list[tuple[tuple[str, ...], Mapping[str, str], str]] = []
        self._open: list[tuple[str, Mapping[str, str], list[str]]] = []
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            raise Unreadable(f"is not XML: {error}") from error

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
        self.found.append((path, attributes, "".join(text).strip()))


def _refuse(*_declaration: object) -> NoReturn:
    raise Unreadable("has a document type declaration, with which XML is not read")
