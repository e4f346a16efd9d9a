"""What AWS managed policies allow on DynamoDB and DAX, from a dated table; retired ones are there as well."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from dynavet.iam.actions import Action, expand
from dynavet.iam.patterns import may_be_resource_of
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Text

_ARN = regex(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)")


@dataclass(frozen=True, slots=True)
class ManagedGrant:
    """What one statement allows: actions by pattern, on resources; `conditional`: under conditions."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditional: bool

    @property
    def on_everything(self) -> bool:
        """Whether it holds for every resource, unconditionally."""
        return "*" in self.resources and not self.conditional

    def reached(self) -> tuple[Action, ...]:
        """The actions that can apply to one of the resources."""
        found = dict.fromkeys(action for pattern in self.actions for action in expand(pattern))
        return tuple(a for a in found if any(may_be_resource_of(Text.of(r), a).truth for r in self.resources))


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("data").joinpath("managed_policies.json").read_bytes())
    return data


def managed_policies_date() -> str:
    """The day of the table, ``YYYY-MM-DD``."""
    date: str = _table()["date"]
    return date


@cache
def grants_of(name: str) -> tuple[ManagedGrant, ...] | None:
    """What the AWS managed policy of this name allows on DynamoDB and DAX; `None` if the table has no such policy."""
    found = _table()["grants"].get(name)
    if found is not None:
        return tuple(
            ManagedGrant(tuple(each["actions"]), tuple(each["resources"]), each.get("conditional", False))
            for each in found
        )
    return () if name in _others() else None


@cache
def _others() -> frozenset[str]:
    return frozenset(_table()["others"])


def everywhere(grants: Iterable[ManagedGrant]) -> tuple[Action, ...]:
    """The actions that are allowed on every resource, each once."""
    return tuple(dict.fromkeys(action for grant in grants if grant.on_everything for action in grant.reached()))


def managed_policy_name(arn: str) -> str | None:
    """The name of the AWS managed policy with this ARN, its path left out; `None` for another ARN.

    >>> managed_policy_name("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole")
    'AWSLambdaDynamoDBExecutionRole'
    """
    found = _ARN.fullmatch(arn)
    return found[1] if found else None
