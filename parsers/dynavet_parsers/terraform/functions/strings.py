"""String functions; they keep the literal parts of a symbolic text where those decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from dynavet.text import Hole, Reference, Text, as_text, plain
from dynavet.values import Known, List, Single, Unknown, Value, concatenate
from dynavet_parsers.terraform.data import EvaluationError, symbolic
from dynavet_parsers.terraform.functions.graphemes import graphemes
from dynavet_parsers.terraform.functions.signature import (
    MAX_ITEMS,
    NUMBER,
    STRING,
    TEXTS,
    Function,
    integer,
    known,
    limited,
)
from dynavet_parsers.terraform.types import ListValue

NEVER_IN_A_REFERENCE = frozenset(" ,;|\t\n\"'{}[]")
"""Characters that no name, id or ARN has."""


def parts_of(text: Any) -> tuple[Any, ...]:
    return text.parts if isinstance(text, Text) else (text,) if text else ()


def hole_of(part: Reference | Hole) -> Hole:
    """What a function makes of a part that it changes in an undecided way."""
    if isinstance(part, Hole):
        return part
    return Hole(symbolic(Text((part,)), None).reason)


def each_part(change: Callable[[str], str]) -> Function:
    """A function that changes every character for itself."""

    def run(values: list[Single[Any]]) -> Value[Any]:
        text = values[0]
        if isinstance(text, Unknown):
            return text
        parts = [change(p) if isinstance(p, str) else hole_of(p) for p in parts_of(text.value)]
        return Known(plain(Text.of(*parts)), text.origin)

    return Function(run, (STRING,), partial=True)


def _lower(text: str) -> str:
    return "".join("i" if c == "İ" else c.lower() for c in text)


def _upper(text: str) -> str:
    """Character by character: one that has no single capital stays."""
    return "".join(u if len(u := c.upper()) == 1 else c for c in text)


def _title(text: str) -> str:
    result, before = [], " "
    for character in text:
        result.append(_upper(character) if _separates(before) else character)
        before = character
    return "".join(result)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character.isspace() and not unicodedata.category(character).startswith(("L", "N"))


def trimmed(left: Callable[[str], str] | None, right: Callable[[str], str] | None) -> Function:
    """A function that takes characters away at the ends of a text."""

    def run(values: list[Single[Any]]) -> Value[Any]:
        text = values[0]
        if isinstance(text, Unknown):
            return text
        parts = list(parts_of(text.value))
        if left is not None and parts and isinstance(parts[0], str):
            parts[0] = left(parts[0])
        if right is not None and parts and isinstance(parts[-1], str):
            parts[-1] = right(parts[-1])
        return Known(plain(Text.of(*parts)), text.origin)

    return Function(run, (STRING,), partial=True)


_SPACES = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def _affix(at_end: bool) -> Function:
    """``trimprefix`` and ``trimsuffix``."""

    def run(values: list[Single[Any]]) -> Value[Any]:
        text, affix = values
        if isinstance(text, Unknown) or isinstance(affix, Unknown):
            return text if isinstance(text, Unknown) else affix
        found = _has_affix(text.value, affix.value, at_end)
        if isinstance(found, Unknown):
            return found
        if not found:
            return text
        parts, size = list(parts_of(text.value)), len(affix.value)
        if at_end and size:
            parts[-1] = parts[-1][:-size]
        elif size:
            parts[0] = parts[0][size:]
        return Known(plain(Text.of(*parts)), text.origin)

    return Function(run, (STRING, STRING), partial=True)


def _has_affix(text: Any, affix: Any, at_end: bool) -> bool | Unknown:
    """Whether a text begins or ends with another, if its literal parts decide it."""
    if isinstance(affix, Text) and affix.literal is None:
        return symbolic(affix, None)
    wanted = as_text(affix).literal or ""
    parts = parts_of(text)
    if len(parts) < 2 and all(isinstance(p, str) for p in parts):
        whole = parts[0] if parts else ""
        return bool(whole.endswith(wanted) if at_end else whole.startswith(wanted))
    edge = _edge(parts[-1] if at_end else parts[0], at_end)
    shared = min(len(edge), len(wanted))
    if at_end and edge[len(edge) - shared :] != wanted[len(wanted) - shared :]:
        return False
    if not at_end and edge[:shared] != wanted[:shared]:
        return False
    return True if shared == len(wanted) else symbolic(text, None)


def _edge(part: Any, at_end: bool) -> str:
    """The literal text at an end: of a reference, that of its shape."""
    if isinstance(part, str):
        return part
    if isinstance(part, Reference) and not at_end:
        return re.split(r"[*?]", part.shape, maxsplit=1)[0]
    return ""


def _ask_affix(at_end: bool) -> Function:
    def run(values: list[Single[Any]]) -> Value[Any]:
        answer = _has_affix(known(values[0]), known(values[1]), at_end)
        return answer if isinstance(answer, Unknown) else Known(answer)

    return Function(run, (STRING, STRING), partial=True)


def _contains(values: list[Single[Any]]) -> Value[Any]:
    text, wanted = map(known, values)
    if isinstance(wanted, Text) and wanted.literal is None:
        return symbolic(wanted, None)
    literal = as_text(wanted).literal or ""
    parts = parts_of(text)
    if any(isinstance(p, str) and literal in p for p in parts) or not literal:
        return Known(True)
    return Known(False) if all(isinstance(p, str) for p in parts) else symbolic(text, None)


def _split(values: list[Single[Any]]) -> Value[Any]:
    separator, text = known(values[0]), known(values[1])
    if not isinstance(separator, str):
        return symbolic(separator, None)
    parts, origin = parts_of(text), values[1].origin
    if not separator:
        if all(isinstance(p, str) for p in parts):
            pieces = list(parts[0]) if parts else []
            limited(len(pieces), 10 * MAX_ITEMS)
            return _texts([Known(piece, origin) for piece in pieces])
        return symbolic(text, None)
    limited(sum(p.count(separator) for p in parts if isinstance(p, str)), 10 * MAX_ITEMS)
    decided: list[Value[Any]] = []
    doubts: list[Unknown] = []
    for each in _pieces(parts, separator):
        if _may_split(each, separator):
            doubts.append(symbolic(each, None))
        else:
            decided.append(Known(plain(each), origin))
    return _texts(decided, tuple(doubts))


def _texts(items: list[Value[Any]], more: tuple[Unknown, ...] = ()) -> Value[Any]:
    return Known(ListValue(tuple(items), more, of=STRING))


def _pieces(parts: tuple[Any, ...], separator: str) -> list[Text]:
    pieces: list[list[Any]] = [[]]
    for part in parts:
        first, *others = part.split(separator) if isinstance(part, str) else (part,)
        pieces[-1].append(first)
        pieces += [[other] for other in others]
    return [Text.of(*piece) for piece in pieces]


def _may_split(piece: Text, separator: str) -> bool:
    if len(piece.parts) > 1 and len(separator) > 1:
        return True  # a part and its neighbour may make a separator together
    if piece.holes:
        return True
    return bool(piece.references) and separator not in NEVER_IN_A_REFERENCE


def _join(values: list[Single[Any]]) -> Value[Any]:
    """``join(separator, list…)`` keeps symbolic items."""
    separator = values[0]
    items: list[Value[Any]] = []
    for each in values[1:]:
        if isinstance(each, Unknown):
            items.append(each)
        elif isinstance(each.value, List):
            unordered = not getattr(each.value, "ordered", True)
            if unordered:
                return Unknown("the order of a set is undecided", each.origin)
            items += (*each.value.items, *each.value.more)
    if any(isinstance(item, Known) and item.value is None for item in items):
        raise EvaluationError("an item is null")
    parts: list[Value[Any]] = []
    for item in items:
        parts += [separator, item] if parts else [item]
    return glued(parts)


def glued(parts: list[Value[Any]]) -> Value[Any]:
    """Texts after one another. Raises `NotPlain` for a longer one than is computed."""
    limited(sum(len(p.value) for p in parts if isinstance(p, Known) and isinstance(p.value, str)))
    return concatenate([Known(""), *parts])


def _indent(values: list[Single[Any]]) -> Value[Any]:
    spaces, text = values
    if isinstance(spaces, Unknown) or isinstance(text, Unknown):
        return spaces if isinstance(spaces, Unknown) else text
    width = integer(spaces.value)
    if width < 0:
        raise EvaluationError("indent() by less than nothing")
    parts = parts_of(text.value)
    limited(sum(len(p) + p.count("\n") * width for p in parts if isinstance(p, str)))
    margin = "\n" + " " * width if any(isinstance(p, str) and "\n" in p for p in parts) else ""
    changed = [p.replace("\n", margin) if isinstance(p, str) else p for p in parts]
    return Known(plain(Text.of(*changed)), text.origin)


def _substr(text: str, offset: Any, length: Any) -> str:
    pieces = graphemes(text)
    start, size = integer(offset), integer(length)
    if start < 0:
        start = max(0, len(pieces) + start)
        size = size or -1  # Terraform takes no length for all of it here
    return "".join(pieces[start:] if size < 0 else pieces[start : start + size])


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


FUNCTIONS: dict[str, Function] = {
    "chomp": trimmed(None, _chomp),
    "endswith": _ask_affix(True),
    "indent": Function(_indent, (NUMBER, STRING), partial=True),
    "join": Function(_join, (STRING,), rest=TEXTS, at_least=1, partial=True),
    "lower": each_part(_lower),
    "split": Function(_split, (STRING, STRING), partial=True),
    "startswith": _ask_affix(False),
    "strcontains": Function(_contains, (STRING, STRING), partial=True),
    "strrev": Function(lambda text: "".join(reversed(graphemes(text))), (STRING,)),
    "substr": Function(_substr, (STRING, NUMBER, NUMBER)),
    "title": Function(_title, (STRING,)),
    "trim": Function(lambda text, characters: text.strip(characters) if characters else text, (STRING, STRING)),
    "trimprefix": _affix(False),
    "trimspace": trimmed(lambda text: text.lstrip(_SPACES), lambda text: text.rstrip(_SPACES)),
    "trimsuffix": _affix(True),
    "upper": each_part(_upper),
}
