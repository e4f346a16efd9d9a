"""A table or one of its replicas cannot be restored to a point in time.

## What it does

Asks of every table, and of every replica, whether point-in-time recovery is on. A replica has its own setting: that of
the table does not count for it. A CloudFormation global table has the setting only per replica.

For a Terraform lock table (hash key `LockID`, no range key), for a table whose items expire by time to live, and for
one that `context` in the configuration marks as not for production, the severity is low. For one that is marked as
sensitive it is high.

## Why it matters

Items that a faulty release or a stolen credential deletes or overwrites are gone in all replicas within a second.
Point-in-time recovery keeps what the table was in every second of the last 35 days. Backups on demand hold only
the moments at which somebody made them.

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
  name     = "orders"
  hash_key = "id"

  point_in_time_recovery {
    enabled = true
  }
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
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: true
```

## How to fix

Turn it on in the block `point_in_time_recovery` (in a `replica` block it is an argument), or in
`PointInTimeRecoverySpecification`, for the table and for each replica. It is priced by the size of the table. The
table itself does not change.

## Undecided

Whether it is on depends on an input without a value.

## References

- [DynamoDB: point-in-time recovery](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html)
- [Security Hub: DynamoDB.2](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.model import Project, Replica, Table
from dynavet.rule import Judgement, Rule, Scope, Severity
from dynavet_checks.table.table_context import severity_of
from dynavet_checks.table.table_flags import judge_flag

LACK = "no point-in-time recovery"


def judge_table(table: Table, project: Project) -> Judgement | None:
    if table.is_its_replicas:
        return None
    return judge_flag(table, table.point_in_time_recovery, LACK, severity_of(table, project, Severity.MEDIUM))


def judge_replica(pair: tuple[Replica, Table], project: Project) -> Judgement:
    replica, table = pair
    return judge_flag(replica, replica.point_in_time_recovery, LACK, severity_of(table, project, Severity.MEDIUM))


RULE = Rule(
    id="DDB105",
    name="point-in-time-recovery",
    severity=Severity.MEDIUM,
    checks={Scope.TABLE: judge_table, Scope.REPLICA: judge_replica},
    security_hub=("DynamoDB.2",),
    peer_ids=(
        "checkov:CKV_AWS_28",
        "checkov:CKV_AWS_165",
        "trivy:AWS-0024",
        "cfn_nag:W78",
        "cdk-nag:AwsSolutions-DDB3",
        "kics:741f1291",
        "kics:0f04217d",
        "terrascan:AC_AWS_0458",
        "regula:FG_R00106",
    ),
    config_rules=("dynamodb-pitr-enabled",),
    doc=__doc__,
)
