"""The JSON form of a Terraform plan (``terraform show -json``) as data.

https://developer.hashicorp.com/terraform/internals/json-format#plan-representation; fields and
versions that are not known here are passed over.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Any

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.sources import Sources
from dynavet.values import Origin
from dynavet_parsers.iam_json.json_source import JsonError, parse_json

_ADDRESS = regex(r'"address"\s*:\s*"((?:[^"\\]|\\.)*)"')
_KEY = regex(r'\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]$')
_OBJECTS = ("planned_values", "configuration", "prior_state", "variables")
_LISTS = ("resource_changes", "deferred_changes")
_WORDS = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
MAX_MODULES_DEEP = 64


class PlanError(Exception):
    """A plan that cannot be read: what was expected, and the one-based place."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True, slots=True)
class PlannedInstance:
    """A resource or data source instance: its values after the plan, and which are not known or sensitive.

    `unknown` and `sensitive` mirror the shape of `values`, ``True`` for what they hold of.
    `existing`: it was there before the plan.
    """

    address: str
    declaration: str
    index: str | int | None
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    sensitive: Mapping[str, Any]
    existing: bool


@dataclass(eq=False)
class Plan:
    """`path` as the user sees it. `data` is the whole document, of which `text` is the source."""

    file: Path
    path: str
    data: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)

    @property
    def configuration(self) -> Mapping[str, Any]:
        """The root module of the configuration that the plan was made from."""
        return as_object(as_object(self.data.get("configuration")).get("root_module"))

    @cached_property
    def configured(self) -> set[str]:
        """Addresses of what the root module itself declares."""
        listed = map(as_object, as_list(self.configuration.get("resources")))
        return {str(each["address"]) for each in listed if "address" in each}

    @cached_property
    def variables(self) -> dict[str, Any]:
        """Values of the root variables; defaults are among them."""
        given = as_object(self.data.get("variables"))
        return {name: each["value"] for name, each in given.items() if isinstance(each, dict) and "value" in each}

    @cached_property
    def sensitive_variables(self) -> set[str]:
        declared = as_object(self.configuration.get("variables"))
        return {name for name, each in declared.items() if as_object(each).get("sensitive") is True}

    @property
    def whole(self) -> bool:
        """Whether everything that will be there is planned: no target, no error, nothing put off."""
        return (
            self.data.get("complete") is not False
            and self.data.get("errored") is not True
            and not as_list(self.data.get("deferred_changes"))
        )

    @property
    def errored(self) -> bool:
        return self.data.get("errored") is True

    @cached_property
    def changes(self) -> dict[str, Mapping[str, Any]]:
        """What is to happen to each resource instance, by address."""
        listed = (each for each in as_list(self.data.get("resource_changes")) if isinstance(each, dict))
        return {plain_address(str(each["address"])): each for each in listed if "address" in each}

    @cached_property
    def instances(self) -> dict[str, PlannedInstance]:
        """What will be there, by address: planned resources, and data sources read before or during the plan."""
        found: dict[str, PlannedInstance] = {}
        planned = as_object(self.data.get("planned_values"))
        read = (each for each in self._prior if each.get("mode") == "data")
        for each in (*read, *_resources(as_object(planned.get("root_module")))):
            self._add(each, found)
        return found

    @property
    def _prior(self) -> Iterator[Mapping[str, Any]]:
        state = as_object(as_object(self.data.get("prior_state")).get("values"))
        return _resources(as_object(state.get("root_module")))

    def before(self, kind: str) -> Iterator[str]:
        """The addresses of managed resources of a type that were there before the plan."""
        for each in self._prior:
            if each.get("mode") == "managed" and each.get("type") == kind:
                yield plain_address(str(each.get("address", "")))

    def _add(self, each: Mapping[str, Any], found: dict[str, PlannedInstance]) -> None:
        address = plain_address(str(each.get("address", "")))
        change = as_object(as_object(self.changes.get(address)).get("change"))
        if as_list(change.get("actions")) == ["forget"]:
            return  # some versions list it: https://github.com/hashicorp/terraform/issues/38641
        index = each.get("index")
        found[address] = PlannedInstance(
            address=address,
            declaration=without_key(address),
            index=index if isinstance(index, (str, int)) and not isinstance(index, bool) else None,
            values=as_object(each.get("values")),
            unknown=as_object(change.get("after_unknown")),
            sensitive=_both(each.get("sensitive_values"), change.get("after_sensitive")),
            existing=change.get("before") is not None,
        )

    @cached_property
    def indices(self) -> dict[str, list[str | int]]:
        """The instance keys of each resource, data source and module call, by address without the last key."""
        found: dict[str, list[str | int]] = {}
        for each in self.instances.values():
            if each.index is not None:
                found.setdefault(each.declaration, []).append(each.index)
            for module in _modules_around(each.address):
                if key := _KEY.search(module):
                    found.setdefault(without_key(module), []).append(key[1] if key[2] is None else int(key[2]))
        return {address: list(dict.fromkeys(keys)) for address, keys in found.items()}

    @cached_property
    def repeated(self) -> dict[str, str]:
        """Which of ``count`` and ``for_each`` makes the instances of what has keys, by address without any keys."""
        return {
            _ANY_KEY.sub("", address): "count" if isinstance(keys[0], int) else "for_each"
            for address, keys in self.indices.items()
        }

    @cached_property
    def declared(self) -> set[str]:
        """Addresses without instance keys of what has an instance."""
        return {each.declaration for each in self.instances.values()}

    def at(self, address: str) -> Origin:
        """Where a resource first stands in the file; the beginning of the file if it does not."""
        start, end = self._places.get(address, (0, 0))
        row = bisect_right(self._lines, start) - 1
        column = start - self._lines[row] + 1
        return Origin(self.path, row + 1, column, row + 1, column + end - start)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        places: dict[str, tuple[int, int]] = {}
        for found in _ADDRESS.finditer(self.text):
            places.setdefault(plain_address(_unquoted(found[1])), found.span())
        return places


