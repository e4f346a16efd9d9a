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
    """A mapping or sequence whose end has not come yet."""

    event: Any
    mapping: bool
    nodes_before: int
    items: list[Value[Data]] = field(default_factory=list)
    entries: dict[str, Value[Data]] = field(default_factory=dict)
    keys: dict[str, Origin] = field(default_factory=dict)
    merged: list[Value[Data]] = field(default_factory=list)
    key: tuple[str, Origin, bool] | None = None
    typed: set[str] = field(default_factory=set)
    twice: list[tuple[str, Origin, Origin]] = field(default_factory=list)
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
            if isinstance(event, yaml.ScalarEvent):
                self.scalar(event)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self.start(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.finish(event)
            elif isinstance(event, yaml.AliasEvent):
                self.alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
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
        mark = event.end_mark
        end = (mark.line + 1, mark.column + 1)
        if event.style in ("|", ">"):
            end = self.last_character(event)
        origin = self.origin(event, end)
        if self.awaits_key():
            self.begin_entry(event, origin)
            return
        self.count(1, event)
        value = _scalar(event, origin)
        if event.anchor:
            self.anchors[event.anchor] = _Anchor(value, 1, 0)
        self.add(value, end, 0)

    def begin_entry(self, event: Any, origin: Origin) -> None:
        """A key; ``1`` and ``"1"`` are two."""
        holder, key = self.stack[-1], event.value
        if key in holder.keys and (key in holder.typed) == _is_typed(event):
            holder.twice.append((key, origin, holder.keys[key]))
        if _is_typed(event):
            holder.typed.add(key)
        holder.key = (key, origin, key == "<<" and event.implicit[0])

    def start(self, event: Any) -> None:
        if self.awaits_key():
            raise self.error("expected text as the key of a mapping", event)
        if len(self.stack) >= MAX_DEPTH:
            raise self.error(f"expected at most {MAX_DEPTH} levels of mappings and sequences", event)
        self.count(1, event)
        self.stack.append(_Open(event, isinstance(event, yaml.MappingStartEvent), self.nodes - 1))

    def finish(self, event: Any) -> None:
        done = self.stack.pop()
        end = done.end
        if done.event.flow_style or end == (0, 0):
            end = (event.end_mark.line + 1, event.end_mark.column + 1)
        origin = self.origin(done.event, end)
        if self.twice is not None and not done.merged:
            for each in done.twice:
                self.twice(*each)
        content: Data = self.merge(done) if done.mapping else List(tuple(done.items))
        value = _tagged(done.event.tag, content, origin)
        if done.event.anchor:
            self.anchors[done.event.anchor] = _Anchor(value, self.nodes - done.nodes_before, done.height)
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
        parent.height = max(parent.height, height + 1)
        if parent.key is None:
            parent.items.append(value)
            return
        key, place, merge = parent.key
        parent.key = None
        if merge:
            parent.merged.append(value)
        else:
            parent.entries[key] = value
            parent.keys[key] = place

    def merge(self, done: _Open) -> Object:
        """The mapping with its merge keys: its own entries win, then the earlier of the merged ones."""
        entries, keys = dict(done.entries), dict(done.keys)
        for merged in done.merged:
            content = merged.value if isinstance(merged, Known) else None
            for each in content.items if isinstance(content, List) else (merged,):
                source = each.value if isinstance(each, Known) else None
                if not isinstance(source, Object):
                    raise self.error('expected a mapping as the value of "<<"', done.event)
                self.count(len(source.entries), done.event)
                for key, value in source.entries.items():
                    if key not in entries:
                        entries[key] = value
                        keys[key] = source.keys[key]
        return Object(entries, (), keys)

    def awaits_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].mapping and self.stack[-1].key is None

    def count(self, nodes: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self.error(f"expected at most {MAX_NODES} values, aliases expanded", event)

    def origin(self, event: Any, end: tuple[int, int]) -> Origin:
        mark = event.start_mark
        return Origin(self.path, mark.line + 1, mark.column + 1, *end)

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


def _is_typed(key: Any) -> bool:
    """Whether a key is a number, a boolean or null."""
    return bool(key.implicit[0]) and not isinstance(read_scalar(key.value), str)


def _scalar(event: Any, origin: Origin) -> Value[Data]:
    tag = event.tag
    if (tag is None and event.implicit[0]) or tag in _RESOLVED:
        return Known(read_scalar(event.value), origin)
    return _tagged(tag, event.value, origin)


def _tagged(tag: str | None, content: Data, origin: Origin) -> Value[Data]:
    if tag in _PLAIN:
        return Known(content, origin)
    function = SHORT_TAGS.get(tag or "")
    if function is None:
        return Unknown(f"{tag} is not a CloudFormation function", origin)
    if function == "Fn::GetAtt" and isinstance(content, str):
        content = List(tuple(Known(part, origin) for part in content.split(".", 1)))
    return Known(Object({function: Known(content, origin)}, (), {function: origin}), origin)
