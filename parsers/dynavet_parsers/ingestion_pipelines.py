"""The tables whose streams a pipeline of Amazon OpenSearch Ingestion reads, as its configuration in YAML says.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-ddb.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dynavet.text import Hole, Text
from dynavet.values import ABSENT, Known, OneOf, Origin, Unknown, Value, bind

_MARK = "\ue006"
"""Stands around the number of a part of the text that is not written out."""


def streamed_tables(configuration: Value[Text | None]) -> list[Value[Text | None]]:
    """The ARN of each table whose stream is read; absent where another branch of the configuration reads more."""

    def read(text: Text | None) -> Value[tuple[Value[Text | None], ...]]:
        return Known(() if text is None else tuple(_arns(text, configuration.origin)))

    found = bind(read, configuration)
    return [
        bind(lambda arns, number=number: arns[number] if number < len(arns) else ABSENT, found)  # type: ignore[misc]
        for number in range(_longest(found))
    ]


def _longest(found: Value[tuple[Value[Text | None], ...]]) -> int:
    """How many tables they are at most; what is unknown counts as one."""
    if isinstance(found, OneOf):
        return max(_longest(branch) for _, branch in found.branches)
    return 1 if isinstance(found, Unknown) else len(found.value)


def _arns(text: Text, origin: Origin | None) -> Iterator[Value[Text | None]]:
    import yaml  # takes a tenth of a small scan's time, and is seldom needed

    if text.parts and all(isinstance(part, Hole) for part in text.parts):
        yield Unknown(text.holes[0].reason, origin)
        return
    written = "".join(
        part.replace(_MARK, "") if isinstance(part, str) else f"{_MARK}{number}{_MARK}"
        for number, part in enumerate(text.parts)
    )
    try:
        root = yaml.compose(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        yield Unknown("the configuration of the pipeline is no YAML", origin)
        return
    for _, pipeline in _members(root):
        tables = _under(pipeline, "source", "dynamodb", "tables")
        for table in tables.value if isinstance(tables, yaml.SequenceNode) else ():
            arn = _under(table, "table_arn")
            if _under(table, "stream") is not None and isinstance(arn, yaml.ScalarNode):
                yield Known(_symbolic(arn.value, text), origin)


def _members(node: Any) -> list[tuple[Any, Any]]:
    return node.value if getattr(node, "id", "") == "mapping" else []


def _under(node: Any, *path: str) -> Any:
    """What stands under `path` in nested mappings, if anything does."""
    for name in path:
        node = next((value for key, value in _members(node) if key.value == name), None)
    return node


def _symbolic(written: str, text: Text) -> Text:
    """A part of a text as it was before its parts were numbered."""
    pieces = re.split(f"{_MARK}([0-9]+){_MARK}", written)
    return Text.of(*(text.parts[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)))


__all__ = ["streamed_tables"]
