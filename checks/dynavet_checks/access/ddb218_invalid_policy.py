"""A policy document is not in the grammar that IAM accepts.

## What it does

Compares every policy document, whether or not it is about DynamoDB, with the grammar of IAM policies: text that is no
JSON; missing or unknown elements, whose names are case-sensitive; `Action` beside `NotAction`, or neither; values of
`Version` and `Effect`; a type that does not belong; an empty list of statements, actions or resources; an action
without a service, a resource that is neither `*` nor an ARN; a principal without a type, or of no known one; unknown
condition operators, keys without a prefix; a `Sid` that stands twice. What depends on where the document acts is
compared where the code says so: identity policies have no `Principal` and only letters and digits in a `Sid`;
policies of tables and streams, endpoint, key and trust policies need a `Principal`; trust policies have no `Resource`.

The message gives the JSON pointer to the place, what was found, and what is allowed. Intrinsic functions in a
template, and what Terraform does not know yet, are no error.

## Why it matters

AWS rejects the document when it is deployed. With other content in the same deployment, half of it is then in place
without the policy that should have guarded it.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "allow"
      Action   = "dynamodb:GetItem"
      Resource = "Orders"
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:GetItem"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
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
  App:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !Ref Orders
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
  App:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !GetAtt Orders.Arn
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Actions": "dynamodb:GetItem", "Resource": "*"}]
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

Write what the message says is allowed.

## Undecided

The document, one of its statements, the version or an effect depends on an input without a value.

## References

- [IAM: grammar of the policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
- [IAM: elements of policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.iam.demands import demands_of
from dynavet.iam.grammar import faults
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Fault, Policy, Project, Statement
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Unknown, Value, single

MAX_NAMED = 3
"""More faults than this are counted in the message, and stand as related places."""


def judge(policy: Policy, project: Project) -> Judgement | None:
    found = list(dict.fromkeys(faults(policy.flawed, demands_of(policy.kind, raw=project.language == "policy"))))
    if found:
        return _fail(found)
    doubts = tuple(dict.fromkeys(_doubts(policy)))
    if doubts:
        return Undecided(reasons=doubts, at=doubts[0].origin or policy.origin)
    return Pass(at=policy.origin)


def _doubts(policy: Policy) -> Iterator[Unknown]:
    """What of the document's frame is undecided: names, ARNs and values need not be known for it to stand."""
    yield from policy.more
    yield from _undecided(policy.version)
    for slot in policy.statements:
        statement = single(slot)
        if isinstance(statement, Unknown):
            yield statement
        elif isinstance(statement.value, Statement):
            yield from _undecided(statement.value.effect)


def _undecided(value: Value[Text | None]) -> Iterator[Unknown]:
    known = single(value)
    if isinstance(known, Unknown):
        yield known
    elif known.value is not None:
        yield from undecided_parts(known.value, known.origin)


def _fail(found: list[Fault]) -> Fail:
    said = [_said(fault) for fault in found]
    more = f" {len(said) - MAX_NAMED} more." if len(said) > MAX_NAMED else ""
    return Fail(
        message=f"{' '.join(said[:MAX_NAMED])}{more}",
        at=found[0].origin,
        evidence=tuple(f"{fault.pointer} {fault.found}" for fault in found),
        related=tuple(
            Related(fault.origin, text)
            for fault, text in zip(found[1:], said[1:], strict=True)
            if fault.origin is not None
        ),
    )


def _said(fault: Fault) -> str:
    where = f"At {fault.pointer}" if fault.pointer else "In the document"
    return f"{where}: {fault.found}; allowed: {fault.expected}."


RULE = Rule(
    id="DDB218",
    name="invalid-policy",
    severity=Severity.HIGH,
    checks={Scope.POLICY: judge},
    practices=("P3",),
    doc=__doc__,
)
