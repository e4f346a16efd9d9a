"""Manifests as data: JSON and TOML, in which everything may be missing or of another kind than expected."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from dynavet.regexes import regex

MAX_TOML = 4_000_000
MAX_KEY_PARTS = 20
_PART = r"""(?:"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|[\w-]++)"""
_KEY = regex(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+")


class Unreadable(Exception):
    """A manifest that cannot be understood; the message says why."""


def parsed_json(text: str) -> dict[str, Any]:
    """Raises `Unreadable`."""
    try:
        return table(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is not JSON: {error}") from error


def parsed_toml(text: str) -> dict[str, Any]:
    """Raises `Unreadable`, also for more than Python's parser, which is slow and quadratic in keys, should be given."""
    if len(text) > MAX_TOML:
        raise Unreadable(f"has more than {MAX_TOML} characters of TOML")
    if any(found[0].count(".") >= MAX_KEY_PARTS and _parts(found[0]) > MAX_KEY_PARTS for found in _KEY.finditer(text)):
        raise Unreadable(f"has a key of more than {MAX_KEY_PARTS} parts")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is not TOML: {error}") from error


def _parts(key: str) -> int:
    return len(re.findall(_PART, key))


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
