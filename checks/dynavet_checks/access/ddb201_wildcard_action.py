"""An action pattern with a wildcard allows more DynamoDB or DAX actions than it names.

## What it does

Expands every action pattern with `*` or `?` in an `Allow` statement (a wildcard in the service prefix counts as
well) and fails if it reaches DynamoDB or DAX actions on the resources of its statement. Letter case does not
matter. The severity follows what the pattern reaches:

| severity | reached |
|---|---|
| high | permission management (`PutResourcePolicy`, `DeleteResourcePolicy`, `UpdateAbacStatus`) or every action |
| medium | any write, export, restore or replica action, or every DAX action |
| low | only reads and lists |

It judges identity policies, permission sets, session policies, policies of tables and streams, endpoint policies
and raw documents. It never judges `Deny`, trust and key policies, boundaries, or the policies of an organization,
which grant nothing. `NotAction` is left to DDB209. In an endpoint policy `*` for all services is left to DDB302;
only a pattern with a service of its own, such as `dynamodb:*`, fails here. A wildcard that matches no action is
left to DDB208.

## Why it matters

A wildcard also grants what nobody had in mind: deleting the table, exporting all of it to a bucket, changing its
resource policy, and every action that AWS adds later.

## Example

Terraform, fails:

```terraform
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["dynamodb:*"]
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
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
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
          - Effect: Allow
            Action: dynamodb:Delete*
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
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
            Action: dynamodb:DeleteItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "dynamodb:Get*", "Resource": "*"}]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": "*"}]
}
```

## How to fix

Name the actions that the principal uses. CloudTrail and the policy generation of IAM Access Analyzer show which
ones these are.

## Undecided

Whether the statement allows, which actions it names, or whether its resources belong to DynamoDB, depends on an
input without a value.

## References

- [IAM: the Action element](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
- [DAX: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodbacceleratordax.html)
"""

from __future__ import annotations

from dynavet.iam.actions import effect
from dynavet.iam.patterns import has_wildcard
from dynavet.iam.reach import Reach
from dynavet.model import PolicyKind, Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet_checks.access.endpoint_policies import for_all_services
from dynavet_checks.access.grants import GRANTING, allows, reached
from dynavet_checks.access.wording import expansion


def judge(grant: Grant, _: Project) -> Judgement | None:
    allowed = allows(grant.statement)
    if grant.policy.kind not in GRANTING or allowed.truth is False:
        return None
    at_endpoint = grant.policy.kind is PolicyKind.ENDPOINT
    reaches = [each for each in reached(grant) if not (at_endpoint and for_all_services(each))]
    if not reaches:
        return None
    wide = [each for each in reaches if each.pattern is not None and has_wildcard(each.pattern) and each.actions]
    if wide and allowed.truth:
        return _fail(wide)
    doubtful = [*wide, *(each for each in reaches if each.possible and _may_be_wildcard(each.pattern))]
    if doubtful:
        reasons = (*allowed.reasons, *(reason for each in doubtful for reason in each.reasons))
        return Undecided(reasons=tuple(dict.fromkeys(reasons)), at=reasons[0].origin or grant.statement.origin)
    return Pass(at=grant.statement.origin)


def _may_be_wildcard(pattern: Text | None) -> bool:
    return pattern is None or pattern.literal is None or has_wildcard(pattern)


def _fail(wide: list[Reach]) -> Fail:
    first = max(wide, key=lambda each: effect(each.actions))
    said = [f'"{each.pattern}" allows {expansion(each.actions)}' for each in wide]
    return Fail(
        message="; ".join(said) + ".",
        at=first.origin,
        evidence=tuple(str(each.pattern) for each in wide),
        severity=effect(first.actions),
        related=tuple(
            Related(each.origin, f'"{each.pattern}"') for each in wide if each is not first and each.origin is not None
        ),
    )


RULE = Rule(
    id="DDB201",
    name="wildcard-action",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    peer_ids=("checkov:CKV_AWS_63", "cdk-nag:AwsSolutions-IAM5", "cfn_nag:F4"),
    config_rules=("iam-policy-no-statements-with-full-access",),
    doc=__doc__,
)
