"""Policies, principals and attachments.

Arguments that carry a policy document, of hashicorp/aws 5.100 (`terraform providers schema`).
"""

from __future__ import annotations

from dynavet.model import Attachment, Policy, PolicyKind, Principal
from dynavet.text import Text
from dynavet.values import Known, OneOf, Value
from dynavet_parsers.iam_json.document import read_document
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.references import reference_to
from dynavet_parsers.terraform.resource import Reading, Resource, texts

_IDENTITY = {
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_iam_group_policy": "policy",
}
_OTHER = {
    PolicyKind.PERMISSION_SET: {"aws_ssoadmin_permission_set_inline_policy": "inline_policy"},
    PolicyKind.SESSION: {
        "aws_transfer_user": "policy",
        "aws_transfer_access": "policy",
        "aws_rolesanywhere_profile": "session_policy",
    },
    PolicyKind.ORGANIZATION: {"aws_organizations_policy": "content"},
    PolicyKind.ENDPOINT: {"aws_vpc_endpoint": "policy", "aws_vpc_endpoint_policy": "policy"},
    PolicyKind.RESOURCE: {"aws_dynamodb_resource_policy": "policy"},
    PolicyKind.KEY: {
        "aws_kms_key": "policy",
        "aws_kms_key_policy": "policy",
        "aws_kms_external_key": "policy",
        "aws_kms_replica_key": "policy",
        "aws_kms_replica_external_key": "policy",
    },
    PolicyKind.OTHER_RESOURCE: {
        "aws_s3_bucket": "policy",
        "aws_s3_bucket_policy": "policy",
        "aws_sns_topic": "policy",
        "aws_sns_topic_policy": "policy",
        "aws_sqs_queue": "policy",
        "aws_sqs_queue_policy": "policy",
        "aws_kinesis_resource_policy": "policy",
        "aws_secretsmanager_secret": "policy",
        "aws_secretsmanager_secret_policy": "policy",
        "aws_ecr_repository_policy": "policy",
        "aws_api_gateway_rest_api": "policy",
        "aws_api_gateway_rest_api_policy": "policy",
        "aws_cloudwatch_log_resource_policy": "policy_document",
        "aws_cloudwatch_event_bus_policy": "policy",
        "aws_backup_vault_policy": "policy",
        "aws_efs_file_system_policy": "policy",
        "aws_opensearch_domain": "access_policies",
        "aws_opensearch_domain_policy": "access_policies",
        "aws_elasticsearch_domain": "access_policies",
        "aws_elasticsearch_domain_policy": "access_policies",
        "aws_glue_resource_policy": "policy",
        "aws_iot_policy": "policy",
    },
}
_INLINE = {"aws_iam_role_policy": "role", "aws_iam_user_policy": "user", "aws_iam_group_policy": "group"}
_EDGES = {
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_user_policy_attachment": "user",
    "aws_iam_group_policy_attachment": "group",
}


def read(reading: Reading) -> None:
    """Add policies, principals and attachments to the project."""
    _principals(reading)
    for kind, argument in _IDENTITY.items():
        for resource in reading.of(kind):
            _add_policy(reading, resource, argument, PolicyKind.IDENTITY)
    for policy_kind, carriers in _OTHER.items():
        for kind, argument in carriers.items():
            for resource in reading.of(kind):
                if argument in resource.body.block.arguments:
                    _add_policy(reading, resource, argument, policy_kind)
    _attachments(reading)


def policy_of(resource: Resource, argument: str, kind: PolicyKind, body: Body | None = None, label: str = "") -> Policy:
    """The policy that an argument of a resource, or of a block in it, holds."""
    body = body or resource.body
    at = body.block.arguments[argument].at if argument in body.block.arguments else body.at
    document = read_document(body.raw(argument), at)
    fields = resource.entity
    fields["origin"] = body.at
    return Policy(
        **fields,
        kind=kind,
        label=label,
        version=document.version,
        statements=document.statements,
        more=document.more,
    )


def _add_policy(reading: Reading, resource: Resource, argument: str, kind: PolicyKind) -> None:
    reading.project.policies.append(policy_of(resource, argument, kind))


def _principals(reading: Reading) -> None:
    project = reading.project
    for kind, label in (("aws_iam_role", "role"), ("aws_iam_user", "user"), ("aws_iam_group", "group")):
        for resource in reading.of(kind):
            trust = None
            if kind == "aws_iam_role":
                trust = policy_of(resource, "assume_role_policy", PolicyKind.TRUST)
                project.policies.append(trust)
            project.principals.append(
                Principal(
                    **resource.entity,
                    kind=label,
                    name=resource.body.text("name"),
                    trust=trust,
                    boundary=resource.body.text("permissions_boundary"),
                )
            )
    for resource in reading.of("aws_ssoadmin_permission_set"):
        project.principals.append(Principal(**resource.entity, kind="permission set", name=resource.body.text("name")))


def _attachments(reading: Reading) -> None:
    for kind, argument in _INLINE.items():
        for resource in reading.of(kind):
            own = reference_to(resource.address, "arn", resource.body.at)
            _attach(reading, resource, own, resource.body.text(argument))
    for kind, argument in _EDGES.items():
        for resource in reading.of(kind):
            _attach(reading, resource, resource.body.text("policy_arn"), resource.body.text(argument))
    for resource in reading.of("aws_iam_policy_attachment"):
        for argument in ("roles", "users", "groups"):
            found, more = texts(resource.body, argument)
            for principal in (*found, *more):
                _attach(reading, resource, resource.body.text("policy_arn"), principal)
    for resource in reading.of("aws_iam_role"):
        _role_policies(reading, resource)
    _permission_sets(reading)


def _role_policies(reading: Reading, resource: Resource) -> None:
    itself = reference_to(resource.address, "name", resource.body.at)
    found, more = texts(resource.body, "managed_policy_arns")
    for arn in (*found, *more):
        _attach(reading, resource, arn, itself)
    inline = resource.body.blocks("inline_policy")
    for number, slot in enumerate(inline.slots):
        block = _some_body(slot)
        if block is None or "policy" not in block.block.arguments:
            continue
        label = f"inline_policy[{number}]"
        reading.project.policies.append(policy_of(resource, "policy", PolicyKind.IDENTITY, block, label))
        _attach(reading, resource, reference_to(resource.address, "arn", block.at), itself, label)


def _permission_sets(reading: Reading) -> None:
    for resource in reading.of("aws_ssoadmin_permission_set_inline_policy"):
        own = reference_to(resource.address, "arn", resource.body.at)
        _attach(reading, resource, own, resource.body.text("permission_set_arn"))
    for resource in reading.of("aws_ssoadmin_managed_policy_attachment"):
        arn = resource.body.text("managed_policy_arn")
        _attach(reading, resource, arn, resource.body.text("permission_set_arn"))


def _some_body(slot: Value[Body | None]) -> Body | None:
    """The block that stands in a slot in any branch: its policy counts as one that may be there."""
    if isinstance(slot, OneOf):
        return next((body for _, branch in slot.branches if (body := _some_body(branch)) is not None), None)
    return slot.value if isinstance(slot, Known) else None


def _attach(
    reading: Reading, resource: Resource, policy: Value[Text | None], principal: Value[Text | None], label: str = ""
) -> None:
    reading.project.attachments.append(Attachment(**resource.entity, policy=policy, principal=principal, label=label))
