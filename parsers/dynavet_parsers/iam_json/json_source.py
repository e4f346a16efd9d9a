"""JSON with the place of every value and key."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable

from dynavet.regexes import regex
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value

MAX_DEPTH = 100
"""Lists and objects nested deeper than this are an error."""

ATOM_FIRST, ATOM_LAST = 0x100000, 0x10FFFD
"""The private-use code points that stand for symbolic parts of a text (plane 16)."""

_ATOMS = f"{chr(ATOM_FIRST)}-{chr(ATOM_LAST)}"
_STRING = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_TOKEN = regex(
    rf"[ \t\n\r]*(?:(?P<string>{_STRING})|(?P<mark>[{{}}\[\]:,])|(?P<atom>[-+.\w]*[{_ATOMS}][-+.\w{_ATOMS}]*)"
    rf"|(?P<number>{_NUMBER})|(?P<word>true|false|null)|(?P<end>\Z))"
)
_SPACE = regex(r"[ \t\n\r]*")
_WHOLE_STRING = regex(_STRING)
_BAD_STRING = regex(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_WORD = regex(r"[\w.+-]+|.", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_SURROGATE = regex("[\ud800-\udfff]")

ReadAtom = Callable[[str, Origin], Unknown | None]
Repeated = Callable[[Value[Data], Value[Data]], Value[Data]]
NoteTwice = Callable[[str, Origin, Origin], None]
"""Is told of a key that stands twice in one object, with its later and its earlier place."""


class JsonError(Exception):
    """Text that is not JSON: what was expected and found, and the one-based place."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def parse_json(
    text: str,
    path: str,
    line: int = 1,
    column: int = 1,
    atom: ReadAtom | None = None,
    repeated: Repeated | None = None,
    twice: NoteTwice | None = None,
) -> Value[Data]:
    """The value that `text` encodes, every value and object key with its range.

    `text` stands in the file `path` at (`line`, `column`); its characters count from there.
    A byte order mark is skipped. Of duplicate keys the last counts, unless `repeated` makes one
    value of the earlier and the later one; `twice` is told. Lone surrogates read as U+FFFD.
    Raises `JsonError`.

    With `atom`, a run of code points from `ATOM_FIRST` to `ATOM_LAST` outside of strings is
    a piece of JSON that nothing decides: as the value of a key it reads as ``atom(run,
    origin)``, and inside a list or object as `more` of it; where that gives `None` it is no JSON.
    """
    return _Reader(text, path, line, column, atom, repeated, twice).read()


