"""Values of a plan: what is not known yet and what is sensitive are unknown, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from dynavet.values import Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.terraform.plan import Plan, PlannedInstance, as_list, as_object

SHORTEST_SECRET = 4
"""Sensitive text shorter than this is hidden only where the plan marks it."""


class Secrets:
    """The sensitive texts of a plan.

    The plan marks a value where the configuration puts it, and not where a provider copies it
    to (``tags_all``), so a text that contains a sensitive one is sensitive wherever it stands.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def texts(self) -> tuple[str, ...]:
        found = [self._plan.variables.get(name) for name in self._plan.sensitive_variables]
        texts = {text for value in found for text in _texts(value, True)}
        for each in self._plan.instances.values():
            texts.update(_texts(each.values, each.sensitive))
        return tuple(sorted(text for text in texts if len(text) >= SHORTEST_SECRET))

    def hidden(self, data: Any) -> bool:
        return isinstance(data, str) and any(secret in data for secret in self.texts)


def _texts(data: Any, marks: Any) -> Iterator[str]:
    """The texts in `data` that are marked."""
    if marks is True:
        if isinstance(data, str):
            yield data
        elif isinstance(data, (list, dict)):
            for item in data if isinstance(data, list) else data.values():
                yield from _texts(item, True)
    elif isinstance(data, dict) and isinstance(marks, dict):
        for key, mark in marks.items():
            yield from _texts(data.get(key), mark)
    elif isinstance(data, list) and isinstance(marks, list):
        for item, mark in zip(data, marks, strict=False):
            yield from _texts(item, mark)


class Attributes:
    """The values of one planned instance by name; worked out when asked for."""

    def __init__(self, instance: PlannedInstance, secrets: Secrets, at: Origin) -> None:
        self.instance = instance
        self._secrets = secrets
        self._at = at
        self._known: dict[str, Value[Any]] = {}

    def get(self, name: str) -> Value[Any]:
        if name not in self._known:
            each = self.instance
            self._known[name] = value_of(
                each.values.get(name),
                each.unknown.get(name),
                each.sensitive.get(name),
                f"{each.address}.{name}",
                self._secrets,
                self._at,
            )
        return self._known[name]


def value_of(data: Any, unknown: Any, sensitive: Any, name: str, secrets: Secrets, at: Origin) -> Value[Any]:
    """A part of a plan as a value, which `name` says what it is of."""
    if unknown is True:
        return after_apply(name, at)
    if sensitive is True or secrets.hidden(data):
        return Unknown(f"{name} is sensitive", at)
    if isinstance(data, dict) or (data is None and isinstance(unknown, dict) and _any(unknown)):
        unknowns, marks = as_object(unknown), as_object(sensitive)
        members = as_object(data)
        keys = dict.fromkeys((*members, *(key for key, mark in unknowns.items() if _any(mark))))
        entries = {
            key: value_of(members.get(key), unknowns.get(key), marks.get(key), f"{name}.{key}", secrets, at)
            for key in keys
        }
        return Known(Object(entries), at)
    if isinstance(data, list):
        unknowns_of, marks_of = as_list(unknown), as_list(sensitive)
        items = tuple(
            value_of(item, _nth(unknowns_of, i), _nth(marks_of, i), f"{name}[{i}]", secrets, at)
            for i, item in enumerate(data)
        )
        return Known(List(items), at)
    return Known(data, at)


def after_apply(name: str, at: Origin) -> Unknown:
    return Unknown(f"{name} is known only after deployment", at)


def _any(marks: Any) -> bool:
    if isinstance(marks, (dict, list)):
        return any(_any(each) for each in (marks.values() if isinstance(marks, dict) else marks))
    return marks is True


def _nth(marks: list[Any], number: int) -> Any:
    return marks[number] if number < len(marks) else None
