"""A VPC that uses DynamoDB has no gateway endpoint for it.

## What it does

Judges every VPC that the code declares, if the code also declares a table, or if a workload in that VPC uses
DynamoDB: a DAX cluster, or a Lambda function, service or instance whose role allows actions on tables. It fails
unless an endpoint of type `Gateway` for the service `com.amazonaws.<region>.dynamodb` is in the VPC. An interface
endpoint alone does not pass, and the message says so.

A workload that uses DynamoDB from a VPC that is not in the code is reported as undecided, and so is one of which
the code does not say what its role may do, as long as the code declares a table.

## Why it matters

Without the endpoint, traffic from the VPC to DynamoDB leaves through an Internet gateway or NAT, and needs a
route to the Internet that nothing else may need. With it, traffic stays in the network of AWS, the endpoint can
carry a policy, and tables can be closed to everything else. An interface endpoint has no private DNS name for
DynamoDB: clients go past it unless each of them is given its URL.

## Example

Terraform, fails:

```terraform
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
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

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = ["dynamodb:GetItem", "dynamodb:PutItem"]
      Resource  = aws_dynamodb_table.orders.arn
    }]
  })
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Private:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Network}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
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
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: [dynamodb:GetItem, dynamodb:PutItem]
            Resource: !GetAtt Orders.Arn
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
```

## How to fix

Add a gateway endpoint for DynamoDB to the VPC, associated with the route tables of the subnets that use it. It
costs nothing. Keep an interface endpoint only for what the gateway does not serve, such as on-premises networks.

## Undecided

The VPC or the service of an endpoint depends on an input without a value; what the role of a workload may do is
not in the code; or the VPC of a workload's subnets is not.

## References

- [DynamoDB: gateway endpoints](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/vpc-endpoints-dynamodb.html)
- [DynamoDB: interface endpoints](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html)
"""

from __future__ import annotations

from dynavet.answers import NO, Answer, any_of
from dynavet.model import Client, Project, Vpc
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.network.dynamodb_endpoint import is_gateway, is_interface, serves_dynamodb
from dynavet_checks.network.dynamodb_use import declares_table, settled, uses_dynamodb
from dynavet_checks.network.vpc_placement import names, outside, runs_in


def judge_vpc(vpc: Vpc, project: Project) -> Judgement | None:
    tables = declares_table(project)
    clients = [(client, _works_in(client, vpc, project)) for client in project.clients]
    used = settled(any_of(answer for _, answer in clients), tables) | tables
    if used.truth is False:
        return None
    here = [(each, names(each.vpc, vpc) & serves_dynamodb(each)) for each in project.endpoints]
    gateway = any_of(serves & is_gateway(each) for each, serves in here)
    if gateway.truth:
        return Pass(at=vpc.origin)
    if used.truth is None or gateway.truth is None:
        return Undecided(reasons=used.reasons + gateway.reasons, at=vpc.origin)
    interfaces = [each for each, serves in here if (serves & is_interface(each)).truth]
    note = " It has an interface endpoint, which clients do not use by themselves." if interfaces else ""
    users = [client for client, answer in clients if answer.truth]
    return Fail(
        message=f"{_users(users)} and this VPC has no gateway endpoint for DynamoDB.{note}",
        at=vpc.origin,
        related=(
            *(Related(each.origin, "the interface endpoint") for each in interfaces),
            *(Related(each.origin, f"this {each.kind} uses DynamoDB") for each in users),
        ),
    )


def _works_in(client: Client, vpc: Vpc, project: Project) -> Answer:
    there = runs_in(client, vpc, project.subnets)
    return there if there.truth is False else there & uses_dynamodb(client, project)


def _users(clients: list[Client]) -> str:
    if not clients:
        return "The code declares a table,"
    return f"{', '.join(client.address for client in clients)} in this VPC use{'' if clients[1:] else 's'} DynamoDB,"


def judge_client(client: Client, project: Project) -> Judgement | None:
    """What runs in a declared VPC is judged with the VPC."""
    elsewhere = outside(client, project.vpcs, project.subnets)
    used = settled(uses_dynamodb(client, project), declares_table(project)) if elsewhere else NO
    if used.truth is False:
        return None
    return Undecided(reasons=used.reasons + elsewhere, at=elsewhere[0].origin or client.origin)


RULE = Rule(
    id="DDB301",
    name="vpc-endpoint-missing",
    severity=Severity.MEDIUM,
    checks={Scope.VPC: judge_vpc, Scope.CLIENT: judge_client},
    practices=("P5", "I3"),
    reads=("vpcs", "subnets", "endpoints", "clients"),
    doc=__doc__,
)
