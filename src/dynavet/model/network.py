"""VPCs, their routes and endpoints, and what runs in them."""

from __future__ import annotations

from dynavet.model.access import Policy
from dynavet.model.entity import Entity
from dynavet.model.roles import Workload
from dynavet.records import dataclass
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
class RouteTable(Entity):
    """A route table that the code adds to a VPC, beside the one that AWS makes with it.

    That one is named by a reference to the VPC with the attribute ``main_route_table``.
    """

    vpc: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing(Entity):
    """What `subnet` routes by; or, with a `vpc` in its place, all its subnets that have no routing of their own."""

    route_table: Value[Text | None]
    subnet: Value[Text | None] = ABSENT
    vpc: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Entity):
    """A VPC endpoint; `kind` is ``Gateway`` or ``Interface``, Gateway if absent.

    `service` is the full name such as ``com.amazonaws.eu-west-1.dynamodb``. `route_tables` are
    those that lead to it, wherever they are associated; `more_route_tables` non-empty: there may
    be others, for these reasons. `policies` is what the code gives it as its policy, which is
    one or, given twice, one of them; without any it has the default policy of AWS, which
    allows everything. `more_policies`: a policy of the code may be the endpoint's.
    """

    vpc: Value[Text | None] = ABSENT
    service: Value[Text | None] = ABSENT
    kind: Value[Text | None] = ABSENT
    route_tables: tuple[Value[Text | None], ...] = ()
    more_route_tables: tuple[Unknown, ...] = ()
    policies: tuple[Policy, ...] = ()
    more_policies: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Workload):
    """A workload that runs inside a VPC: Lambda function, ECS service, EC2 instance, DAX cluster.

    No `subnets`: it does not run in a VPC of the account. `dynamodb` is true for what uses
    DynamoDB whatever its role (a DAX cluster).
    """

    subnets: tuple[Value[Text | None], ...] = ()
    more_subnets: tuple[Unknown, ...] = ()
    dynamodb: bool = False
