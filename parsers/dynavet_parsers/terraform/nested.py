"""Nested blocks that are written as arguments: all of them in the JSON syntax, some in HCL.

Only who reads a block knows which of its arguments are blocks. The exceptions, which mean the
same in every block, are made blocks at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dynavet.values import Origin
from dynavet_parsers.terraform.expressions import (
    Argument,
    Block,
    Expression,
    ListExpression,
    Literal,
    ObjectExpression,
)

COMMENT = "//"
"""The key of a comment in an object that stands for a block."""

_EVERYWHERE = {"dynamic": 1, "lifecycle": 0}
"""Blocks of every block's, and how many labels they have."""


def block_of(type_: str, labels: tuple[str, ...], arguments: Mapping[str, Argument], at: Origin) -> Block:
    """A block of the JSON syntax."""
    blocks = tuple(
        block
        for name, count in _EVERYWHERE.items()
        if name in arguments
        for block in as_blocks(arguments[name].value, name, count)
    )
    kept = {name: argument for name, argument in arguments.items() if name not in (COMMENT, *_EVERYWHERE)}
    return Block(type_, labels, kept, blocks, at)


def as_blocks(expression: Expression, type_: str, remaining: int = 0, labels: tuple[str, ...] = ()) -> Iterator[Block]:
    """The blocks that an object, or a list of objects at any level of its labels, stands for."""
    if isinstance(expression, ListExpression):
        for item in expression.items:
            yield from as_blocks(item, type_, remaining, labels)
    elif isinstance(expression, ObjectExpression):
        members = [(str(key.value), value) for key, value in expression.items if isinstance(key, Literal)]
        if remaining:
            for label, value in members:
                if label != COMMENT:
                    yield from as_blocks(value, type_, remaining - 1, (*labels, label))
        else:
            arguments = {name: Argument(name, value, value.at) for name, value in members}
            yield block_of(type_, labels, arguments, expression.at)
