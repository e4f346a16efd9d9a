"""Comments in YAML, and metadata of resources, that are addressed to the scanner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dynavet.regexes import regex
from dynavet.values import Data, Known, List, Object, Origin, Value
from dynavet_parsers.cloudformation.document import DocumentError, parse_document
from dynavet_parsers.cloudformation.template import literal, mapping
from dynavet_parsers.cloudformation.yaml_source import YamlError, scalar_spans
from dynavet_parsers.remarks import Comment, Remark, Thing, marked, remarks

_COMMENT = regex(r"(?:^|(?<=[ \t]))#[^\n]*", re.MULTILINE)


def read_remarks(data: bytes, path: str) -> list[Remark]:
    """The remarks in a file; none in one that cannot be parsed, which is reported elsewhere."""
    text = data.decode("utf-8-sig", "replace")
    try:
        document = parse_document(text, path)
        is_json = text.lstrip().startswith("{")
        comments = [] if is_json else list(_comments(text.removeprefix("\ufeff"), path))
    except (DocumentError, YamlError):
        return []
    resources = list(_resources(document))
    things = _things(document, resources)
    return [*marked(remarks(comments, things, resources)), *_metadata(document)]


def _comments(text: str, path: str) -> Iterator[Comment]:
    spans = scalar_spans(text)
    line, counted, span = 1, 0, 0
    for found in _COMMENT.finditer(text):
        start = found.start()
        while span < len(spans) and spans[span][1] <= start:
            span += 1
        if span < len(spans) and spans[span][0] <= start:
            continue
        line += text.count("\n", counted, start)
        counted = start
        line_start = text.rfind("\n", 0, start) + 1
        end = start + len(found[0].rstrip("\r"))
        origin = Origin(path, line, start - line_start + 1, line, end - line_start + 1)
        yield Comment(found[0].lstrip("#").strip(), origin, not text[line_start:start].strip())


def _declared(document: Value[Data]) -> Iterator[Object]:
    """The resource sections: at the top, or below ``resources`` of a Serverless Framework file."""
    root = mapping(document)
    framework = root.entries.get("resources") if root is not None else None
    parts = framework.value if isinstance(framework, Known) else None
    for holder in (root, *(mapping(part) for part in (parts.items if isinstance(parts, List) else (framework,)))):
        section = mapping(holder.entries.get("Resources")) if holder is not None else None
        if section is not None:
            yield section


def _resources(document: Value[Data]) -> Iterator[Thing]:
    for section in _declared(document):
        yield from (Thing(name, at) for name, at, _ in _entries(section))


def _entries(content: Object) -> Iterator[tuple[str, Origin, Value[Data]]]:
    """The entries of a mapping with their whole ranges."""
    for name, value in content.entries.items():
        at = content.keys.get(name)
        if at is None:
            continue
        end = value.origin
        if end is not None and (end.line, end.column) >= (at.line, at.column):
            at = Origin(at.path, at.line, at.column, end.end_line, end.end_column)
        yield name, at, value


def _things(document: Value[Data], resources: list[Thing]) -> Iterator[Thing]:
    """Every entry of a mapping and item of a sequence, with the resource it belongs to."""
    named = {(each.origin.line, each.origin.column): each.name for each in resources}
    waiting: list[tuple[Value[Data], str]] = [(document, "")]
    while waiting:
        value, name = waiting.pop()
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, Object):
            for key, at, member in _entries(data):
                owner = named.get((at.line, at.column), name or key)
                yield Thing(owner, at, literal(member))
                waiting.append((member, owner))
        elif isinstance(data, List):
            for item in data.items:
                if item.origin is not None:
                    yield Thing(name, item.origin, literal(item))
                waiting.append((item, name))


def _metadata(document: Value[Data]) -> Iterator[Remark]:
    """The entries of ``Metadata: {dynavet: {ignore: [...]}}`` of each resource."""
    for section in _declared(document):
        for name, at, resource in _entries(section):
            body = mapping(resource)
            holder = mapping(body.entries.get("Metadata")) if body is not None else None
            ours = holder.entries.get("dynavet") if holder is not None else None
            if ours is None:
                continue
            thing = Thing(name, at)
            content = mapping(ours)
            entries = content.entries.get("ignore") if content is not None else None
            if content is None or entries is None or set(content.entries) != {"ignore"}:
                yield Remark({}, ours.origin or at, thing, thing)
                continue
            listed = entries.value if isinstance(entries, Known) else None
            for entry in listed.items if isinstance(listed, List) else (entries,):
                yield Remark(_plain(entry), entry.origin or at, thing, thing)


def _plain(value: Value[Data]) -> Any:
    """One entry as a mapping of names to text or lists of text; anything else stays what it is."""
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, Object):
        return {key: _plain(member) for key, member in data.entries.items() if not isinstance(member, Object)}
    if isinstance(data, List):
        return [_plain(item) for item in data.items if not isinstance(item, List)]
    return data
