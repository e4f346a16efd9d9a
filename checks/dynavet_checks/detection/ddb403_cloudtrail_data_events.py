"""What is done to the items of a table is not in CloudTrail.

## What it does

Where the code declares tables, and a trail or event data store, asks for each table whether one of these logs its data
events: a basic event selector with a `data_resource` of type `AWS::DynamoDB::Table` for the ARN of the table or for
`arn:aws:dynamodb`, which stands for all tables, or an advanced one whose `resources.type` is `AWS::DynamoDB::Table` and
whose `resources.ARN` lets the table through. Region and account in an ARN are taken for right.

A selector that takes only some events (`readOnly`, `eventName`, `ReadWriteType`) counts: which of them are enough is
yours to decide. The finding is at the trail to add a selector to, and names the tables.

Where the configuration says `scope = "account"`, tables without any trail or event data store fail as well. Without
that, nothing is said of what is not in the code.

## Why it matters

`GetItem`, `Query`, `Scan`, `PutItem`, `DeleteItem` and the operations of PartiQL are data events, which no trail logs
unless it is told to. Without them an account knows who created a table, and not who read it.

## Example

Terraform, fails:

```terraform
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = "audit-logs"
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

Terraform, passes:

```terraform
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = "audit-logs"

  event_selector {
    data_resource {
      type   = "AWS::DynamoDB::Table"
      values = [aws_dynamodb_table.orders.arn]
    }
  }
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Audit:
    Type: AWS::CloudTrail::Trail
    Properties: {S3BucketName: audit-logs, IsLogging: true}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Audit:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: audit-logs
      IsLogging: true
      AdvancedEventSelectors:
        - FieldSelectors:
            - {Field: eventCategory, Equals: [Management]}
        - FieldSelectors:
            - {Field: eventCategory, Equals: [Data]}
            - {Field: resources.type, Equals: ["AWS::DynamoDB::Table"]}
            - {Field: resources.ARN, Equals: [!GetAtt Orders.Arn]}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
```

## How to fix

Add a selector for the tables that hold data worth knowing about; data events are priced by number. Advanced event
selectors can leave out what a service of yours does all day, by `userIdentity.arn` or `eventName`. They take the place
of basic ones: then management events need a selector of their own.

## Undecided

Selectors, or the ARNs in them, depend on an input without a value; or, where the project is a whole account, part of
its code is not on disk.

## References

- [DynamoDB: logging with AWS CloudTrail](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html)
- [CloudTrail: logging data events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html)
- [CloudTrail: AdvancedFieldSelector](https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html)
"""

from __future__ import annotations

from dynavet.answers import Answer, any_of
from dynavet.model import Account, Project, Table, Trail
from dynavet.model.detection import TRAIL
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.access.wording import MAX_NAMED, listed
from dynavet_checks.detection.logged_events import logs_items, logs_management
from dynavet_checks.detection.whole_account import is_there, lacking


def judge(trail: Trail, project: Project) -> Judgement | None:
    first = _first(project.trails)
    if first is None or trail.address != first.address:
        return None
    unlogged = [(table, is_there(table) & ~_is_logged(table, project)) for table in project.tables]
    failed = [table for table, answer in unlogged if answer.truth]
    if failed:
        names = listed([*(table.address for table in failed[:MAX_NAMED]), *_others(len(failed) - MAX_NAMED)])
        return Fail(
            message=f"No data events of {names} are logged by this {trail.kind} or another one.",
            evidence=tuple(table.address for table in failed),
            related=tuple(Related(table.origin, "a table without data events") for table in failed),
        )
    reasons = tuple(dict.fromkeys(reason for _, answer in unlogged for reason in answer.reasons))
    if reasons:
        return Undecided(reasons=reasons, at=reasons[0].origin)
    return Pass() if any(is_there(table).truth for table in project.tables) else None


def _others(number: int) -> list[str]:
    return [f"{number} more"] if number > 0 else []


def _first(trails: list[Trail]) -> Trail | None:
    """Where a selector would be added: beside others for tables if there are any, and rather in a trail.

    An event data store for other events than those of operations is none to add one to.
    """
    fitting = [each for each in trails if each.kind == TRAIL or _is_of_operations(each)]
    return min(fitting, key=lambda each: (logs_items(each).truth is False, each.kind != TRAIL), default=None)


def _is_of_operations(store: Trail) -> bool:
    return any(answer.truth is not False for answer in (logs_items(store), logs_management(store, reads=False)))


def _is_logged(table: Table, project: Project) -> Answer:
    return any_of(logs_items(trail, table) for trail in project.trails)


def judge_account(_: Account, project: Project) -> Judgement | None:
    if project.trails:
        return None
    return lacking(project, "No trail of CloudTrail logs data events of the tables: the code of the account has none.")


RULE = Rule(
    id="DDB403",
    name="cloudtrail-data-events",
    severity=Severity.LOW,
    checks={Scope.TRAIL: judge, Scope.ACCOUNT: judge_account},
    practices=("D2",),
    reads=("trails",),
    doc=__doc__,
)
