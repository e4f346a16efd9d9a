"""The policy of a table or stream lets a foreign account in.

## What it does

Looks at `Allow` statements in the policies of tables and streams, and in raw documents that have a principal and
name DynamoDB in their actions or resources. It fails if a principal is of a foreign account and a request of that
principal gets through: from outside of your organization, with everything else as the statement wants it. So a
condition on `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`, `aws:PrincipalAccount`, `aws:SourceAccount`,
`aws:SourceOrgID` or their like closes it, and so does a `Deny` in the same policy, as long as the request that lacks
the key does not pass. For the principal `*` the accounts count that its conditions on `aws:PrincipalAccount` and
`aws:PrincipalArn` name; without any limit it is left to DDB210. Services are no accounts.

Own accounts are those in `own-accounts` of the configuration (`own-accounts = ["111122223333"]`), the account in the
ARN of the resource, and the account that the code is deployed to (`AWS::AccountId`, `aws_caller_identity`, roles and
users that are declared or looked up).

## Why it matters

What another account does with the data is decided there: who assumes the role, and whether it is still the same
company. A condition on the organization ends the access when the account leaves it.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
      Action    = "dynamodb:GetItem"
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
      Action    = "dynamodb:GetItem"
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
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
      TableName: Orders
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      ResourcePolicy:
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {AWS: "arn:aws:iam::444455556666:root"}
              Action: dynamodb:GetItem
              Resource: arn:aws:dynamodb:eu-west-1:111122223333:table/Orders
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: Orders
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      ResourcePolicy:
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {AWS: "arn:aws:iam::444455556666:root"}
              Action: dynamodb:GetItem
              Resource: arn:aws:dynamodb:eu-west-1:111122223333:table/Orders
              Condition:
                StringEquals:
                  aws:PrincipalOrgID: o-exampleorgid
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"AWS": "444455556666"},
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
      "Principal": {"AWS": "111122223333"},
      "Action": "dynamodb:Query",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }
  ]
}
```

## How to fix

If the account is yours, add it to `own-accounts`. Otherwise add `StringEquals` on `aws:PrincipalOrgID` with the id of
your organization, or take the principal out.

## Undecided

Nothing tells which account the table is in, `own-accounts` is not configured, and the principal is of an account that
is written out; or effect, principals or conditions depend on an input without a value.

## References

- [DynamoDB: cross-account access with resource-based policies](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html)
- [IAM: cross-account policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html)
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.accounts import OwnAccounts
from dynavet.iam.public_access import limited, means_everybody
from dynavet.model import Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet_checks.access.foreign_access import Visitor, gets_through, table_accounts, visitors
from dynavet_checks.access.table_policies import allows_on_table, granted_actions
from dynavet_checks.access.wording import expansion, listed


def judge(grant: Grant, project: Project) -> Judgement | None:
    statement = grant.statement
    granted = allows_on_table(grant)
    if granted.truth is False or (means_everybody(statement) & ~limited(statement)).truth:
        return None
    own = OwnAccounts(project.settings.own_accounts, table_accounts(statement))
    named, unknown = visitors(statement)
    answers = [(visitor, _foreign(visitor, own, grant)) for visitor in named]
    result = granted & any_of((*(answer for _, answer in answers), *((undecided(*unknown),) if unknown else ())))
    if result.truth is False:
        return Pass(at=statement.origin)
    if result.truth is None:
        return Undecided(reasons=result.reasons, at=result.reasons[0].origin or statement.origin)
    return _fail(grant, [visitor for visitor, answer in answers if answer.truth])


def _foreign(visitor: Visitor, own: OwnAccounts, grant: Grant) -> Answer:
    """Whether a visitor of a foreign account gets through."""
    foreign = ~own.include(visitor.account, visitor.origin)
    if foreign.truth is False:
        return NO
    actions = granted_actions(grant)
    through = NO if actions else YES
    for action in actions:
        through = through | gets_through(visitor, grant, action.id)
        if through.truth:
            break
    return foreign & through


def _fail(grant: Grant, foreign: list[Visitor]) -> Fail:
    accounts = list(dict.fromkeys(str(visitor.account) for visitor in foreign))
    accounts_are, whose = ("Account", "is not one") if len(accounts) == 1 else ("Accounts", "are not")
    example = granted_actions(grant)[0].id
    return Fail(
        message=f"{accounts_are} {listed(accounts)} {whose} of yours, and may call {expansion(granted_actions(grant))} "
        f"here. For example {example} by {foreign[0].identifier} gets through from outside your organization. Add "
        "StringEquals on aws:PrincipalOrgID, or name the account in own-accounts of dynavet.toml if it is yours.",
        at=foreign[0].origin or grant.statement.origin,
        evidence=tuple(accounts),
        severity=Severity.MEDIUM,
    )


RULE = Rule(
    id="DDB211",
    name="cross-account-access",
    severity=Severity.MEDIUM,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    doc=__doc__,
)
