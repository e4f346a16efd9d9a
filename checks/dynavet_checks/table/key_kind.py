"""Whose key encrypts a table: AWS's own, the AWS managed one, or the customer's."""

from __future__ import annotations

from enum import Enum
from fnmatch import fnmatchcase

from dynavet.model import Encryption, Replica, Table
from dynavet.text import Reference, Text
from dynavet.values import Known, Single, Unknown, Value, single

MANAGED_ALIAS = "alias/aws/dynamodb"
"""The alias of the AWS managed key of DynamoDB; names below ``alias/aws/`` are reserved to AWS."""


class KeyKind(Enum):
    AWS_OWNED = "AWS owned"
    AWS_MANAGED = "AWS managed"
    CUSTOMER = "customer managed"


def key_kind(key: Value[Text | None]) -> Single[KeyKind]:
    """The kind of the key that an enabled encryption names; without a key it is AWS managed.

    A key or an alias that the code declares is the customer's, whatever its shape leaves open.
    """
    named = single(key)
    if isinstance(named, Unknown):
        return named
    if named.value is None or named.value.literal == "":
        return Known(KeyKind.AWS_MANAGED, named.origin)
    resource = _glob(named.value).rpartition(":")[2]
    if resource == MANAGED_ALIAS:
        return Known(KeyKind.AWS_MANAGED, named.origin)
    if named.value.holes and fnmatchcase(MANAGED_ALIAS, resource):
        return Unknown(named.value.holes[0].reason, named.origin)
    return Known(KeyKind.CUSTOMER, named.origin)


def _glob(text: Text) -> str:
    return "".join(p if isinstance(p, str) else p.shape if isinstance(p, Reference) else "*" for p in text.parts)


def table_key_kind(table: Table, encryption: Encryption) -> Single[KeyKind]:
    """The kind of the table's key, taking encryption as enabled.

    A CloudFormation global table names its keys per replica, and "you cannot mix AWS managed
    and customer managed KMS keys" among them: one customer key makes the table a customer's.
    """
    if not table.is_its_replicas:
        return key_kind(encryption.key)
    kinds = [_replica_kind(replica) for replica in table.replicas]
    if any(isinstance(kind, Known) and kind.value is KeyKind.CUSTOMER for kind in kinds):
        return Known(KeyKind.CUSTOMER)
    open_kinds = [*(kind for kind in kinds if isinstance(kind, Unknown)), *table.more_replicas]
    return open_kinds[0] if open_kinds else Known(KeyKind.AWS_MANAGED)


def _replica_kind(slot: Value[Replica | None]) -> Single[KeyKind]:
    replica = single(slot)
    if isinstance(replica, Unknown):
        return replica
    return Known(KeyKind.AWS_MANAGED) if replica.value is None else key_kind(replica.value.key)
