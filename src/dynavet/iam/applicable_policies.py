"""The policies that apply to a request, by what they are for it."""

from __future__ import annotations

from dynavet.model import Policy
from dynavet.records import dataclass

Level = tuple[Policy, ...]
"""The control policies of the root, of one organisational unit, or of the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The policies that apply to a request.

    `identity`: those of the user with its groups, or of the role. `resource`: that of the
    resource, a key policy and a role's trust policy among them. `boundary`, `session` and
    `endpoint` are absent (`None`) if there is none; `session` are the inline and managed
    policies of a session, of which one must allow; `endpoint` is the policy of the VPC
    endpoint that the request comes through. `service_control` are those of the principal's
    account, `resource_control` those of the resource's, from the root of the organisation to
    the account, each level with its policies; absent in no organisation, in its management
    account, and where control policies of this kind are not enabled. AWS's own
    `RCPFullAWSAccess` goes without saying. `gateway_endpoint`: the endpoint is of the type
    Gateway, as is usual for DynamoDB, and not Interface.
    """

    identity: tuple[Policy, ...] = ()
    resource: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    service_control: tuple[Level, ...] | None = None
    resource_control: tuple[Level, ...] | None = None
    endpoint: tuple[Policy, ...] | None = None
    gateway_endpoint: bool = True
