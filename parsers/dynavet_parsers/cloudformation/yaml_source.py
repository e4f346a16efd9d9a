"""YAML with the place of every value and key, CloudFormation's short tags written out in full.

The tree is built from parse events with a stack of its own: the composer of libyaml's
binding recurses in C, and input nested deeply enough would end the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any

import yaml

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.yaml_scalars import read_scalar
from dynavet_parsers.iam_json.json_source import NoteTwice

MAX_DEPTH = 100
"""Mappings and sequences nested deeper than this are an error, aliases expanded."""

MAX_NODES = 1_000_000
"""A document of more nodes than this is an error, aliases expanded."""

SHORT_TAGS = {"!Ref": "Ref", "!Condition": "Condition"} | {
    f"!{name}": f"Fn::{name}"
    for name in (
        "And",
        "Base64",
        "Cidr",
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "RefAll",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
        "ValueOf",
        "ValueOfAll",
    )
}
_CORE = "tag:yaml.org,2002:"
_RESOLVED = frozenset(_CORE + name for name in ("null", "bool", "int", "float"))
_PLAIN = frozenset((None, "!", _CORE + "str", _CORE + "map", _CORE + "seq"))
_BLOCK = ("|", ">")
_UNPRINTABLE = regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """Text that is not one YAML document of plain data: what was expected, and the one-based place."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def parse_yaml(text: str, path: str, twice: NoteTwice | None = None) -> Value[Data]:
    """The value that `text` encodes; ``!GetAtt a.b`` reads as ``{"Fn::GetAtt": ["a", "b"]}``.

    Merge keys and aliases are expanded; of duplicate keys the last counts, and
    `twice` is told of those in a mapping without merge keys. A value with a
    tag that is not CloudFormation's is unknown. Raises `YamlError`.
    """
    bad = _UNPRINTABLE.search(text)
    if bad is not None:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        raise YamlError(f"expected a printable character, found U+{ord(bad[0]):04X}", line, column)
    return _Builder(text, path, twice).build()


