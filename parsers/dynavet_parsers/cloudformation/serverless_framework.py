"""The CloudFormation resources of a Serverless Framework file.

https://www.serverless.com/framework/docs/providers/aws/guide/resources
"""

from __future__ import annotations

import re

from dynavet.text import Hole, Text, plain
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.template import literal, mapping

_SOURCES = r"self|opt|env|sls|param|ssm|cf|s3|file|strToBool|aws:(?:accountId|region)"
_VARIABLE = re.compile(rf"(\$\{{(?:{_SOURCES})\b(?:[^{{}}]|\{{[^{{}}]*\}})*\}})")


def as_cloudformation(document: Value[Data]) -> tuple[Value[Data], list[tuple[str, Origin | None]]] | None:
    """The template below ``resources``, and the inclusions that are not followed.

    `None` for a file that is not one of the framework's, which has ``service`` and
    ``provider`` at its top. Its variables are undecided here.
    """
    root = mapping(document)
    if root is None or not {"service", "provider", "resources"} <= root.entries.keys():
        return None
    declared = root.entries["resources"]
    content = declared.value if isinstance(declared, Known) else None
    parts = content.items if isinstance(content, List) else (declared,)
    sections: dict[str, Value[Data]] = {}
    for part in parts:
        found = mapping(part)
        for name, section in (found.entries if found is not None else {}).items():
            sections[name] = _joined(sections[name], section) if name in sections else section
    included = [(text, part.origin) for part in parts if (text := literal(part)) is not None]
    return _undecided(Known(Object(sections), document.origin)), included


def _joined(first: Value[Data], second: Value[Data]) -> Value[Data]:
    """Two mappings of one section as one; what is no mapping gives way."""
    before, after = mapping(first), mapping(second)
    if before is None or after is None:
        return second
    return Known(Object({**before.entries, **after.entries}, (), {**before.keys, **after.keys}), first.origin)


def _undecided(value: Value[Data]) -> Value[Data]:
    """The tree with the framework's variables as holes."""
    if not isinstance(value, Known):
        return value
    data = value.value
    if isinstance(data, List):
        return Known(List(tuple(_undecided(item) for item in data.items), data.more), value.origin)
    if isinstance(data, Object):
        entries = {key: _undecided(item) for key, item in data.entries.items()}
        return Known(Object(entries, data.more, data.keys), value.origin)
    if isinstance(data, str) and "${" in data:
        return _text(data, value.origin)
    return value


def _text(text: str, origin: Origin | None) -> Value[Data]:
    parts = [Hole(_reason(piece)) if _VARIABLE.fullmatch(piece) else piece for piece in _VARIABLE.split(text)]
    symbolic = Text.of(*parts)
    if len(symbolic.parts) == 1 and isinstance(symbolic.parts[0], Hole):
        return Unknown(symbolic.parts[0].reason, origin)
    return Known(plain(symbolic), origin)


def _reason(variable: str) -> str:
    return f"{variable} is resolved by the Serverless Framework"
