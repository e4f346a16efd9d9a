"""Clusters of DynamoDB Accelerator (DAX)."""

from __future__ import annotations

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class DaxCluster(Entity):
    """A DAX cluster; it is among the project's clients as well.

    `encryption_at_rest` absent is off, `endpoint_encryption` is ``NONE`` or ``TLS``, ``NONE`` if
    absent. No `security_groups`: the nodes have the default one of their VPC. The `subnets` are
    those of its subnet group.
    """

    name: Value[Text | None] = ABSENT
    encryption_at_rest: Value[bool | None] = ABSENT
    endpoint_encryption: Value[Text | None] = ABSENT
    security_groups: tuple[Value[Text | None], ...] = ()
    more_security_groups: tuple[Unknown, ...] = ()
    subnets: tuple[Value[Text | None], ...] = ()
    more_subnets: tuple[Unknown, ...] = ()
