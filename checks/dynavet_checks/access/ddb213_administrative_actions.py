"""Code or a federated identity may delete tables or backups, end their protection, or change who has access.

## What it does

Looks at `Allow` statements of identity policies, wildcards and `NotAction` expanded, and fails if one gives a role
that an AWS service uses for your code, or a role for federated identities, one of these actions:

| action | what it does |
|---|---|
| `DeleteTable`, `DeleteTableReplica` | deletes a table or a replica |
| `DeleteBackup` | deletes a backup |
| `UpdateContinuousBackups` | ends point-in-time recovery |
| `UpdateTable` | ends deletion protection |
| `PutResourcePolicy`, `DeleteResourcePolicy` | changes who else has access |

An action that the policies of the principal deny on whatever the statement allows it on does not count; a `Deny` for
some tables or under conditions leaves the others. Who acts with a role is read from its trust policy and from what
uses it. Roles that only AWS Backup, Application Auto Scaling or CloudFormation may assume are not judged: it is what
they are for. Nor are users, groups, permission sets, and roles that only IAM principals may assume.

## Why it matters

A mistake in the code, or an attacker who has got into it, can do to the table whatever its role may do. Items can be
restored as long as the table, its backups and their protection are out of reach.

## Example

Terraform, fails:

```terraform
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:*"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: items
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [dynamodb:UpdateItem, dynamodb:DeleteTable]
                Resource: arn:aws:dynamodb:eu-west-1:111122223333:table/Orders
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: items
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [dynamodb:UpdateItem]
                Resource: arn:aws:dynamodb:eu-west-1:111122223333:table/Orders
```

## How to fix

Name the actions on items that the code needs. Leave tables, backups and policies to the role that deploys them.

## Undecided

Which actions are allowed, who may assume the role, or whether the action is denied, depends on an input without a
value.

## References

- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
- [DynamoDB: deletion protection](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html)
- [IAM: apply least-privilege permissions](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
"""

from __future__ import annotations

from dynavet.answers import NO, Answer, all_of, any_of
from dynavet.iam.actions import Action
from dynavet.model import PolicyKind, Principal, Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin
from dynavet_checks.access.acting import for_code_or_federated, policies_beside, words_for
from dynavet_checks.access.broad_resources import Granted
from dynavet_checks.access.denials import denied, patterns_for
from dynavet_checks.access.grants import allows, covered
from dynavet_checks.access.wording import listed

DOES = {
    "DeleteTable": "delete tables",
    "DeleteTableReplica": "delete replicas",
    "DeleteBackup": "delete backups",
    "UpdateContinuousBackups": "end point-in-time recovery",
    "UpdateTable": "end deletion protection",
    "PutResourcePolicy": "change resource policies",
    "DeleteResourcePolicy": "delete resource policies",
}


def judge(grant: Grant, project: Project) -> Judgement | None:
    if grant.policy.kind not in (PolicyKind.IDENTITY, PolicyKind.SESSION):
        return None
    reaches = covered(grant)
    concerned = allows(grant.statement) & any_of(map(for_code_or_federated, grant.principals))
    if concerned.truth is False or not reaches:
        return None
    granted = Granted.of(reaches, lambda action: action.service == "dynamodb" and action.name in DOES)
    taken = {action: _denied(action, grant, project) for action in (*granted.actions, *granted.possible)}
    left = tuple(action for action in granted.actions if taken[action].truth is False)
    if left and concerned.truth:
        return _fail(left, grant)
    may_be = any_of(each.includes(lambda a: a in taken and taken[a].truth is not True) for each in reaches)
    answer = concerned & may_be & ~all_of(taken.values())
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or grant.statement.origin)
    return Pass(at=grant.statement.origin)


def _denied(action: Action, grant: Grant, project: Project) -> Answer:
    """Whether no principal gets the action through."""
    patterns = patterns_for(action, grant.statement)
    concerned = [p for p in grant.principals if for_code_or_federated(p).truth is not False]
    if not concerned:
        return NO
    return all_of(
        denied(action, pattern, policies_beside(grant, principal, project))
        for principal in concerned
        for pattern in patterns
    )


def _fail(actions: tuple[Action, ...], grant: Grant) -> Fail:
    may = list(dict.fromkeys(f"{DOES[name]} (dynamodb:{name})" for name in DOES if name in {a.name for a in actions}))
    whose = _whose(grant.principals)
    patterns = {str(each.pattern) for each in covered(grant) if not set(actions).isdisjoint(each.actions)}
    return Fail(
        message=f"{whose[0].upper()}{whose[1:]} may {listed(may)}. Name the actions that it needs, and leave "
        "these to the role that deploys.",
        at=_place(actions, grant),
        evidence=tuple(sorted(patterns)),
    )


def _place(actions: tuple[Action, ...], grant: Grant) -> Origin | None:
    return next(each.origin for each in covered(grant) if not set(actions).isdisjoint(each.actions))


def _whose(principals: tuple[Principal, ...]) -> str:
    return next(words_for(principal) for principal in principals if for_code_or_federated(principal).truth)


RULE = Rule(
    id="DDB213",
    name="administrative-actions",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    doc=__doc__,
)