class _Reader:
    def __init__(
        self,
        text: str,
        path: str,
        line: int,
        column: int,
        atom: ReadAtom | None,
        repeated: Repeated | None,
        twice: NoteTwice | None,
    ) -> None:
        self.text = text
        self.path = path
        self.line = line
        self.column = column
        self.atom = atom
        self.repeated = repeated
        self.twice = twice
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.next = 1 if text.startswith("\ufeff") else 0
        self.start = 0
        self.kind = ""
        self.lexeme = ""

    def read(self) -> Value[Data]:
        self.advance("a JSON value")
        value = self.value(0)
        self.advance("the end of the text")
        if self.kind != "end":
            raise self.error("the end of the text")
        return value

    def advance(self, expected: str) -> None:
        """Go to the next token; `expected` is for the error if there is none."""
        found = _TOKEN.match(self.text, self.next)
        kind = found.lastgroup if found is not None else None
        if found is None or kind is None or (kind == "atom" and self.atom is None):
            spaces = _SPACE.match(self.text, self.next)
            self.start = spaces.end() if spaces else self.next
            raise self.error(expected)
        self.kind = kind
        self.start, self.next = found.span(kind)
        self.lexeme = found[kind]

    def value(self, depth: int) -> Value[Data]:
        """The value whose first token is the current one."""
        kind, lexeme = self.kind, self.lexeme
        if kind == "string":
            return Known(_unquote(lexeme), self.origin(self.start, self.next))
        if lexeme in ("{", "["):
            if depth >= MAX_DEPTH:
                raise self.error(f"at most {MAX_DEPTH} levels of lists and objects")
            return self.object(depth) if lexeme == "{" else self.list(depth)
        if kind == "number":
            return Known(self.number(), self.origin(self.start, self.next))
        if kind == "word":
            return Known(_WORDS[lexeme], self.origin(self.start, self.next))
        if kind == "atom":
            return self.unknown()
        raise self.error("a JSON value")

    def object(self, depth: int) -> Value[Data]:
        start = self.start
        entries: dict[str, Value[Data]] = {}
        keys: dict[str, Origin] = {}
        more: list[Unknown] = []
        self.advance('a key in double quotes or "}"')
        while self.lexeme != "}":
            if self.kind == "atom":
                more.append(self.unknown())
            elif self.kind == "string":
                key, place = _unquote(self.lexeme), self.origin(self.start, self.next)
                if key in keys and self.twice is not None:
                    self.twice(key, place, keys[key])
                self.expect(":")
                self.advance("a JSON value")
                value = self.value(depth + 1)
                if self.repeated is not None and key in entries:
                    value = self.repeated(entries[key], value)
                entries[key], keys[key] = value, place
            else:
                raise self.error('a key in double quotes or "}"' if not entries else "a key in double quotes")
            self.separate("}", "string")
        return Known(Object(entries, tuple(more), keys), self.origin(start, self.next))

    def list(self, depth: int) -> Value[Data]:
        start = self.start
        items: list[Value[Data]] = []
        more: list[Unknown] = []
        self.advance('a JSON value or "]"')
        while self.lexeme != "]":
            if self.kind == "atom":
                more.append(self.unknown())
            else:
                items.append(self.value(depth + 1))
            self.separate("]", "")
        return Known(List(tuple(items), tuple(more)), self.origin(start, self.next))

    def separate(self, close: str, follows: str) -> None:
        """Go past a comma to the next member, or to `close`; around an atom the comma is its own affair."""
        expected = f'"," or "{close}"'
        after_atom = self.kind == "atom"
        self.advance(expected)
        if self.lexeme == close or self.kind == "atom":
            return
        if self.lexeme == ",":
            self.advance("a key in double quotes" if follows else "a JSON value")
            if self.lexeme == close:
                raise self.error("a key in double quotes" if follows else "a JSON value")
        elif not after_atom:
            raise self.error(expected)

    def expect(self, mark: str) -> None:
        self.advance(f'"{mark}"')
        if self.lexeme != mark:
            raise self.error(f'"{mark}"')

    def number(self) -> int | float:
        if not self.lexeme.lstrip("-").isdigit():
            return float(self.lexeme)
        try:
            return int(self.lexeme)
        except ValueError:
            raise JsonError("expected a number of at most 4300 digits", *self.place(self.start)) from None

    def unknown(self) -> Unknown:
        found = self.atom(self.lexeme, self.origin(self.start, self.next)) if self.atom is not None else None
        if found is None:
            raise self.error("a JSON value")
        return found

    def place(self, offset: int) -> tuple[int, int]:
        row = bisect_right(self.starts, offset) - 1
        column = offset - self.starts[row]
        return self.line + row, column + (self.column if row == 0 else 1)

    def origin(self, start: int, end: int) -> Origin:
        line, column = self.place(start)
        if self.text[start] not in "{[":
            return Origin(self.path, line, column, line, column + end - start)
        end_line, end_column = self.place(end)
        return Origin(self.path, line, column, end_line, end_column)

    def error(self, expected: str) -> JsonError:
        """The error at the current token."""
        found = _WORD.match(self.text, self.start)
        word = found[0] if found else ""
        if word == '"' and not _WHOLE_STRING.match(self.text, self.start):
            return self.string_error()
        line, column = self.place(self.start)
        shown = json.dumps(word[:40], ensure_ascii=False) if word else "the end of the text"
        return JsonError(f"expected {expected}, found {'a string' if word == chr(34) else shown}", line, column)

    def string_error(self) -> JsonError:
        good = _BAD_STRING.match(self.text, self.start)
        end = good.end() if good else self.start
        line, column = self.place(end)
        if self.text[end : end + 1] == "\\":
            return JsonError(f"expected a JSON escape, found {json.dumps(self.text[end : end + 2])}", line, column)
        if self.text[end : end + 1] in ("", "\n", "\r"):
            line, column = self.place(self.start)
            return JsonError('expected a closing ‘"’ on the line of the string that starts here', line, column)
        return JsonError(f"expected no control character in a string, found {self.text[end]!r}", line, column)


def _unquote(token: str) -> str:
    if "\\" not in token and token.isascii():
        return token[1:-1]
    text: str = json.loads(token)
    if _SURROGATE.search(text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
