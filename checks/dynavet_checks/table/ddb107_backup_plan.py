"""The code declares AWS Backup and assigns the table to no plan.

## What it does

In code that declares a plan or a selection of AWS Backup, asks of every table whether one of the selections covers
it: by its ARN, by a pattern, or by its tags. What AWS Backup makes of a selection is followed: `Resources` and
`ListOfTags` (in Terraform `resources` and `selection_tag`) add up, `Conditions` (`condition`) and `NotResources`
(`not_resources`) take away from them, and a selection that names none of these means everything. Tags are those in
effect, with the defaults of the provider.

Code that does not speak of AWS Backup is not judged: backups are often the matter of another team, or of a policy
of the organization.

## Why it matters

Who declares backups wants every table with data that matters to be in them. A selection by tag misses the table
that was added later without the tag, a selection by ARN the one that was not added to the list. Nobody notices
until a restore is needed. Point-in-time recovery does not stand in for it: it reaches 35 days back, and lies in the
same account as the table.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
  billing_mode = "PAY_PER_REQUEST"
}

resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "main"
    schedule          = "cron(0 3 * * ? *)"
  }
}

resource "aws_backup_selection" "tagged" {
  name         = "tagged"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = "daily"
  }
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
  billing_mode = "PAY_PER_REQUEST"
  tags         = { Backup = "daily" }
}

resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "main"
    schedule          = "cron(0 3 * * ? *)"
  }
}

resource "aws_backup_selection" "tagged" {
  name         = "tagged"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = "daily"
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
  Daily:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule: [{RuleName: daily, TargetBackupVault: main, ScheduleExpression: cron(0 3 * * ? *)}]
  Tagged:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Daily
      BackupSelection:
        SelectionName: tagged
        IamRoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/backup
        ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: daily}]
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
      Tags: [{Key: Backup, Value: daily}]
  Daily:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule: [{RuleName: daily, TargetBackupVault: main, ScheduleExpression: cron(0 3 * * ? *)}]
  Tagged:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Daily
      BackupSelection:
        SelectionName: tagged
        IamRoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/backup
        ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: daily}]
```

## How to fix

Give the table the tag that a selection asks for, or add its ARN to the resources of one. The role of the selection
needs the permissions of the AWS managed policy `AWSBackupServiceRolePolicyForBackup`.

## Undecided

A pattern, a tag of the table, or the value that a selection asks for depends on an input without a value.

## References

- [AWS Backup: assigning resources to a backup plan](https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html)
- [Security Hub: DynamoDB.4](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.answers import any_of
from dynavet.model import Project, Table
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.table.backup_coverage import covers
from dynavet_checks.table.table_context import severity_of


def judge(table: Table, project: Project) -> Judgement | None:
    if not project.backup_plans and not project.backup_selections:
        return None
    others = {address for each in project.tables if each is not table for address in (each.address, *each.also)}
    others -= {table.address, *table.also}
    covered = any_of(covers(selection, table, others) for selection in project.backup_selections)
    if covered.truth:
        return Pass(at=table.origin)
    if covered.truth is None:
        return Undecided(reasons=covered.reasons, at=table.origin)
    severity, reason = severity_of(table, project, Severity.LOW)
    return Fail(
        message=f"No selection of AWS Backup covers the table.{reason}",
        at=table.origin,
        severity=severity,
        related=tuple(Related(each.origin, "a selection without it") for each in project.backup_selections),
    )


RULE = Rule(
    id="DDB107",
    name="backup-plan",
    severity=Severity.LOW,
    checks={Scope.TABLE: judge},
    security_hub=("DynamoDB.4",),
    peer_ids=(
        "cdk-nag:DynamoDBInBackupPlan",
        "prowler:dynamodb_table_protected_by_backup_plan",
    ),
    config_rules=("dynamodb-in-backup-plan", "dynamodb-resources-protected-by-backup-plan"),
    reads=("backup_plans", "backup_selections"),
    doc=__doc__,
)
