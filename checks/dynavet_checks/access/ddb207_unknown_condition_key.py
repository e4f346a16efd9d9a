"""A condition is on a key that DynamoDB and DAX do not have, or that no action of the statement carries.

## What it does

Looks at condition keys that begin with `dynamodb:` or `dax:`, letter case aside, and at policy variables
`${dynamodb:…}` in resources and condition values. Fails if

- there is no such key: the message gives the nearest one;
- the key is `dynamodb:ResourceTag/…`: the tags of a table are in `aws:ResourceTag/…`;
- no action that the statement names carries the key: `dynamodb:LeadingKeys` on `Scan`, for example.

Keys whose prefix no AWS service has and that is much like DynamoDB's (`dynamo:LeadingKeys`) fail too. Beyond the
data that AWS publishes, `dynamodb:EnclosingOperation` is accepted on `ConditionCheckItem`, and the
`dynamodb:…PartitionKeyValues` keys wherever `dynamodb:LeadingKeys` is carried. It judges `Allow` and `Deny` in
policies of every kind. What limits too little is left to DDB204, DDB205 and DDB206.

## Why it matters

No request carries such a key. A condition on it is never met, or, with a negated operator, `…IfExists` or
`ForAllValues`, always: then it looks like a limit and is none.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "customer" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKey" = ["$${aws:PrincipalTag/tenant}"] } }
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "customer" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["$${aws:PrincipalTag/tenant}"] } }
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
            Action: dynamodb:Query
            Resource: "*"
            Condition:
              StringEquals:
                dynamodb:ResourceTag/team: orders
                dynamodb:Select: COUNT
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
            Action: dynamodb:Query
            Resource: "*"
            Condition:
              StringEquals:
                aws:ResourceTag/team: orders
                dynamodb:Select: COUNT
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": "dynamodb:Scan",
      "Resource": "*",
      "Condition": {"Bool": {"dynamodb:FullTableScan": "true"}}
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
      "Effect": "Deny",
      "Action": "dynamodb:PartiQLSelect",
      "Resource": "*",
      "Condition": {"Bool": {"dynamodb:FullTableScan": "true"}}
    }
  ]
}
```

## How to fix

Write the key that the message names. Put actions that do not carry a key into a statement of their own.

## Undecided

Which keys the conditions are on, or which actions the statement names, depends on an input without a value.

## References

- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
- [DynamoDB: fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
- [DynamoDB: attribute-based access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.iam.actions import table_date
from dynavet.iam.conditions import conditions_of, read_operator
from dynavet.iam.items import items, may_be_about_tables
from dynavet.iam.keys import Key, carried, may_be_key, meant_key, variables
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Condition, Project, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Origin, Unknown


def judge(grant: Grant, _: Project) -> Judgement | None:
    statement = grant.statement
    conditions, unknown = conditions_of(statement)
    wrong: list[tuple[str, str, Origin | None]] = []
    doubts: list[Unknown] = [*unknown]
    doubts += (r for c in conditions if may_be_key(c.key) for r in undecided_parts(c.key, c.origin))
    doubts = doubts if may_be_about_tables(grant) else []
    used = list(_used(statement, conditions))
    for key, effect, origin in used:
        if key.name is None:
            wrong.append((key.written, f"{key.problem}{effect}.", origin))
            continue
        answer = carried(statement, key.name)
        doubts += answer.reasons
        if answer.truth is False:
            wrong.append((key.written, f"No action of the statement carries {key.name}{effect}.", origin))
    if wrong:
        return _fail(wrong)
    if doubts:
        return Undecided(reasons=tuple(dict.fromkeys(doubts)), at=doubts[0].origin or statement.origin)
    return Pass(at=statement.origin) if used else None


def _used(statement: Statement, conditions: tuple[Condition, ...]) -> Iterator[tuple[Key, str, Origin | None]]:
    """The keys that are meant for DynamoDB or DAX, what comes of a wrong one, and where they stand."""
    for condition in conditions:
        key = meant_key(condition.key)
        if key is not None:
            yield key, _effect(condition), condition.origin
    texts, _ = items(statement.resources, statement.not_resources, *(c.values for c in conditions))
    for text in texts:
        for name in variables(text.value):
            key = meant_key(Text.of(name))
            if key is not None:
                yield key, ", so the variable has no value", text.origin


def _effect(condition: Condition) -> str:
    operator = read_operator(condition.operator)
    if operator is None or operator.name == "Null":
        return ""
    return f", so the condition is {'always' if operator.holds_without_key else 'never'} met"


def _fail(wrong: list[tuple[str, str, Origin | None]]) -> Fail:
    said = dict.fromkeys(message for _, message, _ in wrong)
    return Fail(
        message=f"{' '.join(said)} The table of keys is of {table_date()}.",
        at=wrong[0][2],
        evidence=tuple(dict.fromkeys(key for key, _, _ in wrong)),
        related=tuple(Related(at, key) for key, _, at in wrong[1:] if at is not None),
    )


RULE = Rule(
    id="DDB207",
    name="unknown-condition-key",
    severity=Severity.MEDIUM,
    checks={Scope.STATEMENT: judge},
    practices=("P4",),
    doc=__doc__,
)
