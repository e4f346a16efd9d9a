"""Terraform's JSON syntax to the same blocks as HCL.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynavet.values import Known, List, Object, Origin, Value
from dynavet_parsers.iam_json.json_source import JsonError, parse_json
from dynavet_parsers.terraform.expressions import (
    Argument,
    Block,
    Expression,
    ListExpression,
    Literal,
    Name,
    ObjectExpression,
    Template,
)
from dynavet_parsers.terraform.syntax import HclError, parse_expression

_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0}
_COMMENT = "//"


def parse_json_body(text: str, path: str) -> Block:
    """The file's body as a block without type. Raises `HclError`."""
    try:
        document = parse_json(text, path)
    except JsonError as error:
        raise HclError(error.message, error.line, error.column) from error
    blocks: list[Block] = []
    for type_, value in _members(document):
        count = _LABELS.get(type_)
        if count is not None:
            blocks += _blocks(type_, (), value, count)
    return Block("", (), {}, tuple(blocks), _place(document))


def _members(value: Value[Any]) -> Iterator[tuple[str, Value[Any]]]:
    """Keys and values of an object, or of every object in a list."""
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List):
        for item in data.items:
            yield from _members(item)
    elif isinstance(data, Object):
        yield from ((key, item) for key, item in data.entries.items() if key != _COMMENT)


def _blocks(type_: str, labels: tuple[str, ...], value: Value[Any], remaining: int) -> Iterator[Block]:
    if remaining:
        for label, inner in _members(value):
            yield from _blocks(type_, (*labels, label), inner, remaining - 1)
    else:
        bodies = value.value.items if isinstance(value, Known) and isinstance(value.value, List) else (value,)
        for body in bodies:
            yield _block(type_, labels, body)


def _block(type_: str, labels: tuple[str, ...], value: Value[Any]) -> Block:
    """Nested blocks stay arguments here: only who reads them knows that they are blocks."""
    place = _place(value)
    header = Origin(place.path, place.line, place.column, place.line, place.column + 1)
    declaration = type_ == "variable"
    arguments = {
        key: Argument(key, _type(item) if declaration and key == "type" else _expression(item), _place(item))
        for key, item in _members(value)
    }
    return Block(type_, labels, arguments, (), header)


def _type(value: Value[Any]) -> Expression:
    """A variable's type is an expression in a string."""
    return _parsed(str(value.value), _place(value)) if isinstance(value, Known) else Literal(None, _place(value))


def _expression(value: Value[Any]) -> Expression:
    """A JSON value as an expression; a string is a template."""
    at = _place(value)
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List):
        return ListExpression(tuple(_expression(item) for item in data.items), at)
    if isinstance(data, Object):
        members = ((_string(key, data.keys.get(key, at)), _expression(item)) for key, item in _members(value))
        return ObjectExpression(tuple(members), at)
    return _string(data, at) if isinstance(data, str) else Literal(data, at)


def _string(text: str, at: Origin) -> Expression:
    if "${" not in text and "%{" not in text:
        return Literal(text, at)
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    quoted = _quotes_outside(escaped)
    parsed = _parsed(f'"{quoted}"', at)
    return Template(parsed.parts, at) if isinstance(parsed, Template) else parsed


def _quotes_outside(text: str) -> str:
    """Escape the quotes that are not inside an interpolation."""
    result, depth = [], 0
    for position, character in enumerate(text):
        if character == "{" and (depth or text[position - 1 : position] in ("$", "%")):
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        result.append("\\" + character if character == '"' and not depth else character)
    return "".join(result)


def _parsed(text: str, at: Origin) -> Expression:
    try:
        return parse_expression(text, at.path)
    except HclError:
        return Name("an expression that cannot be parsed", at)


def _place(value: Value[Any]) -> Origin:
    return value.origin if value.origin is not None else Origin("", 1, 1, 1, 1)
