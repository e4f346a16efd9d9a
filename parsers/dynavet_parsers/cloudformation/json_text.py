"""``Fn::ToJsonString``: text that keeps the value it encodes."""

from __future__ import annotations

import json
from typing import Any

from dynavet.text import Hole, Text
from dynavet.values import Data, Known, List, Object, Value


class _Symbolic(Exception):
    """A part of the value is not literal."""


def json_text(value: Value[Data]) -> Text:
    """The JSON text of `value`, a hole unless all of it is literal; the value is its `document`."""
    try:
        parts: tuple[str | Hole, ...] = (json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False),)
    except _Symbolic:
        parts = (Hole("Fn::ToJsonString is computed at deployment"),)
    return Text(parts, document=value)


def _plain(value: Value[Data]) -> Any:
    if not isinstance(value, Known):
        raise _Symbolic
    data = value.value
    if isinstance(data, List):
        if data.more:
            raise _Symbolic
        return [_plain(item) for item in data.items]
    if isinstance(data, Object):
        if data.more:
            raise _Symbolic
        return {key: _plain(item) for key, item in data.entries.items()}
    if isinstance(data, Text):
        raise _Symbolic
    return data
