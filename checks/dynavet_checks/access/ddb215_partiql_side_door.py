"""A PartiQL action is granted that does what is denied or limited for the operation it stands for.

## What it does

Looks at `Allow` statements that grant PartiQL actions, and at all else that acts for the same principals (for a policy
that is attached to nobody, at the policy itself). It fails if another statement denies the operation that the action
stands for on the same table and nothing denies the action alike, or if another statement allows the operation only
with a limit on rows or attributes and the action is granted without one.

| granted | stands for |
|---|---|
| `PartiQLSelect` | `GetItem`, `BatchGetItem`, `Query`, `Scan` |
| `PartiQLInsert` | `PutItem` |
| `PartiQLUpdate` | `UpdateItem` |
| `PartiQLDelete` | `DeleteItem` |

Where `Scan` is denied, it is enough to deny `PartiQLSelect` where `dynamodb:FullTableScan` is true. A `Deny` under
conditions asks for a `Deny` of the PartiQL action under the same conditions, or fewer. Wildcards are expanded, letter
case does not matter. It judges identity policies, permission sets, session policies, policies of tables and streams,
endpoint policies and raw documents.

## Why it matters

`ExecuteStatement` is authorised by PartiQL actions of its own. Denying `dynamodb:Scan` while `dynamodb:PartiQL*` or
`dynamodb:*` is allowed stops the call named scan, and not `SELECT * FROM "Orders"`.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:*", Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders" },
      { Effect = "Deny", Action = "dynamodb:DeleteItem", Resource = "*" },
    ]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:*", Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders" },
      { Effect = "Deny", Action = ["dynamodb:DeleteItem", "dynamodb:PartiQLDelete"], Resource = "*" },
    ]
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
            Action: [dynamodb:GetItem, dynamodb:PartiQLSelect]
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
          - Effect: Deny
            Action: dynamodb:Scan
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
          - Effect: Allow
            Action: [dynamodb:GetItem, dynamodb:PartiQLSelect]
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
          - Effect: Deny
            Action: dynamodb:Scan
            Resource: "*"
          - Effect: Deny
            Action: dynamodb:PartiQLSelect
            Resource: "*"
            Condition:
              Bool:
                dynamodb:FullTableScan: "true"
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["dynamodb:GetItem", "dynamodb:Query"],
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]},
        "Null": {"dynamodb:LeadingKeys": "false"}
      }
    },
    {
      "Effect": "Allow",
      "Action": "dynamodb:PartiQLSelect",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
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
      "Action": ["dynamodb:GetItem", "dynamodb:Query"],
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]},
        "Null": {"dynamodb:LeadingKeys": "false"}
      }
    },
    {
      "Effect": "Allow",
      "Action": "dynamodb:PartiQLSelect",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]},
        "Null": {"dynamodb:LeadingKeys": "false"}
      }
    }
  ]
}
```

## How to fix

Deny the PartiQL action wherever the operation is denied, give it the same conditions, or do not grant it: few
programs use PartiQL.

## Undecided

Whether the statement allows, which actions and resources it or the other statement has, or what its conditions are,
depends on an input without a value.

## References

- [DynamoDB: IAM and PartiQL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html)
- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
"""

from __future__ import annotations

from dynavet.answers import YES, any_of, undecided
from dynavet.model import Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.values import Origin
from dynavet_checks.access.grants import GRANTING, allows, covered
from dynavet_checks.access.passage import table_named
from dynavet_checks.access.side_doors import EQUIVALENTS, Door, doors
from dynavet_checks.access.wording import listed

EXAMPLES = {
    "PartiQLSelect": 'SELECT * FROM "{}"',
    "PartiQLInsert": "INSERT INTO \"{}\" VALUE {{'id': '1'}}",
    "PartiQLUpdate": "UPDATE \"{}\" SET state = 'x' WHERE id = '1'",
    "PartiQLDelete": "DELETE FROM \"{}\" WHERE id = '1'",
}


def judge(grant: Grant, _: Project) -> Judgement | None:
    allowed = allows(grant.statement)
    reaches = [each for each in covered(grant) if any(a.name in EQUIVALENTS for a in (*each.actions, *each.possible))]
    if grant.policy.kind not in GRANTING or not reaches or allowed.truth is False:
        return None
    found = []
    for each in reaches:
        for action in (*each.actions, *each.possible):
            if action.name in EQUIVALENTS:
                named = allowed & (YES if action in each.actions else undecided(*each.reasons))
                found += [(door, each.origin, named & opened) for door, opened in doors(grant, action)]
    certain = [(door, at) for door, at, answer in found if answer.truth]
    if certain:
        return _fail(grant, certain)
    answer = any_of(answer for _, _, answer in found)
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or grant.statement.origin)
    granted = any(action.name in EQUIVALENTS for each in reaches for action in each.actions)
    return Pass(at=grant.statement.origin) if granted else None


def _fail(grant: Grant, open_doors: list[tuple[Door, Origin | None]]) -> Fail:
    by_action: dict[str, list[Door]] = {}
    for door, _ in open_doors:
        by_action.setdefault(door.partiql.name, []).append(door)
    others = {id(door.other): door for door, _ in open_doors}.values()
    return Fail(
        message=" ".join(_said(each) for each in by_action.values()),
        at=open_doors[0][1] or grant.statement.origin,
        evidence=tuple(sorted({f"{door.partiql.id} for {door.operation.id}" for door, _ in open_doors})),
        related=tuple(
            Related(door.other.origin, f"{door.operation.id} is {'denied' if door.denied else 'limited'} here")
            for door in others
        ),
    )


def _said(same_action: list[Door]) -> str:
    first = same_action[0]
    alike = [door for door in same_action if door.denied == first.denied and door.other.name == first.other.name]
    operations = listed(list(dict.fromkeys(door.operation.id for door in alike)))
    example = EXAMPLES[first.partiql.name].format(table_named(first.resource))
    if not first.denied:
        edit = f"give {first.partiql.id} the same condition, or do not grant it"
        return f"Statement {first.other.name} limits {operations}, and {example} gets through: {edit}."
    edit = f"deny {first.partiql.id} as well"
    if {door.operation.name for door in same_action} == {"Scan"}:
        edit += ", at least where dynamodb:FullTableScan is true"
    return f"Statement {first.other.name} denies {operations}, and {example} gets through: {edit}."


RULE = Rule(
    id="DDB215",
    name="partiql-side-door",
    severity=Severity.HIGH,
    checks={Scope.HELD_STATEMENT: judge},
    practices=("P4",),
    doc=__doc__,
)
