"""IAM identities with their trust and with the policies that they declare themselves."""

from __future__ import annotations

from dynavet.model import PolicyKind, Principal
from dynavet.text import Hole, Text
from dynavet.values import Data, Known, Object, Origin, Unknown, Value, bind
from dynavet_parsers.cloudformation.attachments import attach, attach_managed, read_own_groups
from dynavet_parsers.cloudformation.links import declared_policy
from dynavet_parsers.cloudformation.policies import add_policy
from dynavet_parsers.cloudformation.readers import each_known, member, never, present, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.texts import shown


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
            boundary=declared_policy(stack, text(resource.get("PermissionsBoundary"))),
        )
    )
    attach_own(stack, resource, "role")


def read_user(stack: Stack, resource: Resource) -> None:
    """``AWS::IAM::User``."""
    _identity(stack, resource, "user", "UserName")
    read_own_groups(stack, resource)


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
            boundary=declared_policy(stack, text(resource.get("PermissionsBoundary"))),
        )
    )
    attach_own(stack, resource, kind)


def attach_own(stack: Stack, resource: Resource, kind: str) -> None:
    """The inline and managed policies that an identity declares itself."""
    own = resource.ref("name")
    for index, place in enumerate(slots(resource.get("Policies"))[0]):
        label = policy_label(place, index)
        document = member(place, "PolicyDocument")
        if add_policy(stack, resource, PolicyKind.IDENTITY, document, label) is not None:
            attach(stack, resource, resource.ref(), own, present(document), label, kind)
    for reason in slots(resource.get("Policies"))[1]:
        label = "Policies"
        add_policy(stack, resource, PolicyKind.IDENTITY, reason, label)
        attach(stack, resource, resource.ref(), own, Known(True), label, kind)
    attach_managed(stack, resource, resource.get("ManagedPolicyArns"), own, kind)


def policy_label(place: Value[Data], index: int) -> str:
    """The name of an inline policy, or its index."""
    name = member(place, "PolicyName")
    return shown(name.value) if isinstance(name, Known) and name.value is not None else str(index)


def read_permission_set(stack: Stack, resource: Resource) -> None:
    """``AWS::SSO::PermissionSet``."""
    kind, boundary = "permission set", resource.get("PermissionsBoundary")
    stack.project.principals.append(
        Principal(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            kind=kind,
            name=text(resource.get("Name")),
            boundary=declared_policy(stack, each_known(_boundary, boundary, None)),
        )
    )
    own = resource.ref("arn")
    inline = resource.get("InlinePolicy")
    if not never(present(inline)):
        attach(stack, resource, resource.ref(), own, present(inline), kind=kind)
    attach_managed(stack, resource, resource.get("ManagedPolicies"), own, kind)
    places, more = slots(resource.get("CustomerManagedPolicyReferences"))
    for place in (*places, *more):
        attach(stack, resource, each_known(_customer_managed, place, None), own, present(place), kind=kind)


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
