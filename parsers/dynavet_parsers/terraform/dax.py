"""DAX clusters."""

from __future__ import annotations

from dynavet.model import Client, DaxCluster
from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.resource import Reading, Resource, texts


def read(reading: Reading) -> None:
    """Add the clusters to the project, as such and as clients."""
    for resource in reading.of("aws_dax_cluster"):
        body = resource.body
        subnets, more_subnets = _subnets(reading, resource)
        groups, more_groups = texts(body, "security_group_ids")
        reading.project.dax_clusters.append(
            DaxCluster(
                **resource.entity,
                name=body.text("cluster_name"),
                encryption_at_rest=bind(_enabled, body.block_value("server_side_encryption")),
                endpoint_encryption=body.text("cluster_endpoint_encryption_type"),
                security_groups=groups,
                more_security_groups=more_groups,
                subnets=subnets,
                more_subnets=more_subnets,
            )
        )
        reading.project.clients.append(
            Client(
                **resource.entity,
                kind="DAX cluster",
                role=body.text("iam_role_arn"),
                subnets=subnets,
                more_subnets=more_subnets,
                dynamodb=True,
            )
        )


def _enabled(block: Body | None) -> Value[bool | None]:
    """What a block does not say stands, as absent, at the block."""
    if block is None:
        return Known(None)
    enabled = block.flag("enabled")
    return Known(None, enabled.origin or block.at) if enabled == Known(None) else enabled


def _subnets(reading: Reading, resource: Resource) -> tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]:
    group = resource.body.text("subnet_group_name")
    found = reading.find("aws_dax_subnet_group", group.value) if isinstance(group, Known) else None
    if found is not None:
        return texts(found.body, "subnet_ids")
    elsewhere = Unknown(f"the subnets of {resource.address} are not in this code")
    return (), (group if isinstance(group, Unknown) else elsewhere,)
