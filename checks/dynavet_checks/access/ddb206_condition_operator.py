"""A condition on partition keys or attributes has an operator or a pattern that does not limit as it seems to.

## What it does

Looks at conditions of `Allow` statements on the keys of DynamoDB that have several values in one request:
`dynamodb:LeadingKeys`, the `dynamodb:…PartitionKeyValues` keys, and `dynamodb:Attributes`. It fails if

| found | because |
|---|---|
| no set operator (`StringEquals`) | AWS does not define what it means for several values: write `ForAllValues:` |
| `ForAnyValue:…` | one matching key or attribute lets the others of a batch through |
| `*` or `?` in a value of `StringEquals` | it stands for itself there: only `StringLike` has wildcards |
| `"*"` for a partition key under `StringLike` | every key matches |
| a partition key that starts with a wildcard (`*#${aws:PrincipalTag/tenant}`) | keys of others end like that too |
| a variable with a wildcard right behind it (`${aws:PrincipalTag/tenant}*`) | tenant `a` also gets the keys of `ab` |

`StringLike` with a separator between variable and wildcard (`${aws:PrincipalTag/tenant}#*`) passes. `Null` and keys
with one value are not judged, nor is `Deny`. It judges identity policies, permission sets, session policies, policies
of tables and streams, endpoint policies and raw documents.

## Why it matters

Such a condition is in the code to keep tenants apart, and a review takes it for granted. It either lets through the
rows of others, or no request at all, which is then mended in a hurry.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "tenant" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["$${aws:PrincipalTag/tenant}*"] } }
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "tenant" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource  = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["$${aws:PrincipalTag/tenant}#*"] } }
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Tenant:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [dynamodb:BatchGetItem]
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
            Condition:
              ForAnyValue:StringEquals:
                dynamodb:LeadingKeys: ["${cognito-identity.amazonaws.com:sub}"]
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Tenant:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [dynamodb:BatchGetItem]
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
            Condition:
              ForAllValues:StringEquals:
                dynamodb:LeadingKeys: ["${cognito-identity.amazonaws.com:sub}"]
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "dynamodb:GetItem",
      "Resource": "*",
      "Condition": {"StringEquals": {"dynamodb:LeadingKeys": "${aws:PrincipalTag/tenant}"}}
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
      "Action": "dynamodb:GetItem",
      "Resource": "*",
      "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:PrincipalTag/tenant}"}}
    }
  ]
}
```

## How to fix

Write `ForAllValues:StringEquals` where the whole key is known, or `ForAllValues:StringLike` with a separator after
the variable that no tenant's name contains, and split keys in the table the same way.

## Undecided

Whether the statement allows, which condition keys it has, or a value that is compared, depends on an input without a
value.

## References

- [IAM: single-valued and multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
- [IAM: condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
- [DynamoDB: fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.iam.conditions import ATTRIBUTES, LEADING_KEYS, conditions_of, key_is, read_operator
from dynavet.model import Condition, Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Origin, Unknown, single
from dynavet_checks.access.compared_values import is_compared, problem_of
from dynavet_checks.access.grants import GRANTING, allows, covered

MULTIVALUED = (*LEADING_KEYS, ATTRIBUTES)


def judge(grant: Grant, _: Project) -> Judgement | None:
    statement, allowed = grant.statement, allows(grant.statement)
    if grant.policy.kind not in GRANTING or allowed.truth is False or not covered(grant):
        return None
    conditions, unknown = conditions_of(statement)
    asked = ((each, key_is(each.key, MULTIVALUED, each.origin)) for each in conditions if _compares(each))
    judged = [(condition, on) for condition, on in asked if on.truth is not False]
    if not judged and not unknown:
        return None
    wrong = [found for condition, on in judged if on.truth for found in _wrong(condition)]
    if wrong and allowed.truth:
        return _fail(wrong)
    doubts = [*(allowed.reasons if wrong else ()), *unknown]
    for condition, on in judged:
        open_values = _doubts(condition)
        doubts += open_values
        doubts += on.reasons if open_values or any(_wrong(condition)) else ()
    if doubts:
        return Undecided(reasons=tuple(dict.fromkeys(doubts)), at=doubts[0].origin or statement.origin)
    return Pass(at=statement.origin)


def _compares(condition: Condition) -> bool:
    operator = read_operator(condition.operator)
    return operator is not None and operator.name != "Null"


def _wrong(condition: Condition) -> Iterator[tuple[str, Origin | None]]:
    """What is wrong with a condition on one of the keys, and where."""
    operator, key = read_operator(condition.operator), str(condition.key)
    if operator is None:
        return
    better = f"ForAllValues:{condition.operator.rpartition(':')[2]}"
    if operator.quantifier == "":
        yield (
            f"{key} can have several values, for which {condition.operator} is not made: write {better}",
            condition.origin,
        )
    elif operator.quantifier == "ForAnyValue":
        why = "a batch with one of the caller's own lets the others through"
        yield f"{condition.operator} is met when one value of {key} matches: {why}; write {better}", condition.origin
    rows = key_is(condition.key, LEADING_KEYS)
    for text, origin in _values(condition):
        problem = problem_of(text, operator, rows)
        if problem:
            yield f'"{text}" under {condition.operator} {problem}', origin or condition.origin


def _values(condition: Condition) -> Iterator[tuple[Text, Origin | None]]:
    values = single(condition.values)
    if isinstance(values, Unknown):
        return
    for item in map(single, values.value.items):
        if not isinstance(item, Unknown):
            yield item.value, item.origin


def _doubts(condition: Condition) -> tuple[Unknown, ...]:
    """Why a value may be a wrong one."""
    values, operator = single(condition.values), read_operator(condition.operator)
    if operator is None or not is_compared(operator, key_is(condition.key, LEADING_KEYS)):
        return ()
    if isinstance(values, Unknown):
        return (values,)
    unknown = tuple(item for item in map(single, values.value.items) if isinstance(item, Unknown))
    open_parts = (Unknown(hole.reason, at) for text, at in _values(condition) for hole in text.holes)
    return (*unknown, *values.value.more, *open_parts)


def _fail(wrong: list[tuple[str, Origin | None]]) -> Fail:
    said = tuple(dict.fromkeys(message for message, _ in wrong))
    return Fail(
        message=". ".join(said) + ".",
        at=wrong[0][1],
        evidence=said,
        related=tuple(Related(at, message) for message, at in wrong[1:] if at is not None),
    )


RULE = Rule(
    id="DDB206",
    name="condition-operator",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P4",),
    doc=__doc__,
)
