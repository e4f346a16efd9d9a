"""Nothing denies access to a table from outside of a VPC or VPC endpoint.

## What it does

Runs only when it is selected. Judges every table: it passes if the resource policy of the table denies all operations
on items to requests that come from the Internet, and fails if it does not, or if the table has no resource policy. Of
a global table in CloudFormation every replica needs such a policy.

What is asked is whether a role of the same account, that no policy names, gets through without a VPC endpoint. A Deny
counts in whatever form it has: `StringNotEquals` on `aws:SourceVpce`, `aws:SourceVpc`, `aws:VpceAccount` or
`aws:VpceOrgID`, with `IfExists` or without, `Null` on one of them, or a Deny on everything. Exceptions are accepted:
for named principals, for addresses of one's own, for services of AWS that act for a caller (`aws:ViaAWSService`). A
condition that is met by requests through endpoints only (`StringEquals` on `aws:SourceVpce` in a Deny) denies nothing
to others.

Identity policies, service and resource control policies may deny the same for all principals. They are not looked at:
they hold for the principals that have them.

## Why it matters

A key or session of a role that was stolen works from everywhere. With such a policy it works in the VPC alone, where
the network and the policy of the endpoint can be seen and limited.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "dynamodb:*"
      Resource  = ["*"]
      Condition = {
        StringNotEquals = { "aws:SourceVpce" = "vpce-0123456789abcdef0" }
        Bool            = { "aws:ViaAWSService" = "false" }
      }
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
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
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      ResourcePolicy:
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Deny
              Principal: "*"
              Action: dynamodb:*
              Resource: "*"
              Condition:
                StringNotEquals: {aws:SourceVpce: vpce-0123456789abcdef0}
                Bool: {aws:ViaAWSService: "false"}
```

## How to fix

Give the table a resource policy with a Deny on `aws:SourceVpce` or `aws:SourceVpc` for what is not yours. Leave out the
role that deploys the table (`ArnNotLike` on `aws:PrincipalArn`), or whoever applies the policy can no longer change it.
`aws:ViaAWSService` false leaves backups and other services that act for a caller as they are.

## Undecided

The policy of the table, or which table a policy is of, depends on an input without a value.

## References

- [DynamoDB: resource-based policies](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html)
- [IAM: global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
"""

from __future__ import annotations

from dynavet.model import Project, Table
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet_checks.network.table_denials import denied_by_policy, policies_of

FROM_INTERNET = {"aws:SecureTransport": "true", "aws:ViaAWSService": "false", "aws:SourceIp": "198.18.0.1"}
"""What a request carries that comes through no endpoint; the address is of a range that nobody has on the Internet."""


def judge_table(table: Table, project: Project) -> Judgement:
    denied = denied_by_policy(table, project, FROM_INTERNET)
    policies = policies_of(table, project)
    at = policies[0].origin if policies else table.origin
    if denied.truth is None:
        return Undecided(reasons=denied.reasons, at=at)
    if denied.truth:
        return Pass(at=at)
    what = "The resource policy of this table does not deny" if policies else "No resource policy of this table denies"
    message = f"{what} operations on items to requests from outside of your VPCs and endpoints."
    return Fail(message=message, at=at)


RULE = Rule(
    id="DDB304",
    name="access-outside-endpoint",
    severity=Severity.LOW,
    checks={Scope.TABLE: judge_table},
    practices=("P5", "I3"),
    default=False,
    doc=__doc__,
)
