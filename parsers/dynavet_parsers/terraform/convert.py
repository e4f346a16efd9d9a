"""Syntax nodes of tree-sitter to expressions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dynavet.values import Origin
from dynavet_parsers.terraform.data import NotPlain
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
from dynavet_parsers.terraform.numeric import parse_number
from dynavet_parsers.terraform.template_text import Literals, unescape

if TYPE_CHECKING:
    from tree_sitter import Node

_PIECES = ("template_interpolation", "template_directive")
_MARKS = ("_intro", "_start", "_end")
_TEMPLATE_ENDS = ("quoted_template_start", "quoted_template_end", "heredoc_start")
MAX_STEPS = 200
"""More attributes of attributes than this are nested too deeply."""


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
            if isinstance(subject, Splat) and subject.full:
                return _within(subject, self._splat(Literal(None, at), node, at), at)
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
        steps = [child for child in inner.named_children if child.type in ("get_attr", "index")]
        taken = len(steps)
        if inner.type == "attr_splat":
            taken = next((i for i, step in enumerate(steps) if step.type != "get_attr"), taken)
        each: list[str | Expression] = []
        for step in steps[:taken]:
            each.append(self.text(step.named_children[-1]) if step.type == "get_attr" else self._index_key(step))
        result: Expression = Splat(subject, tuple(each), at, full=inner.type == "full_splat")
        for step in steps[taken:]:
            result = self._step(result, step)
        return result

    def _variable(self, node: Node) -> Expression:
        return Name(self.text(node), self.at(node))

    def _number(self, node: Node) -> Expression:
        text = self.text(node)
        if text.isdigit() and len(text) < 100:
            return Literal(int(text), self.at(node))
        try:
            return Literal(parse_number(text), self.at(node))
        except NotPlain:
            return Call("tonumber", (Literal(text, self.at(node)),), False, self.at(node))

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
        if self.text(node) == "null" or (len(node.children) == 1 and node.children[0].type == "variable_expr"):
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
        """The grammar reads ``a ? b : c ? d : e`` from the left, the language from the right."""
        parts: list[Node] = []
        inner: Node | None = node
        while inner is not None:
            condition, *branches = (c for c in inner.named_children if c.type != "comment")
            parts[:0] = branches
            last = condition.named_children[0] if condition.named_child_count == 1 else None
            inner = last if last is not None and last.type == "conditional" and condition.child_count == 1 else None
        result = self.expression(parts.pop())
        for then, subject in zip(reversed(parts[::2]), [*reversed(parts[1::2]), condition], strict=True):
            at = self.span(subject, node)
            result = Conditional(self.expression(subject), self.expression(then), result, at)
        return result

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
        start, end = node.start_byte + 1, node.end_byte - 1
        literals = Literals(self._source, start, end, list(_marks(node)), heredoc=False)
        return Template(tuple(self._parts(node.named_children, start, end, literals)), self.at(node))

    def _heredoc(self, node: Node) -> Expression:
        names = [c for c in node.named_children if c.type == "heredoc_identifier"]
        start = self._source.index(b"\n", names[0].end_byte) + 1
        end = max(self._source.rfind(b"\n", 0, names[-1].start_byte + 1) + 1, start)
        flush = self._source[node.start_byte : node.start_byte + 3] == b"<<-"
        literals = Literals(self._source, start, end, list(_marks(node)), heredoc=True, flush=flush)
        parts = self._parts(node.named_children, start, end, literals)
        return Template(tuple(parts), self.at(node), text_at=(node.start_point[0] + 2, 1 + literals.removed))

    def _parts(self, pieces: list[Node], start: int, end: int, literals: Literals) -> list[Expression | str]:
        """Template pieces between two byte offsets; gaps between nodes are literal text.

        The grammar leaves out white space beside interpolations, so only offsets tell.
        """
        parts: list[Expression | str] = []
        position = start
        for piece in (*(p for p in pieces if p.type in _PIECES), None):
            text = literals.between(position, end if piece is None else piece.start_byte)
            if text:
                parts.append(text)
            if piece is not None:
                interpolated = piece.type == "template_interpolation"
                parts.append(self._interpolation(piece) if interpolated else self._directive(piece, literals))
                position = piece.end_byte
        return parts

    def _interpolation(self, node: Node) -> Expression:
        inner = next((c for c in node.named_children if c.type == "expression"), None)
        return self.expression(inner) if inner is not None else Literal("", self.at(node))

    def _directive(self, piece: Node, literals: Literals) -> Expression:
        node = piece.named_children[0]
        marks = [c for c in node.named_children if c.type.endswith(_MARKS)]
        bodies = [
            Template(tuple(self._between(node, first, second, literals)), self.at(node))
            for first, second in itertools.pairwise(marks)
        ]
        head = marks[0]
        subject = self.expression(next(c for c in head.named_children if c.type == "expression"))
        if node.type == "template_for":
            names = tuple(self.text(c) for c in head.named_children if c.type == "identifier")
            return For(names, subject, None, bodies[0], None, False, self.at(node), text=True)
        otherwise = bodies[1] if len(bodies) > 1 else Template((), self.at(node))
        return TemplateIf(subject, bodies[0], otherwise, self.at(node))

    def _between(self, node: Node, first: Node, second: Node, literals: Literals) -> list[Expression | str]:
        pieces = [c for c in node.named_children if c.start_byte >= first.end_byte and c.end_byte <= second.start_byte]
        return self._parts(pieces, first.end_byte, second.start_byte, literals)


def _marks(node: Node) -> Iterator[tuple[int, int]]:
    """Where the interpolations and the parts of directives of a template are."""
    for piece in node.named_children:
        if piece.type == "template_interpolation" or piece.type.endswith(_MARKS):
            if piece.type not in _TEMPLATE_ENDS:
                yield piece.start_byte, piece.end_byte
        elif piece.type in ("template_directive", "template_for", "template_if"):
            yield from _marks(piece)


def _within(outer: Splat, inner: Expression, at: Origin) -> Splat:
    """A splat after ``[*]`` is part of what is taken from each item."""
    *steps, last = outer.each or (None,)
    if isinstance(last, Splat) and last.full:
        steps.append(_within(last, inner, at))
    else:
        steps += [inner] if last is None else [last, inner]
    return Splat(outer.subject, tuple(step for step in steps if step is not None), at, full=True)


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
