"""Syntax nodes of tree-sitter to expressions."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from dynavet.values import Origin
from dynavet_parsers.terraform.expressions import (
    Attribute,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    ListExpression,
    Literal,
    Name,
    ObjectExpression,
    Operation,
    Splat,
    Template,
    TemplateIf,
)
from dynavet_parsers.terraform.template_text import dedent, unescape, unescape_heredoc

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_STEPS = 200
"""More attributes of attributes than this are nested too deeply."""

_TEMPLATE_MARKS = {"template_directive_start", "template_directive_end", "strip_marker"}


class Converter:
    """Turns the nodes of one file into expressions with places.

    With `place`, everything stands there: what is parsed is a text within a file.
    """

    def __init__(self, source: bytes, path: str, place: Origin | None = None) -> None:
        self._source = source
        self._path = path
        self._place = place
        self._ascii = source.isascii()
        self._lines: list[bytes] | None = None

    # ------------------------------------------------------------ places

    def text(self, node: Node) -> str:
        return self._slice(node.start_byte, node.end_byte)

    def _slice(self, start: int, end: int) -> str:
        return self._source[start:end].decode("utf-8", "replace")

    def at(self, node: Node) -> Origin:
        return self.span(node, node)

    def span(self, first: Node, last: Node) -> Origin:
        if self._place is not None:
            return self._place
        (line, column), (end_line, end_column) = first.start_point, last.end_point
        return Origin(
            self._path, line + 1, self._column(line, column), end_line + 1, self._column(end_line, end_column)
        )

    def _column(self, line: int, byte: int) -> int:
        """One-based column in characters; tree-sitter counts bytes."""
        if self._ascii:
            return byte + 1
        if self._lines is None:
            self._lines = self._source.split(b"\n")
        return len(self._lines[line][:byte].decode("utf-8", "replace")) + 1

    # ------------------------------------------------------------ expressions

    def expression(self, node: Node) -> Expression:
        """An ``expression`` node, or what stands inside one."""
        if node.type in ("expression", "operation"):
            return self._chain(node)
        convert = _CONVERSIONS.get(node.type)
        if convert is None:
            return self._chain(node)
        return convert(self, node)

    def _chain(self, node: Node) -> Expression:
        """A head followed by attribute, index and splat steps."""
        result: Expression | None = None
        if node.named_child_count > MAX_STEPS:
            raise RecursionError
        for child in node.named_children:
            if child.type == "comment":
                continue
            result = self.expression(child) if result is None else self._step(result, child)
        return result if result is not None else Literal(None, self.at(node))

    def _step(self, subject: Expression, node: Node) -> Expression:
        at = _joined(subject.at, self.at(node))
        if node.type == "get_attr":
            return Attribute(subject, self.text(node.named_children[-1]), at)
        if node.type == "index":
            return Index(subject, self._index_key(node), at)
        if node.type == "splat":
            return self._splat(subject, node, at)
        return subject

    def _index_key(self, node: Node) -> Expression:
        inner = node.named_children[0]
        if inner.type == "new_index":
            return self.expression(inner.named_children[0])
        digits = self.text(inner).lstrip(".").strip()
        return Literal(int(digits) if digits.isdigit() else digits, self.at(inner))

    def _splat(self, subject: Expression, node: Node, at: Origin) -> Expression:
        inner = node.named_children[0]
        steps = [child for child in inner.named_children if child.type in ("get_attr", "index", "splat")]
        taken = len(steps)
        if inner.type == "attr_splat":
            taken = next((i for i, step in enumerate(steps) if step.type != "get_attr"), taken)
        each: list[str | Expression] = []
        for step in steps[:taken]:
            each.append(self.text(step.named_children[-1]) if step.type == "get_attr" else self._index_key(step))
        result: Expression = Splat(subject, tuple(each), at)
        for step in steps[taken:]:
            result = self._step(result, step)
        return result

    def _variable(self, node: Node) -> Expression:
        return Name(self.text(node), self.at(node))

    def _number(self, node: Node) -> Expression:
        text = self.text(node)
        try:
            return Literal(int(text), self.at(node))
        except ValueError:
            return Literal(float(text), self.at(node))

    def _bool(self, node: Node) -> Expression:
        return Literal(self.text(node) == "true", self.at(node))

    def _null(self, node: Node) -> Expression:
        return Literal(None, self.at(node))

    def _tuple(self, node: Node) -> Expression:
        items = tuple(self.expression(child) for child in node.named_children if child.type == "expression")
        return ListExpression(items, self.at(node))

    def _object(self, node: Node) -> Expression:
        items = []
        for element in node.named_children:
            if element.type == "object_elem":
                key_node, value_node = (c for c in element.named_children if c.type == "expression")
                items.append((self._object_key(key_node), self.expression(value_node)))
        return ObjectExpression(tuple(items), self.at(node))

    def _object_key(self, node: Node) -> Expression:
        if len(node.children) == 1 and node.children[0].type == "variable_expr":
            return Literal(self.text(node), self.at(node))
        return self.expression(node)

    def _for(self, node: Node) -> Expression:
        inner = node.named_children[0]
        intro = next(c for c in inner.named_children if c.type == "for_intro")
        names = tuple(self.text(c) for c in intro.named_children if c.type == "identifier")
        collection = self.expression(next(c for c in intro.named_children if c.type == "expression"))
        results = [self.expression(c) for c in inner.named_children if c.type == "expression"]
        guard = next((c for c in inner.named_children if c.type == "for_cond"), None)
        return For(
            names,
            collection,
            results[0] if inner.type == "for_object_expr" else None,
            results[-1],
            self.expression(guard.named_children[-1]) if guard is not None else None,
            any(c.type == "ellipsis" for c in inner.children),
            self.at(node),
        )

    def _call(self, node: Node) -> Expression:
        name = self.text(node.named_children[0])
        arguments = next((c for c in node.named_children if c.type == "function_arguments"), None)
        children = arguments.named_children if arguments is not None else []
        values = tuple(self.expression(c) for c in children if c.type == "expression")
        return Call(name, values, any(c.type == "ellipsis" for c in children), self.at(node))

    def _conditional(self, node: Node) -> Expression:
        condition, then, otherwise = (self.expression(c) for c in node.named_children if c.type != "comment")
        return Conditional(condition, then, otherwise, self.at(node))

    def _operation(self, node: Node) -> Expression:
        operator, operands = "", []
        pending: Expression | None = None
        for child in node.children:
            if child.is_named and child.type != "comment":
                pending = self._step(pending, child) if pending is not None else self.expression(child)
            elif not child.is_named and self.text(child) not in "()":
                operator = self.text(child)
                if pending is not None:
                    operands.append(pending)
                    pending = None
        if pending is not None:
            operands.append(pending)
        return Operation(operator, tuple(operands), self.at(node))

    # ------------------------------------------------------------ templates

    def _string(self, node: Node) -> Expression:
        return Literal(unescape(self._slice(node.start_byte + 1, node.end_byte - 1)), self.at(node))

    def _quoted(self, node: Node) -> Expression:
        pieces = [c for c in node.named_children if c.type not in ("quoted_template_start", "quoted_template_end")]
        parts = self._parts(pieces, node.start_byte + 1, node.end_byte - 1, unescape)
        return Template(tuple(parts), self.at(node))

    def _heredoc(self, node: Node) -> Expression:
        names = [c for c in node.named_children if c.type == "heredoc_identifier"]
        start = self._source.index(b"\n", names[0].end_byte) + 1
        end = self._source.rfind(b"\n", 0, names[-1].start_byte + 1) + 1
        pieces = [c for c in node.named_children if c.start_byte >= start and c.end_byte <= max(end, start)]
        pieces = [c for c in pieces if c.type not in ("heredoc_identifier", "heredoc_start")]
        parts = self._parts(pieces, start, max(end, start), unescape_heredoc)
        removed = 0
        if self._source[node.start_byte : node.start_byte + 3] == b"<<-":
            parts, removed = _dedented(parts)
        return Template(tuple(parts), self.at(node), text_at=(node.start_point[0] + 2, 1 + removed))

    def _parts(self, pieces: list[Node], start: int, end: int, literal: Callable[[str], str]) -> list[Expression | str]:
        """Template pieces between two byte offsets; gaps between nodes are literal text.

        The grammar leaves out white space beside interpolations, so only offsets tell.
        """
        parts: list[Expression | str] = []
        position, strip_next = start, False

        def add_literal(stop: int, strip_right: bool) -> None:
            text = literal(self._slice(position, stop))
            text = text.lstrip() if strip_next else text
            text = text.rstrip() if strip_right else text
            if text:
                parts.append(text)

        for piece in pieces:
            if piece.type not in ("template_interpolation", "template_directive"):
                continue
            source = self.text(piece)
            add_literal(piece.start_byte, source[2:3] == "~")
            parts.append(
                self._interpolation(piece)
                if piece.type == "template_interpolation"
                else self._directive(piece.named_children[0], literal)
            )
            position, strip_next = piece.end_byte, source[-2:-1] == "~"
        add_literal(end, False)
        return parts

    def _interpolation(self, node: Node) -> Expression:
        inner = next((c for c in node.named_children if c.type == "expression"), None)
        return self.expression(inner) if inner is not None else Literal("", self.at(node))

    def _directive(self, node: Node, literal: Callable[[str], str]) -> Expression:
        marks = [c for c in node.named_children if c.type.endswith(("_intro", "_start", "_end"))]
        bodies = [
            Template(tuple(self._between(node, first, second, literal)), self.at(node))
            for first, second in itertools.pairwise(marks)
        ]
        head = marks[0]
        subject = self.expression(next(c for c in head.named_children if c.type == "expression"))
        if node.type == "template_for":
            names = tuple(self.text(c) for c in head.named_children if c.type == "identifier")
            return For(names, subject, None, bodies[0], None, False, self.at(node), text=True)
        otherwise = bodies[1] if len(bodies) > 1 else Template((), self.at(node))
        return TemplateIf(subject, bodies[0], otherwise, self.at(node))

    def _between(self, node: Node, first: Node, second: Node, literal: Callable[[str], str]) -> list[Expression | str]:
        pieces = [c for c in node.named_children if c.start_byte >= first.end_byte and c.end_byte <= second.start_byte]
        parts = self._parts(pieces, first.end_byte, second.start_byte, literal)
        if parts and isinstance(parts[0], str) and self.text(first).endswith("~}"):
            parts[0] = parts[0].lstrip()
        if parts and isinstance(parts[-1], str) and self.text(second)[2:3] == "~":
            parts[-1] = parts[-1].rstrip()
        return parts


def _dedented(parts: list[Expression | str]) -> tuple[list[Expression | str], int]:
    texts, removed = dedent([part if isinstance(part, str) else None for part in parts])
    return [part if text is None else text for part, text in zip(parts, texts, strict=True)], removed


def _joined(first: Origin, last: Origin) -> Origin:
    return Origin(first.path, first.line, first.column, last.end_line, last.end_column)


_CONVERSIONS: dict[str, Callable[[Converter, Node], Expression]] = {
    "variable_expr": Converter._variable,
    "identifier": Converter._variable,
    "numeric_lit": Converter._number,
    "bool_lit": Converter._bool,
    "null_lit": Converter._null,
    "string_lit": Converter._string,
    "quoted_template": Converter._quoted,
    "heredoc_template": Converter._heredoc,
    "tuple": Converter._tuple,
    "object": Converter._object,
    "for_expr": Converter._for,
    "function_call": Converter._call,
    "conditional": Converter._conditional,
    "unary_operation": Converter._operation,
    "binary_operation": Converter._operation,
}
