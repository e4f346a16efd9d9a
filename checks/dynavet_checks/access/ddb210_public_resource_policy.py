"""The policy of a table or stream is open to everybody.

## What it does

Looks at `Allow` statements in the policies of tables and streams, and in raw documents that have a principal and
name DynamoDB in their actions or resources. It fails if the principal is everybody (`*`, `{"AWS": "*"}`, an ARN with a
wildcard for the account, or `NotPrincipal`), unless a condition limits the statement.

A condition limits if it is on one of the keys that DynamoDB trusts for this, and all its values are fixed, without
wildcard or policy variable: `aws:PrincipalAccount`, `aws:PrincipalArn`, `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`,
`aws:UserId`, `aws:SourceAccount`, `aws:SourceArn`, `aws:SourceOrgID`, `aws:SourceOrgPaths`, `aws:SourceVpc`,
`aws:SourceVpce`, `aws:Ec2InstanceSourceVpc`, `aws:PrincipalServiceName`, `aws:PrincipalServiceNamesList`, and
`aws:PrincipalIsAWSService` with `true`. Operators that hold for a request without the key do not limit: negated ones,
`…IfExists`, `ForAllValues` and `Null`. Nor do other keys, `aws:SourceIp` among them.

A `Deny` beside the statement does not make it less public: DynamoDB does not look at it. Endpoint policies are
not judged: there `*` is the only principal that a gateway endpoint takes. Every statement with a principal of its own
passes; whether that one is of another account is left to DDB211.

## Why it matters

Anybody with an AWS account, anywhere, could use the table. DynamoDB blocks public access and refuses to store such a
policy, so the deployment fails; and what was meant to be a limit in it is none.

## Example

Terraform, fails:

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
      Effect    = "Allow"
      Principal = "*"
      Action    = "dynamodb:GetItem"
      Resource  = aws_dynamodb_table.orders.arn
    }]
  })
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
      Effect    = "Allow"
      Principal = "*"
      Action    = "dynamodb:GetItem"
      Resource  = aws_dynamodb_table.orders.arn
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-exampleorgid" } }
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
      ResourcePolicy:
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: "*"
              Action: dynamodb:GetItem
              Resource: "*"
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
            - Effect: Allow
              Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders"}
              Action: dynamodb:GetItem
              Resource: "*"
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"AWS": "*"},
      "Action": "dynamodb:Query",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }
  ]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"AWS": "*"},
      "Action": "dynamodb:Query",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}
    }
  ]
}
```

## How to fix

Name the roles or accounts that need the table. For all of an organization, keep `*` and add `StringEquals` on
`aws:PrincipalOrgID` with the id of the organization.

## Undecided

Whether the statement allows, who its principals are, or what its conditions are, depends on an input without a value.

## References

- [DynamoDB: preventing public access with resource-based policies](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html)
- [IAM: the Principal element](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
"""

from __future__ import annotations

from dynavet.iam.public_access import limited, means_everybody, not_counting
from dynavet.model import Project, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin, Unknown, single
from dynavet_checks.access.table_policies import allows_on_table, granted_actions
from dynavet_checks.access.wording import expansion


def judge(grant: Grant, _: Project) -> Judgement | None:
    statement = grant.statement
    granted = allows_on_table(grant)
    if granted.truth is False:
        return None
    public = means_everybody(statement)
    if public.truth is not False:
        public = public & ~limited(statement)
    if public.truth is False:
        return Pass(at=statement.origin)
    result = granted & public
    if result.truth is None:
        return Undecided(reasons=result.reasons, at=result.reasons[0].origin or statement.origin)
    return _fail(grant)


def _fail(grant: Grant) -> Fail:
    notes = list(not_counting(grant.statement))
    but = f" What stands there is no limit: {'; '.join(notes)}." if notes else ""
    who = "Everybody but a few" if _named(grant.statement) is None else "Everybody in the world with an AWS account"
    meets = " who meets the conditions" if grant.statement.conditions else ""
    return Fail(
        message=f"{who}{meets} may call {expansion(granted_actions(grant), ',')} here: no condition limits the "
        f"principal to fixed accounts, an organization or a VPC.{but} DynamoDB refuses such a policy. Name the "
        "principals, or add StringEquals on aws:PrincipalOrgID with the id of your organization.",
        at=_named(grant.statement) or grant.statement.origin,
        evidence=("*" if _named(grant.statement) is not None else "NotPrincipal",),
        severity=Severity.CRITICAL,
    )


def _named(statement: Statement) -> Origin | None:
    """Where the `Principal` element stands; `None` without one."""
    named = single(statement.principals)
    if isinstance(named, Unknown) or named.value is None:
        return None
    return named.value.origin or named.origin or statement.origin


RULE = Rule(
    id="DDB210",
    name="public-resource-policy",
    severity=Severity.CRITICAL,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    peer_ids=("checkov:CKV_AWS_283",),
    doc=__doc__,
)
