"""Parts of what the framework generates: names, and values that stand where they were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dynavet.values import Data, Known, List, Object, OneOf, Origin, Unknown, Value

ROLE = "IamRoleLambdaExecution"
"""The logical id of the role that functions share."""


def made(data: Any, at: Origin | None) -> Value[Data]:
    """Plain mappings, lists and scalars as a value at `at`; values among them stay what they are."""
    if isinstance(data, (Known, Unknown, OneOf)):
        return data
    if isinstance(data, Mapping):
        return Known(Object({key: made(item, at) for key, item in data.items()}), at)
    if isinstance(data, (list, tuple)):
        return Known(List(tuple(made(item, at) for item in data)), at)
    return Known(data, at)


def present(**entries: Value[Data]) -> dict[str, Value[Data]]:
    """The entries that are not absent."""
    return {name: value for name, value in entries.items() if not is_absent(value)}


def is_absent(value: Value[Data] | None) -> bool:
    """Whether there is certainly nothing."""
    return value is None or (isinstance(value, Known) and value.value is None)


def content(value: Value[Data]) -> Object:
    """The mapping that a value is; an empty one that may have more where nothing decides it."""
    if isinstance(value, Known):
        return value.value if isinstance(value.value, Object) else Object()
    reason = value if isinstance(value, Unknown) else Unknown(f"{value.condition} is undecided", value.origin)
    return Object({}, (reason,))


def entry(value: Value[Data] | Object, *path: str) -> Value[Data]:
    """What stands under `path`; absent where one of the steps is no mapping."""
    found = value if isinstance(value, Object) else content(value)
    for key in path[:-1]:
        found = content(found.get(key))
    return found.get(path[-1])


def listed(values: Iterable[Value[Data]], more: Iterable[Unknown], at: Origin | None) -> Value[Data]:
    return Known(List(tuple(values), tuple(more)), at)


def attribute(logical_id: str, name: str, at: Origin | None) -> Value[Data]:
    """``Fn::GetAtt``."""
    return made({"Fn::GetAtt": [logical_id, name]}, at)


def normalized(name: str) -> str:
    """A name of a function in the logical ids of its resources."""
    name = name.replace("-", "Dash").replace("_", "Underscore")
    return name[:1].upper() + name[1:]


def function_id(name: str) -> str:
    """The logical id of a function."""
    return f"{normalized(name)}LambdaFunction"


def allowed(actions: Iterable[str], resources: Iterable[Value[Data]], at: Origin | None) -> Value[Data]:
    """A statement that allows the actions on the resources."""
    return made({"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}, at)


def trust(service: str, at: Origin | None) -> Value[Data]:
    """The trust policy for a service such as ``lambda``."""
    principal = {"Service": [f"{service}.amazonaws.com"]}
    statement = {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole"]}
    return made({"Version": "2012-10-17", "Statement": [statement]}, at)
