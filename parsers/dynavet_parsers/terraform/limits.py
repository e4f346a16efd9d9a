"""How large a value may get; what is larger is not computed."""

from __future__ import annotations

from typing import Any

from dynavet.text import Text
from dynavet.values import Known, List, Object, OneOf, Unknown, Value
from dynavet_parsers.terraform.data import NotPlain

MAX_TEXT = 1024 * 1024
"""Characters of a text."""

MAX_PARTS = 10_000
"""Parts of a symbolic text."""

MAX_ITEMS = 10_000
"""Items that one function gives."""

MAX_VALUES = 200_000
"""Values within a value, each counted as often as it is met."""

MAX_DEPTH = 100
"""Lists and objects within one another."""


def limited(size: int, limit: int = MAX_TEXT) -> None:
    """Raises `NotPlain` for more characters (or items, with another limit) than are computed."""
    if size > limit:
        what = "characters" if limit == MAX_TEXT else "items"
        raise NotPlain(Unknown(f"a result of more than {limit} {what} is not computed"))


def text_size(value: Value[Any]) -> int:
    """The literal characters of a text, of the longest one where several are possible."""
    if isinstance(value, OneOf):
        return max((text_size(branch) for _, branch in value.branches), default=0)
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, str):
        return len(data)
    return sum(len(p) for p in data.parts if isinstance(p, str)) if isinstance(data, Text) else 0


def within_limits(value: Value[Any]) -> Value[Any]:
    """The same. Raises `NotPlain` for one that is too large."""
    if isinstance(value, Known):
        data = value.value
        if isinstance(data, (List, Object)):
            size, depth = data.extent
            limited(size, MAX_VALUES)
            if depth > MAX_DEPTH:
                raise NotPlain(Unknown(f"data nested deeper than {MAX_DEPTH} is not computed", value.origin))
        elif isinstance(data, Text):
            limited(len(data.parts), MAX_PARTS)
            limited(text_size(value))
        elif isinstance(data, str):
            limited(len(data))
    elif isinstance(value, OneOf):
        for _, branch in value.branches:
            within_limits(branch)
    return value
