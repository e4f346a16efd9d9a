"""Calls of one module with the same arguments: read once, listed under every address.

Two modules that call the next one twice make four, eight, sixteen … instances, of which
each level needs only one to be read: what is said of it holds for the others.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from dynavet.text import Text
from dynavet.values import List, Object, OneOf, Unknown, Value

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module

MAX_LISTED = 1_000
"""Addresses of instances that are the same in all respects, beyond which no more are listed."""


def shared(child: Module) -> Module:
    """The instance itself, or the earlier one that is the same but for its address, which takes over that address.

    Instances are kept apart where a finding on one may stand, or be put aside, elsewhere than
    on the other: below different calls of the root module, or below calls that a suppression
    may stand on.
    """
    if child.plan is not None:
        return child  # a plan may say something else of each address
    try:
        values = _all(child.arguments), _all(child.providers), frozen(child.exists)
    except RecursionError:
        return child
    first = child.same.setdefault((id(child.configuration), child.apart, values), child)
    if first is not child:
        first.places += child.places
    return first


def prefixes(module: Module) -> Iterator[str]:
    """``module.a["x"].`` for the instance and all that it stands for; empty text for the root."""
    if not module.places:
        yield ""
    for parent, step in module.places:
        yield from (before + step for before in prefixes(parent))


def times(module: Module) -> int:
    """How many instances the module stands for, itself among them. Asked when all calls have been followed."""
    if not module.stands_for:
        module.stands_for = sum(times(parent) for parent, _ in module.places) or 1
    return module.stands_for


def further_addresses(module: Module, name: str) -> tuple[str, ...]:
    """The addresses under which a resource of the module exists besides the first, `MAX_LISTED` at most."""
    return tuple(prefix + name for prefix in islice(prefixes(module), 1, 1 + MAX_LISTED))


def _all(values: Mapping[str, Value[Any]]) -> Hashable:
    return tuple((name, frozen(value)) for name, value in sorted(values.items()))


def frozen(value: Value[Any]) -> Hashable:
    """What tells the value from others, wherever it was written."""
    if isinstance(value, Unknown):
        return "unknown", value.reason
    if isinstance(value, OneOf):
        return value.condition, value.default, tuple((label, frozen(branch)) for label, branch in value.branches)
    return _frozen_data(value.value)


def _frozen_data(data: Any) -> Hashable:
    if isinstance(data, List):
        return "list", tuple(frozen(item) for item in data.items), data.more
    if isinstance(data, Object):
        return "object", tuple((key, frozen(item)) for key, item in data.entries.items()), data.more
    if data is None or isinstance(data, (bool, int, float, str, Text)):
        return type(data).__name__, data
    return "handle", str(data)
