"""What attaches policies to principals, users to groups, and permission sets to accounts."""

from __future__ import annotations

from dynavet.model import Assignment, Attachment, Membership, PolicyKind
from dynavet.text import Text
from dynavet.values import Data, Known, Value
from dynavet_parsers.cloudformation.links import declared_policy
from dynavet_parsers.cloudformation.readers import both, never, present, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack

_PRINCIPAL_LISTS = {"Roles": "role", "Users": "user", "Groups": "group"}
_NAMED = {
    "AWS::IAM::GroupPolicy": ("GroupName", "group"),
    "AWS::IAM::RolePolicy": ("RoleName", "role"),
    "AWS::IAM::UserPolicy": ("UserName", "user"),
}
"""Resources that are a policy themselves: the property that names the principal, and its kind."""

_LIMITS = {
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": ("IamRoleArn", "GuardrailPolicies", PolicyKind.BOUNDARY),
    "AWS::Chatbot::SlackChannelConfiguration": ("IamRoleArn", "GuardrailPolicies", PolicyKind.BOUNDARY),
    "AWS::RolesAnywhere::Profile": ("RoleArns", "ManagedPolicyArns", PolicyKind.SESSION),
}
"""The properties with the roles and with the policies that only limit them, and how these act."""


def attach(
    stack: Stack,
    resource: Resource,
    policy: Value[Text | None],
    principal: Value[Text | None],
    exists: Value[bool],
    label: str = "",
    kind: str = "",
    acts_as: PolicyKind = PolicyKind.IDENTITY,
) -> None:
    """Add an attachment that is there if the resource and what `exists` tells are; `kind` is the principal's."""
    stack.project.attachments.append(
        Attachment(
            address=resource.logical_id,
            origin=resource.origin,
            exists=both(resource.exists, exists),
            policy=declared_policy(stack, policy),
            principal=principal,
            label=label,
            principal_kind=kind,
            acts_as=acts_as,
        )
    )


def attach_managed(
    stack: Stack, resource: Resource, arns: Value[Data], principal: Value[Text | None], kind: str
) -> None:
    """Attach the managed policies of a list of ARNs."""
    for place in _items(arns):
        attach(stack, resource, text(place), principal, present(place), kind=kind)


def read_attached_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::Policy`` and ``ManagedPolicy``: attached to the identities that they name."""
    for name, kind in _PRINCIPAL_LISTS.items():
        for place in _items(resource.get(name)):
            attach(stack, resource, resource.ref(), text(place), present(place), kind=kind)


def read_named_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::RolePolicy`` and its like: attached to the one identity they name."""
    name, kind = _NAMED[resource.type]
    attach(stack, resource, resource.ref(), text(resource.get(name)), Known(True), kind=kind)


def read_limits(stack: Stack, resource: Resource) -> None:
    """Policies that limit what is done with roles, and grant nothing."""
    roles, policies, acts_as = _LIMITS[resource.type]
    for policy in _items(resource.get(policies)):
        for role in _items(resource.get(roles)):
            there = both(present(policy), present(role))
            attach(stack, resource, text(policy), text(role), there, kind="role", acts_as=acts_as)


def read_targets(stack: Stack, resource: Resource) -> None:
    """The accounts and units that an ``AWS::Organizations::Policy`` is attached to."""
    for target in _items(resource.get("TargetIds")):
        there, acts_as = present(target), PolicyKind.ORGANIZATION
        attach(stack, resource, resource.ref(), text(target), there, kind="organization", acts_as=acts_as)


def read_group_members(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::UserToGroupAddition``."""
    group = text(resource.get("GroupName"))
    for user in _items(resource.get("Users")):
        _member(stack, resource, text(user), group, present(user))


def read_own_groups(stack: Stack, resource: Resource) -> None:
    """The groups that an ``AWS::IAM::User`` is put into."""
    for group in _items(resource.get("Groups")):
        _member(stack, resource, resource.ref("name"), text(group), present(group))


def read_assignment(stack: Stack, resource: Resource) -> None:
    """``AWS::SSO::Assignment``."""
    stack.project.assignments.append(
        Assignment(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            permission_set=text(resource.get("PermissionSetArn")),
            principal=text(resource.get("PrincipalId")),
            kind=text(resource.get("PrincipalType")),
            account=text(resource.get("TargetId")),
        )
    )


def _member(
    stack: Stack, resource: Resource, user: Value[Text | None], group: Value[Text | None], exists: Value[bool]
) -> None:
    if not never(exists):
        stack.project.memberships.append(
            Membership(
                address=resource.logical_id,
                origin=resource.origin,
                exists=both(resource.exists, exists),
                user=user,
                group=group,
            )
        )


def _items(value: Value[Data]) -> tuple[Value[Data], ...]:
    """The items of a list, and an unknown for each reason why there may be further ones."""
    found, more = slots(value)
    return (*found, *more)
