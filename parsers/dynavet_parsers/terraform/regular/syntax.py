"""The text of a regular expression to its parts."""

from __future__ import annotations

import re
from dataclasses import field

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.numeric import undecided
from dynavet_parsers.terraform.regular.nodes import Boundary, Choice, Class, Group, Node, Repeat, Sequence

MAX_PATTERN = 2_000
MAX_DEPTH = 100
MAX_REPEAT = 1000
"""RE2's own limit for ``{n,m}``."""

_END = 0x10FFFF
_PERL = {
    "d": ((48, 57),),
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_POSIX = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _PERL["w"],
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ESCAPES = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_COUNTED = regex(r"\{(\d{1,6})(,(\d{0,6}))?\}")
_NAMED = regex(r"\(\?P?<([A-Za-z0-9_]+)>")
_FLAGS = regex(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_CATEGORY = regex(r"(\^?)(?:([A-Z])|\{(\^?)([A-Za-z_]+)\})")
_CATEGORIES = {"L", "M", "N", "P", "S", "Z", "C", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No"}


def parse(pattern: str) -> tuple[Node, list[str | None]]:
    """The expression, and the name of each group, if it has one.

    Raises `EvaluationError` for what RE2 does not accept.
    """
    if len(pattern) > MAX_PATTERN:
        raise undecided(f"a pattern of more than {MAX_PATTERN} characters is not computed")
    parser = _Parser(pattern)
    node = parser.choice(0)
    if parser.position < len(pattern):
        raise parser.error("unexpected )")
    return node, parser.names


@dataclass(slots=True)
class _Parser:
    pattern: str
    position: int = 0
    flags: frozenset[str] = frozenset()
    names: list[str | None] = field(default_factory=list)

    def error(self, message: str) -> EvaluationError:
        return EvaluationError(f"pattern {self.pattern[:60]!r}: {message}")

    def _at(self, text: str) -> bool:
        return self.pattern.startswith(text, self.position)

    def _next(self) -> str:
        if self.position >= len(self.pattern):
            raise self.error("ends too early")
        self.position += 1
        return self.pattern[self.position - 1]

    # ------------------------------------------------------------ structure

    def choice(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise undecided(f"a pattern nested deeper than {MAX_DEPTH} is not computed")
        outer = self.flags
        parts = [self._sequence(depth)]
        while self._at("|"):
            self.position += 1
            parts.append(self._sequence(depth))
        self.flags = outer
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        repeated = False
        while self.position < len(self.pattern) and self.pattern[self.position] not in "|)":
            count = self._repetition()
            if count is None:
                parts += self._atom(depth)
                repeated = False
                continue
            if not parts or repeated:
                raise self.error("nothing to repeat")
            least, most, greedy = count
            parts[-1] = Repeat(parts[-1], least, most, greedy)
            repeated = True
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repetition(self) -> tuple[int, int | None, bool] | None:
        character = self.pattern[self.position]
        if character in "*+?":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[character]
            self.position += 1
        else:
            match = _COUNTED.match(self.pattern, self.position)
            if match is None:
                return None
            least = int(match[1])
            most = least if match[2] is None else int(match[3]) if match[3] else None
            if least > MAX_REPEAT or (most is not None and (most > MAX_REPEAT or most < least)):
                raise self.error("invalid repeat count")
            self.position = match.end()
        lazy = self._at("?")
        self.position += lazy
        return least, most, lazy is ("U" in self.flags)

    def _atom(self, depth: int) -> list[Node]:
        character = self._next()
        if character == "(":
            return self._group(depth)
        if character == "[":
            return [self._class()]
        if character == ".":
            return [Class(((0, _END),) if "s" in self.flags else ((0, 9), (11, _END)))]
        if character == "^":
            return [Boundary("line start" if "m" in self.flags else "start")]
        if character == "$":
            return [Boundary("line end" if "m" in self.flags else "end")]
        if character == "\\":
            return self._escape()
        return [self._literal(ord(character))]

    def _literal(self, code: int) -> Class:
        return Class(((code, code),), fold="i" in self.flags)

    def _group(self, depth: int) -> list[Node]:
        start = self.position - 1
        named = _NAMED.match(self.pattern, start)
        flags = _FLAGS.match(self.pattern, start)
        if flags is not None and (flags[1] or flags[2] or flags[3] == ":"):
            return self._flagged(flags, depth)
        if named is None and self._at("?"):
            raise self.error("invalid group")
        name = named[1] if named is not None else None
        if name is not None and name in self.names:
            raise self.error(f"two groups are named {name}")
        self.names.append(name)
        number = len(self.names)
        if named is not None:
            self.position = named.end()
        return [Group(self._closed(depth), number)]

    def _flagged(self, match: re.Match[str], depth: int) -> list[Node]:
        outer = self.flags
        self.position = match.end()
        self.flags = (outer | set(match[1])) - set(match[2] or "")
        if match[3] == ")":
            return []
        node = self._closed(depth)
        self.flags = outer
        return [node]

    def _closed(self, depth: int) -> Node:
        node = self.choice(depth + 1)
        if not self._at(")"):
            raise self.error("missing )")
        self.position += 1
        return node

    # ------------------------------------------------------------ characters

    def _escape(self) -> list[Node]:
        character = self._next()
        boundary = {"A": "start", "z": "end", "b": "word", "B": "no word"}.get(character)
        if boundary is not None:
            return [Boundary(boundary)]
        if character == "Q":
            end = self.pattern.find("\\E", self.position)
            quoted = self.pattern[self.position : end if end >= 0 else len(self.pattern)]
            self.position += len(quoted) + (2 if end >= 0 else 0)
            return [self._literal(ord(each)) for each in quoted]
        found = self._shorthand(character)
        return [found if found is not None else self._literal(self._code(character))]

    def _shorthand(self, character: str) -> Class | None:
        """``\\d``, ``\\W``, ``\\pL`` … after the backslash."""
        if character.lower() in _PERL:
            return Class(_PERL[character.lower()], negated=character.isupper(), fold="i" in self.flags)
        if character not in "pP":
            return None
        match = _CATEGORY.match(self.pattern, self.position)
        name = (match[2] or match[4]) if match is not None else ""
        if match is None or match[1] or not name:
            raise self.error("invalid character class")
        self.position = match.end()
        if name == "Any":
            return Class(((0, _END),), negated=(character == "P") is not bool(match[3]))
        if name not in _CATEGORIES:
            raise undecided(f"the character class {name} is not computed")
        if "i" in self.flags:
            raise undecided("a Unicode class that ignores case is not computed")
        return Class(categories=((name, False),), negated=(character == "P") is not bool(match[3]))

    def _code(self, character: str) -> int:
        """The code point that an escape means, after its first character."""
        if character in "01234567":
            digits = re.compile(r"[0-7]{0,2}").match(self.pattern, self.position)
            text = digits[0] if digits is not None else ""
            if character != "0" and not text:
                raise self.error("a reference to a group")
            self.position += len(text)
            return int(character + text, 8)
        if character == "x":
            match = re.compile(r"([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\}").match(self.pattern, self.position)
            code = int(match[1] or match[2], 16) if match is not None else _END + 1
            if match is None or code > _END:
                raise self.error("invalid escape")
            self.position = match.end()
            return code
        if character in _ESCAPES:
            return _ESCAPES[character]
        if not character.isascii() or character.isalnum():
            raise self.error(f"invalid escape \\{character}")
        return ord(character)

    def _class(self) -> Class:
        negated = self._at("^")
        self.position += negated
        ranges: list[tuple[int, int]] = []
        inner: list[Class] = []
        first = True
        while first or not self._at("]"):
            first = False
            found = self._class_shorthand()
            if found is not None:
                inner.append(found)
                continue
            low = self._class_code()
            high = low
            if self._at("-") and not self._at("-]"):
                self.position += 1
                high = self._class_code()
                if high < low:
                    raise self.error("invalid range")
            ranges.append((low, high))
        self.position += 1
        return Class(tuple(ranges), negated=negated, fold="i" in self.flags, inner=tuple(inner))

    def _class_shorthand(self) -> Class | None:
        if self._at("[:"):
            match = re.compile(r"\[:(\^?)([a-z]+):\]").match(self.pattern, self.position)
            if match is not None:
                if match[2] not in _POSIX:
                    raise self.error("invalid character class")
                self.position = match.end()
                return Class(_POSIX[match[2]], negated=bool(match[1]), fold="i" in self.flags)
        if self._at("\\") and self.pattern[self.position + 1 : self.position + 2] in tuple("dDsSwWpP"):
            self.position += 2
            return self._shorthand(self.pattern[self.position - 1])
        return None

    def _class_code(self) -> int:
        character = self._next()
        return self._code(self._next()) if character == "\\" else ord(character)
