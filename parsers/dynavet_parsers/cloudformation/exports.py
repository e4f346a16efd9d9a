"""What one stack of an AWS CDK app takes from another: ``Fn::ImportValue``.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from dynavet.assembly import TEMPLATE, is_assembly
from dynavet.model import SourceProblem
from dynavet.sources import SourceError, Sources
from dynavet.text import Reference, Text
from dynavet.values import Data, Known, Origin, Value
from dynavet_parsers.cloudformation.opening import Opened, open_template
from dynavet_parsers.cloudformation.references import TABLE_TYPES
from dynavet_parsers.cloudformation.template import literal, mapping

_FOLLOWED = TABLE_TYPES | {"AWS::KMS::Alias", "AWS::KMS::Key"}
"""Of these it is enough to know the type; rules that look at others look for them in the stack itself."""


class Exports:
    """The exports of the other stacks in the assembly of a template, each looked up when it is asked for."""

    def __init__(self, path: Path, sources: Sources) -> None:
        self._path = path
        self._sources = sources
        self._found: dict[str, Text | None] = {}

    def value(self, name: str, at: Origin | None) -> Value[Data] | None:
        """A table or key that a stack exports, as a resource of that stack: ``Shop:Orders``; `None` if unknown."""
        if name not in self._found:
            found = [text for path in self._others() for text in self._exported(path, name)]
            self._found[name] = found[0] if len(found) == 1 else None
        text = self._found[name]
        return Known(text, at) if text is not None else None

    def _others(self) -> list[Path]:
        directory = self._path.parent
        if not is_assembly(directory):
            return []
        return sorted(path for path in directory.glob(f"*{TEMPLATE}") if path != self._path)

    def _exported(self, path: Path, name: str) -> list[Text | None]:
        """What the template exports by the name, of which one stack alone has one; an empty list if it does not."""
        try:
            data = self._sources.read(path)
        except SourceError:
            return []
        if not re.search(rb'"Name"\s*:\s*' + re.escape(json.dumps(name)).encode(), data):
            return []
        opened = open_template(path, self._sources)
        if opened is None or isinstance(opened, SourceProblem):
            return []
        outputs = mapping(opened.template.sections.entries.get("Outputs"))
        found = (mapping(output) for output in (outputs.entries.values() if outputs is not None else ()))
        return [
            _reference(opened, each.get("Value"), path.name.removesuffix(TEMPLATE)) if "Condition" not in each else None
            for output in found
            if output is not None and (export := mapping(output.entries.get("Export"))) is not None
            for each in (output.entries,)
            if literal(export.entries.get("Name")) == name
        ]


def _reference(opened: Opened, value: Value[Data] | None, stack: str) -> Text | None:
    """The table or key that a value refers to."""
    data = opened.evaluator.evaluate(value) if value is not None else None
    text = data.value if isinstance(data, Known) else None
    found = text.reference if isinstance(text, Text) else None
    if found is None or opened.template.types.get(found.target) not in _FOLLOWED:
        return None
    return Text((Reference(f"{stack}:{found.target}", found.attribute, found.shape),))
