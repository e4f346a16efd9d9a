"""A statement that limits attributes lets requests through that show or write the others.

## What it does

Looks at `Allow` statements with a condition on `dynamodb:Attributes`, which compares the names that a request
mentions, not those that the answer holds. It fails for the actions through which the other attributes are still
reached, unless the statement demands an accepted value of a further key, `dynamodb:…`:

| actions | key | accepted |
|---|---|---|
| `GetItem`, `BatchGetItem`, `Query`, `Scan`, `PartiQLSelect` | `Select` | `SPECIFIC_ATTRIBUTES`, `COUNT` |
| `UpdateItem`, `PartiQLUpdate`, `ConditionCheckItem` | `ReturnValues` | `NONE`, `UPDATED_OLD`, `UPDATED_NEW` |
| `PutItem`, `DeleteItem`, `BatchWriteItem`, `PartiQLInsert`, `PartiQLDelete` | | nothing: they work on whole items |

`StringEqualsIfExists` is as good as `StringEquals`: AWS sends the keys with every request that they are about. What a
`Deny` statement takes back, in the same policy or another one of everybody who holds it, does not get through. It
judges identity policies, permission sets, session policies, policies of tables and streams, endpoint policies and raw
documents.

## Why it matters

A `GetItem` without a projection mentions no attribute but the key, meets the condition, and returns the whole item:
the list of attributes hides nothing.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "support" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = {
        "ForAllValues:StringEquals" = { "dynamodb:Attributes" = ["id", "state"] }
      }
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "support" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = {
        "ForAllValues:StringEquals" = { "dynamodb:Attributes" = ["id", "state"] }
        StringEquals                = { "dynamodb:Select" = "SPECIFIC_ATTRIBUTES" }
      }
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Support:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:UpdateItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
            Condition:
              ForAllValues:StringEquals:
                dynamodb:Attributes: [id, state]
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Support:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:UpdateItem
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
            Condition:
              ForAllValues:StringEquals:
                dynamodb:Attributes: [id, state]
              StringEquals:
                dynamodb:ReturnValues: [NONE, UPDATED_OLD, UPDATED_NEW]
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "state"]},
        "StringEqualsIfExists": {
          "dynamodb:Select": "SPECIFIC_ATTRIBUTES"
        }
      }
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
      "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "state"]},
        "StringEqualsIfExists": {
          "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
          "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"]
        }
      }
    }
  ]
}
```

## How to fix

Demand `dynamodb:Select` to be `SPECIFIC_ATTRIBUTES` where the statement reads, `dynamodb:ReturnValues` to be `NONE`,
`UPDATED_OLD` or `UPDATED_NEW` where it writes, with `StringEqualsIfExists` where it does both, and grant `PutItem`,
`DeleteItem` and `BatchWriteItem` elsewhere or not at all.

## Undecided

Whether the statement allows, which actions it names, what its conditions are, or whether a `Deny` covers its
resources, depends on an input without a value.

## References

- [DynamoDB: fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.conditions import ATTRIBUTES, conditions_of, has_condition_on, key_is
from dynavet.model import Project, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin
from dynavet_checks.access.grants import GRANTING, allows, covered
from dynavet_checks.access.passage import gets_past, meets, resources, table_named, with_keys
from dynavet_checks.access.wording import listed

SELECT, RETURN_VALUES = "dynamodb:Select", "dynamodb:ReturnValues"
READS = ("GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect")
RETURNING = ("UpdateItem", "PartiQLUpdate", "ConditionCheckItem")
WHOLE = ("PutItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLDelete")
REVEALING = {
    **dict.fromkeys(READS, (SELECT, ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"))),
    **dict.fromkeys(RETURNING, (RETURN_VALUES, ("ALL_OLD", "ALL_NEW"))),
}
"""The key of a request, and the values with which the answer holds what the request does not mention."""


def judge(grant: Grant, _: Project) -> Judgement | None:
    statement, allowed = grant.statement, allows(grant.statement)
    limited = has_condition_on(statement, (ATTRIBUTES,))
    reaches = covered(grant)
    if grant.policy.kind not in GRANTING or not reaches or allowed.truth is False or limited.truth is False:
        return None
    found: dict[Action, Answer] = {}
    for each in reaches:
        for action in (*each.actions, *each.possible):
            named = YES if action in each.actions else undecided(*each.reasons)
            found[action] = found.get(action, NO) | (named & _reaches_others(grant, action))
    answer = allowed & limited & any_of(found.values())
    if answer.truth:
        return _fail(grant, [action for action, through in found.items() if through.truth])
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or statement.origin)
    return Pass(at=statement.origin)


def _reaches_others(grant: Grant, action: Action) -> Answer:
    """Whether a request for the action gets through that shows or writes attributes it does not mention."""
    if action.service != "dynamodb":
        return NO
    if action.name in WHOLE:
        return gets_past(grant, action, with_keys())
    key, values = REVEALING.get(action.name, ("", ()))
    requests = [with_keys(**{key.partition(":")[2]: value}) for value in values]
    return any_of(meets(grant.statement, (key,), request) & gets_past(grant, action, request) for request in requests)


def _fail(grant: Grant, through: list[Action]) -> Fail:
    reads, returning, whole = ([a for a in through if a.name in names] for names in (READS, RETURNING, WHOLE))
    said = []
    if reads:
        table = table_named(next(iter(resources(grant.statement, reads[0]))))
        said.append(
            f"{_ids(reads)} without a projection, as on table {table}, mentions no other attribute and returns all of "
            f"them: demand {SELECT} to be SPECIFIC_ATTRIBUTES"
        )
    if returning:
        said.append(
            f"{_ids(returning)} that asks for ALL_OLD returns the whole item: demand {RETURN_VALUES} to be NONE, "
            "UPDATED_OLD or UPDATED_NEW"
        )
    if whole:
        said.append(f"{_ids(whole)} replaces or removes whole items: grant it without the limit or not at all")
    return Fail(
        message=f"The condition on {ATTRIBUTES} compares only the names in the request. {'. '.join(said)}.",
        at=_place(grant.statement),
        evidence=tuple(sorted(action.id for action in through)),
    )


def _ids(actions: list[Action]) -> str:
    return listed([action.id for action in actions])


def _place(statement: Statement) -> Origin:
    """The first condition on attributes."""
    known, _ = conditions_of(statement)
    first = next(each for each in known if key_is(each.key, (ATTRIBUTES,)).truth)
    return first.origin or statement.origin


RULE = Rule(
    id="DDB205",
    name="attribute-filter-incomplete",
    severity=Severity.HIGH,
    checks={Scope.HELD_STATEMENT: judge},
    practices=("P4",),
    doc=__doc__,
)
