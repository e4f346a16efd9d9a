"""The text functions over evaluated values: join, split, select, and how values are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dynavet.regexes import regex
from dynavet.text import Hole, Part, Text, as_text, plain
from dynavet.values import Data, Known, List, Object, OneOf, Origin, Unknown, Value, apply, bind
from dynavet_parsers.cloudformation.dynamic import without_dynamic_references

_SUBJECT = regex(r"(?:parameter )?(?P<subject>.+?) (?:has no|is|are|cannot)\b")

MAX_TEXT = 100_000
"""Characters and parts of a text that is put together."""

MAX_PIECES = 10_000
"""Pieces that ``Fn::Split`` makes of a text."""


def text_size(parts: Sequence[Part | Text]) -> int:
    """How many characters and symbolic parts the parts have in all."""
    inner = (each.parts if isinstance(each, Text) else (each,) for each in parts)
    return sum(len(part) if isinstance(part, str) else 1 for some in inner for part in some)


def join(values: Sequence[Value[Data]], separator: str = "", origin: Origin | None = None) -> Value[Data]:
    """The values as one text; an unknown among others becomes a hole, an absent one is dropped."""
    if len(values) == 1 and isinstance(values[0], Unknown):
        return apply(lambda data: data, values[0], origin=origin)
    via = next((v.origin.via for v in values if isinstance(v, Known) and v.origin and v.origin.via), ())
    if origin is not None and via:
        origin = replace(origin, via=via)

    def joined(*data: Any) -> str | Text:
        parts: list[Part | Text] = []
        for item in data:
            if item is not None:
                parts += [separator] if parts else []
                parts.append(item if isinstance(item, Hole) else _one_text(item))
        if text_size(parts) > MAX_TEXT:
            return Text((Hole(f"a text of more than {MAX_TEXT} characters and parts is not computed"),))
        return plain(without_dynamic_references(Text.of(*parts)))

    return apply(joined, *(Known(Hole(v.reason)) if isinstance(v, Unknown) else v for v in values), origin=origin)


def join_list(value: Value[Data], separator: str, origin: Origin | None) -> Value[Data]:
    """``Fn::Join`` over an evaluated list."""

    def joined(data: Data) -> Value[Data]:
        if not isinstance(data, List):
            return Unknown("Fn::Join is not given a list", origin)
        if data.more and not data.items:
            return Unknown(data.more[0].reason, origin)
        return join((*data.items, *data.more), separator, origin)

    return bind(joined, value)


def split(separator: str, value: Value[Data], origin: Origin | None) -> Value[Data]:
    """``Fn::Split``: what stands before the first symbolic part is certain, the rest may be more."""

    def parts(data: Data) -> Value[Data]:
        if data is None or isinstance(data, (List, Object)) or not separator:
            return Unknown("Fn::Split is not given text", origin)
        text = as_text(data)
        first = text.parts[0] if text.parts else ""
        pieces = first.split(separator) if isinstance(first, str) else []
        if text.literal is None:
            pieces = pieces[:-1]
            rest: tuple[Unknown, ...] = (Unknown(f"{shown(text)} is split at deployment", origin),)
        else:
            rest = ()
        if len(pieces) > MAX_PIECES:
            return Unknown(f"a text in more than {MAX_PIECES} pieces is not split", origin)
        return Known(List(tuple(Known(piece, origin) for piece in pieces), rest), origin)

    return bind(parts, value)


def select(index: Value[Data], value: Value[Data], origin: Origin | None) -> Value[Data]:
    """``Fn::Select``."""

    def selected(position: Data) -> Value[Data]:
        number = str(as_text(position))
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            return Unknown("Fn::Select has no index that is a number", origin)
        return bind(lambda data: _item(data, int(number), origin), value)

    return bind(selected, index)


def _item(data: Data, index: int, origin: Origin | None) -> Value[Data]:
    if not isinstance(data, List):
        return Unknown("Fn::Select is not given a list", origin)
    if index < len(data.items):
        return data.items[index]
    if data.more:
        return Unknown(data.more[0].reason, origin)
    return Unknown(f"Fn::Select index {index} is outside its list", origin)


def shown(data: object) -> str:
    """Text for people and for names of conditions: a hole shows as the input that is undecided."""
    if isinstance(data, Unknown):
        return subject(data.reason)
    if isinstance(data, OneOf):
        return data.condition
    if isinstance(data, Known):
        return shown(data.value)
    if isinstance(data, (List, Object)):
        return "a list" if isinstance(data, List) else "a mapping"
    text = as_text(data)
    if len(text.parts) == 1 and isinstance(text.parts[0], Hole):
        return subject(text.parts[0].reason)
    return "".join(
        p if isinstance(p, str) else f"${{{subject(p.reason)}}}" if isinstance(p, Hole) else str(Text((p,)))
        for p in text.parts
    )


def subject(reason: str) -> str:
    """The input that a reason is about: ``Env`` of ``parameter Env has no default``."""
    found = _SUBJECT.match(reason)
    return found["subject"] if found else reason


def _one_text(item: Any) -> Text | Hole:
    if isinstance(item, (List, Object)):
        return Hole(f"{shown(item)} is not text")
    return as_text(item)
