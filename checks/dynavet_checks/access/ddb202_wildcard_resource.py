"""A statement allows actions on tables or DAX clusters that it does not name.

## What it does

Looks at `Allow` statements with actions that work on a resource, wildcards expanded, and fails if a resource pattern
that they apply to is not one named table or DAX cluster: `*`, `table/*`, `arn:aws:dynamodb:*`. Severity:

| severity | granted on what is not named |
|---|---|
| high | permission management (`PutResourcePolicy`, `DeleteResourcePolicy`), or every action |
| medium | any write, export, restore or replica action, or every DAX action |
| low | only reads and lists; and whatever it is, if the name has a fixed start: `table/orders-*` |

One table is named if the pattern has its name without a wildcard, whatever stands for partition, Region and
account, and whatever follows: `table/Orders/index/*`, `table/Orders/stream/*`, `table/Orders/*`. A name with a policy
variable is named as well unless it starts with a wildcard: `table/${aws:PrincipalTag/tenant}-*`. A condition on
`aws:ResourceTag` with fixed values, or with a variable of the caller's own tags, limits the tables as well as names.

Actions that AWS defines without a resource, such as `dynamodb:ListTables`, or with optional ones, such as
`dynamodb:ListExports`, are not judged: they need `*`, or lose nothing by it. Nor are policies of tables and streams,
where `*` means the table itself, `Deny`, trust and key policies, boundaries, and the policies of an organization.
`NotAction` and `NotResource` are left to DDB209. In an endpoint policy, patterns for all services are left to
DDB302, reading what tables look like is in order, and so is a limit to the resources or principals of an account
or organization.

## Why it matters

The table that matters most may not be there yet: who may write to `*` may write to every table of the account, and
to each that will be created, whoever it belongs to.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "Orders"
  hash_key = "id"
}

resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      Resource = "*"
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "Orders"
  hash_key = "id"
}

resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      Resource = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"]
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  App:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:PutItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  App:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:PutItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"},
    {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
  ]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "arn:aws:dynamodb:*:111122223333:table/Orders/*"},
    {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
  ]
}
```

## How to fix

Name the tables. Keep a statement of its own with `*` for the actions that need it. Where tables come and go, tag
them, and demand the tag with `StringEquals` on `aws:ResourceTag/…`.

## Undecided

Which actions are allowed, or what the resource or the name of the table is, depends on an input without a value: it
may be `*`.

## References

- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
- [DynamoDB: attribute-based access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html)
- [IAM: the Resource element](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
"""

from __future__ import annotations

from dynavet.answers import NO, YES
from dynavet.iam.actions import effect
from dynavet.iam.breadth import Breadth
from dynavet.iam.tag_limits import limited_by_tags
from dynavet.model import PolicyKind, Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.access.broad_resources import BroadResource, Granted, broad_resources
from dynavet_checks.access.endpoint_policies import limits_perimeter, of_this_service_beyond_metadata
from dynavet_checks.access.grants import acts_for_identities, allows, reached
from dynavet_checks.access.wording import expansion


def judge(grant: Grant, _: Project) -> Judgement | None:
    at_endpoint = grant.policy.kind is PolicyKind.ENDPOINT
    judged = allows(grant.statement) & (YES if at_endpoint else acts_for_identities(grant))
    if judged.truth is False:
        return None
    reaches = of_this_service_beyond_metadata(reached(grant)) if at_endpoint else reached(grant)
    granted = Granted.of(reaches, lambda action: action.required != ())
    if not granted.actions and not granted.possible:
        return None
    found = broad_resources(grant.statement, granted)
    limited = limited_by_tags(grant.statement) | (limits_perimeter(grant.statement) if at_endpoint else NO)
    answer = judged & ~limited & found.any
    if answer.truth:
        return _fail(list(found.certain))
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or grant.statement.origin)
    return Pass(at=grant.statement.origin)


def _severity(found: BroadResource) -> Severity:
    return effect(found.actions) if found.breadth is Breadth.WIDE else Severity.LOW


def _fail(broad: list[BroadResource]) -> Fail:
    first = max(broad, key=_severity)
    return Fail(
        message=" ".join(_told(each) for each in broad)
        + " Name the tables, such as arn:aws:dynamodb:REGION:ACCOUNT:table/NAME, or demand a tag of theirs.",
        at=first.origin,
        evidence=tuple(str(each.pattern) for each in broad),
        severity=_severity(first),
        related=tuple(
            Related(each.origin, f'"{each.pattern}"') for each in broad if each is not first and each.origin is not None
        ),
    )


def _told(found: BroadResource) -> str:
    return f'"{found.pattern}" is {found.meaning}: the statement allows {expansion(found.actions)} there.'


RULE = Rule(
    id="DDB202",
    name="wildcard-resource",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    peer_ids=("checkov:CKV_AWS_355", "cdk-nag:AwsSolutions-IAM5", "cfn_nag:W12"),
    doc=__doc__,
)
