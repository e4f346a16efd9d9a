"""What attaches policies to principals, users to groups, and permission sets to accounts.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`). The ``…_policies_exclusive``
resources name inline policies that are declared elsewhere, and attach nothing themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from dynavet.model import Assignment, Attachment, Membership, PolicyKind
from dynavet.regexes import regex
from dynavet.text import Hole, Text
from dynavet.values import ABSENT, Known, Unknown, Value, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.paths import both, places
from dynavet_parsers.terraform.references import reference_to
from dynavet_parsers.terraform.resource import Reading, Resource, texts

_INLINE = {
    "aws_iam_role_policy": ("role", "role"),
    "aws_iam_user_policy": ("user", "user"),
    "aws_iam_group_policy": ("group", "group"),
    "aws_ssoadmin_permission_set_inline_policy": ("permission_set_arn", "permission set"),
}
"""Resources that are a policy themselves: the argument that names the principal, and its kind."""

_EDGES = {
    "aws_iam_role_policy_attachment": ("role", "role", "policy_arn"),
    "aws_iam_user_policy_attachment": ("user", "user", "policy_arn"),
    "aws_iam_group_policy_attachment": ("group", "group", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "role", "policy_arns"),
    "aws_iam_user_policy_attachments_exclusive": ("user_name", "user", "policy_arns"),
    "aws_iam_group_policy_attachments_exclusive": ("group_name", "group", "policy_arns"),
    "aws_ssoadmin_managed_policy_attachment": ("permission_set_arn", "permission set", "managed_policy_arn"),
}
"""The argument that names the principal, its kind, and the argument with one policy or several."""

_LIMITS = {
    "aws_rolesanywhere_profile": ("role_arns", "role", "managed_policy_arns", PolicyKind.SESSION),
    "aws_chatbot_slack_channel_configuration": (
        "iam_role_arn", "role", "guardrail_policy_arns", PolicyKind.BOUNDARY,
    ),
    "aws_chatbot_teams_channel_configuration": (
        "iam_role_arn", "role", "guardrail_policy_arns", PolicyKind.BOUNDARY,
    ),
    "aws_organizations_policy_attachment": ("target_id", "organization", "policy_id", PolicyKind.ORGANIZATION),
}  # fmt: skip
"""The same for policies that only limit, and how they act."""

_OF_AWS = regex(r"arn:[^:]*:iam::aws:policy/")

Texts = Iterable[Value[Text | None]]


def read(reading: Reading) -> None:
    """Add attachments, memberships and assignments to the project."""
    for resource_type, (argument, kind) in _INLINE.items():
        for resource in reading.of(resource_type):
            own = reference_to(resource.address, "arn", resource.body.at)
            _attach(reading, resource, [own], [resource.body.text(argument)], kind)
    for resource_type, (principal, kind, policy) in _EDGES.items():
        for resource in reading.of(resource_type):
            _attach(reading, resource, _texts(resource, policy), _texts(resource, principal), kind)
    for resource_type, (principal, kind, policy, acts_as) in _LIMITS.items():
        for resource in reading.of(resource_type):
            _attach(reading, resource, _texts(resource, policy), _texts(resource, principal), kind, acts_as)
    for resource in reading.of("aws_iam_policy_attachment"):
        for kind in ("role", "user", "group"):
            _attach(reading, resource, _texts(resource, "policy_arn"), _texts(resource, f"{kind}s"), kind)
    for resource in reading.of("aws_ssoadmin_customer_managed_policy_attachment"):
        policies = [_customer_managed(reading, resource.body)]
        _attach(reading, resource, policies, _texts(resource, "permission_set_arn"), "permission set")
    for resource in reading.of("aws_iam_role"):
        _own_policies(reading, resource)
    _memberships(reading)
    reading.project.assignments += [_assignment(r) for r in reading.of("aws_ssoadmin_account_assignment")]


def permission_set_boundary(reading: Reading, resource: Resource) -> Value[Text | None]:
    """The policy of an ``aws_ssoadmin_permissions_boundary_attachment``."""

    def read_block(block: Body | None) -> Value[Text | None]:
        if block is None:
            return ABSENT
        arn = block.text("managed_policy_arn")
        return _customer_managed(reading, block) if arn == ABSENT else arn

    return bind(read_block, resource.body.block_value("permissions_boundary"))


def _texts(resource: Resource, argument: str) -> Texts:
    found, more = texts(resource.body, argument)
    return (*found, *more)


def _attach(
    reading: Reading,
    resource: Resource,
    policies: Texts,
    principals: Texts,
    kind: str,
    acts_as: PolicyKind = PolicyKind.IDENTITY,
) -> None:
    several = tuple(principals)
    for policy in policies:
        reading.project.attachments += [
            Attachment(
                **resource.entity,
                policy=declared_policy(reading, policy),
                principal=principal,
                principal_kind=kind,
                acts_as=acts_as,
            )
            for principal in several
        ]


def _own_policies(reading: Reading, resource: Resource) -> None:
    """The managed and inline policies that a role declares itself."""
    itself = reference_to(resource.address, "name", resource.body.at)
    _attach(reading, resource, _texts(resource, "managed_policy_arns"), [itself], "role")
    for place in places(resource.body, "inline_policy.policy"):
        fields = resource.entity
        fields["exists"] = both(fields["exists"], place.exists)
        own = reference_to(resource.address, "arn", place.block)
        reading.project.attachments.append(
            Attachment(**fields, policy=own, principal=itself, label=place.label, principal_kind="role")
        )


def declared_policy(reading: Reading, policy: Value[Text | None]) -> Value[Text | None]:
    """An ARN that spells out the name of a policy of this code, as a reference to it."""

    def resolve(text: Text | None) -> Value[Text | None]:
        last = text.parts[-1] if text is not None and text.parts else None
        _, found, path = last.partition(":policy/") if isinstance(last, str) else ("", "", "")
        name = path.rpartition("/")[2] if found and not _OF_AWS.match(str(text)) else ""
        resource = _policy_named(reading, name)
        return (
            Known(text, policy.origin) if resource is None else reference_to(resource.address, "arn", resource.body.at)
        )

    return bind(resolve, policy)


def _policy_named(reading: Reading, name: str) -> Resource | None:
    return reading.find("aws_iam_policy", Text.of(name)) if name else None


def _customer_managed(reading: Reading, body: Body) -> Value[Text | None]:
    """The policy that a ``customer_managed_policy_reference`` names; an ARN if it is not in this code."""

    def read_block(block: Body | None) -> Value[Text | None]:
        if block is None:
            return ABSENT
        return bind(lambda name: _named(name, block), block.text("name"))

    def _named(name: Text | None, block: Body) -> Value[Text | None]:
        if name is None or name.reference is not None:
            return Known(name, block.at)
        resource = _policy_named(reading, name.literal or "")
        if resource is not None:
            return reference_to(resource.address, "arn", block.at)
        path = block.text("path")
        if isinstance(path, Known):
            account = Hole("the account of the permission set is decided at deployment")
            start = path.value or Text.of("/")
            return Known(
                Text.of(
                    "arn:", Hole("the partition is decided at deployment"), ":iam::", account, ":policy", start, name
                ),
                block.at,
            )
        return Unknown("the path of a customer managed policy is undecided", block.at)

    return bind(read_block, body.block_value("customer_managed_policy_reference"))


def _memberships(reading: Reading) -> None:
    for kind, users, groups in (
        ("aws_iam_group_membership", "users", "group"),
        ("aws_iam_user_group_membership", "user", "groups"),
    ):
        for resource in reading.of(kind):
            reading.project.memberships += [
                Membership(**resource.entity, user=user, group=group)
                for user in _texts(resource, users)
                for group in _texts(resource, groups)
            ]


def _assignment(resource: Resource) -> Assignment:
    body = resource.body
    return Assignment(
        **resource.entity,
        permission_set=body.text("permission_set_arn"),
        principal=body.text("principal_id"),
        kind=body.text("principal_type"),
        account=body.text("target_id"),
    )
