"""A table or one of its replicas can be deleted by one call.

## What it does

Asks of every table, and of every replica, whether deletion protection is on. A replica has its own setting: that of
the table does not count for it. A CloudFormation global table has the setting only per replica.

`prevent_destroy` and `DeletionPolicy: Retain` do not count: they bind the tool that deploys, not whoever else may
delete the table.

For a table that `context` in the configuration marks as not for production, the severity is low. For one that is
marked as sensitive it is high.

## Why it matters

`DeleteTable` removes all items, indexes and streams, and asks nobody. With deletion protection the call fails until
somebody turns the protection off first, which takes another permission and leaves a trace.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  hash_key                    = "id"
  deletion_protection_enabled = true
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      DeletionProtectionEnabled: true
```

## How to fix

Set `deletion_protection_enabled` or `DeletionProtectionEnabled` to true, for the table and for each replica. In a
`replica` block version 6 of the AWS provider takes it; before, a replica needs an `aws_dynamodb_table_replica` of its
own. An `AWS::Serverless::SimpleTable` cannot have it: write an `AWS::DynamoDB::Table`. The table itself does not
change.

## Undecided

Whether it is on depends on an input without a value.

## References

- [DynamoDB: deletion protection](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection)
- [Security Hub: DynamoDB.6](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.model import Project, Replica, Table
from dynavet.rule import Judgement, Rule, Scope, Severity
from dynavet_checks.table.table_context import severity_of
from dynavet_checks.table.table_flags import judge_flag

LACK = "no deletion protection"


def judge_table(table: Table, project: Project) -> Judgement | None:
    if table.is_its_replicas:
        return None
    return judge_flag(table, table.deletion_protection, LACK, _weight(table, project))


def judge_replica(pair: tuple[Replica, Table], project: Project) -> Judgement:
    replica, table = pair
    return judge_flag(replica, replica.deletion_protection, LACK, _weight(table, project))


def _weight(table: Table, project: Project) -> tuple[Severity | None, str]:
    return severity_of(table, project, Severity.MEDIUM, by_use=False)


RULE = Rule(
    id="DDB106",
    name="deletion-protection",
    severity=Severity.MEDIUM,
    checks={Scope.TABLE: judge_table, Scope.REPLICA: judge_replica},
    security_hub=("DynamoDB.6",),
    config_rules=("dynamodb-table-deletion-protection-enabled",),
    doc=__doc__,
)
