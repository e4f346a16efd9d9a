"""A condition on partition keys that is met by requests without any leaves actions unlimited.

## What it does

Looks at `Allow` statements with a condition on `dynamodb:LeadingKeys` or one of the `dynamodb:…PartitionKeyValues`
keys, and fails if the conditions on them are met by a request that does not carry the key, and the statement allows
actions whose requests do not carry it. `ForAllValues:…`, `…IfExists` and negated operators are met without the key;
`Null` with `"false"` is not, and makes the statement pass, as do operators that demand the key.

| actions without the key | what gets through |
|---|---|
| `Scan`, `SearchVectors` | every item; a search answers from the index |
| `PartiQLSelect` | `SELECT * FROM …` without the partition key, which is a scan |
| `GetRecords`, `GetShardIterator` | the changes of all items, from the stream |
| `ExportTableToPointInTime`, `CreateBackup`, `RestoreTable…` and all else that writes or manages | the whole table |
| item actions of DAX | every item: DAX reads with a role of its own |

Actions that show no item and change nothing, such as `DescribeTable` and `ListTables`, may stand beside. An action
that a `Deny` statement takes back, in the same policy or another one of everybody who holds it, does not get
through: for `PartiQLSelect`, a `Deny` where `dynamodb:FullTableScan` is true is enough. A `Deny` that does not apply
to every such request, and other conditions of the statement, guard nothing. It judges identity policies, permission
sets, session policies, policies of tables and streams, endpoint policies and raw documents.

## Why it matters

The condition looks like a wall between tenants, and for `GetItem` or `Query` it is one. `ForAllValues` is true when
there is nothing to compare, so that one `Scan` returns the items of all tenants.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "customer" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = {
        "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["$${aws:PrincipalTag/tenant}"] }
      }
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
      Action   = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
      Condition = {
        "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["$${aws:PrincipalTag/tenant}"] }
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
            Action: [dynamodb:GetItem, dynamodb:Query, dynamodb:PartiQLSelect]
            Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
            Condition:
              ForAllValues:StringEquals:
                dynamodb:LeadingKeys: ["${cognito-identity.amazonaws.com:sub}"]
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
            Action: [dynamodb:GetItem, dynamodb:Query]
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
      "Action": "dynamodb:*",
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}#*"]}}
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
      "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
      "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
      "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}#*"]}}
    }
  ]
}
```

## How to fix

Add `Null` on the same key with `"false"`, or take the actions without the key out of the statement. Where statements
in PartiQL are needed, deny `dynamodb:PartiQLSelect` where `dynamodb:FullTableScan` is true.

## Undecided

Whether the statement allows, which actions it names, what its conditions on partition keys are, or whether a `Deny`
covers its resources, depends on an input without a value.

## References

- [IAM: single-valued and multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
- [DynamoDB: fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
- [DynamoDB: PartiQL and full table scans](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html)
"""

from __future__ import annotations

from dynavet.answers import YES, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.conditions import LEADING_KEYS, conditions_of, has_condition_on, key_is
from dynavet.model import Project, Statement
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Origin
from dynavet_checks.access.grants import GRANTING, allows, covered
from dynavet_checks.access.passage import gets_past, meets, resources, table_named, with_keys
from dynavet_checks.access.wording import MAX_NAMED, listed

WITHOUT = {name.partition(":")[2]: None for name in LEADING_KEYS}
EXAMPLES = {
    "Scan": "aws dynamodb scan --table-name {}",
    "PartiQLSelect": "aws dynamodb execute-statement --statement 'SELECT * FROM \"{}\"'",
    "ExportTableToPointInTime": "aws dynamodb export-table-to-point-in-time of table {}",
    "SearchVectors": "a vector search of table {}",
    "GetRecords": "aws dynamodbstreams get-records from the stream of table {}",
}
"""Requests that get through, the most telling first."""

OF_STREAMS = frozenset({"GetRecords", "GetShardIterator"})
DAX_READS = frozenset({"GetItem", "BatchGetItem", "ConditionCheckItem", "Query", "Scan"})


def judge(grant: Grant, _: Project) -> Judgement | None:
    statement = grant.statement
    allowed, reaches = allows(statement), covered(grant)
    limited = has_condition_on(statement, LEADING_KEYS)
    if grant.policy.kind not in GRANTING or not reaches or allowed.truth is False or limited.truth is False:
        return None
    context = with_keys(**WITHOUT)
    vacuous = allowed & limited & meets(statement, LEADING_KEYS, context)
    if vacuous.truth is False:
        return Pass(at=statement.origin)
    found: dict[Action, Answer] = {}
    for each in reaches:
        for action in filter(_lacks_the_key, (*each.actions, *each.possible)):
            named = YES if action in each.actions else undecided(*each.reasons)
            request = with_keys(**WITHOUT, FullTableScan="true") if action.name == "PartiQLSelect" else context
            found[action] = found.get(action, ~YES) | (named & gets_past(grant, action, request))
    answer = vacuous & any_of(found.values())
    if answer.truth:
        return _fail(grant, [action for action, passes in found.items() if passes.truth])
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or statement.origin)
    return Pass(at=statement.origin)


def _lacks_the_key(action: Action) -> bool:
    """Whether a request without the key does or shows something to items, the table or its settings."""
    if action.service == "dax":
        return action.name in DAX_READS or not action.only_reads
    if action.name == "PartiQLSelect":
        return True
    shows = action.data != "" or action.name in OF_STREAMS or action.name == "ReadDataForReplication"
    return LEADING_KEYS[0] not in action.condition_keys and (shows or not action.only_reads)


def _fail(grant: Grant, through: list[Action]) -> Fail:
    through.sort(key=lambda action: (*EXAMPLES, action.name).index(action.name))
    named = [action.id for action in through[:MAX_NAMED]]
    if len(through) > MAX_NAMED:
        named = [*named[:-1], f"{len(through) - MAX_NAMED + 1} more"]
    first = through[0]
    example = EXAMPLES.get(first.name, f"{first.id} on table {{}}")
    table = table_named(next(iter(resources(grant.statement, first))))
    key, place = _key(grant.statement)
    return Fail(
        message=f"Requests for {listed(named)} need not carry the partition key, and the condition on it is met by "
        f"requests without it: {example.format(table)} gets through. "
        f'Add "Null": {{"{key}": "false"}}, or take such actions out of the statement.',
        at=place,
        evidence=tuple(sorted(action.id for action in through)),
    )


def _key(statement: Statement) -> tuple[Text, Origin]:
    """The key of the first condition on partition keys, and where it stands."""
    known, _ = conditions_of(statement)
    first = next(each for each in known if key_is(each.key, LEADING_KEYS).truth)
    return first.key, first.origin or statement.origin


RULE = Rule(
    id="DDB204",
    name="leading-keys-escape",
    severity=Severity.HIGH,
    checks={Scope.HELD_STATEMENT: judge},
    practices=("P4",),
    doc=__doc__,
)
