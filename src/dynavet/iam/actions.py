"""The actions of DynamoDB and DAX (and names of IAM, KMS and STS actions), from a dated table."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from dynavet.iam.globs import has_wildcard, match
from dynavet.records import dataclass
from dynavet.rule import Severity

SERVICES = ("dynamodb", "dax")
"""The services whose data this table knows whole."""


@dataclass(frozen=True, slots=True)
class Action:
    """One IAM action.

    `levels` in the words of the Service Authorization Reference (``Read``, ``Write``,
    ``List``, ``Tagging``, ``Permissions management``), most specific first. `resource_types`
    it applies to (none: only to ``*``), `required` those that a request must name.
    `condition_keys` beyond the global ones. `data` is ``read`` or ``write`` for what works
    on items of a DynamoDB table, else empty.
    """

    service: str
    name: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    condition_keys: tuple[str, ...] = ()
    data: str = ""

    @property
    def id(self) -> str:
        return f"{self.service}:{self.name}"

    @property
    def manages_permissions(self) -> bool:
        return "Permissions management" in self.levels

    @property
    def only_reads(self) -> bool:
        return set(self.levels) <= {"Read", "List"}


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("data").joinpath("actions.json").read_bytes())
    return data


def table_date() -> str:
    """The day of the action table, ``YYYY-MM-DD``."""
    date: str = _table()["date"]
    return date


@cache
def service_prefixes() -> frozenset[str]:
    """The prefix of every AWS service that has actions, in lower case."""
    return frozenset(_table()["prefixes"])


@cache
def actions_of(service: str) -> tuple[Action, ...]:
    """All actions of dynamodb, dax, iam, kms or sts by name; none for another service."""
    known = _table()["services"].get(service, {"actions": {}})["actions"]
    return tuple(_action(service, name, data) for name, data in known.items())


def _action(service: str, name: str, data: dict[str, Any]) -> Action:
    resources = data.get("resources", {})
    keys = tuple(data.get("keys", ()))
    return Action(
        service=service,
        name=name,
        levels=tuple(data["levels"]),
        resource_types=tuple(resources),
        required=tuple(kind for kind, required in resources.items() if required),
        condition_keys=keys,
        data=_data(service, name, data["levels"], keys),
    )


def _data(service: str, name: str, levels: list[str], keys: tuple[str, ...]) -> str:
    """Items are what ``dynamodb:Attributes`` filters, and what a vector search returns."""
    if service != "dynamodb" or ("dynamodb:Attributes" not in keys and name != "SearchVectors"):
        return ""
    return "read" if "Read" in levels else "write"


@cache
def _by_id() -> dict[str, Action]:
    return {action.id.lower(): action for service in _table()["services"] for action in actions_of(service)}


def find(name: str) -> Action | None:
    """The action with this ``service:Name``, in any case."""
    return _by_id().get(name.lower())


@lru_cache(maxsize=4096)
def expand(pattern: str) -> tuple[Action, ...]:
    """The DynamoDB and DAX actions that match an action pattern, in any case; ``*`` is all of them.

    >>> [action.id for action in expand("dax:?etItem")]
    ['dax:GetItem']
    """
    lowered = pattern.lower()
    if not has_wildcard(lowered):
        action = find(lowered)
        return (action,) if action is not None and action.service in SERVICES else ()
    prefix, colon, _ = lowered.partition(":")
    if colon and prefix not in SERVICES and not has_wildcard(prefix):
        return ()
    return tuple(a for service in SERVICES for a in actions_of(service) if match(lowered, a.id.lower()))


@cache
def arn_globs(service: str) -> dict[str, str]:
    """The ARN of each resource type as a glob: ``arn:*:dynamodb:*:*:table/*``."""
    resources = _table()["services"].get(service, {}).get("resources", {})
    return {kind: _arn_glob(data["arn"]) for kind, data in resources.items()}


def _arn_glob(arn: str) -> str:
    before, _, rest = arn.partition("${")
    glob = before
    while rest:
        _, _, rest = rest.partition("}")
        before, _, rest = rest.partition("${")
        glob += "*" + before
    return glob


@cache
def condition_keys(service: str) -> dict[str, str]:
    """The service's condition keys with their types (``String``, ``ArrayOfString``, ``Bool`` …)."""
    keys: dict[str, str] = _table()["services"].get(service, {}).get("keys", {})
    return keys


def effect(actions: Collection[Action]) -> Severity:
    """How much a grant of these DynamoDB and DAX actions can do.

    High: managing permissions, or every DynamoDB action; low: only reading and listing;
    medium: anything else, every DAX action included.
    """
    every = actions_of("dynamodb")
    everything = len(actions) >= len(every) and set(actions) >= set(every)
    if everything or any(action.manages_permissions for action in actions):
        return Severity.HIGH
    return Severity.LOW if all(action.only_reads for action in actions) else Severity.MEDIUM
