"""No route leads to a gateway endpoint for DynamoDB, or none from a subnet that uses DynamoDB.

## What it does

Judges every gateway endpoint for DynamoDB. It fails

- if the endpoint is associated with no route table at all;
- if a subnet that the code declares, with a workload in it that uses DynamoDB (see [DDB301](DDB301.md)), has a route
  table that no gateway endpoint for DynamoDB in its VPC is associated with. A subnet without an association of its own
  has the main route table of its VPC.

Associations count wherever they stand: as an argument of the endpoint, or as resources of their own. A template cannot
name the main route table of a VPC that it declares, so that there a subnet needs an association.

## Why it matters

A gateway endpoint is nothing but a route. Without it in the table of a subnet, requests from there leave through the
Internet gateway or NAT as before, past the policy of the endpoint. Where tables or roles allow requests only through
the endpoint, they are denied. Nothing else shows that the endpoint is not in use.

## Example

Terraform, fails:

```terraform
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.eu-west-1.dynamodb"
}
```

Terraform, passes:

```terraform
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.dynamodb"
  route_table_ids = [aws_route_table.private.id]
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Network
      ServiceName: !Sub com.amazonaws.${AWS::Region}.dynamodb
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Private:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Network}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Network
      ServiceName: !Sub com.amazonaws.${AWS::Region}.dynamodb
      RouteTableIds: [!Ref Private]
```

## How to fix

List the route tables of all subnets that use DynamoDB in `route_table_ids` or `RouteTableIds`. In Terraform do not mix
that argument with `aws_vpc_endpoint_route_table_association` for one endpoint: each undoes the other. Traffic to
DynamoDB changes its way at once, and connections that are open break.

## Undecided

Which route tables the endpoint has, which one a subnet has, or whether a workload uses DynamoDB depends on an input
without a value or is not in the code.

## References

- [VPC: gateway endpoints, routing](https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)
- [DynamoDB: gateway endpoints](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/vpc-endpoints-dynamodb.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import NO, Answer, any_of
from dynavet.model import Client, Endpoint, Project, Subnet
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.values import ABSENT, Known, Origin, single
from dynavet_checks.network.dynamodb_endpoint import is_gateway, serves_dynamodb
from dynavet_checks.network.dynamodb_use import declares_table, settled, uses_dynamodb
from dynavet_checks.network.routing import MAIN, leads_to, same_vpc, table_of
from dynavet_checks.network.vpc_placement import names


def judge_endpoint(endpoint: Endpoint, project: Project) -> Judgement | None:
    tables = declares_table(project)
    gateway = settled(_is_way_to_dynamodb(endpoint), tables)
    if gateway.truth is False:
        return None
    at = _tables_at(endpoint)
    listed = [each for each in map(single, endpoint.route_tables) if each != ABSENT]
    if not listed and endpoint.more_route_tables:
        return Undecided(reasons=gateway.reasons + endpoint.more_route_tables, at=at)
    if not listed:
        message = "This gateway endpoint for DynamoDB is associated with no route table: nothing goes through it."
        return Fail(message=message, at=at) if gateway.truth else Undecided(reasons=gateway.reasons, at=at)
    found = [(client, subnet, gateway & past) for client, subnet, past in _passing_by(endpoint, project, tables)]
    if any(past.truth for _, _, past in found):
        return _not_routed([(client, subnet) for client, subnet, past in found if past.truth], endpoint, project)
    reasons = any_of(past for _, _, past in found).reasons
    return Undecided(reasons=reasons, at=at) if reasons else Pass(at=at)


def _is_way_to_dynamodb(endpoint: Endpoint) -> Answer:
    return serves_dynamodb(endpoint) & is_gateway(endpoint)


def _passing_by(endpoint: Endpoint, project: Project, tables: Answer) -> Iterator[tuple[Client, Subnet, Answer]]:
    """The clients with their declared subnets, and whether they use DynamoDB past all endpoints of the VPC."""
    ways = [each for each in project.endpoints if _is_way_to_dynamodb(each).truth is not False]
    for client in project.clients:
        inside = (each for each in project.subnets if any(names(named, each).truth for named in client.subnets))
        found = ((each, _unserved(each, endpoint, ways, project)) for each in inside)
        unserved = [(each, past) for each, past in found if past.truth is not False]
        used = settled(uses_dynamodb(client, project), tables) if unserved else NO
        yield from ((client, subnet, used & past) for subnet, past in unserved)


def _unserved(subnet: Subnet, endpoint: Endpoint, ways: list[Endpoint], project: Project) -> Answer:
    """Whether a subnet in the VPC of the endpoint has a route to none of these."""
    inside = same_vpc(subnet.vpc, endpoint.vpc)
    if inside.truth is False:
        return NO
    table = table_of(subnet, project)
    beside = ((way, _is_way_to_dynamodb(way) & same_vpc(way.vpc, subnet.vpc)) for way in ways)
    return inside & ~any_of(there & leads_to(table, way, project) for way, there in beside if there.truth is not False)


def _not_routed(found: list[tuple[Client, Subnet]], endpoint: Endpoint, project: Project) -> Fail:
    client, subnet = found[0]
    clients, subnets = dict.fromkeys(c for c, _ in found), dict.fromkeys(s for _, s in found)
    others = f" (and {len(subnets) - 1} more)" if len(subnets) > 1 else ""
    return Fail(
        message=f"{client.address} uses DynamoDB from subnet {subnet.address}{others}, and {_table(subnet, project)} "
        "of that subnet is not associated with this gateway endpoint.",
        at=_tables_at(endpoint),
        evidence=tuple(sorted(each.address for each in subnets)),
        related=(
            *(Related(each.origin, "this subnet has no route to the endpoint") for each in subnets),
            *(Related(each.origin, f"this {each.kind} uses DynamoDB") for each in clients),
        ),
    )


def _table(subnet: Subnet, project: Project) -> str:
    table = table_of(subnet, project)
    reference = table.value.reference if isinstance(table, Known) and table.value is not None else None
    if reference is None or reference.attribute == MAIN:
        return "the main route table" if reference is not None else "the route table"
    return f"the route table {reference.target}"


def _tables_at(endpoint: Endpoint) -> Origin:
    """Where the first of the endpoint's route tables is written, if any is."""
    places = (each.origin for each in (*endpoint.route_tables, *endpoint.more_route_tables))
    return next((at for at in places if at is not None), endpoint.origin)


RULE = Rule(
    id="DDB303",
    name="endpoint-not-routed",
    severity=Severity.HIGH,
    checks={Scope.ENDPOINT: judge_endpoint},
    practices=("P5",),
    reads=("vpcs", "subnets", "route_tables", "routings", "endpoints", "clients"),
    doc=__doc__,
)
