"""Keys of KMS, with their policies and aliases."""

from __future__ import annotations

from collections import defaultdict

from dynavet.model import Key, KeyAlias, Policy, PolicyKind
from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, apply
from dynavet_parsers.terraform.resource import Reading, Resource

_TYPES = ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key")


def read(reading: Reading) -> None:
    """Add the keys to the project, which has the policies already."""
    policies: dict[str, list[Policy]] = defaultdict(list)
    for policy in reading.project.policies:
        if policy.kind is PolicyKind.KEY:
            policies[policy.address].append(policy)
    more: list[Unknown] = []
    for resource in reading.of("aws_kms_key_policy"):
        key = _key(reading, resource.body.text("key_id"))
        if isinstance(key, Unknown):
            more.append(key)
        else:
            policies[key] += policies[resource.address]
    aliases: dict[str, list[KeyAlias]] = defaultdict(list)
    for resource in reading.of("aws_kms_alias"):
        key = _key(reading, resource.body.text("target_key_id"))
        if isinstance(key, str):
            aliases[key].append(KeyAlias(address=resource.address, name=resource.body.text("name")))
    reading.project.keys += [
        Key(
            **resource.entity,
            policies=tuple(policies[resource.address]),
            more=tuple(more),
            aliases=tuple(aliases[resource.address]),
            spec=resource.body.text("customer_master_key_spec"),
            material=_material(resource),
            rotates=resource.body.flag("enable_key_rotation"),
            replica="replica" in resource.kind,
        )
        for resource in reading.of(*_TYPES)
    ]


def _material(resource: Resource) -> Value[Text | None]:
    if "external" in resource.kind:
        return Known(Text.of("EXTERNAL"))
    store = resource.body.text("custom_key_store_id")
    return apply(lambda found: None if found is None else Text.of("custom key store"), store)


def _key(reading: Reading, value: Value[Text | None]) -> str | Unknown:
    """The address of the key of the code that an argument names; empty if it is of no key here."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Known):
        return Unknown(f"{value.condition} is undecided", value.origin)
    if value.value is None:
        return ""
    found = next((each for each in value.value.references if each.target in reading.by_address), None)
    if found is None and value.value.holes:
        return Unknown(value.value.holes[0].reason, value.origin)
    return found.target if found is not None else ""
