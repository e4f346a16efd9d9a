"""A statement allows item-level actions without a condition that limits rows or attributes.

## What it does

Looks at `Allow` statements of identity policies, permission sets, session policies and unattached documents that
allow reading or writing items (wildcards expanded, in any letter case), and fails if no condition is on
`dynamodb:LeadingKeys`, one of the `dynamodb:…PartitionKeyValues` keys, or `dynamodb:Attributes`. A condition on
`dynamodb:Select` alone, or `Null` alone, is no limit. Whether the condition is a good one is left to DDB204,
DDB205 and DDB206.

The severity follows who acts with the policy:

| severity | principal |
|---|---|
| high | a role for federated identities: web identity, SAML or Cognito |
| medium | a user, a group, a permission set, a role for IAM principals, or nobody known (raw or unattached policy) |
| none | only roles for AWS services: the code of a workload reads all rows on behalf of its users |

Who acts with a role is read from its trust policy and from what uses it: a Cognito identity pool that hands it out,
or a function, task definition, state machine … that runs with it. Where such a use is in the code, an undecided
trust policy leaves nothing open. A user has the policies of its groups. A policy that is attached to several takes
the most severe. With `fine-grained = "all"` in the configuration, roles for AWS services count too, with low
severity. Policies of tables and streams, endpoint policies and DAX actions are not judged, nor is `NotAction`, which
is left to DDB209.

## Why it matters

By default DynamoDB has no limits per item or per attribute: who may read a table may read every row of every
tenant. For principals that stand for one customer or one person, the condition is what keeps tenants apart.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "customer" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
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
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = {
        "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["$${cognito-identity.amazonaws.com:sub}"] }
        Null                        = { "dynamodb:LeadingKeys" = "false" }
      }
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
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
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
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
            Condition:
              ForAllValues:StringEquals:
                dynamodb:LeadingKeys: ["${cognito-identity.amazonaws.com:sub}"]
              "Null":
                dynamodb:LeadingKeys: "false"
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "dynamodb:GetItem",
      "Resource": "*"
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
      "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]},
        "Null": {"dynamodb:LeadingKeys": "false"}
      }
    }
  ]
}
```

## How to fix

Add `ForAllValues:StringEquals` on `dynamodb:LeadingKeys` with a variable that stands for the caller, together with
`Null` on the same key with `"false"`. To hide attributes, list the visible ones in `dynamodb:Attributes` and demand
`dynamodb:Select` to be `SPECIFIC_ATTRIBUTES`.

## Undecided

Whether the statement allows item-level actions, what its conditions are, or who is trusted with the role, depends
on an input without a value.

## References

- [DynamoDB: fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
- [IAM: single-valued and multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
"""

from __future__ import annotations

from collections.abc import Mapping

from dynavet.answers import any_of
from dynavet.iam.actions import Action
from dynavet.iam.conditions import limits_rows_or_attributes
from dynavet.iam.principals import Use, kind_of
from dynavet.model import Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Unknown
from dynavet_checks.access.grants import acts_for_identities, allows, reached
from dynavet_checks.access.wording import expansion

SEVERITIES = {
    Use.FEDERATED: Severity.HIGH,
    Use.ACCOUNT: Severity.MEDIUM,
    Use.USER: Severity.MEDIUM,
    Use.GROUP: Severity.MEDIUM,
    Use.PERMISSION_SET: Severity.MEDIUM,
}
"""A workload is missing: see the page."""

EVERYWHERE = SEVERITIES | {Use.WORKLOAD: Severity.LOW}


def judge(grant: Grant, project: Project) -> Judgement | None:
    reaches = reached(grant)
    granted = acts_for_identities(grant) & allows(grant.statement) & any_of(r.includes(_on_items) for r in reaches)
    severity, unknown_uses = _severity(grant, EVERYWHERE if project.settings.fine_grained_everywhere else SEVERITIES)
    if granted.truth is False or (severity is None and not unknown_uses):
        return None
    limited = limits_rows_or_attributes(grant.statement)
    if limited.truth:
        return Pass(at=grant.statement.origin)
    if granted.truth and limited.truth is False and severity is not None:
        return _fail(grant, severity)
    reasons = tuple(dict.fromkeys((*(granted & ~limited).reasons, *unknown_uses)))
    return Undecided(reasons=reasons, at=reasons[0].origin or grant.statement.origin)


def _on_items(action: Action) -> bool:
    return action.service == "dynamodb" and action.data != ""


def _severity(grant: Grant, severities: Mapping[Use, Severity]) -> tuple[Severity | None, tuple[Unknown, ...]]:
    """The worst severity that is certain, and why there may be a worse one."""
    if not grant.principals:
        return Severity.MEDIUM, ()
    found = [kind_of(principal) for principal in grant.principals]
    worst = max((severities[use] for each in found for use in each.uses if use in severities), default=None)
    return worst, tuple(reason for each in found for reason in each.reasons)


def _fail(grant: Grant, severity: Severity) -> Fail:
    granting = [each for each in reached(grant) if any(map(_on_items, each.actions))]
    actions = dict.fromkeys(action for each in granting for action in each.actions if _on_items(action))
    whose = " It acts for federated principals." if severity is Severity.HIGH else ""
    return Fail(
        message=f"The statement allows {expansion(list(actions), ',')} on every item and attribute: it has no "
        f"condition on dynamodb:LeadingKeys or dynamodb:Attributes.{whose}",
        at=grant.statement.origin,
        evidence=tuple(str(each.pattern) for each in granting),
        severity=severity,
    )


RULE = Rule(
    id="DDB203",
    name="missing-fine-grained-conditions",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P4", "I2"),
    doc=__doc__,
)
