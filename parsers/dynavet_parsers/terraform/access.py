"""Policies and principals."""

from __future__ import annotations

from dynavet.iam.demands import demands_of
from dynavet.model import Policy, PolicyKind, Principal
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Value
from dynavet_parsers.iam_json.document import flawed, read_document
from dynavet_parsers.terraform import attachments
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.paths import Place, both, places
from dynavet_parsers.terraform.policy_carriers import CARRIERS, CONTROL_POLICIES, PROVIDER_SESSIONS
from dynavet_parsers.terraform.resource import EntityFields, Reading, Resource, fields_of

_PRINCIPALS = {
    "aws_iam_role": "role",
    "aws_iam_user": "user",
    "aws_iam_group": "group",
    "aws_ssoadmin_permission_set": "permission set",
}


def read(reading: Reading) -> None:
    """Add policies, principals and attachments to the project."""
    trusts: dict[str, Policy] = {}
    for kind, carriers in CARRIERS.items():
        for resource_type, path in carriers.items():
            for resource in reading.of(resource_type):
                if kind is not PolicyKind.ORGANIZATION or _is_control_policy(resource):
                    of = resource.body.text("resource_arn") if kind is PolicyKind.RESOURCE else ABSENT
                    found = [_policy(resource.entity, place, kind, of) for place in places(resource.body, path)]
                    reading.project.policies += found
                    trusts |= {policy.address: policy for policy in found if kind is PolicyKind.TRUST}
    _principals(reading, trusts)
    attachments.read(reading)


def read_sessions(reading: Reading, module: Module) -> None:
    """Add the session policies of the provider configurations of a module."""
    for name, block in module.configuration.providers.items():
        fields = fields_of(module, f"{module.prefix}provider.{name}", block.at, module.exists)
        for session in PROVIDER_SESSIONS:
            for place in places(Body(block, module.scope), f"{session}.policy"):
                reading.project.policies.append(_policy(fields, place, PolicyKind.SESSION))


def _is_control_policy(resource: Resource) -> bool:
    """Whether it may be in the IAM policy language: only control policies are."""
    kind = resource.body.text("type")
    return not isinstance(kind, Known) or kind.value is None or str(kind.value) in CONTROL_POLICIES


def _policy(fields: EntityFields, place: Place, kind: PolicyKind, resource: Value[Text | None] = ABSENT) -> Policy:
    document = read_document(place.value, place.at)
    fields = {**fields, "origin": place.block, "exists": both(fields["exists"], place.exists)}
    return Policy(
        **fields,
        kind=kind,
        label=place.label,
        resource=resource,
        version=document.version,
        statements=document.statements,
        more=document.more,
        flawed=flawed(document, demands_of(kind)),
    )


def _principals(reading: Reading, trusts: dict[str, Policy]) -> None:
    for resource_type, kind in _PRINCIPALS.items():
        for resource in reading.of(resource_type):
            reading.project.principals.append(
                Principal(
                    **resource.entity,
                    kind=kind,
                    name=resource.body.text("name"),
                    trust=trusts.get(resource.address),
                    boundary=_boundary(reading, resource),
                )
            )


def _boundary(reading: Reading, resource: Resource) -> Value[Text | None]:
    """The permissions boundary; that of a permission set is a resource of its own."""
    if resource.kind != "aws_ssoadmin_permission_set":
        return attachments.declared_policy(reading, resource.body.text("permissions_boundary"))
    for attachment in reading.of("aws_ssoadmin_permissions_boundary_attachment"):
        named = attachment.body.text("permission_set_arn")
        reference = named.value.reference if isinstance(named, Known) and named.value is not None else None
        if reference is not None and reference.target == resource.address:
            return attachments.permission_set_boundary(reading, attachment)
    return ABSENT
