"""A statement allows everything but a list, and DynamoDB data is not in the list.

## What it does

Looks at `Allow` statements with `NotAction` or `NotResource`, and fails if what remains reaches data of DynamoDB or
DAX: items, streams, exports. The lists are expanded as IAM does, so that `NotAction` with `dynamodb:*` and `dax:*`
reaches nothing, and neither does `NotResource` with `*`. If another statement of the document denies all of it, it
does not reach data either.

It judges identity policies, permission sets, session policies, policies of tables and streams, endpoint policies
and raw documents. It never judges `Deny`, where both elements are common and useful, trust and key policies,
boundaries, and the policies of an organization.

## Why it matters

The list says what is kept, and everything else is given away: every table, every other service, and what AWS adds
later. The author thought of the exceptions, not of the grant.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "developer" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotAction = ["iam:*", "organizations:*"]
      Resource  = "*"
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "developer" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotAction = ["iam:*", "organizations:*", "dynamodb:*", "dax:*"]
      Resource  = "*"
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Developer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            NotResource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Payroll
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Developer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
  ]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    {"Effect": "Deny", "Action": ["dynamodb:*", "dax:*"], "Resource": "*"}
  ]
}
```

## How to fix

List what is needed in `Action` and `Resource`. Where exceptions are what you mean, allow what is needed and state
the exceptions in a `Deny`.

## Undecided

Whether the statement allows, what the lists hold, or whether the rest is denied, depends on an input without a value.

## References

- [IAM: the NotAction element](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
- [IAM: the NotResource element](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.actions import Action, expand
from dynavet.iam.patterns import applies
from dynavet.iam.reach import Reach
from dynavet.model import Patterns, PolicyKind, Project, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import ABSENT, Known, Unknown, Value, single
from dynavet_checks.access.broad_resources import Granted
from dynavet_checks.access.data_actions import reaches_data
from dynavet_checks.access.denials import EVERYTHING, denied
from dynavet_checks.access.grants import GRANTING, allows, covered
from dynavet_checks.access.wording import expansion, listed


def judge(grant: Grant, _: Project) -> Judgement | None:
    statement = grant.statement
    inverted = _present(statement.not_actions) | _present(statement.not_resources)
    allowed = Answer(grant.policy.kind in GRANTING) & allows(statement) & inverted
    reaches = covered(grant)
    if allowed.truth is False or not (reaches or _leaves_out_dynamodb(statement)):
        return None
    given = allowed & any_of(_by_exception(each, statement) & _reaches_data(each, statement) for each in reaches)
    if given.truth is False:
        return Pass(at=statement.origin)
    granted = Granted.of(reaches, reaches_data)
    taken = _all_denied((*granted.actions, *granted.possible), grant)
    answer = given & ~taken
    if answer.truth:
        return _fail(granted.actions, grant)
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or statement.origin)
    return Pass(at=statement.origin)


def _leaves_out_dynamodb(statement: Statement) -> bool:
    """Whether `NotAction` is what keeps DynamoDB and DAX away."""
    there = any(applies(statement.resources, ABSENT, action).truth for action in expand("*"))
    return there and bool(_present(statement.not_actions).truth)


def _present(element: Value[Any]) -> Answer:
    known = single(element)
    return undecided(known) if isinstance(known, Unknown) else Answer(known.value is not None)


def _by_exception(each: Reach, statement: Statement) -> Answer:
    """Whether it is reached because it is not in a list."""
    if each.negated:
        return YES
    by_action = _present(statement.not_actions) if each.pattern is None else NO
    return by_action | _present(statement.not_resources)


def _reaches_data(each: Reach, statement: Statement) -> Answer:
    """Whether it reaches data; a list in `NotResource` that may be of everything leaves that open."""
    certain = any_of(applies(ABSENT, statement.not_resources, a) for a in each.actions if reaches_data(a))
    return certain | replace(each, actions=()).includes(reaches_data)


def _all_denied(actions: Iterable[Action], grant: Grant) -> Answer:
    """Whether the same document denies all of it; one that has principals decides for each of them on its own."""
    if grant.policy.kind in (PolicyKind.RESOURCE, PolicyKind.ENDPOINT) or _present(grant.statement.principals).truth:
        return NO
    return all_of(denied(action, EVERYTHING, (grant.policy,)) for action in actions)


def _fail(actions: tuple[Action, ...], grant: Grant) -> Fail:
    elements = {"NotAction": grant.statement.not_actions, "NotResource": grant.statement.not_resources}
    given = {name: single(value) for name, value in elements.items() if _present(value).truth}
    lists = {name: _patterns(value.value) for name, value in given.items() if isinstance(value, Known) and value.value}
    said = listed([f"{name} {listed([*patterns] or ['nothing'])}" for name, patterns in lists.items()])
    return Fail(
        message=f"Everything is allowed but {said}, which lets {expansion(actions)} through. List what is "
        f"needed in {listed([name.removeprefix('Not') for name in lists])}, and state exceptions in a Deny.",
        at=next(iter(given.values())).origin or grant.statement.origin,
        evidence=tuple(f"{name} {pattern}" for name, patterns in lists.items() for pattern in patterns),
    )


def _patterns(element: Patterns) -> list[str]:
    known = map(single, element.items)
    return [f'"{item.value}"' if isinstance(item, Known) else "an unknown" for item in known]


RULE = Rule(
    id="DDB209",
    name="not-action-or-not-resource",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    peer_ids=("cfn_nag:W15", "cfn_nag:W21", "parliament:NOTRESOURCE_WITH_ALLOW"),
    doc=__doc__,
)
