"""VPCs, endpoints, and what runs in them."""

from __future__ import annotations

from dataclasses import dataclass

from dynavet.model.entity import Entity
from dynavet.model.roles import Workload
from dynavet.text import Text
from dynavet.values import ABSENT, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc(Entity):
    """A VPC that the code declares; `default` if it is the one that AWS makes with the account."""

    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet(Entity):
    vpc: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Entity):
    """A VPC endpoint; `kind` is ``Gateway`` or ``Interface``, Gateway if absent.

    `service` is the full name such as ``com.amazonaws.eu-west-1.dynamodb``.
    """

    vpc: Value[Text | None] = ABSENT
    service: Value[Text | None] = ABSENT
    kind: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Workload):
    """A workload that runs inside a VPC: Lambda function, ECS service, EC2 instance, DAX cluster.

    No `subnets`: it does not run in a VPC of the account. `dynamodb` is true for what uses
    DynamoDB whatever its role (a DAX cluster).
    """

    subnets: tuple[Value[Text | None], ...] = ()
    more_subnets: tuple[Unknown, ...] = ()
    dynamodb: bool = False
