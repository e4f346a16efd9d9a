"""HCL text to blocks, with tree-sitter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import tree_sitter
import tree_sitter_hcl

from dynavet.regexes import regex
from dynavet.sources import NOT_UTF8, place_of
from dynavet.values import Origin
from dynavet_parsers.terraform.convert import Converter
from dynavet_parsers.terraform.expressions import Argument, Block, Expression, Template
from dynavet_parsers.terraform.template_text import unescape

_EXPONENT = regex(rb"(?<![\w.])\d+[eE][-+]?\d+(?![\w.])")
"""A number such as ``1e3``, which the grammar does not know; the tree is made of other digits."""


MAX_BYTES = 4 * 1024 * 1024
"""The tree of a byte takes up to 370 bytes: of what is all one string 180, of what is all brackets or line breaks most.

The parser does not survive that there is no more memory.
"""


class HclError(Exception):
    """HCL that cannot be parsed; `line` and `column` are one-based."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def parse_tree(source: bytes) -> tree_sitter.Node:
    """The syntax tree of a file, whatever its errors. Raises `HclError` if there is more than `MAX_BYTES` of it."""
    if len(source) > MAX_BYTES:
        raise HclError(f"expected at most {MAX_BYTES // 1024 // 1024} MiB of HCL", 1, 1)
    return _parser().parse(source).root_node


def block_name(node: tree_sitter.Node, converter: Converter) -> str:
    """What a block is called in addresses: ``aws_dynamodb_table.orders``, ``data.aws_vpc.main``, ``module.a``."""
    block = _nested(node, converter, with_body=False)
    return ".".join(block.labels if block.type == "resource" else (block.type, *block.labels))


def parse_body(source: bytes, path: str, place: Origin | None = None) -> Block:
    """The file's body as a block without type; with `place`, everything in it stands there. Raises `HclError`."""
    root = parse_tree(source)
    if root.has_error and _EXPONENT.search(source):
        root = parse_tree(_EXPONENT.sub(lambda match: b"1" * len(match[0]), source))
    converter = Converter(source, path, place)
    _check_encoding(source, root)
    if root.has_error:
        raise _first_error(root, Converter(source, path))
    body = next((child for child in root.children if child.type == "body"), None)
    at = place or Origin(path, 1, 1, 1, 1)
    try:
        return _block("", (), body, at, converter)
    except RecursionError:
        line, column = _deepest(root)
        raise HclError("expected expressions nested less deeply", line, column) from None


def _check_encoding(source: bytes, root: tree_sitter.Node) -> None:
    """Raises `HclError` for what is not UTF-8; as in Terraform, comments may hold anything."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        without = bytearray(source)
        for start, end in _comments(root):
            without[start:end] = b" " * (end - start)
        try:
            without.decode("utf-8")
        except UnicodeDecodeError as error:
            raise HclError(NOT_UTF8.format(error.start), *place_of(source, error.start)) from None


def _comments(root: tree_sitter.Node) -> Iterator[tuple[int, int]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "comment":
            yield node.start_byte, node.end_byte
        waiting += node.children


def _deepest(root: tree_sitter.Node) -> tuple[int, int]:
    """The place of the innermost node."""
    depth, place = 0, (1, 1)
    waiting = [(root, 0)]
    while waiting:
        node, level = waiting.pop()
        if level > depth:
            depth, place = level, (node.start_point[0] + 1, node.start_point[1] + 1)
        waiting += [(child, level + 1) for child in node.named_children]
    return place


def parse_expression(text: str, path: str, place: Origin | None = None) -> Expression:
    """One expression, for values given on the command line and in JSON. Raises `HclError`."""
    body = parse_body(f"value = {text}\n".encode(), path, place)
    if set(body.arguments) != {"value"} or body.blocks:
        raise HclError("expected one expression", 1, 1)
    return body.arguments["value"].value


def parse_template(text: str, place: Origin) -> Expression:
    """A template without quotes around it, as the JSON syntax has them. Raises `HclError`."""
    end = "END"
    while end in text:
        end += "_END"
    value = parse_expression(f"<<{end}\n{text}\n{end}", place.path, place)
    if not isinstance(value, Template):
        raise HclError("expected a template", 1, 1)
    parts = list(value.parts)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].removesuffix("\n")
    return Template(tuple(part for part in parts if part != ""), place)


def _block(
    type_: str, labels: tuple[str, ...], body: tree_sitter.Node | None, at: Origin, converter: Converter
) -> Block:
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    for node in body.named_children if body is not None else ():
        if node.type == "attribute":
            name_node, value_node = node.named_children[0], node.named_children[-1]
            name = converter.text(name_node)
            if name in arguments:
                at = converter.at(node)
                raise HclError(f"{name} is set twice, first in line {arguments[name].at.line}", at.line, at.column)
            arguments[name] = Argument(name, converter.expression(value_node), converter.at(node))
        elif node.type == "block":
            blocks.append(_nested(node, converter))
    return Block(type_, labels, arguments, tuple(blocks), at)


def _nested(node: tree_sitter.Node, converter: Converter, *, with_body: bool = True) -> Block:
    names: list[str] = []
    body, last = None, node
    for child in node.named_children:
        if child.type == "identifier":
            names.append(converter.text(child))
            last = child
        elif child.type == "string_lit":
            names.append(unescape(converter.text(child)[1:-1]))
            last = child
        elif child.type == "body" and with_body:
            body = child
    return _block(names[0], tuple(names[1:]), body, converter.span(node, last), converter)


def _first_error(root: tree_sitter.Node, converter: Converter) -> HclError:
    node = root
    while not (node.is_error or node.is_missing):
        found = next((child for child in node.children if child.has_error or child.is_missing), None)
        if found is None:
            break
        node = found
    if node.is_error and node.children:
        inner = next((c for c in node.children if c.has_error or c.is_missing or c.is_error), None)
        node = inner or node
    at = converter.at(node)
    if node.is_missing:
        return HclError(f"expected {node.type!r}", at.line, at.column)
    open_text = _open_text(node)
    if open_text is not None:
        at, shown = converter.at(open_text), converter.text(open_text)
        return HclError(f"expected the end of the text that begins with {shown!r}", at.line, at.column)
    found_text = converter.text(node).split("\n", 1)[0][:40]
    if node.is_error and node.end_byte >= root.end_byte and _opened(node):
        message = f"expected a closing bracket before the end of the file, for what begins with {found_text!r}"
        return HclError(message, at.line, at.column)
    return HclError(f"expected a block or an argument (name = value), found {found_text!r}", at.line, at.column)


def _open_text(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The first interpolation, or else text in quotes, that an error leaves open."""
    for kind in ("template_interpolation_start", "template_directive_start", "quoted_template_start"):
        found = next((child for child in node.children if node.is_error and child.type == kind), None)
        if found is not None:
            return found
    return None


def _opened(node: tree_sitter.Node) -> bool:
    """Whether more brackets open than close in what the grammar could not make sense of."""
    text = node.text or b""
    return sum(text.count(c) for c in (b"{", b"[", b"(")) > sum(text.count(c) for c in (b"}", b"]", b")"))
