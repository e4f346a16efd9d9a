"""What a plan does to tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dynavet.model import Fate, TableChange
from dynavet.values import Known, Origin, Unknown, Value, apply
from dynavet_parsers.terraform.plan import Plan, as_list, as_object, plain_address, without_key
from dynavet_parsers.terraform.resource import Reading, Resource

_TABLE = "aws_dynamodb_table"


def table_changes(plan: Plan, reading: Reading) -> Iterator[TableChange]:
    """Every table of the plan with its fate, at its block in the configuration if it has one there."""
    told: set[str] = set()
    for address, each in plan.changes.items():
        if _is_table(each):
            told.add(address)
            yield _change(plan, reading, address, as_object(each.get("change")), each)
    for put_off in as_list(plan.data.get("deferred_changes")):
        each = as_object(as_object(put_off).get("resource_change"))
        address = plain_address(str(each.get("address", "")))
        if _is_table(each) and address not in told:
            told.add(address)
            reason = f"the change of {address} is put off to a later plan ({as_object(put_off).get('reason')})"
            yield _undecided(plan, reading, address, reason)
    if plan.errored:
        for address in plan.before(_TABLE):
            if address not in told:
                yield _undecided(plan, reading, address, f"the plan ended with an error before it came to {address}")


def _is_table(each: Mapping[str, Any]) -> bool:
    return each.get("type") == _TABLE and each.get("mode") == "managed" and "deposed" not in each


def _change(
    plan: Plan, reading: Reading, address: str, change: Mapping[str, Any], each: Mapping[str, Any]
) -> TableChange:
    actions = set(map(str, as_list(change.get("actions"))))
    fate = Fate.KEPT
    if "delete" in actions:
        fate = Fate.REPLACED if "create" in actions else Fate.DESTROYED
    paths = [path for path in as_list(change.get("replace_paths")) if isinstance(path, list) and path]
    forced_by = tuple(dict.fromkeys(str(path[0]) for path in paths))
    before = plain_address(str(each.get("previous_address", "")))
    resource = _declared(reading, address) or _declared(reading, before)
    return _at(plan, resource, address, Known(fate), forced_by if fate is Fate.REPLACED else ())


def _undecided(plan: Plan, reading: Reading, address: str, reason: str) -> TableChange:
    resource = _declared(reading, address)
    return _at(plan, resource, address, Unknown(reason, _origin(plan, resource, address)), ())


def _declared(reading: Reading, address: str) -> Resource | None:
    """The table, or else another instance of the same block."""
    found = reading.by_address.get(address)
    block = without_key(address)
    return found or next((each for each in reading.of(_TABLE) if without_key(each.address) == block), None)


def _at(
    plan: Plan, resource: Resource | None, address: str, fate: Value[Fate], forced_by: tuple[str, ...]
) -> TableChange:
    protected = _protected(plan, resource, address)
    return TableChange(
        address=address,
        origin=_origin(plan, resource, address),
        calls=resource.module.calls if resource is not None else (),
        fate=fate,
        forced_by=forced_by,
        forced_at=_argument(resource, forced_by),
        refused=apply(lambda flag: bool(flag), protected) if plan.errored else Known(False),
    )


def _origin(plan: Plan, resource: Resource | None, address: str) -> Origin:
    return resource.body.at if resource is not None else plan.at(address)


def _argument(resource: Resource | None, forced_by: tuple[str, ...]) -> Origin | None:
    """Where the first of the arguments that force a replacement is set."""
    if resource is None:
        return None
    block = resource.body.block
    set_here = [block.arguments[name].at for name in forced_by if name in block.arguments]
    nested = [each.at for each in block.blocks if each.type in forced_by]
    return next(iter((*set_here, *nested)), None)


def _protected(plan: Plan, resource: Resource | None, address: str) -> Value[bool | None]:
    """``lifecycle { prevent_destroy = true }``, which only the configuration shows: a plan does not hold it."""
    if resource is not None and resource.body.at.path != plan.path:
        lifecycle = resource.body.block_value("lifecycle")
        if isinstance(lifecycle, Known) and lifecycle.value is not None:
            return lifecycle.value.flag("prevent_destroy")
        return Known(False)
    reason = f"lifecycle.prevent_destroy of {address} is not in the plan, which ended with an error"
    return Unknown(reason, plan.at(address)) if without_key(address) in plan.configured else Known(False)
