"""VPC endpoints, with their policies and route tables, which may be resources of their own.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from dynavet.model import Endpoint, Policy, PolicyKind
from dynavet.text import Text
from dynavet.values import ABSENT, OneOf, Unknown, Value, bind
from dynavet_parsers.iam_json.alignment import aligned
from dynavet_parsers.terraform.resource import Reading, Resource, list_of_texts
from dynavet_parsers.terraform.routes import route_table

_TABLES = "route_table_ids"


def read(reading: Reading) -> None:
    """Add the endpoints to the project, which has the policies already."""
    policies: dict[str, list[Policy]] = defaultdict(list)
    for policy in reading.project.policies:
        if policy.kind is PolicyKind.ENDPOINT:
            policies[policy.address].append(policy)
    apart, more_policies = _by_endpoint(reading, "aws_vpc_endpoint_policy")
    associations, more_tables = _by_endpoint(reading, "aws_vpc_endpoint_route_table_association")
    for resource in reading.of("aws_vpc_endpoint"):
        body, address = resource.body, resource.address
        own, more = _own_tables(resource)
        sources = (address, *(each.address for each in apart[address]))
        associated = [_table(each) for each in associations[address]]
        reading.project.endpoints.append(
            Endpoint(
                **resource.entity,
                vpc=body.text("vpc_id"),
                service=body.text("service_name"),
                kind=body.text("vpc_endpoint_type"),
                route_tables=tuple(route_table(reading, each) for each in (*own, *associated)),
                more_route_tables=(*more, *more_tables),
                policies=tuple(each for source in sources for each in policies[source]),
                more_policies=more_policies,
            )
        )


def _by_endpoint(reading: Reading, kind: str) -> tuple[dict[str, list[Resource]], tuple[Unknown, ...]]:
    """The resources of a type by the address of the endpoint that they belong to, and those that may be of any."""
    found: dict[str, list[Resource]] = defaultdict(list)
    undecided = []
    for resource in reading.of(kind):
        endpoint = _endpoint_of(resource)
        if isinstance(endpoint, Unknown):
            undecided.append(endpoint)
        else:
            found[endpoint].append(resource)
    return found, tuple(undecided)


def _endpoint_of(resource: Resource) -> str | Unknown:
    """The address of the endpoint that a resource belongs to; empty for one that is not in the code."""
    value = resource.body.text("vpc_endpoint_id")
    if isinstance(value, OneOf):
        return Unknown(f"{value.condition} is undecided", value.origin)
    if isinstance(value, Unknown):
        return value
    text = value.value or Text(())
    if text.holes:
        return Unknown(text.holes[0].reason, value.origin)
    return text.references[0].target if text.references else ""


def _table(association: Resource) -> Value[Text | None]:
    there, value = association.exists, association.body.text("route_table_id")
    if isinstance(there, Unknown):
        return Unknown(there.reason, association.body.at)
    return bind(lambda exists: value if exists else ABSENT, there)


def _own_tables(resource: Resource) -> tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]:
    argument = resource.body.block.arguments.get(_TABLES)
    at = resource.body.at if argument is None else argument.at

    def listed(value: Value[Any]) -> tuple[Iterable[Value[Text | None]], tuple[Unknown, ...]]:
        """Items that are known to be there, and why there may be others, kept apart in each branch."""
        if not isinstance(value, OneOf):
            return list_of_texts(value, at)
        branches = [(label, *listed(branch)) for label, branch in value.branches]
        more = tuple(dict.fromkeys(reason for _, _, reasons in branches for reason in reasons))
        return aligned(value, [(label, [*items]) for label, items, _ in branches], at), more

    items, more = listed(resource.body.raw(_TABLES))
    return tuple(items), more
