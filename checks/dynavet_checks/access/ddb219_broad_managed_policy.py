"""An AWS managed policy that allows DynamoDB actions on every table is attached.

## What it does

Knows from the content of AWS managed policies, those that AWS has retired as well, which of them allow DynamoDB or
DAX actions on `*` without a condition, and fails where such a policy is attached to a role that an AWS service or a
federated identity uses, to a user, or to a group. What only tells how tables look, such as `dynamodb:DescribeTable`,
does not count. Policies that name their tables, such as those of AWS Backup, pass, and so do those of other services.

| severity | allowed on every table |
|---|---|
| high | reading or writing items, exports, changes of tables |
| low | only reading streams, as in `AWSLambdaDynamoDBExecutionRole` |

Roles that only IAM principals may assume, and permission sets, are not judged: administrators work with them. Nor is
what AWS SAM attaches by itself, to a function with an event from a stream. Policies of your own are left to the
rules about statements.

## Why it matters

`AmazonDynamoDBFullAccess` gives a function that reads one table the right to delete all of them, and
`PowerUserAccess` or `DatabaseAdministrator` do so without saying it in their names. AWS adds actions to its policies
without asking.

## Example

Terraform, fails:

```terraform
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
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
  role = aws_iam_role.app.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
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
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"]
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
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: dynamodb:GetItem
                Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

## How to fix

Attach a policy of your own with the actions and tables that the principal uses. For a function that reads a stream,
allow `dynamodb:GetRecords`, `dynamodb:GetShardIterator` and `dynamodb:DescribeStream` on `table/NAME/stream/*`, and
`dynamodb:ListStreams` on `*`.

## Undecided

Which policy is attached, to whom, or who uses the role depends on an input without a value, the policy or the role
is not in the code, or AWS published the policy after the date of the table.

## References

- [DynamoDB: AWS managed policies](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ddb-security-iam.awsmanpol.html)
- [AWS managed policy reference](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html)
- [IAM: managed policies and inline policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html)
"""

from __future__ import annotations

from functools import lru_cache

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.managed_policies import everywhere, grants_of, managed_policies_date, managed_policy_name
from dynavet.iam.patterns import undecided_parts
from dynavet.iam.principals import Use, kind_of
from dynavet.model import Attachment, Principal, Project
from dynavet.rule import Attached, Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.text import Hole, Text
from dynavet.values import Known, Unknown, single
from dynavet_checks.access.data_actions import reaches_data
from dynavet_checks.access.wording import expansion, listed

HOLE = str(Text.of(Hole("")))
JUDGED = frozenset({Use.WORKLOAD, Use.FEDERATED, Use.USER, Use.GROUP})
WORDS = {
    Use.WORKLOAD: "a role that an AWS service uses",
    Use.FEDERATED: "a role for federated identities",
    Use.USER: "a user",
    Use.GROUP: "a group",
}


def judge(attached: Attached, project: Project) -> Judgement | None:
    attachment = attached.attachment
    concerned, actions = _concerned(attached), _allowed_everywhere(attachment, project)
    if concerned.truth is False or actions is None or attachment.implied:
        return None
    if isinstance(actions, Unknown):
        return _undecided(concerned & undecided(actions), attachment)
    policy = single(attachment.policy)
    if not actions:
        return Pass(at=policy.origin)
    if concerned.truth is None:
        return _undecided(concerned, attachment)
    only_streams = all(action.resource_types == ("stream",) for action in actions if action.required)
    where, name = "stream" if only_streams else "table", _name(attachment)
    return Fail(
        message=f"{name} allows {expansion(actions, ',')} on every {where}, and {_whose(attached)} has it. Attach a "
        f"policy of your own that names actions and {where}s.",
        at=policy.origin,
        evidence=(name, _whose(attached)),
        severity=Severity.LOW if only_streams else Severity.HIGH,
    )


def _allowed_everywhere(attachment: Attachment, project: Project) -> tuple[Action, ...] | Unknown | None:
    """What an AWS managed policy allows on every table or cluster; `None` for a policy of the account."""
    policy = single(attachment.policy)
    if isinstance(policy, Unknown):
        return policy
    if policy.value is None or any(reference.target in _declared(project) for reference in policy.value.references):
        return None
    name = _name(attachment)
    if HOLE in name or (not name and not any(isinstance(part, str) and ":" in part for part in policy.value.parts)):
        elsewhere = Unknown(f"policy {policy.value} is not in this code", policy.origin)
        return next(iter(undecided_parts(policy.value, policy.origin)), elsewhere)
    if not name:
        return None
    grants = grants_of(name)
    if grants is None:
        return Unknown(f"{name} is not among the AWS managed policies of {managed_policies_date()}", policy.origin)
    counting = any(map(_counts, everywhere(grants)))
    return everywhere(grants) if counting else ()


def _name(attachment: Attachment) -> str:
    """The name of the AWS managed policy, empty if it is of the account."""
    policy = single(attachment.policy)
    return managed_policy_name(str(policy.value)) or "" if isinstance(policy, Known) else ""


def _counts(action: Action) -> bool:
    return action.required != () and (reaches_data(action) or not action.only_reads)


def _undecided(answer: Answer, attachment: Attachment) -> Undecided:
    return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or attachment.origin)


@lru_cache(maxsize=1)
def _declared(project: Project) -> frozenset[str]:
    return frozenset(policy.address for policy in project.policies)


def _concerned(attached: Attached) -> Answer:
    """Whether the policy is for somebody whom the rule judges."""
    if attached.principals:
        return any_of(_is_judged(principal) for principal in attached.principals)
    kind = attached.attachment.principal_kind
    if kind in (Use.USER.value, Use.GROUP.value):
        return YES
    if kind == Use.PERMISSION_SET.value:
        return NO
    principal = single(attached.attachment.principal)
    if isinstance(principal, Unknown):
        return undecided(principal)
    reason = f"who uses role {principal.value} is not in this code"
    return undecided(Unknown(reason, principal.origin))


def _is_judged(principal: Principal) -> Answer:
    found = kind_of(principal)
    return any_of(found.includes(use) for use in Use if use in JUDGED)


def _whose(attached: Attached) -> str:
    kinds = {use for principal in attached.principals for use in kind_of(principal).uses & JUDGED}
    return listed([WORDS[use] for use in Use if use in kinds]) if kinds else f"a {attached.attachment.principal_kind}"


RULE = Rule(
    id="DDB219",
    name="broad-managed-policy",
    severity=Severity.HIGH,
    checks={Scope.ATTACHMENT: judge},
    practices=("P3",),
    peer_ids=("cdk-nag:AwsSolutions-IAM4", "checkov:CKV_AWS_274"),
    doc=__doc__,
)
