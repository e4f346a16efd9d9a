"""The parts of a configuration that say what tables are, and what their tags may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dynavet.model import Context, Marks
from dynavet.suppression_text import nearest

T = TypeVar("T")


class Within(ValueError):
    """What is wrong somewhere inside the value of a key; `keys` lead there."""

    def __init__(self, problem: str, *keys: str) -> None:
        super().__init__(problem)
        self.keys = keys


def read_context(value: Any) -> Context:
    """The table ``[context]``. Raises `Within`."""
    read = _with_keys({"non-production": _marks, "sensitive": _marks}, value)
    return Context(**{key.replace("-", "_"): marks for key, marks in read.items()})


def read_tag_values(value: Any) -> Mapping[str, tuple[str, ...]]:
    """A table of tag keys, each with the globs of its values. Raises `Within`."""
    return {key: _inside(key, _globs, each) for key, each in _table(value).items()}


def _marks(value: Any) -> Marks:
    read = _with_keys(_PARTS, value)
    return Marks(names=read.get("names", ()), tags=read.get("tags", {}))


def _globs(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
        raise Within("expected a list of texts, in which * stands for any characters and ? for one")
    return tuple(value)


def _with_keys(known: Mapping[str, Callable[[Any], T]], value: Any) -> dict[str, T]:
    read = {}
    for key, each in _table(value).items():
        if key not in known:
            raise Within(f"unknown key {key!r}; did you mean {nearest(key, tuple(known))!r}?", key)
        read[key] = _inside(key, known[key], each)
    return read


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Within("expected a table")
    return value


def _inside(key: str, read: Callable[[Any], T], value: Any) -> T:
    try:
        return read(value)
    except Within as problem:
        told = str(problem) if problem.keys else f"{key}: {problem}"
        raise Within(told, key, *problem.keys) from problem


_PARTS: Mapping[str, Callable[[Any], Any]] = {"names": _globs, "tags": read_tag_values}
