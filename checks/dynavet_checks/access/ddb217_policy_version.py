"""Policy variables stand in a document of the old version, in which they are plain text.

## What it does

Looks for policy variables such as `${aws:username}`, and the escapes `${*}`, `${?}` and `${$}`, in resources and
condition values of statements that can be about DynamoDB or DAX. Fails if the `Version` of their document is
`2008-10-17` or missing, which means the same. It judges `Allow` and `Deny` in policies of every kind.

What Terraform and CloudFormation themselves put in is no policy variable. In a Terraform string a policy variable
is written `$${aws:username}`, or `&{aws:username}` in `aws_iam_policy_document`; in `Fn::Sub` it is
`${!aws:username}`. `aws_iam_policy_document` has the new version by default; the statements in `Policies` of an AWS
SAM function have none.

## Why it matters

In the old version `${aws:PrincipalTag/tenant}` is compared as these very characters. A condition that should tell
tenants apart then matches nobody; with a negated operator or in a `Deny` it limits everybody or nobody.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "customer" {
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:GetItem"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/$${aws:PrincipalTag/tenant}"
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
      Effect   = "Allow"
      Action   = "dynamodb:GetItem"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/$${aws:PrincipalTag/tenant}"
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Customer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2008-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${!aws:PrincipalTag/tenant}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Customer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${!aws:PrincipalTag/tenant}
```

JSON, fails:

```json
{
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "dynamodb:Query",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/${aws:username}"
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
      "Action": "dynamodb:Query",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/${aws:username}"
    }
  ]
}
```

## How to fix

Write `"Version": "2012-10-17"` in the document.

## Undecided

The version, or which statements the document has, depends on an input without a value.

## References

- [IAM: the Version element](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
- [IAM: policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
"""

from __future__ import annotations

from dynavet.iam.conditions import conditions_of
from dynavet.iam.items import items, may_be_on_tables
from dynavet.iam.reach import reach
from dynavet.iam.versions import has_variables, policy_variables
from dynavet.model import Policy, Project, Statement
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Known, Unknown, single
from dynavet_checks.access.wording import listed

MAX_NAMED = 3
"""More variables than this are left out of the message."""


def judge(policy: Policy, _: Project) -> Judgement | None:
    known = has_variables(policy)
    if known is None:
        return None
    slots = [single(slot) for slot in policy.statements]
    used = [
        text
        for slot in slots
        if isinstance(slot, Known) and slot.value is not None
        for text in _with_variables(slot.value)
    ]
    doubts = (*(slot for slot in slots if isinstance(slot, Unknown)), *policy.more)
    if used and known.truth:
        return Pass(at=used[0].origin)
    if used and known.truth is False:
        return _fail(policy, used)
    if used:
        return Undecided(reasons=known.reasons, at=known.reasons[0].origin or used[0].origin)
    if doubts and not known.truth and may_be_on_tables(policy):
        return Undecided(reasons=tuple(dict.fromkeys(doubts)), at=doubts[0].origin or policy.origin)
    return None


def _with_variables(statement: Statement) -> list[Known[Text]]:
    if not reach(statement):
        return []
    conditions, _ = conditions_of(statement)
    texts, _ = items(statement.resources, statement.not_resources, *(each.values for each in conditions))
    return [text for text in texts if policy_variables(text.value)]


def _fail(policy: Policy, used: list[Known[Text]]) -> Fail:
    version = single(policy.version)
    written = isinstance(version, Known) and version.value is not None
    names = list(dict.fromkeys(name for text in used for name in policy_variables(text.value)))
    shown = names[:MAX_NAMED] + ([f"{len(names) - MAX_NAMED} more"] if len(names) > MAX_NAMED else [])
    has = "Version 2008-10-17" if written else "no Version, which means 2008-10-17"
    places = [text.origin for text in used if text.origin is not None]
    return Fail(
        message=f"The document has {has}: {listed(shown)} {'is' if len(names) == 1 else 'are'} compared as plain text.",
        at=(version.origin if written else None) or (places[0] if places else None),
        evidence=tuple(names),
        related=tuple(Related(at, "a policy variable") for at in places[0 if written else 1 :]),
    )


RULE = Rule(
    id="DDB217",
    name="policy-version",
    severity=Severity.HIGH,
    checks={Scope.POLICY: judge},
    practices=("P4",),
    doc=__doc__,
)
