"""Policies, their statements, and the principals that they are attached to."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import Any

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Origin, Unknown, Value

NEVER: Value[bool] = Known(False)


class PolicyKind(Enum):
    """Where a policy document acts; see `reference` pages of IAM on policy types."""

    IDENTITY = "identity"
    PERMISSION_SET = "permission set"
    SESSION = "session"
    BOUNDARY = "permissions boundary"
    RESOURCE = "resource"  # of a DynamoDB table or stream
    ENDPOINT = "endpoint"
    TRUST = "trust"
    KEY = "key"
    ORGANIZATION = "organization"  # service or resource control policy
    OTHER_RESOURCE = "other resource"  # of another service: bucket, queue, topic …
    DOCUMENT = "document"  # raw or unattached: nothing says where it acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """The values of an `Action`, `Resource` … element, in source order.

    `more` non-empty: the list may hold further items, for these reasons.
    """

    items: tuple[Value[Text], ...] = ()
    more: tuple[Unknown, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Principals:
    """A `Principal` or `NotPrincipal` element: identifiers by type (``AWS``, ``Service``, ``Federated``).

    ``"*"`` reads as type ``*`` with the one identifier ``*``.
    """

    by_type: dict[str, Patterns] = field(default_factory=dict)
    more: tuple[Unknown, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One operator with one key: ``{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [...]}}``."""

    operator: str
    key: Text
    values: Value[Patterns]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Statement:
    """One statement. An element that the document does not have is absent.

    `name` is the Sid, or else the zero-based index as text. `conditions` are all the
    operator and key pairs, which must all hold; `more_conditions`: there may be further
    ones, for these reasons.
    """

    name: str
    index: int
    origin: Origin
    sid: Value[Text | None] = ABSENT
    effect: Value[Text | None] = ABSENT
    actions: Value[Patterns | None] = ABSENT
    not_actions: Value[Patterns | None] = ABSENT
    resources: Value[Patterns | None] = ABSENT
    not_resources: Value[Patterns | None] = ABSENT
    principals: Value[Principals | None] = ABSENT
    not_principals: Value[Principals | None] = ABSENT
    conditions: tuple[Value[Condition | None], ...] = ()
    more_conditions: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What IAM does not accept in a document: at the JSON `pointer` stands `found` where `expected` belongs."""

    pointer: str
    found: str
    expected: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Entity):
    """A policy document in its place.

    A resource with several documents makes several policies of one address (inline policies
    of a role); `label` then tells them apart. `statements` are slots: what stands in a place
    may differ per condition, and be absent. `more` non-empty: there may be further
    statements (or the whole document is unknown), for these reasons. `flawed` is the document
    as data if something in it is not in the grammar of policies, or the `Fault` if it is no
    data at all. `resource` is the ARN of the table or stream that a policy is of; absent for one
    that stands in what it is of.
    """

    kind: PolicyKind
    label: str = ""
    resource: Value[Text | None] = ABSENT
    version: Value[Text | None] = ABSENT
    statements: tuple[Value[Statement | None], ...] = ()
    more: tuple[Unknown, ...] = ()
    flawed: Value[Any] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal(Entity):
    """An IAM identity: ``role``, ``user``, ``group`` or ``permission set``.

    `name` is the physical name where the code gives one. `trust` is a role's trust policy.
    What the code shows of who uses the role: `unauthenticated` and `authenticated`, a Cognito
    identity pool hands it out; `workload`, something that AWS runs acts with it.
    """

    kind: str
    name: Value[Text | None] = ABSENT
    trust: Policy | None = None
    boundary: Value[Text | None] = ABSENT
    unauthenticated: Value[bool] = NEVER
    authenticated: Value[bool] = NEVER
    workload: Value[bool] = NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Entity):
    """`policy` acts for `principal`.

    `policy` is a reference to a `Policy` (``arn``, ``id`` or ``name`` of its address), or the
    ARN of a policy that is not in the code, such as an AWS managed one. `principal` is a
    reference to a `Principal`, or a name, then of one of this `principal_kind` if that is
    given (a role and a group may have one name). `label` picks one of several policies of one
    address; empty means all of them. `acts_as` other than an identity policy (permissions
    boundary, session or control policy): it grants nothing, and only limits. `implied`: the
    tool that deploys the code attaches it for the sake of something else that the code asks for.
    """

    policy: Value[Text | None]
    principal: Value[Text | None]
    label: str = ""
    principal_kind: str = ""
    acts_as: PolicyKind = PolicyKind.IDENTITY
    implied: bool = False
