"""The model as JSON, for people and programs that want to see what the rules see."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from dynavet.model import Project
from dynavet.text import Text
from dynavet.values import Known, Object, OneOf, Origin, Unknown

NOT_CODE = ("suppressions", "settings", "dependencies", "errors")
"""What a project has that does not come from the code of its resources."""


def render(projects: Sequence[Project]) -> str:
    """All projects, in the order of their roots; the same for the same input."""
    ordered = (plain(project) for project in sorted(projects, key=lambda project: project.root))
    shown = [{name: value for name, value in project.items() if name not in NOT_CODE} for project in ordered]
    return json.dumps({"projects": shown}, indent=2) + "\n"


def plain(thing: Any) -> Any:
    """A part of the model in JSON's own types.

    Text is written with its references as ``${target.attribute}``, an origin as
    ``path:line:column``, both without the way they came.
    """
    if isinstance(thing, Known):
        return {"known": plain(thing.value)}
    if isinstance(thing, Unknown):
        return {"unknown": thing.reason}
    if isinstance(thing, OneOf):
        branches = {label: plain(branch) for label, branch in thing.branches}
        return {"one_of": {"condition": thing.condition, "default": thing.default, "branches": branches}}
    if isinstance(thing, Origin):
        return f"{thing.path}:{thing.line}:{thing.column}"
    if isinstance(thing, Text):
        return str(thing)
    if isinstance(thing, Object):
        return {"entries": plain(thing.entries), "more": plain(thing.more)}
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, Mapping):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [plain(item) for item in thing]
    if is_dataclass(thing):
        return {field.name: plain(getattr(thing, field.name)) for field in fields(thing)}
    return thing
