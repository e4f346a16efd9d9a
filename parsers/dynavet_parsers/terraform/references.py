"""What a property of a resource or data source is, as far as the code tells.

Attributes as of hashicorp/aws 5.100 (`terraform providers schema`).
"""

from __future__ import annotations

from typing import Any

from dynavet.iam.managed_policies import grants_of
from dynavet.text import Reference, Text, as_text
from dynavet.values import Known, Origin, Unknown, Value, apply

_NAMED_BY_ID = {
    "aws_dynamodb_table": "name",
    "aws_iam_role": "name",
    "aws_iam_user": "name",
    "aws_iam_group": "name",
    "aws_iam_instance_profile": "name",
    "aws_iam_policy": "arn",
    "aws_kms_alias": "name",
    "aws_dax_cluster": "name",
    "aws_ecs_task_definition": "family",
    "aws_ecs_cluster": "arn",
    "aws_ecs_service": "arn",
}
"""What ``id`` holds, for resource types where it is not an identifier of its own."""

_NAME_ARGUMENT = {"aws_dax_cluster": "cluster_name", "aws_lambda_function": "function_name"}
"""The argument that names a resource, where it is not ``name``."""

_SERVICE = {
    "instance": "ec2",
    "vpc": "ec2",
    "subnet": "ec2",
    "cloudwatch_log": "logs",
    "cloudwatch_event": "events",
    "sfn": "states",
    "lb": "elasticloadbalancing",
    "alb": "elasticloadbalancing",
    "db": "rds",
    "dynamodb": "dynamodb",
    "dax": "dax",
}


def arn_shape(resource_type: str, name: str | None) -> str:
    """A glob that every ARN of a resource type matches; `name` narrows a table's."""
    kind = resource_type.removeprefix("aws_")
    if kind == "dynamodb_table":
        return f"arn:*:dynamodb:*:*:table/{name or '*'}"
    if kind == "dax_cluster":
        return f"arn:*:dax:*:*:cache/{name or '*'}"
    service = next((s for prefix, s in _SERVICE.items() if kind.startswith(prefix)), kind.split("_")[0])
    return f"arn:*:{service}:*"


def computed(resource_type: str, address: str, attribute: str, configured: dict[str, Value[Any]]) -> Value[Any]:
    """A property that the configuration does not set itself.

    `configured` gives the arguments that identify the resource. An unset optional argument
    cannot be told from a computed property without the provider's schema, so both read as
    a reference.
    """
    if attribute == "id" and resource_type in _NAMED_BY_ID:
        attribute = _NAMED_BY_ID[resource_type]
    if attribute in ("name", "cluster_name"):
        linked = resource_type.startswith("aws_iam_")
        return named(address, configured.get(_NAME_ARGUMENT.get(resource_type, "name")), linked=linked)
    if attribute == "key_id" and resource_type == "aws_kms_key":
        attribute = "id"
    name = configured.get("name")
    literal = name.value if isinstance(name, Known) and isinstance(name.value, str) else None
    shape = "*"
    if attribute == "arn":
        shape = arn_shape(resource_type, literal)
    elif attribute == "stream_arn":
        shape = f"arn:*:dynamodb:*:*:table/{literal or '*'}/stream/*"
    return Known(Text((Reference(address, attribute, shape),)))


def named(address: str, configured: Value[Any] | None, *, linked: bool = False) -> Value[Any]:
    """The configured name; a reference where it is not decided, or where it is to stay `linked`."""
    known = configured.value if isinstance(configured, Known) else None
    if known is not None and not linked:
        return Known(known)
    return Known(Text((Reference(address, "name", known if isinstance(known, str) else "*"),)))


def data_source(kind: str, address: str, attribute: str, configured: dict[str, Value[Any]]) -> Value[Any]:
    """A property of a data source other than a policy document."""
    argument = configured.get(attribute)
    if isinstance(argument, Known) and argument.value is not None:
        return argument
    if kind in ("aws_caller_identity", "aws_region", "aws_partition", "aws_default_tags"):
        return Known(Text((Reference(address, attribute, "arn:*" if attribute == "arn" else "*"),)))
    if kind in ("aws_kms_alias", "aws_kms_key"):
        return _key(address, attribute, configured.get("name" if kind == "aws_kms_alias" else "key_id"))
    if kind == "aws_vpc_endpoint_service" and attribute == "service_name" and "service" in configured:
        return apply(lambda service: _service_name(service, address), configured["service"])
    if kind == "aws_iam_policy" and attribute == "arn" and _is_of_aws(configured.get("name")):
        return apply(lambda name: _arn_of_aws(name, address), configured["name"])
    if kind == "aws_dynamodb_table" and attribute == "stream_arn" and "name" in configured:
        return apply(lambda name: _arn_of_stream(name, address), configured["name"])
    if kind in ("aws_vpc", "aws_subnet") and attribute in ("cidr_block", "ipv6_cidr_block"):
        return Known(Text((Reference(address, attribute),)))
    if attribute == "arn" or attribute in ("id", "name"):
        shape = arn_shape(kind, None) if attribute == "arn" else "*"
        return Known(Text((Reference(address, attribute, shape),)))
    return Unknown(f"{address}.{attribute} is read from AWS")


def _is_of_aws(name: Value[Any] | None) -> bool:
    """Whether a policy is looked up by the name of an AWS managed one; the lookup takes no second one of that name."""
    return isinstance(name, Known) and isinstance(name.value, str) and grants_of(name.value) is not None


def _arn_of_aws(name: str, address: str) -> Text:
    """The ARN of an AWS managed policy, without its path."""
    return Text.of("arn:", Reference(address, "partition"), ":iam::aws:policy/", name)


def _arn_of_stream(table: Any, address: str) -> Text | None:
    """The ARN of the stream of a table that is looked up by name."""
    if table is None:
        return None
    partition, region, account = (Reference(address, part) for part in ("partition", "region", "account_id"))
    label = Reference(address, "stream_label")
    return Text.of("arn:", partition, ":dynamodb:", region, ":", account, ":table/", as_text(table), "/stream/", label)


def _service_name(service: Any, address: str) -> Text | None:
    """``com.amazonaws.<Region>.dynamodb`` for ``dynamodb``."""
    if service is None:
        return None
    return Text.of("com.amazonaws.", Reference(address, "region"), ".", as_text(service))


def _key(address: str, attribute: str, named_as: Value[Any] | None) -> Value[Any]:
    """A looked-up key is AWS managed exactly if it is looked up by the AWS managed alias."""
    if isinstance(named_as, Known) and isinstance(named_as.value, str):
        if named_as.value.endswith("alias/aws/dynamodb"):
            return Known("alias/aws/dynamodb", named_as.origin)
        return Known(Text((Reference(address, "id" if attribute.endswith("id") else "arn", "arn:*:kms:*"),)))
    if isinstance(named_as, Known) and isinstance(named_as.value, Text) and not named_as.value.holes:
        return Known(Text((Reference(address, "arn", "arn:*:kms:*"),)))
    doubt = named_as if isinstance(named_as, Unknown) else Unknown(f"{address} is looked up by an undecided name")
    return Unknown(doubt.reason, doubt.origin)


def reference_to(address: str, attribute: str, origin: Origin) -> Value[Text]:
    return Known(Text((Reference(address, attribute),)), origin)
