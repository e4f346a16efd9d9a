"""Where policy documents stand in templates, and what each of them is."""

from __future__ import annotations

from dynavet.iam.demands import demands_of
from dynavet.model import Policy, PolicyKind
from dynavet.records import dataclass
from dynavet.values import Data, Known, List, Object, Value, bind
from dynavet_parsers.cloudformation.attachments import read_targets
from dynavet_parsers.cloudformation.paths import places
from dynavet_parsers.cloudformation.policy_paths import OTHER_RESOURCE_PATHS
from dynavet_parsers.cloudformation.readers import both, never, present, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.iam_json.document import flawed, read_document


@dataclass(frozen=True, slots=True)
class Carrier:
    """A property that holds a document: its path (``Replicas[]`` for every item of a list) and kind."""

    path: str
    kind: PolicyKind
    label: str = ""


_TABLE = PolicyKind.RESOURCE
CARRIERS: dict[str, tuple[Carrier, ...]] = {
    "AWS::DynamoDB::Table": (
        Carrier("ResourcePolicy.PolicyDocument", _TABLE, "table"),
        Carrier("StreamSpecification.ResourcePolicy.PolicyDocument", _TABLE, "stream"),
    ),
    "AWS::DynamoDB::GlobalTable": (
        Carrier("Replicas[].ResourcePolicy.PolicyDocument", _TABLE, "table"),
        Carrier("Replicas[].ReplicaStreamSpecification.ResourcePolicy.PolicyDocument", _TABLE, "stream"),
    ),
    "AWS::EC2::VPCEndpoint": (Carrier("PolicyDocument", PolicyKind.ENDPOINT),),
    "AWS::EKS::PodIdentityAssociation": (Carrier("Policy", PolicyKind.SESSION),),
    "AWS::IAM::GroupPolicy": (Carrier("PolicyDocument", PolicyKind.IDENTITY),),
    "AWS::IAM::ManagedPolicy": (Carrier("PolicyDocument", PolicyKind.IDENTITY),),
    "AWS::IAM::Policy": (Carrier("PolicyDocument", PolicyKind.IDENTITY),),
    "AWS::IAM::RolePolicy": (Carrier("PolicyDocument", PolicyKind.IDENTITY),),
    "AWS::IAM::UserPolicy": (Carrier("PolicyDocument", PolicyKind.IDENTITY),),
    "AWS::KMS::Key": (Carrier("KeyPolicy", PolicyKind.KEY),),
    "AWS::KMS::ReplicaKey": (Carrier("KeyPolicy", PolicyKind.KEY),),
    "AWS::Organizations::ResourcePolicy": (Carrier("Content", PolicyKind.OTHER_RESOURCE),),
    "AWS::RolesAnywhere::Profile": (Carrier("SessionPolicy", PolicyKind.SESSION),),
    "AWS::SSO::PermissionSet": (Carrier("InlinePolicy", PolicyKind.PERMISSION_SET),),
    "AWS::Transfer::User": (Carrier("Policy", PolicyKind.SESSION),),
} | {
    resource_type: tuple(Carrier(path, PolicyKind.OTHER_RESOURCE, path if len(paths) > 1 else "") for path in paths)
    for resource_type, paths in OTHER_RESOURCE_PATHS.items()
}
_IAM_LANGUAGE = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


def read_policies_of(stack: Stack, resource: Resource) -> None:
    """The documents that stand in a resource of a listed type."""
    for carrier in CARRIERS.get(resource.type, ()):
        for index, value in places(resource, carrier.path):
            label = ".".join(part for part in (carrier.label, index) if part)
            add_policy(stack, resource, carrier.kind, value, label)


def read_organization_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::Organizations::Policy``: only control policies are in the IAM policy language."""
    kind = text(resource.get("Type"))
    literal = kind.value.literal if isinstance(kind, Known) and kind.value is not None else None
    if literal is None or literal in _IAM_LANGUAGE:
        add_policy(stack, resource, PolicyKind.ORGANIZATION, resource.get("Content"))
        read_targets(stack, resource)


def read_event_bus_policy(stack: Stack, resource: Resource) -> None:
    """``AWS::Events::EventBusPolicy``: one statement without a document around it."""
    statement = resource.get("Statement")
    document = bind(lambda data: Known(data) if data is None else _document(statement), statement)
    add_policy(stack, resource, PolicyKind.OTHER_RESOURCE, document)


def _document(statement: Value[Data]) -> Value[Data]:
    return Known(Object({"Statement": Known(List((statement,)), statement.origin)}), statement.origin)


def add_policy(
    stack: Stack,
    resource: Resource,
    kind: PolicyKind,
    value: Value[Data],
    label: str = "",
    address: str = "",
    exists: Value[bool] | None = None,
) -> Policy | None:
    """Add the policy whose document `value` is, unless there never is one.

    `address` and `exists` are of the resource, if not given.
    """
    there = present(value)
    if never(there):
        return None
    document = read_document(value, value.origin or resource.origin)
    policy = Policy(
        address=address or resource.logical_id,
        origin=resource.origin,
        exists=both(resource.exists if exists is None else exists, there),
        kind=kind,
        label=label,
        version=document.version,
        statements=document.statements,
        more=document.more,
        flawed=flawed(document, demands_of(kind)),
    )
    stack.project.policies.append(policy)
    return policy
