"""Who acts with which identity: workloads, people of identity pools, members of groups."""

from __future__ import annotations

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload(Entity):
    """Something that AWS runs, and that acts with a role: function, task definition, state machine …

    `kind` in AWS's words ("Lambda function"). `role` is a reference to a `Principal`, or its
    ARN or name.
    """

    kind: str
    role: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPoolRole(Entity):
    """An identity pool of Amazon Cognito hands `role` out, to guests unless `authenticated`.

    A role for guests exists only where the pool allows guests.
    """

    pool: Value[Text | None]
    role: Value[Text | None]
    authenticated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Entity):
    """`user` is a member of `group` and has its policies; both are references or names."""

    user: Value[Text | None]
    group: Value[Text | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Entity):
    """A user or group of IAM Identity Center may use a permission set in an account.

    `principal` is its id there, `kind` is ``USER`` or ``GROUP``.
    """

    permission_set: Value[Text | None]
    principal: Value[Text | None]
    kind: Value[Text | None]
    account: Value[Text | None]
