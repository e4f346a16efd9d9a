"""DynamoDB tables."""

from __future__ import annotations

from dynavet.model import Encryption, Index, Replica, Table, Tags
from dynavet.text import Text
from dynavet.values import ABSENT, Data, Known, Object, Origin, Unknown, Value, bind
from dynavet_parsers.cloudformation.capacity import index_scaling, simple_billing_mode, table_scaling
from dynavet_parsers.cloudformation.readers import boolean, each_known, member, slots, tags, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.streams import own_stream

_RECOVERY = "PointInTimeRecoverySpecification"


def read_table(stack: Stack, resource: Resource) -> None:
    """``AWS::DynamoDB::Table``."""
    stack.project.tables.append(_table(resource, tags(resource.get("Tags"))))


def read_global_table(stack: Stack, resource: Resource) -> None:
    """``AWS::DynamoDB::GlobalTable``: every Region is a replica; keys and tags are per replica."""
    places, more = slots(resource.get("Replicas"))
    replicas = tuple(each_known(lambda data, origin: _replica(data, origin, resource), place, None) for place in places)
    stack.project.tables.append(_table(resource, ABSENT, replicas, more))


def read_simple_table(stack: Stack, resource: Resource) -> None:
    """``AWS::Serverless::SimpleTable``: its one key is ``id`` unless `PrimaryKey` names it."""
    name = member(resource.get("PrimaryKey"), "Name")
    default: Value[Data] = Known("id")
    stack.project.tables.append(
        Table(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            name=text(resource.get("TableName")),
            hash_key=text(bind(lambda data: default if data is None else Known(data), name)),
            encryption=encryption(resource.get("SSESpecification")),
            point_in_time_recovery=_recovery(resource.get(_RECOVERY)),
            tags=tags(resource.get("Tags")),
            billing_mode=simple_billing_mode(resource),
            **own_stream(resource),
        )
    )


def _table(
    resource: Resource,
    own_tags: Value[Tags | None],
    replicas: tuple[Value[Replica | None], ...] = (),
    more_replicas: tuple[Unknown, ...] = (),
) -> Table:
    keys = resource.get("KeySchema")
    indexes = [slots(resource.get(f"{kind}SecondaryIndexes")) for kind in ("Global", "Local")]
    return Table(
        address=resource.logical_id,
        origin=resource.origin,
        exists=resource.exists,
        name=text(resource.get("TableName")),
        hash_key=_key(keys, "HASH"),
        range_key=_key(keys, "RANGE"),
        ttl_enabled=boolean(resource.get("TimeToLiveSpecification", "Enabled")),
        encryption=encryption(resource.get("SSESpecification")),
        point_in_time_recovery=_recovery(resource.get(_RECOVERY)),
        deletion_protection=boolean(resource.get("DeletionProtectionEnabled")),
        tags=own_tags,
        replicas=replicas,
        more_replicas=more_replicas,
        indexes=tuple(
            each_known(lambda data, at, local=local: _index(data, at, resource, local), place, None)  # type: ignore[misc]
            for local, (places, _) in enumerate(indexes)
            for place in places
        ),
        more_indexes=tuple(reason for _, more in indexes for reason in more),
        billing_mode=text(resource.get("BillingMode")),
        **own_stream(resource),
        **table_scaling(resource),
    )


def encryption(specification: Value[Data]) -> Value[Encryption]:
    """An `SSESpecification`."""

    def read(data: Object, origin: Origin | None) -> Value[Encryption]:
        return Known(
            Encryption(enabled=boolean(data.get("SSEEnabled")), key=text(data.get("KMSMasterKeyId")), origin=origin),
            origin,
        )

    return each_known(read, specification, Encryption())


def _replica(data: Object, origin: Origin | None, resource: Resource) -> Value[Replica | None]:
    return Known(
        Replica(
            region=text(data.get("Region")),
            origin=origin or resource.origin,
            key=text(member(data.get("SSESpecification"), "KMSMasterKeyId")),
            point_in_time_recovery=_recovery(data.get(_RECOVERY)),
            deletion_protection=boolean(data.get("DeletionProtectionEnabled")),
            tags=tags(data.get("Tags")),
        ),
        origin,
    )


def _index(data: Object, origin: Origin | None, resource: Resource, local: int) -> Value[Index | None]:
    own = {} if local else index_scaling(resource, data)
    at = origin or resource.origin
    return Known(Index(name=text(data.get("IndexName")), origin=at, local=bool(local), **own), origin)


def _recovery(specification: Value[Data]) -> Value[bool | None]:
    return boolean(member(specification, "PointInTimeRecoveryEnabled"))


def _key(schema: Value[Data], kind: str) -> Value[Text | None]:
    """The attribute that is the table's key of `kind`."""
    places, more = slots(schema)

    def found(index: int) -> Value[Text | None]:
        if index == len(places):
            return more[0] if more else ABSENT
        place = places[index]
        same = bind(lambda data: Known(data == kind), member(place, "KeyType"))
        return bind(lambda yes: text(member(place, "AttributeName")) if yes else found(index + 1), same)

    return found(0) if len(places) <= 2 else Unknown("KeySchema has more than two keys", schema.origin)
