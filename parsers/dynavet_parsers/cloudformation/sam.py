"""Functions and state machines of the serverless transform, with the roles it generates for them.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.model import PolicyKind, Principal
from dynavet.text import Text
from dynavet.values import Data, Known, Object, Origin, Unknown, Value, apply, bind
from dynavet_parsers.cloudformation.attachments import attach
from dynavet_parsers.cloudformation.clients import add_client
from dynavet_parsers.cloudformation.generated import trust
from dynavet_parsers.cloudformation.links import declared_policy
from dynavet_parsers.cloudformation.policies import add_policy
from dynavet_parsers.cloudformation.readers import both, member, never, present, slots, text
from dynavet_parsers.cloudformation.sam_policies import aws_managed, managed_policy, policy_document, policy_name
from dynavet_parsers.cloudformation.stack import Resource, Stack, reference
from dynavet_parsers.cloudformation.template import GENERATED_ROLES
from dynavet_parsers.cloudformation.workloads import add_workload

_SERVICES = {"AWS::Serverless::StateMachine": "states"}
_KINDS = {
    "AWS::Serverless::StateMachine": "Step Functions state machine",
    "AWS::Serverless::WebFunction": "Lambda web function",
}
_EVENTS = {
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
    "SQS": "AWSLambdaSQSQueueExecutionRole",
}
"""The managed policy that lets a function read what an event of this type comes from."""
_TRACING = "AWSXrayWriteOnlyAccess"


def read_serverless_function(stack: Stack, resource: Resource) -> None:
    """``AWS::Serverless::Function``."""
    add_client(stack, resource, "Lambda function", member(resource.get("VpcConfig"), "SubnetIds"), role_of(resource))
    read_generated_role(stack, resource)


def read_serverless_workload(stack: Stack, resource: Resource) -> None:
    """``AWS::Serverless::StateMachine`` and ``WebFunction``."""
    add_workload(stack, resource, _KINDS[resource.type], role_of(resource))
    read_generated_role(stack, resource)


def role_of(resource: Resource) -> Value[Text | None]:
    """The role that a resource names, or else the one that is generated for it."""
    generated: Value[Text | None] = reference(f"{resource.logical_id}Role", "arn", resource.origin)
    own = text(resource.get(GENERATED_ROLES[resource.type]))
    return bind(lambda given: generated if given is None else Known(given, own.origin), own)


def read_generated_role(stack: Stack, resource: Resource) -> None:
    """The role that exists where none is named, its trust and what is attached to it."""
    without_role = apply(lambda given: not given, present(resource.get(GENERATED_ROLES[resource.type])))
    if never(without_role):
        return
    exists = both(resource.exists, without_role)
    address = f"{resource.logical_id}Role"
    own = resource.get("AssumeRolePolicyDocument")
    service = _SERVICES.get(resource.type, "lambda")
    document = bind(lambda data: trust(service, resource.origin) if data is None else own, own)
    policy = add_policy(stack, resource, PolicyKind.TRUST, document, "AssumeRolePolicyDocument", address, exists)
    stack.project.principals.append(
        Principal(
            address=address,
            origin=resource.origin,
            exists=exists,
            kind="role",
            trust=policy,
            boundary=declared_policy(stack, text(resource.get("PermissionsBoundary"))),
        )
    )
    role = reference(address, "name", resource.origin)
    for name, used in _managed(resource):
        if not never(used):
            attach(stack, resource, Known(aws_managed(name), used.origin), role, both(exists, used), kind="role")
    _policies(stack, resource, exists, role)


def _managed(resource: Resource) -> Iterator[tuple[str, Value[bool]]]:
    """AWS managed policies that a role gets for the sake of other properties, each with whether it does.

    The transform looks at what is written, not at what comes of it.
    """
    if resource.type == "AWS::Serverless::StateMachine":
        yield _TRACING, _is_on(resource.get("Tracing", "Enabled"), "false")
        return
    durable = resource.sets("DurableConfig")
    yield "AWSLambdaBasicDurableExecutionRolePolicy", durable
    yield "AWSLambdaBasicExecutionRole", Known(not durable.value)
    yield _TRACING, _is_on(resource.get("Tracing"), "disabled")
    yield "AWSLambdaVPCAccessExecutionRole", resource.sets("VpcConfig")
    seen: set[str] = set()
    for kind, at in _event_types(resource.get("Events")):
        if kind in _EVENTS and kind not in seen:
            seen.add(kind)
            yield _EVENTS[kind], Known(True, at)


def _event_types(events: Value[Data]) -> Iterator[tuple[str, Origin | None]]:
    """The literal types of a function's events; the transform allows no others."""
    data = events.value if isinstance(events, Known) else None
    for name, event in data.entries.items() if isinstance(data, Object) else ():
        kind = member(event, "Type")
        if isinstance(kind, Known) and isinstance(kind.value, str) and isinstance(data, Object):
            yield kind.value, data.keys.get(name) or event.origin


def _is_on(setting: Value[Data], off: str) -> Value[bool]:
    """Whether there is a setting that is not the word for off; one that is undecided counts."""
    if isinstance(setting, Unknown):
        return Known(True, setting.origin)
    return apply(lambda data: data is not None and str(data).lower() != off, setting)


def _policies(stack: Stack, resource: Resource, exists: Value[bool], role: Known[Text]) -> None:
    """What `Policies` grants: documents, policy templates, and managed policies by name or ARN."""
    places, more = slots(resource.get("Policies"))
    for index, place in enumerate(places):
        label = policy_name(place, index)
        document = policy_document(place, resource.origin)
        if add_policy(stack, resource, PolicyKind.IDENTITY, document, label, exists=exists) is not None:
            attach(stack, resource, resource.ref(), role, both(exists, present(document)), label, "role")
        managed = managed_policy(place)
        if not never(present(managed)):
            attach(stack, resource, managed, role, both(exists, present(managed)), kind="role")
    for reason in more:
        attach(stack, resource, reason, role, exists, kind="role")
