"""The syntax tree of HCL expressions and blocks, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from dynavet.records import dataclass
from dynavet.values import Origin


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | float | bool | None
    at: Origin


@dataclass(frozen=True, slots=True)
class Template:
    """A quoted string or heredoc; `text_at` is where the text of a heredoc starts."""

    parts: tuple[Expression | str, ...]
    at: Origin
    text_at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TemplateIf:
    condition: Expression
    then: Template
    otherwise: Template
    at: Origin


@dataclass(frozen=True, slots=True)
class ListExpression:
    items: tuple[Expression, ...]
    at: Origin


@dataclass(frozen=True, slots=True)
class ObjectExpression:
    """Items as (key, value); a bare identifier as key is a `Literal`."""

    items: tuple[tuple[Expression, Expression], ...]
    at: Origin


@dataclass(frozen=True, slots=True)
class For:
    """A `for` expression or, where `text` is true, a template ``%{ for }``.

    `key` is the key expression of an object result; `group` its ``...``.
    """

    names: tuple[str, ...]
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    group: bool
    at: Origin
    text: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: Origin


@dataclass(frozen=True, slots=True)
class Attribute:
    subject: Expression
    name: str
    at: Origin


@dataclass(frozen=True, slots=True)
class Index:
    subject: Expression
    key: Expression
    at: Origin


@dataclass(frozen=True, slots=True)
class Splat:
    """``subject[*].a.b`` or ``subject.*.a``; `each` is the path taken from every item.

    The path goes on behind an index and another splat, which is one of its steps, if `full`.
    """

    subject: Expression
    each: tuple[str | Expression, ...]
    at: Origin
    full: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Expression, ...]
    expand_last: bool
    at: Origin


@dataclass(frozen=True, slots=True)
class Operation:
    """One or two operands."""

    operator: str
    operands: tuple[Expression, ...]
    at: Origin


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expression
    then: Expression
    otherwise: Expression
    at: Origin


@dataclass(frozen=True, slots=True)
class Broken:
    """Text that is no expression; a problem of the file says so as well."""

    reason: str
    at: Origin


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression of which only the references that it reads are known, as in a plan.

    `reason` says why it has no value if they do not lead to one. A `literal` is its value,
    unless a reference is known to have the same. `document`: it is JSON text. `part`: what
    it refers to may be only a part of it.
    """

    references: tuple[Expression, ...]
    reason: str
    at: Origin
    literal: str | None = None
    document: bool = False
    part: bool = False


Expression: TypeAlias = (
    Literal
    | Template
    | TemplateIf
    | ListExpression
    | ObjectExpression
    | For
    | Name
    | Attribute
    | Index
    | Splat
    | Call
    | Operation
    | Conditional
    | Broken
    | Opaque
)


@dataclass(frozen=True, slots=True)
class Argument:
    """``name = value``; `at` covers both."""

    name: str
    value: Expression
    at: Origin


@dataclass(frozen=True, slots=True)
class Block:
    """`at` is the header, from the type to the last label."""

    type: str
    labels: tuple[str, ...]
    arguments: Mapping[str, Argument]
    blocks: tuple[Block, ...]
    at: Origin

    def of_type(self, name: str) -> list[Block]:
        return [block for block in self.blocks if block.type == name]