def read_plan(file: Path, sources: Sources) -> Plan | None:
    """The plan in a file; `None` for JSON that is something else. Raises `PlanError` and `SourceError`."""
    text, path = sources.read_text(file), sources.show(file)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _not_json(text, path) from None
    if not isinstance(data, dict) or not isinstance(data.get("format_version"), str):
        return None
    if not {"planned_values", "resource_changes"} & data.keys():
        return None
    for names, kind in ((_OBJECTS, dict), (_LISTS, list)):
        for name in names:
            if data.get(name) is not None and not isinstance(data[name], kind):
                raise PlanError(_expected(name, kind, data[name]), *_place_of_key(name, text))
    return Plan(file, path, data, text)


def _not_json(text: str, path: str) -> PlanError:
    try:
        parse_json(text, path)
    except JsonError as error:
        return PlanError(f"{error.message} in a Terraform plan", error.line, error.column)
    return PlanError("expected a Terraform plan with fewer nested values", 1, 1)


def _expected(name: str, kind: type, found: Any) -> str:
    return f"expected {_WORDS[kind]} as {name} of a Terraform plan, found {_WORDS.get(type(found), 'a number')}"


def _place_of_key(name: str, text: str) -> tuple[int, int]:
    start = max(text.find(f'"{name}"'), 0)
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def as_object(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, dict) else {}


def as_list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _resources(module: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in as_list(module.get("resources")) if isinstance(each, dict))
    if depth < MAX_MODULES_DEEP:
        for child in as_list(module.get("child_modules")):
            yield from _resources(as_object(child), depth + 1)


def plain_address(address: str) -> str:
    """The address with the instance keys as they are, where Terraform writes them as a quoted string."""
    if "\\" not in address and "$${" not in address and "%%{" not in address:
        return address
    unescaped = re.sub(r"\\(.)", r"\1", address)
    return unescaped.replace("$${", "${").replace("%%{", "%{")


def without_key(address: str) -> str:
    """The address of all instances of a resource, data source or module call."""
    return _KEY.sub("", address)


def _unquoted(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


_ANY_KEY = regex(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_STEP = regex(r'module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.')


def _modules_around(address: str) -> Iterator[str]:
    """The addresses of the module instances that an address lies in."""
    position = 0
    while found := _STEP.match(address, position):
        position = found.end()
        yield address[: position - 1]


def _both(one: Any, other: Any) -> Mapping[str, Any]:
    """Marks that hold by either of two structures."""
    first, second = as_object(one), as_object(other)
    return {key: _marked(first.get(key), second.get(key)) for key in {**first, **second}}


def _marked(one: Any, other: Any) -> Any:
    if one is True or other is True:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return _both(one, other)
    if isinstance(one, list) and isinstance(other, list):
        longer = max(len(one), len(other))
        pad = [*one, *[None] * (longer - len(one))], [*other, *[None] * (longer - len(other))]
        return [_marked(a, b) for a, b in zip(*pad, strict=True)]
    return one if one not in (None, False) else other