def scalar_spans(text: str) -> list[tuple[int, int]]:
    """Start and end offsets of every scalar, in order: where ``#`` begins no comment. Raises `YamlError`."""
    scalars = (event for event in _Builder(text, "").events() if isinstance(event, yaml.ScalarEvent))
    return [(each.start_mark.index, each.end_mark.index) for each in scalars]  # type: ignore[union-attr]


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not come yet. Only a mapping has `entries`.

    `key` is that whose value comes next, with its place, and whether it is a merge key.
    """

    event: Any
    nodes_before: int
    entries: dict[str, Value[Data]] | None
    items: list[Value[Data]] = field(default_factory=list)
    keys: dict[str, Origin] = field(default_factory=dict)
    key: tuple[str, Origin, bool] | None = None
    merged: list[Value[Data]] | None = None
    typed: set[str] | None = None
    twice: list[tuple[str, Origin, Origin]] | None = None
    end: tuple[int, int] = (0, 0)
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchor:
    value: Value[Data]
    nodes: int
    height: int


class _Builder:
    def __init__(self, text: str, path: str, twice: NoteTwice | None = None) -> None:
        self.text = text
        self.twice = twice
        self.path = path
        self.lines: list[str] | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchor] = {}
        self.nodes = 0
        self.root: Value[Data] = Known(None, Origin(path, 1, 1, 1, 1))

    def build(self) -> Value[Data]:
        documents = 0
        for event in self.events():
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self.start(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.finish(event)
            elif kind is yaml.AliasEvent:
                self.alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise self.error("expected a single YAML document", event)
        return self.root

    def events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = " ".join(part for part in (error.context, error.problem) if part)
            message = f"expected YAML: {problem}"
            raise YamlError(message, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1) from error
        except yaml.YAMLError as error:
            raise YamlError(f"expected YAML: {error}", 1, 1) from error

    def error(self, message: str, event: Any) -> YamlError:
        return YamlError(message, event.start_mark.line + 1, event.start_mark.column + 1)

    def scalar(self, event: Any) -> None:
        start, last = event.start_mark, event.end_mark
        end = self.last_character(event) if event.style in _BLOCK else (last.line + 1, last.column + 1)
        origin = Origin(self.path, start.line + 1, start.column + 1, end[0], end[1])
        holder = self.stack[-1] if self.stack else None
        if holder is not None and holder.entries is not None and holder.key is None:
            self.begin_entry(holder, event, origin)
            return
        self.count(1, event)
        tag, text = event.tag, event.value
        if (tag is None and event.implicit[0]) or tag in _RESOLVED:
            value: Value[Data] = Known(read_scalar(text), origin)
        else:
            value = Known(text, origin) if tag in _PLAIN else _tagged(tag, text, origin)
        if event.anchor:
            self.anchors[event.anchor] = _Anchor(value, 1, 0)
        self.add(value, end, 0)

    def begin_entry(self, holder: _Open, event: Any, origin: Origin) -> None:
        """A key; ``1`` and ``"1"`` are two."""
        key = event.value
        typed = event.implicit[0] and not isinstance(read_scalar(key), str)
        if key in holder.keys and (key in (holder.typed or ())) == typed:
            holder.twice = holder.twice or []
            holder.twice.append((key, origin, holder.keys[key]))
        if typed:
            holder.typed = holder.typed or set()
            holder.typed.add(key)
        holder.key = (key, origin, key == "<<" and event.implicit[0])

    def start(self, event: Any) -> None:
        if self.awaits_key():
            raise self.error("expected text as the key of a mapping", event)
        if len(self.stack) >= MAX_DEPTH:
            raise self.error(f"expected at most {MAX_DEPTH} levels of mappings and sequences", event)
        self.count(1, event)
        self.stack.append(_Open(event, self.nodes - 1, {} if type(event) is yaml.MappingStartEvent else None))

    def finish(self, event: Any) -> None:
        done = self.stack.pop()
        begun, end = done.event, done.end
        if begun.flow_style or end == (0, 0):
            end = (event.end_mark.line + 1, event.end_mark.column + 1)
        start = begun.start_mark
        origin = Origin(self.path, start.line + 1, start.column + 1, end[0], end[1])
        if self.twice is not None and done.merged is None:
            for each in done.twice or ():
                self.twice(*each)
        content: Data
        if done.entries is None:
            content = List(tuple(done.items))
        elif done.merged is None:
            content = Object(done.entries, (), done.keys)
        else:
            content = self.merge(done.entries, done.keys, done.merged, begun)
        value = _tagged(begun.tag, content, origin)
        if begun.anchor:
            self.anchors[begun.anchor] = _Anchor(value, self.nodes - done.nodes_before, done.height)
        self.add(value, end, done.height)

    def alias(self, event: Any) -> None:
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            raise self.error(f"expected the alias of a complete anchor, found *{event.anchor}", event)
        if self.awaits_key():
            raise self.error("expected text as the key of a mapping", event)
        self.count(anchor.nodes, event)
        if len(self.stack) + anchor.height > MAX_DEPTH:
            raise self.error(f"expected at most {MAX_DEPTH} levels of mappings and sequences", event)
        self.add(anchor.value, (event.end_mark.line + 1, event.end_mark.column + 1), anchor.height)

    def add(self, value: Value[Data], end: tuple[int, int], height: int) -> None:
        """Put a complete value where it belongs."""
        if not self.stack:
            self.root = value
            return
        parent = self.stack[-1]
        parent.end = end
        if height >= parent.height:
            parent.height = height + 1
        if parent.entries is None or parent.key is None:
            parent.items.append(value)
            return
        key, place, merge = parent.key
        parent.key = None
        if merge:
            parent.merged = parent.merged or []
            parent.merged.append(value)
        else:
            parent.entries[key] = value
            parent.keys[key] = place

    def merge(
        self, entries: dict[str, Value[Data]], keys: dict[str, Origin], sources: list[Value[Data]], event: Any
    ) -> Object:
        """A mapping with its merge keys: its own entries win, then the earlier of the merged ones."""
        for merged in sources:
            content = merged.value if isinstance(merged, Known) else None
            for each in content.items if isinstance(content, List) else (merged,):
                source = each.value if isinstance(each, Known) else None
                if not isinstance(source, Object):
                    raise self.error('expected a mapping as the value of "<<"', event)
                self.count(len(source.entries), event)
                for key, value in source.entries.items():
                    if key not in entries:
                        entries[key] = value
                        keys[key] = source.keys[key]
        return Object(entries, (), keys)

    def awaits_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].entries is not None and self.stack[-1].key is None

    def count(self, nodes: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self.error(f"expected at most {MAX_NODES} values, aliases expanded", event)

    def last_character(self, event: Any) -> tuple[int, int]:
        """Where the last line with content of a block scalar ends."""
        if self.lines is None:
            self.lines = self.text.split("\n")
        first, last = event.start_mark.line, min(event.end_mark.line, len(self.lines) - 1)
        if event.end_mark.column == 0 and last > first:
            last -= 1
        while last > first and not self.lines[last].strip():
            last -= 1
        return last + 1, len(self.lines[last].rstrip("\r")) + 1


def _tagged(tag: str | None, content: Data, origin: Origin) -> Value[Data]:
    if tag in _PLAIN:
        return Known(content, origin)
    function = SHORT_TAGS.get(tag or "")
    if function is None:
        return Unknown(f"{tag} is not a CloudFormation function", origin)
    if function == "Fn::GetAtt" and isinstance(content, str):
        content = List(tuple(Known(part, origin) for part in content.split(".", 1)))
    return Known(Object({function: Known(content, origin)}, (), {function: origin}), origin)
