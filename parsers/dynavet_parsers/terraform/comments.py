"""Comments in HCL that are addressed to the scanner."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from dynavet_parsers.remarks import Comment, Remark, Thing, marked, remarks
from dynavet_parsers.terraform.convert import Converter
from dynavet_parsers.terraform.syntax import HclError, block_name, parse_tree
from dynavet_parsers.terraform.template_text import unescape

_THINGS = ("block", "attribute", "object_elem")


def read_remarks(data: bytes, path: str) -> list[Remark]:
    """The remarks in a file; none in one that cannot be parsed, which is reported elsewhere."""
    try:
        root = parse_tree(data)
    except HclError:
        return []
    if root.has_error:
        return []
    converter = Converter(data, path)
    comments: list[Comment] = []
    things: list[Thing] = []
    tops: list[Thing] = []
    for node, top in _nodes(root):
        if node.type == "comment":
            comments.append(_comment(node, data, converter))
        elif node.type in _THINGS or _is_item(node):
            name = block_name(top, converter) if top is not None else ""
            thing = Thing(name, converter.at(node), _literal(node, converter))
            things.append(thing)
            if node == top:
                tops.append(thing)
    return marked(remarks(comments, things, tops))


def _nodes(root: Node) -> Iterator[tuple[Node, Node | None]]:
    """All named nodes, each with the outermost block around it."""
    waiting: list[tuple[Node, Node | None]] = [(root, None)]
    while waiting:
        node, top = waiting.pop()
        if top is None and node.type == "block":
            top = node
        yield node, top
        waiting += [(child, top) for child in reversed(node.named_children)]


def _is_item(node: Node) -> bool:
    return node.type == "expression" and node.parent is not None and node.parent.type == "tuple"


def _literal(node: Node, converter: Converter) -> str | None:
    """The text of an item, attribute or element whose value is a string without interpolation."""
    value = node if node.type == "expression" else node.named_children[-1]
    while value.type in ("expression", "literal_value") and len(value.named_children) == 1:
        value = value.named_children[0]
    return unescape(converter.text(value)[1:-1]) if value.type == "string_lit" else None


def _comment(node: Node, data: bytes, converter: Converter) -> Comment:
    text = converter.text(node)
    text = text[2:-2] if text.startswith("/*") else text.lstrip("#/")
    line_start = data.rfind(b"\n", 0, node.start_byte) + 1
    return Comment(text.strip(), converter.at(node), not data[line_start : node.start_byte].strip())
