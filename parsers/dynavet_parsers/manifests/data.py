"""Manifests as data: JSON and TOML, in which everything may be missing or of another kind than expected."""

from __future__ import annotations

import json
import tomllib
from typing import Any


class Unreadable(Exception):
    """A manifest that cannot be understood; the message says why."""


def parsed_json(text: str) -> dict[str, Any]:
    """Raises `Unreadable`."""
    try:
        return table(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is not JSON: {error}") from error


def parsed_toml(text: str) -> dict[str, Any]:
    """Raises `Unreadable`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is not TOML: {error}") from error


def table(thing: Any, *path: str) -> dict[str, Any]:
    """The mapping at a path of keys; empty if there is none."""
    for key in path:
        thing = thing.get(key) if isinstance(thing, dict) else None
    return thing if isinstance(thing, dict) else {}


def items(thing: Any) -> list[Any]:
    """The list; empty if it is none."""
    return thing if isinstance(thing, list) else []


def texts(things: Any) -> list[str]:
    """Those of the things in a list that are text."""
    return [each for each in items(things) if isinstance(each, str)]
