"""``AWS::Include``: the snippet in its place, if it is a file of the scanned tree.

``aws cloudformation package`` takes a path for its `Location` and puts an address in S3 in its
place; what is there already is not read.
"""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from dynavet.model import SourceProblem
from dynavet.records import dataclass
from dynavet.sources import SourceError, Sources
from dynavet.values import Data, Known, List, Object, Origin, Value
from dynavet_parsers.cloudformation.document import DocumentError, parse_document
from dynavet_parsers.cloudformation.template import literal, mapping

INCLUDE = "AWS::Include"
MAX_INCLUDES = 200
"""More snippets than this are not put in."""

_TRANSFORM = "Fn::Transform"
_REMOTE = ("s3://", "http://", "https://")


@dataclass(slots=True)
class Includes:
    """Puts snippets into the document of the template at `path`; `files` and `problems` are of those read."""

    path: Path
    sources: Sources
    files: list[str] = field(default_factory=list)
    problems: list[SourceProblem] = field(default_factory=list)
    _read: dict[str, Object | None] = field(default_factory=dict)
    _count: int = 0

    def into(self, document: Value[Data]) -> Value[Data]:
        """The document with every snippet that is on disk; those inside of snippets stay what they are."""
        root = mapping(document)
        if root is None:
            return document
        content = root
        transforms = root.entries.get("Transform")
        listed = transforms.value if isinstance(transforms, Known) else None
        for transform in listed.items if isinstance(listed, List) else [transforms] if transforms is not None else []:
            content = _joined(content, self.snippet(transform))
        return self.within(Known(content, document.origin))

    def within(self, value: Value[Data]) -> Value[Data]:
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            items = tuple(self.within(item) for item in data.items)
            changed = any(new is not old for new, old in zip(items, data.items, strict=True))
            return Known(List(items, data.more), value.origin) if changed else value
        if not isinstance(data, Object):
            return value
        snippet = self.snippet(data.entries.get(_TRANSFORM))
        entries = {key: self.within(item) for key, item in data.entries.items() if snippet is None or key != _TRANSFORM}
        if snippet is None and all(entries[key] is data.entries[key] for key in entries):
            return value
        return Known(_joined(Object(entries, data.more, data.keys), snippet), value.origin)

    def snippet(self, transform: Value[Data] | None) -> Object | None:
        """What an ``AWS::Include`` brings; `None` for any other transform, and for what is not on disk."""
        call = mapping(transform)
        if call is None or literal(call.entries.get("Name")) != INCLUDE:
            return None
        arguments = mapping(call.entries.get("Parameters")) or call
        location = arguments.entries.get("Location")
        name = literal(location)
        if location is None or not name or name.startswith(_REMOTE) or self._count >= MAX_INCLUDES:
            return None
        self._count += 1
        if name not in self._read:
            self._read[name] = self.read(self.path.parent / name)
        return self._read[name]

    def read(self, path: Path) -> Object | None:
        shown = self.sources.show(path)
        try:
            text = self.sources.read_text(path)
        except SourceError:
            return None
        try:
            content = mapping(parse_document(text, shown))
        except DocumentError as error:
            at = Origin(shown, error.line, error.column, error.line, error.column + 1)
            self.problems.append(SourceProblem(address=shown, origin=at, message=error.message))
            return None
        if content is None:
            at = Origin(shown, 1, 1, 1, 1)
            self.problems.append(SourceProblem(address=shown, origin=at, message="expected a mapping to include"))
            return None
        self.files.append(shown)
        return content


def _joined(content: Object, snippet: Object | None) -> Object:
    """The mapping with the entries of the snippet; mappings under one key are joined, else its own entry stays."""
    if snippet is None:
        return content
    entries = dict(content.entries)
    for key, value in snippet.entries.items():
        own, other = mapping(entries.get(key)), mapping(value)
        if key not in entries:
            entries[key] = value
        elif own is not None and other is not None:
            entries[key] = Known(_joined(own, other), entries[key].origin)
    return Object(entries, content.more, {**snippet.keys, **content.keys})
