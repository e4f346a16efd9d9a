"""Terraform's JSON syntax to the same blocks as HCL.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from typing import Any

from dynavet.records import dataclass
from dynavet.values import Known, List, Object, Origin, Value
from dynavet_parsers.iam_json.json_source import JsonError, Repeated, parse_json
from dynavet_parsers.terraform.expressions import (
    Argument,
    Block,
    Broken,
    Expression,
    ListExpression,
    Literal,
    ObjectExpression,
)
from dynavet_parsers.terraform.nested import COMMENT, block_of
from dynavet_parsers.terraform.syntax import HclError, parse_expression, parse_template

_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0}
_LITERAL = {("variable", "default"), ("module", "source"), ("module", "version"), ("provider", "alias")}
"""Arguments of top-level blocks in which nothing is interpolated."""


def parse_json_body(text: str, path: str) -> tuple[Block, list[HclError]]:
    """The file's body as a block without type, and the expressions in it that cannot be parsed.

    Raises `HclError` for what is not JSON, and for JSON that is no body.
    """
    document = _document(text, path, _both)
    if not isinstance(document, Known) or not isinstance(document.value, (List, Object)):
        place = _place(document)
        raise HclError("expected an object or a list of objects", place.line, place.column)
    reader = _Reader()
    blocks: list[Block] = []
    for type_, value in reader.members(document):
        count = _LABELS.get(type_)
        if count is not None:
            blocks += reader.blocks(type_, (), value, count)
    return Block("", (), {}, tuple(blocks), _place(document)), reader.problems


def parse_json_values(text: str, path: str) -> Block:
    """A file of values of variables: text is text, nothing in it is interpolated. Raises `HclError`."""
    document = _document(text, path, _twice)
    if not isinstance(document, Known) or not isinstance(document.value, Object):
        place = _place(document)
        raise HclError("expected an object with the values of variables", place.line, place.column)
    return Block("", (), dict(_Reader().arguments(document, literal=True)), (), _place(document))


def _document(text: str, path: str, repeated: Repeated) -> Value[Any]:
    try:
        return parse_json(text, path, repeated=repeated)
    except JsonError as error:
        raise HclError(error.message, error.line, error.column) from error


def _both(earlier: Value[Any], later: Value[Any]) -> Value[Any]:
    """A key that stands twice: blocks of both, as if they stood in a list."""
    return Known(List((earlier, later)), earlier.origin)


def _twice(earlier: Value[Any], later: Value[Any]) -> Value[Any]:
    place = _place(later)
    raise HclError(f"this key is set twice, first in line {_place(earlier).line}", place.line, place.column)


@dataclass(slots=True)
class _Reader:
    """Reads one file, and notes what is wrong in it."""

    problems: list[HclError] = field(default_factory=list)

    def members(self, value: Value[Any]) -> Iterator[tuple[str, Value[Any]]]:
        """Keys and values of an object, or of every object in a list."""
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            for item in data.items:
                yield from self.members(item)
        elif isinstance(data, Object):
            yield from ((key, item) for key, item in data.entries.items() if key != COMMENT)
        elif data is not None:
            self.wrong(f"expected an object or a list of objects, found {_short(data)}", _place(value))

    def blocks(self, type_: str, labels: tuple[str, ...], value: Value[Any], remaining: int) -> Iterator[Block]:
        if remaining:
            for label, inner in self.members(value):
                yield from self.blocks(type_, (*labels, label), inner, remaining - 1)
        elif isinstance(value, Known) and isinstance(value.value, List):
            for item in value.value.items:
                yield from self.blocks(type_, labels, item, 0)
        else:
            place = _place(value)
            header = replace(place, end_line=place.line, end_column=place.column + 1)
            yield block_of(type_, labels, dict(self.arguments(value, type_)), header)

    def arguments(self, value: Value[Any], type_: str = "", *, literal: bool = False) -> Iterator[tuple[str, Argument]]:
        """The members as arguments; nested blocks are among them."""
        for key, item in self.members(value):
            if (type_, key) == ("variable", "type"):
                expression = self.type(item)
            else:
                expression = self.expression(item, literal=literal or (type_, key) in _LITERAL)
            yield key, Argument(key, expression, _place(item))

    def type(self, value: Value[Any]) -> Expression:
        """A variable's type is an expression in a string."""
        at = _place(value)
        text = value.value if isinstance(value, Known) else None
        if not isinstance(text, str):
            return self.broken("expected a type in a string", at)
        try:
            return parse_expression(text, at.path, at)
        except HclError:
            return self.broken(f"expected a type, found {_short(text)}", at)

    def expression(self, value: Value[Any], *, literal: bool) -> Expression:
        """A JSON value as an expression; a string is a template, unless everything is `literal`."""
        at = _place(value)
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            return ListExpression(tuple(self.expression(item, literal=literal) for item in data.items), at)
        if isinstance(data, Object):
            members = (
                (self.string(key, data.keys.get(key, at), literal=literal), self.expression(item, literal=literal))
                for key, item in data.entries.items()
            )
            return ObjectExpression(tuple(members), at)
        return self.string(data, at, literal=literal) if isinstance(data, str) else Literal(data, at)

    def string(self, text: str, at: Origin, *, literal: bool) -> Expression:
        if literal or ("${" not in text and "%{" not in text):
            return Literal(text, at)
        try:
            return parse_template(text, at)
        except HclError:
            return self.broken(f"expected a template with an expression in each ${{…}}, found {_short(text)}", at)

    def broken(self, message: str, at: Origin) -> Expression:
        self.wrong(message, at)
        return Broken(f"{at.path}:{at.line}: {message}", at)

    def wrong(self, message: str, at: Origin) -> None:
        self.problems.append(HclError(message, at.line, at.column))


def _place(value: Value[Any]) -> Origin:
    return value.origin if value.origin is not None else Origin("", 1, 1, 1, 1)


def _short(data: Any) -> str:
    return repr(data if not isinstance(data, str) else data[:40])
