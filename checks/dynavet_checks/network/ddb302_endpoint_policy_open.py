"""The policy of a VPC endpoint for DynamoDB lets everything through.

## What it does

Judges every endpoint for DynamoDB and its streams, gateway or interface. It fails if the endpoint has no policy, since
AWS then gives it one that allows everything, and if its policy limits nothing: everybody may do every action on tables
(of an endpoint for streams, on streams), in all accounts. How that is written makes no difference: `*`, `dynamodb:*`,
`NotAction` of other services, several statements, all tables of the Region (`arn:aws:dynamodb:eu-west-1:*:table/*`).

The principal `*` alone is no failure: the policy of a gateway endpoint must have it. What limits is a list of actions;
resources that are named, or those of one account; a condition on who asks or what for (`aws:PrincipalOrgID`,
`aws:PrincipalArn`, `aws:ResourceAccount` …), or a Deny. Conditions on `aws:SecureTransport`, `aws:SourceVpc` and
`aws:SourceVpce` do not count: they say the same of everybody who comes through the endpoint.

The policy of an endpoint grants nothing. DDB201 and DDB202 leave `*` in it to this rule.

## Why it matters

With credentials of another account, stolen or brought along, whoever is in the VPC can write your data into a table
of that account, and no policy of yours sees the request but that of the endpoint.

## Example

Terraform, fails:

```terraform
resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.dynamodb"
}
```

Terraform, passes:

```terraform
resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.dynamodb"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub com.amazonaws.${AWS::Region}.dynamodb
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub com.amazonaws.${AWS::Region}.dynamodb
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:Query]
            Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

## How to fix

Allow the principals and tables of your organization or account (`aws:PrincipalOrgID` with `aws:ResourceOrgID`, or
`aws:PrincipalAccount` with `aws:ResourceAccount`), or name the tables and the actions that the VPC needs. Write
`dynamodb:DescribeEndpoints` on `*` along if a client asks for it.

## Undecided

The policy, or which service the endpoint is for, depends on an input without a value.

## References

- [VPC: endpoint policies](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)
- [DynamoDB: gateway endpoints](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/vpc-endpoints-dynamodb.html)
"""

from __future__ import annotations

from dynavet.answers import Answer, any_of, undecided
from dynavet.model import Endpoint, Policy, Project
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin, Unknown, single
from dynavet_checks.access.grants import known_statements
from dynavet_checks.network.dynamodb_endpoint import SERVICES, serves, service_of
from dynavet_checks.network.dynamodb_use import declares_table, settled
from dynavet_checks.network.endpoint_limits import limits_nothing

DEFAULT = (
    "This endpoint for DynamoDB has no policy, so that AWS gives it one that lets everybody do everything, "
    "also on tables of other accounts."
)
OPEN = (
    "The policy of this endpoint for DynamoDB limits neither principals nor actions nor resources: it lets everybody "
    "do everything, also on tables of other accounts."
)


def judge_endpoint(endpoint: Endpoint, project: Project) -> Judgement | None:
    served = settled(serves(endpoint, SERVICES), declares_table(project))
    if served.truth is False:
        return None
    there = [(policy, _exists(policy)) for policy in endpoint.policies]
    present = any_of(exists for _, exists in there)
    if present.truth is False and not endpoint.more_policies:
        at = endpoint.origin
        return Fail(message=DEFAULT, at=at) if served.truth else Undecided(reasons=served.reasons, at=at)
    wide = [(policy, exists & limits_nothing(policy, service_of(endpoint))) for policy, exists in there]
    at = _at(endpoint, [policy for policy, each in wide if each.truth is not False])
    found = served & any_of(each for _, each in wide)
    if found.truth:
        return Fail(message=OPEN, at=at)
    doubts = (*found.reasons, *(present.reasons if present.truth is None else ()))
    doubts += endpoint.more_policies if not present.truth else ()
    return Undecided(reasons=tuple(dict.fromkeys(doubts)), at=at) if doubts else Pass(at=at)


def _exists(policy: Policy) -> Answer:
    there = single(policy.exists)
    return undecided(there) if isinstance(there, Unknown) else Answer(there.value)


def _at(endpoint: Endpoint, policies: list[Policy]) -> Origin:
    """The first statement, or else what carries the policy."""
    for policy in policies or endpoint.policies:
        statements = known_statements(policy)
        return statements[0].origin if statements else policy.origin
    return endpoint.origin


RULE = Rule(
    id="DDB302",
    name="endpoint-policy-open",
    severity=Severity.MEDIUM,
    checks={Scope.ENDPOINT: judge_endpoint},
    practices=("P5",),
    doc=__doc__,
)
