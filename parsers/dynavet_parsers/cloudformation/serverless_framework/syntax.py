"""The syntax of the framework's variables: text as literal parts and variables with their sources.

https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from dynavet.records import dataclass
from dynavet.regexes import regex

OPENING = "${"
MAX_NESTING = 8
"""Variables written inside of one another deeper than this are left as they are."""

_TYPE = regex(r"[a-z][a-zA-Z0-9]*(?=[:(])")
_NUMBER = regex(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
_PLAIN = regex(r"[^,})$]+")
_WORDS = {"true": True, "false": False, "null": None}
_OF_POLICIES = frozenset(("aws", "ec2", "iam", "iot", "kms", "redshift", "saml", "sts", "transfer"))
_AWS = regex(r"aws:\s*(?:accountId|region)\s*[,}]")


@dataclass(frozen=True, slots=True)
class Source:
    """``type(params):address``; the address is `None` if there is none."""

    type: str
    params: tuple[Parts, ...]
    address: Parts | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written in a variable in the place of a source."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """What stands in ``${...}``, as `text`: the sources that are asked one after the other."""

    text: str
    sources: tuple[Source | Literal, ...]


Parts: TypeAlias = "tuple[str | Variable, ...]"


def parse(text: str) -> Parts:
    """The parts of a text. What is no variable of the framework, such as ``${AWS::Region}``, is literal.

    >>> parse("a-${self:b.c, 'd'}")
    ('a-', Variable(text="${self:b.c, 'd'}", sources=(Source(type='self', params=(), address=('b.c',)), \
Literal(value='d'))))
    """
    parts: list[str | Variable] = []
    literal: list[str] = []
    at = 0
    while (start := text.find(OPENING, at)) >= 0:
        before = text[at:start]
        slashes = len(before) - len(before.rstrip("\\"))
        literal.append(before[: len(before) - slashes] + "\\" * (slashes // 2))
        found = _Reader(text, start).variable(0) if slashes % 2 == 0 else None
        if found is None:
            literal.append(OPENING)
            at = start + len(OPENING)
            continue
        parts += [joined, found] if (joined := "".join(literal)) else [found]
        literal, at = [], start + len(found.text)
    joined = "".join([*literal, text[at:]])
    return (*parts, joined) if joined else tuple(parts)


class _Mistake(Exception):
    """The text is no variable of the framework."""


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.at = start

    def variable(self, depth: int) -> Variable | None:
        try:
            return self._variable(depth)
        except _Mistake:
            return None

    def _variable(self, depth: int) -> Variable:
        start = self.at
        if depth > MAX_NESTING:
            raise _Mistake
        self.at += len(OPENING)
        sources = list(self._sources(depth))
        return Variable(self.text[start : self.at], tuple(sources))

    def _sources(self, depth: int) -> Iterator[Source | Literal]:
        first = True
        while True:
            if not first:
                self._skip()
            yield self._source(depth, first)
            first = False
            self._skip()
            if self._take() == "}":
                return

    def _source(self, depth: int, first: bool) -> Source | Literal:
        found = _TYPE.match(self.text, self.at)
        if found is None or self.text.startswith("::", found.end()):
            if first:
                raise _Mistake
            return self._literal()
        if found[0] in _OF_POLICIES and _AWS.match(self.text, self.at) is None:
            raise _Mistake
        self.at = found.end()
        params = tuple(self._params(depth)) if self._peek() == "(" else ()
        self._skip()
        address: Parts | None = None
        if self._peek() == ":":
            self.at += 1
            address = self._text(depth, ",}") or None
        return Source(found[0], params, address)

    def _params(self, depth: int) -> Iterator[Parts]:
        self.at += 1
        while True:
            yield self._text(depth, ",)")
            if self._take() == ")":
                return

    def _text(self, depth: int, ends: str) -> Parts:
        """Text up to one of `ends`, quoted or not, with the variables in it."""
        self._skip()
        if self._peek() in ("'", '"'):
            quoted = self._quoted()
            self._skip()
            if self._peek() not in ends:
                raise _Mistake
            return (quoted,) if quoted else ()
        parts: list[str | Variable] = []
        literal = ""
        while (char := self._peek()) not in ends:
            if self.text.startswith(OPENING, self.at):
                parts += [literal, self._variable(depth + 1)] if literal else [self._variable(depth + 1)]
                literal = ""
            else:
                end = _PLAIN.match(self.text, self.at + 1)
                start, self.at = self.at, end.end() if end is not None else self.at + 1
                literal += char + self.text[start + 1 : self.at]
        literal = literal.rstrip() if parts else literal.strip()
        return (*parts, literal) if literal else tuple(parts)

    def _literal(self) -> Literal:
        if self._peek() in ("'", '"'):
            return Literal(self._quoted())
        end = self.at
        while end < len(self.text) and self.text[end] not in ",}":
            end += 1
        word, self.at = self.text[self.at : end].strip(), end
        if word in _WORDS:
            return Literal(_WORDS[word])
        if _NUMBER.fullmatch(word) is None or len(word) > 100:
            raise _Mistake
        return Literal(float(word) if "." in word else int(word))

    def _quoted(self) -> str:
        quote = self._take()
        start = self.at
        while (char := self._take()) != quote:
            if char == "\\" and quote == '"':
                self._take()
        inner = self.text[start : self.at - 1]
        if quote == "'":
            return inner
        try:
            decoded = json.loads(f'"{inner}"', strict=False)
        except ValueError as error:
            raise _Mistake from error
        return str(decoded)

    def _skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _peek(self) -> str:
        if self.at >= len(self.text):
            raise _Mistake
        return self.text[self.at]

    def _take(self) -> str:
        char = self._peek()
        self.at += 1
        return char
