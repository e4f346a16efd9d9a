"""An action is named that DynamoDB and DAX do not have.

## What it does

Compares every action in `Action` and `NotAction` that begins with `dynamodb:` or `dax:` with the table of actions
that AWS publishes, letter case aside, and fails if there is no such action: a typing error, an operation of the API
that IAM does not know (`TransactWriteItems`, `ExecuteStatement`), or a wildcard that matches no action. A prefix
that no AWS service has and that is much like DynamoDB's (`dynamo:GetItem`) fails too. The message says what to write
instead, and of which day the table is: an action that AWS added later is not in it.

It judges `Allow` and `Deny` in policies of every kind. Actions of other services and a wildcard in the prefix are
never judged.

## Why it matters

IAM accepts such a name and ignores it. In an `Allow` the access is missing; in a `Deny` it is not denied, and in
`NotAction` it is not excepted.

## Example

Terraform, fails:

```terraform
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["dynamodb:TransactWriteItems"]
    resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"]
  }
}

resource "aws_iam_policy" "app" {
  policy = data.aws_iam_policy_document.app.json
}
```

Terraform, passes:

```terraform
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]
    resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"]
  }
}

resource "aws_iam_policy" "app" {
  policy = data.aws_iam_policy_document.app.json
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
          - Effect: Deny
            Action: dynamodb:DeleteTables
            Resource: "*"
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
          - Effect: Deny
            Action: dynamodb:DeleteTable
            Resource: "*"
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "dynamo:GetItem", "Resource": "*"}]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]
}
```

## How to fix

Write the action that the message names. A transaction is authorised by the actions of its parts: `GetItem` for
reads, `PutItem`, `UpdateItem`, `DeleteItem` and `ConditionCheckItem` for writes; a PartiQL statement by
`PartiQLSelect`, `PartiQLInsert`, `PartiQLUpdate` and `PartiQLDelete`.

## Undecided

The name of an action depends on an input without a value.

## References

- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
- [DAX: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodbacceleratordax.html)
- [DynamoDB: IAM with transactions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html)
- [DynamoDB: IAM with PartiQL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html)
"""

from __future__ import annotations

from dynavet.answers import Answer
from dynavet.iam.actions import table_date
from dynavet.iam.globs import has_wildcard
from dynavet.iam.items import items, may_be_about_tables
from dynavet.iam.names import has_open_prefix, instead_of, is_action
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Known, Unknown
from dynavet_checks.access.grants import allows
from dynavet_checks.access.wording import listed


def judge(grant: Grant, _: Project) -> Judgement | None:
    named, unknown = items(grant.statement.actions, grant.statement.not_actions)
    answers = [(item, answer) for item in named if (answer := is_action(item.value, item.origin)) is not None]
    wrong = [item for item, answer in answers if answer.truth is False]
    if wrong:
        return _fail(grant, wrong)
    of_any_service = [item for item in named if has_open_prefix(item.value)]
    unknown += tuple(reason for item in of_any_service for reason in undecided_parts(item.value, item.origin))
    reasons = _reasons(grant, answers, unknown)
    if reasons:
        return Undecided(reasons=reasons, at=reasons[0].origin or grant.statement.origin)
    return Pass(at=grant.statement.origin) if answers else None


def _reasons(
    grant: Grant, answers: list[tuple[Known[Text], Answer]], unknown: tuple[Unknown, ...]
) -> tuple[Unknown, ...]:
    found = [reason for _, answer in answers for reason in answer.reasons]
    return tuple(dict.fromkeys((*found, *(unknown if may_be_about_tables(grant) else ()))))


def _fail(grant: Grant, wrong: list[Known[Text]]) -> Fail:
    allowed = allows(grant.statement).truth
    does = {True: "allows nothing", False: "denies nothing", None: "is ignored"}[allowed]
    excepted, _ = items(grant.statement.not_actions)
    said = [_said(str(each.value), "excepts nothing" if each in excepted else does) for each in wrong]
    table = f"The table of actions is of {table_date()}."
    return Fail(
        message=f"{' '.join(said)} {table}",
        at=wrong[0].origin,
        evidence=tuple(str(each.value) for each in wrong),
        related=tuple(Related(each.origin, f'"{each.value}"') for each in wrong[1:] if each.origin is not None),
    )


def _said(pattern: str, does: str) -> str:
    found = instead_of(pattern)
    rather = ""
    if found is not None:
        rather = (
            f"; the nearest is {listed(found.actions)}" if found.guess else f": write {listed(found.actions)} instead"
        )
    problem = "matches no action" if has_wildcard(pattern) else "is no action"
    return f'"{pattern}" {problem} of DynamoDB or DAX and {does}{rather}.'


RULE = Rule(
    id="DDB208",
    name="unknown-action",
    severity=Severity.MEDIUM,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    peer_ids=("cfn-lint:W3037",),
    doc=__doc__,
)
