"""Route tables, and which of them subnets use.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`). A VPC has one table from the
start, its main one, which ``aws_default_route_table`` takes over.
"""

from __future__ import annotations

from dynavet.model import RouteTable, Routing
from dynavet.text import Reference, Text
from dynavet.values import Known, Value, bind
from dynavet_parsers.terraform.resource import Reading

_DEFAULT = "aws_default_route_table"
_OF_VPC = ("main_route_table_id", "default_route_table_id")
MAIN = "main_route_table"


def read(reading: Reading) -> None:
    """Add route tables, and what routes by them, to the project."""
    project = reading.project
    project.route_tables += [RouteTable(**r.entity, vpc=r.body.text("vpc_id")) for r in reading.of("aws_route_table")]
    for resource in reading.of("aws_route_table_association"):
        body, fields = resource.body, resource.entity
        table = route_table(reading, body.text("route_table_id"))
        if "subnet_id" in body.block.arguments:
            project.routings.append(Routing(**fields, subnet=body.text("subnet_id"), route_table=table))
    for resource in reading.of("aws_main_route_table_association"):
        body, fields = resource.body, resource.entity
        table = route_table(reading, body.text("route_table_id"))
        project.routings.append(Routing(**fields, vpc=body.text("vpc_id"), route_table=table))


def route_table(reading: Reading, value: Value[Text | None]) -> Value[Text | None]:
    """The value with the names that a VPC's own table has in Terraform as a reference to that table."""

    def named(text: Text | None) -> Value[Text | None]:
        reference = text.reference if text is not None else None
        if reference is None:
            return Known(text, value.origin)
        if reference.attribute in _OF_VPC:
            return Known(Text((Reference(reference.target, MAIN),)), value.origin)
        declared = reading.by_address.get(reference.target)
        if declared is not None and declared.kind == _DEFAULT and reference.attribute == "id":
            return bind(named, declared.body.text("default_route_table_id"))
        return Known(text, value.origin)

    return bind(named, value)
