"""JSON text with symbolic parts, as JSON text: each part stands as one private-use character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Hole, Reference, Text
from dynavet.values import Origin, Unknown
from dynavet_parsers.iam_json.json_source import ATOM_FIRST, ATOM_LAST

_ATOM = regex(f"([{chr(ATOM_FIRST)}-{chr(ATOM_LAST)}])")


@dataclass(frozen=True, slots=True)
class Symbols:
    """What each stand-in character means."""

    parts: Mapping[str, Reference | Hole] = field(default_factory=dict)

    def occurs_in(self, string: str) -> bool:
        return bool(self.parts) and not string.isascii() and any(character in self.parts for character in string)

    def text(self, string: str) -> Text:
        """The string with its stand-ins turned back.

        >>> Symbols().text("a").parts
        ('a',)
        """
        if not self.occurs_in(string):
            return Text.of(string)
        return Text.of(*(self.parts.get(piece, piece) for piece in _ATOM.split(string)))

    def atom(self, run: str, origin: Origin) -> Unknown | None:
        """See `unknown`; `None` for a piece of JSON in which all characters stand for themselves."""
        return self.unknown(run, origin) if self.occurs_in(run) else None

    def unknown(self, run: str, origin: Origin) -> Unknown:
        """What a piece of JSON that holds stand-ins leaves undecided."""
        part = next(self.parts[character] for character in run if character in self.parts)
        if isinstance(part, Hole):
            return Unknown(part.reason, origin)
        return Unknown(f"{part.target}.{part.attribute} stands where a JSON value belongs", origin)


def with_stand_ins(text: Text) -> tuple[str, Symbols] | None:
    """The text as a string, and what its stand-ins mean; `None` if there are more parts than characters."""
    literal = "".join(part for part in text.parts if isinstance(part, str))
    taken = set() if literal.isascii() else set(literal)
    free = (chr(code) for code in range(ATOM_FIRST, ATOM_LAST + 1) if chr(code) not in taken)
    pieces: list[str] = []
    parts: dict[str, Reference | Hole] = {}
    for part in text.parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        stand_in = next(free, None)
        if stand_in is None:
            return None
        parts[stand_in] = part
        pieces.append(stand_in)
    return "".join(pieces), Symbols(parts)
