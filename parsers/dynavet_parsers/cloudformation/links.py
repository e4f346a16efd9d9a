"""What a property of one resource names: another resource of the template, by reference, name or ARN."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, bind
from dynavet_parsers.cloudformation.stack import Resource, Stack

T = TypeVar("T")

_NAMES = {
    "AWS::Cognito::IdentityPool": "IdentityPoolName",
    "AWS::DAX::SubnetGroup": "SubnetGroupName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
}
"""The property with the name that a resource of this type may be known by."""


def linked(
    stack: Stack,
    named: Value[Text | None],
    resource_type: str,
    what: str,
    read: Callable[[Resource], Value[T]],
    absent: Value[T],
) -> Value[T]:
    """`read` of the resource that `named` means, branch by branch; unknown if it is not in the template."""

    def of(name: Text | None) -> Value[T]:
        if name is None:
            return absent
        found = declared(stack, name, resource_type)
        outside = Unknown(f"{what} {name} is declared outside this template", named.origin)
        return outside if found is None else read(found)

    return bind(of, named)


def declared(stack: Stack, name: Text, resource_type: str) -> Resource | None:
    """The resource of a type that a text refers to, or whose name it is or ends in."""
    if name.reference is not None:
        return stack.target(Known(name), resource_type)
    last = name.parts[-1] if name.parts else None
    if not isinstance(last, str) or (name.literal is None and "/" not in last):
        return None
    wanted = last.rpartition("/")[2]
    return stack.named(resource_type, _NAMES[resource_type], wanted) if wanted else None


def declared_policy(stack: Stack, policy: Value[Text | None]) -> Value[Text | None]:
    """An ARN that spells out the name of a managed policy of the template, as a reference to it."""

    def resolve(arn: Text | None) -> Value[Text | None]:
        spelled = arn is not None and ":policy/" in str(arn) and ":iam::aws:" not in str(arn)
        found = declared(stack, arn, "AWS::IAM::ManagedPolicy") if spelled and arn is not None else None
        return Known(arn, policy.origin) if found is None else Known(found.ref("arn").value, policy.origin)

    return bind(resolve, policy)
