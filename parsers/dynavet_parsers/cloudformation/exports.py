"""What one stack of an AWS CDK app takes from another: ``Fn::ImportValue``.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from dynavet.assembly import TEMPLATE, is_assembly
from dynavet.regexes import regex
from dynavet.sources import SourceError, Sources
from dynavet.text import Reference, Text
from dynavet.values import Data, Known, Origin, Value
from dynavet_parsers.cloudformation.opening import Opened, open_template
from dynavet_parsers.cloudformation.references import TABLE_TYPES
from dynavet_parsers.cloudformation.template import literal, mapping

_FOLLOWED = TABLE_TYPES | {"AWS::KMS::Alias", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"}
"""Of these it is enough to know the type; rules that look at others look for them in the stack itself."""

_NAME = regex(r'"Name"\s*:\s*"([^"\\]*)"')


class Exports:
    """The exports of the other stacks in the assembly of a template, each looked up when it is asked for."""

    def __init__(self, path: Path, sources: Sources) -> None:
        self._path = path
        self._sources = sources
        self._found: dict[str, Text | None] = {}

    def value(self, name: str, at: Origin | None) -> Value[Data] | None:
        """A table or key that a stack exports, as a resource of that stack: ``Shop:Orders``; `None` if unknown."""
        if name not in self._found:
            found = self._exported(name)
            self._found[name] = found[0] if len(found) == 1 else None
        text = self._found[name]
        return Known(text, at) if text is not None else None

    def _exported(self, name: str) -> list[Text | None]:
        """What each of the other templates exports by the name, `None` if that is not followed."""
        found: list[Text | None] = []
        for path in _exporting(self._path.parent, self._sources).get(name, ()):
            opened = _opened(path, self._sources) if path != self._path else None
            for output in _outputs(opened) if opened is not None else ():
                export = mapping(output.get("Export"))
                if export is not None and opened is not None and literal(export.entries.get("Name")) == name:
                    stack = path.name.partition(".")[0]
                    found.append(_shared(opened, output.get("Value"), stack) if "Condition" not in output else None)
        return found


@lru_cache(maxsize=8)
def _exporting(directory: Path, sources: Sources) -> Mapping[str, list[Path]]:
    """The templates of an assembly by the names that they may export; none of a directory that is no assembly."""
    found: dict[str, list[Path]] = {}
    for path in sorted(directory.glob(f"*{TEMPLATE}")) if is_assembly(directory) else ():
        try:
            text = sources.read_text(path)
        except SourceError:
            continue
        for name in set(_NAME.findall(text)) if '"Export"' in text else ():
            found.setdefault(name, []).append(path)
    return found


@lru_cache(maxsize=8)
def _opened(path: Path, sources: Sources) -> Opened | None:
    """A template that can be read; what is wrong with any other is said where it is read for itself."""
    try:
        opened = open_template(path, sources)
    except RecursionError:
        return None
    return opened if isinstance(opened, Opened) else None


def _outputs(opened: Opened) -> Iterator[Mapping[str, Value[Data]]]:
    section = mapping(opened.template.sections.entries.get("Outputs"))
    for declared in section.entries.values() if section is not None else ():
        output = mapping(declared)
        if output is not None:
            yield output.entries


def _shared(opened: Opened, value: Value[Data] | None, stack: str) -> Text | None:
    """The value where it is made of nothing but tables and keys, literal text and what only deployment decides."""
    data = opened.evaluator.evaluate(value) if value is not None else None
    text = data.value if isinstance(data, Known) else None
    if not isinstance(text, Text) or not text.references:
        return None
    if any(opened.template.types.get(each.target) not in _FOLLOWED for each in text.references):
        return None
    return Text(tuple(_of(stack, part) if isinstance(part, Reference) else part for part in text.parts))


def _of(stack: str, found: Reference) -> Reference:
    return Reference(f"{stack}:{found.target}", found.attribute, found.shape)
