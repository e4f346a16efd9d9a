"""IAM identities with their trust, and what attaches policies to them."""

from __future__ import annotations

from dynavet.model import Attachment, PolicyKind, Principal
from dynavet.text import Hole, Text
from dynavet.values import Data, Known, Object, Origin, Unknown, Value, bind
from dynavet_parsers.cloudformation.policies import add_policy
from dynavet_parsers.cloudformation.readers import both, each_known, member, never, present, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.texts import shown

_PRINCIPAL_LISTS = ("Roles", "Users", "Groups")
_NAMES = {"AWS::IAM::RolePolicy": "RoleName", "AWS::IAM::UserPolicy": "UserName", "AWS::IAM::GroupPolicy": "GroupName"}


def read_role(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::Role``."""
    trust = resource.get("AssumeRolePolicyDocument")
    policy = add_policy(stack, resource, PolicyKind.TRUST, trust, "AssumeRolePolicyDocument")
    stack.project.principals.append(
        Principal(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            kind="role",
            name=text(resource.get("RoleName")),
            trust=policy,
            boundary=text(resource.get("PermissionsBoundary")),
        )
    )
    attach_own(stack, resource)


def read_user(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::User``."""
    _identity(stack, resource, "user", "UserName")


def read_group(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::Group``."""
    _identity(stack, resource, "group", "GroupName")


def _identity(stack: Stack, resource: Resource, kind: str, name: str) -> None:
    stack.project.principals.append(
        Principal(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            kind=kind,
            name=text(resource.get(name)),
            boundary=text(resource.get("PermissionsBoundary")),
        )
    )
    attach_own(stack, resource)


def attach_own(stack: Stack, resource: Resource) -> None:
    """The inline and managed policies that an identity declares itself."""
    own = resource.ref("name")
    for index, place in enumerate(slots(resource.get("Policies"))[0]):
        label = policy_label(place, index)
        document = member(place, "PolicyDocument")
        if add_policy(stack, resource, PolicyKind.IDENTITY, document, label) is not None:
            attach(stack, resource, resource.ref(), own, present(document), label)
    for reason in slots(resource.get("Policies"))[1]:
        label = "Policies"
        add_policy(stack, resource, PolicyKind.IDENTITY, reason, label)
        attach(stack, resource, resource.ref(), own, Known(True), label)
    attach_managed(stack, resource, resource.get("ManagedPolicyArns"), own)


def policy_label(place: Value[Data], index: int) -> str:
    """The name of an inline policy, or its index."""
    name = member(place, "PolicyName")
    return shown(name.value) if isinstance(name, Known) and name.value is not None else str(index)


def read_attached_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::Policy`` and ``ManagedPolicy``: attached to the identities that they name."""
    for name in _PRINCIPAL_LISTS:
        places, more = slots(resource.get(name))
        for place in (*places, *more):
            attach(stack, resource, resource.ref(), text(place), present(place))


def read_named_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::RolePolicy`` and its like: attached to the one identity they name."""
    attach(stack, resource, resource.ref(), text(resource.get(_NAMES[resource.type])), Known(True))


def read_permission_set(stack: Stack, resource: Resource) -> None:
    """``AWS::SSO::PermissionSet``."""
    boundary = resource.get("PermissionsBoundary")
    stack.project.principals.append(
        Principal(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            kind="permission set",
            name=text(resource.get("Name")),
            boundary=each_known(_boundary, boundary, None),
        )
    )
    own = resource.ref("arn")
    inline = resource.get("InlinePolicy")
    if not never(present(inline)):
        attach(stack, resource, resource.ref(), own, present(inline))
    attach_managed(stack, resource, resource.get("ManagedPolicies"), own)
    for place in slots(resource.get("CustomerManagedPolicyReferences"))[0]:
        attach(stack, resource, each_known(_customer_managed, place, None), own, present(place))


def attach_managed(stack: Stack, resource: Resource, arns: Value[Data], principal: Value[Text | None]) -> None:
    places, more = slots(arns)
    for place in (*places, *more):
        attach(stack, resource, text(place), principal, present(place))


def attach(
    stack: Stack,
    resource: Resource,
    policy: Value[Text | None],
    principal: Value[Text | None],
    exists: Value[bool],
    label: str = "",
    implied: bool = False,
) -> None:
    stack.project.attachments.append(
        Attachment(
            address=resource.logical_id,
            origin=resource.origin,
            exists=both(resource.exists, exists),
            policy=policy,
            principal=principal,
            label=label,
            implied=implied,
        )
    )


def _boundary(data: Object, origin: Origin | None) -> Value[Text | None]:
    arn = text(data.get("ManagedPolicyArn"))
    reference_ = data.get("CustomerManagedPolicyReference")
    own = each_known(_customer_managed, reference_, None)
    return bind(lambda found: own if found is None else Known(found, origin), arn)


def _customer_managed(data: Object, origin: Origin | None) -> Value[Text | None]:
    """The ARN of a policy of the account by its name and path."""
    name, path = text(data.get("Name")), text(data.get("Path"))
    if not isinstance(name, Known) or name.value is None or not isinstance(path, Known):
        return Unknown("the name of a customer managed policy is undecided", origin)
    account = Hole("the account of the permission set is decided at deployment")
    partition = Hole("AWS::Partition is decided at deployment")
    return Known(Text.of("arn:", partition, ":iam::", account, ":policy", path.value or "/", name.value), origin)
