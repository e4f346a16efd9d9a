"""Reading given JSON with an error that names the place: JSON pointer, line and column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from dynavet.records import dataclass
from dynavet.text import Text, as_text
from dynavet.values import Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.iam_json.json_source import JsonError, parse_json

UNKNOWN = "unknown"


class InputError(Exception):
    """Input that is not what it should be; the message names the place."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A value of the input. ``{"unknown": "why"}`` reads as unknown wherever `unknown` is asked."""

    value: Value[Any]
    pointer: str
    path: str

    def fail(self, message: str) -> NoReturn:
        at = self.value.origin
        where = self.path if at is None else f"{self.path}:{at.line}:{at.column}"
        raise InputError(f"{where}: {self.pointer or 'the document'}: {message}")

    def expected(self, what: str) -> NoReturn:
        self.fail(f"expected {what}, found {_described(self.data)}")

    @property
    def data(self) -> Any:
        return self.value.value if isinstance(self.value, Known) else None

    @property
    def origin(self) -> Origin:
        return self.value.origin or Origin(self.path, 1, 1, 1, 1)

    def unknown(self) -> Unknown | None:
        """The unknown that is written here, its reason led by the place."""
        data = self.data
        if not isinstance(data, Object) or set(data.entries) != {UNKNOWN}:
            return None
        why = self.at(UNKNOWN).string("why it is unknown, as a string")
        return Unknown(f"{self.pointer} is unknown: {why}", self.value.origin)

    def at(self, key: str) -> Cursor:
        return self._child(self.data.entries[key], key)

    def has(self, key: str) -> bool:
        return isinstance(self.data, Object) and key in self.data.entries

    def _child(self, value: Value[Any], key: str) -> Cursor:
        escaped = key.replace("~", "~0").replace("/", "~1")
        return replace(self, value=value, pointer=f"{self.pointer}/{escaped}")

    def object(self, keys: Sequence[str] = (), required: Sequence[str] = (), what: str = "an object") -> Cursor:
        """This object, which has no keys but these (if any are given), and the required ones."""
        if not isinstance(self.data, Object):
            self.expected(what)
        for key in self.data.entries:
            if keys and key not in keys:
                self.at(key).fail(f"no such key; expected one of {', '.join(keys)}")
        for key in required:
            if key not in self.data.entries:
                self.fail(f'the key "{key}" is missing')
        return self

    def entries(self) -> Iterator[tuple[str, Cursor]]:
        for key in self.data.entries:
            yield key, self.at(key)

    def items(self) -> Iterator[Cursor]:
        for index, item in enumerate(self.data.items):
            yield self._child(item, str(index))

    def string(self, what: str = "a string") -> str:
        data = self.data
        if not isinstance(data, str):
            self.expected(what)
        return data

    def one_of(self, choices: Sequence[str]) -> str:
        text = self.string()
        if text not in choices:
            self.expected(f"one of {', '.join(choices)}")
        return text

    def scalar(self) -> Text:
        """A string, number or boolean as text."""
        if not isinstance(self.data, (str, int, float)):
            self.expected("a string, a number or a boolean")
        return as_text(self.data)


def read_json(text: str, path: str) -> Cursor:
    """The whole of a JSON text; raises `InputError`."""

    def twice(key: str, place: Origin, earlier: Origin) -> NoReturn:
        raise InputError(f'{path}:{place.line}:{place.column}: the key "{key}" stands in line {earlier.line} already')

    try:
        return Cursor(parse_json(text, path, twice=twice), "", path)
    except JsonError as error:
        raise InputError(f"{path}:{error.line}:{error.column}: {error.message}") from error


def _described(data: Any) -> str:
    if isinstance(data, Object):
        return "an object"
    if isinstance(data, List):
        return "a list"
    if isinstance(data, (bool, str, type(None))):
        return json.dumps(data, ensure_ascii=False)
    return f"the number {data}"
