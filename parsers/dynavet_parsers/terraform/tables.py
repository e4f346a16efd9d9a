"""DynamoDB tables and replicas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dynavet.model import Encryption, Index, Replica, Table, Tags
from dynavet.text import Text
from dynavet.values import Known, Object, Origin, Unknown, Value, apply, bind, choose
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.data import text_or_none
from dynavet_parsers.terraform.functions.mappings import merged
from dynavet_parsers.terraform.providers import default_tags, provider_name
from dynavet_parsers.terraform.resource import Reading, Resource


def read(reading: Reading) -> None:
    """Add the tables, each with its replicas, to the project."""
    tables = {resource.address: table(resource) for resource in reading.of("aws_dynamodb_table")}
    for resource in reading.of("aws_dynamodb_table_replica"):
        _attach(reading, tables, resource)
    reading.project.tables += tables.values()


def table(resource: Resource) -> Table:
    body = resource.body
    tags = effective_tags(resource)
    replicas = body.blocks("replica")
    indexes = {kind: body.blocks(f"{kind}_secondary_index") for kind in ("global", "local")}
    return Table(
        **resource.entity,
        name=body.text("name"),
        hash_key=body.text("hash_key"),
        range_key=body.text("range_key"),
        ttl_enabled=bind(_enabled, body.block_value("ttl")),
        encryption=bind(_encryption, body.block_value("server_side_encryption")),
        point_in_time_recovery=bind(_enabled, body.block_value("point_in_time_recovery")),
        deletion_protection=body.flag("deletion_protection_enabled"),
        tags=tags,
        replicas=tuple(bind(lambda block: _replica(block, tags), slot) for slot in replicas.slots),
        more_replicas=replicas.more,
        prevent_destroy=resource.prevent_destroy,
        indexes=tuple(
            bind(lambda block, kind=kind: _index(block, kind == "local"), slot)  # type: ignore[misc]
            for kind, blocks in indexes.items()
            for slot in blocks.slots
        ),
        more_indexes=tuple(reason for blocks in indexes.values() for reason in blocks.more),
        billing_mode=body.text("billing_mode"),
        stream_enabled=body.flag("stream_enabled"),
        stream_view_type=body.text("stream_view_type"),
    )


def _enabled(block: Body | None) -> Value[bool | None]:
    return Known(None) if block is None else block.flag("enabled")


def _encryption(block: Body | None) -> Value[Encryption]:
    if block is None:
        return Known(Encryption())
    enabled, key = block.flag("enabled"), block.text("kms_key_arn")
    return Known(Encryption(enabled=enabled, key=key, origin=block.at), block.at)


def _replica(block: Body | None, tags: Value[Tags]) -> Value[Replica | None]:
    """``propagate_tags`` copies the table's tags; without it a replica has none."""
    if block is None:
        return Known(None)
    propagate = block.flag("propagate_tags")
    none: Value[Tags] = Known(Tags(origin=propagate.origin))
    copied = choose(apply(lambda flag: flag is True, propagate), tags, none)
    return Known(
        Replica(region=block.text("region_name"), origin=block.at, tags=copied, **_protection(block)), block.at
    )


def _index(block: Body | None, local: bool) -> Value[Index | None]:
    if block is None:
        return Known(None)
    return Known(Index(name=block.text("name"), origin=block.at, local=local), block.at)


def _protection(body: Body) -> dict[str, Any]:
    """What protects the data of a replica: arguments that its block and its resource share."""
    return {
        "key": body.text("kms_key_arn"),
        "point_in_time_recovery": body.flag("point_in_time_recovery"),
        "deletion_protection": body.flag("deletion_protection_enabled"),
    }


def _attach(reading: Reading, tables: dict[str, Table], resource: Resource) -> None:
    """A replica that is a resource of its own belongs to the table whose ARN it names."""
    arn = resource.body.text("global_table_arn")
    target = reading.find("aws_dynamodb_table", arn.value) if isinstance(arn, Known) else None
    replica = Replica(
        region=_provider_region(resource),
        origin=resource.body.at,
        address=resource.address,
        tags=effective_tags(resource),
        **_protection(resource.body),
    )
    slot: Known[Replica | None] = Known(replica, resource.body.at)
    owner = tables.get(target.address) if target is not None else None
    if owner is None:
        reading.project.replicated.append(_elsewhere(resource, slot))
    else:
        there = bind(lambda exists: slot if exists else Known(None), resource.exists)
        tables[owner.address] = replace(owner, replicas=(*owner.replicas, there))


def _elsewhere(resource: Resource, slot: Known[Replica | None]) -> Table:
    """The table of a replica, of which the code says nothing else."""
    unseen = Unknown(f"the table that {resource.address} is a replica of is not in this code", resource.body.at)
    return Table(
        **resource.entity,
        name=unseen,
        hash_key=unseen,
        range_key=unseen,
        ttl_enabled=unseen,
        encryption=unseen,
        point_in_time_recovery=unseen,
        deletion_protection=unseen,
        tags=unseen,
        replicas=(slot,),
        more_indexes=(unseen,),
        stream_enabled=unseen,
    )


def _provider(resource: Resource) -> str | Unknown | None:
    """The provider configuration that the resource names."""
    argument = resource.body.block.arguments.get("provider")
    return provider_name(argument.value, resource.body.scope) if argument is not None else None


def _provider_region(resource: Resource) -> Value[Text | None]:
    name = _provider(resource)
    return name if isinstance(name, Unknown) else Known(Text.of(f"of provider {name}") if name is not None else None)


def effective_tags(resource: Resource) -> Value[Tags]:
    """The resource's tags over the default tags of its provider."""
    provider = _provider(resource)
    defaults = _as_map(default_tags(resource.module, resource.kind.split("_")[0] if provider is None else provider))
    given = resource.body.value("tags")
    own, at = _as_map(given), given.origin
    return apply(lambda *maps: _tags(merged([m for m in maps if m is not None]), at), defaults, own)


def _as_map(value: Value[Any]) -> Value[Any]:
    """An unknown map may hold any key, and so may what is no map."""
    if isinstance(value, Unknown):
        return Known(Object(more=(value,)), value.origin)
    other = Known(Object(more=(Unknown("tags are not a map", value.origin),)))
    return bind(lambda data: Known(data, value.origin) if data is None or isinstance(data, Object) else other, value)


def _tags(data: Object, at: Origin | None) -> Tags:
    entries = {key: apply(text_or_none, value) for key, value in data.entries.items()}
    return Tags(entries=entries, more=data.more, origin=at)
