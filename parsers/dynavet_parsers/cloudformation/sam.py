"""Functions and state machines of the serverless transform, with the roles it generates for them."""

from __future__ import annotations

from dynavet.model import PolicyKind, Principal
from dynavet.text import Text
from dynavet.values import Data, Known, List, Object, Value, apply, bind
from dynavet_parsers.cloudformation.clients import add_client
from dynavet_parsers.cloudformation.policies import add_policy, literal_document
from dynavet_parsers.cloudformation.principals import attach
from dynavet_parsers.cloudformation.readers import both, member, never, present, slots, text
from dynavet_parsers.cloudformation.sam_policies import managed_policy, policy_document, policy_name
from dynavet_parsers.cloudformation.stack import Resource, Stack, reference

_SERVICES = {"AWS::Serverless::Function": "lambda", "AWS::Serverless::StateMachine": "states"}


def read_serverless_function(stack: Stack, resource: Resource) -> None:
    """``AWS::Serverless::Function``."""
    generated: Value[Text | None] = reference(f"{resource.logical_id}Role", "arn", resource.origin)
    role = bind(lambda own: generated if own is None else Known(own), text(resource.get("Role")))
    add_client(stack, resource, "Lambda function", member(resource.get("VpcConfig"), "SubnetIds"), role)
    read_generated_role(stack, resource)


def read_generated_role(stack: Stack, resource: Resource) -> None:
    """The role that exists where `Role` is not set, its trust and `Policies`."""
    without_role = apply(lambda given: not given, present(resource.get("Role")))
    if never(without_role):
        return
    exists = both(resource.exists, without_role)
    address = f"{resource.logical_id}Role"
    own = resource.get("AssumeRolePolicyDocument")
    document = bind(lambda data: _trust(resource) if data is None else own, own)
    trust = add_policy(stack, resource, PolicyKind.TRUST, document, "AssumeRolePolicyDocument", address, exists)
    stack.project.principals.append(
        Principal(
            address=address,
            origin=resource.origin,
            exists=exists,
            kind="role",
            trust=trust,
            boundary=text(resource.get("PermissionsBoundary")),
        )
    )
    _policies(stack, resource, exists, reference(address, "name", resource.origin))


def _policies(stack: Stack, resource: Resource, exists: Value[bool], role: Known[Text]) -> None:
    """What `Policies` grants: documents, policy templates, and managed policies by name or ARN."""
    places, more = slots(resource.get("Policies"))
    for index, place in enumerate(places):
        label = policy_name(place, index)
        document = policy_document(place, resource.origin)
        if add_policy(stack, resource, PolicyKind.IDENTITY, document, label, exists=exists) is not None:
            attach(stack, resource, resource.ref(), role, both(exists, present(document)), label)
        managed = managed_policy(place)
        if not never(present(managed)):
            attach(stack, resource, managed, role, both(exists, present(managed)))
    for reason in more:
        attach(stack, resource, reason, role, exists)


def _trust(resource: Resource) -> Value[Data]:
    at = resource.origin
    service: Value[Data] = Known(f"{_SERVICES[resource.type]}.amazonaws.com", at)
    return literal_document(
        [
            {
                "Effect": Known("Allow", at),
                "Action": Known(List((Known("sts:AssumeRole", at),)), at),
                "Principal": Known(Object({"Service": Known(List((service,)), at)}), at),
            }
        ],
        at,
    )
