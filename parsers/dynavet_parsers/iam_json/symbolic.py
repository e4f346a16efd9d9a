"""Symbolic JSON text as a value tree, its strings symbolic where the text is."""

from __future__ import annotations

from typing import Any

from dynavet.text import Text, plain
from dynavet.values import Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.iam_json.json_source import JsonError, parse_json
from dynavet_parsers.iam_json.symbols import Symbols, with_stand_ins


def parse_symbolic(text: Text, path: str, line: int, column: int) -> Value[Any]:
    """The value that JSON text encodes; unknown, with the reason, if it is not JSON.

    The text's characters begin in the file `path` at (`line`, `column`). A symbolic part in
    a string makes that string symbolic; one in the place of a value makes it unknown.
    """
    replaced = with_stand_ins(text)
    if replaced is None:
        return Unknown("the JSON text has too many undecided parts")
    json_text, symbols = replaced
    try:
        tree = parse_json(json_text, path, line, column, atom=symbols.atom)
    except JsonError as error:
        origin = Origin(path, error.line, error.column, error.line, error.column + 1)
        return Unknown(f"the text is not JSON: {error.message}", origin)
    return restored(tree, symbols) if symbols.parts else tree


def restored(value: Value[Any], symbols: Symbols) -> Value[Any]:
    """The value with its stand-ins turned back."""
    if not isinstance(value, Known):
        return value
    data = value.value
    if isinstance(data, List):
        return Known(List(tuple(restored(item, symbols) for item in data.items), data.more), value.origin)
    if isinstance(data, Object):
        members = {key: restored(item, symbols) for key, item in data.entries.items()}
        entries = {key: item for key, item in members.items() if not symbols.occurs_in(key)}
        symbolic = tuple(
            (symbols.text(key), item, symbols.unknown(key, data.keys[key]))
            for key, item in members.items()
            if symbols.occurs_in(key)
        )
        more = (*data.more, *(reason for _, _, reason in symbolic))
        return Known(Object(entries, more, data.keys, symbolic), value.origin)
    if isinstance(data, str) and symbols.occurs_in(data):
        return Known(plain(symbols.text(data)), value.origin)
    return value


def unplaced(value: Value[Any]) -> Value[Any]:
    """The value with no places inside it, for text that has lost its positions; it keeps its own."""

    def inside(value: Value[Any]) -> Value[Any]:
        return Known(within(value.value)) if isinstance(value, Known) else value

    def within(data: Any) -> Any:
        if isinstance(data, List):
            return List(tuple(map(inside, data.items)), data.more)
        if isinstance(data, Object):
            symbolic = tuple((key, inside(item), reason) for key, item, reason in data.symbolic)
            return Object({key: inside(item) for key, item in data.entries.items()}, data.more, {}, symbolic)
        return data

    return Known(within(value.value), value.origin) if isinstance(value, Known) else value
