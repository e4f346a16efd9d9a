"""AWS Config records, and no rule of it judges tables.

## What it does

Where the code declares a configuration recorder, looks for a rule of AWS Config about DynamoDB:

- a managed rule whose identifier starts with `DYNAMODB_` or `DAX_`, of the account or of the organization;
- any rule that is limited to resources of type `AWS::DynamoDB::Table`;
- a conformance pack whose template, where it is in the code, has such a managed rule.

Where the configuration says `scope = "account"`, tables without any such rule fail also where there is no recorder.
Without that, nothing is said of what is not in the code.

## Why it matters

What this tool finds in code, a rule of AWS Config finds in the account: the table that somebody created by hand, the
point-in-time recovery that was switched off during an incident and stayed off.

## Example

Terraform, fails:

```terraform
resource "aws_config_configuration_recorder" "all" {
  role_arn = "arn:aws:iam::111122223333:role/config"
}

resource "aws_config_config_rule" "buckets" {
  name = "buckets"

  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
  }
}
```

Terraform, passes:

```terraform
resource "aws_config_configuration_recorder" "all" {
  role_arn = "arn:aws:iam::111122223333:role/config"
}

resource "aws_config_config_rule" "recovery" {
  name = "recovery"

  source {
    owner             = "AWS"
    source_identifier = "DYNAMODB_PITR_ENABLED"
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Recorder:
    Type: AWS::Config::ConfigurationRecorder
    Properties: {RoleARN: arn:aws:iam::111122223333:role/config}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Recorder:
    Type: AWS::Config::ConfigurationRecorder
    Properties: {RoleARN: arn:aws:iam::111122223333:role/config}
  Recovery:
    Type: AWS::Config::ConfigRule
    Properties:
      Source: {Owner: AWS, SourceIdentifier: DYNAMODB_PITR_ENABLED}
```

## How to fix

Add the managed rules that matter to you, such as `DYNAMODB_PITR_ENABLED`, `DYNAMODB_TABLE_ENCRYPTED_KMS`,
`DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED`, `DYNAMODB_RESOURCES_PROTECTED_BY_BACKUP_PLAN` and
`DAX_ENCRYPTION_ENABLED`, or a conformance pack with them. If a standard of Security Hub, which brings rules of its own,
or the organization has them, suppress the finding with that as the reason.

## Undecided

The identifier of a rule, or the template of a conformance pack, is not in the code; or, where the project is a whole
account, part of its code is not on disk.

## References

- [AWS Config: managed rules](https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html)
- [AWS Config: conformance packs](https://docs.aws.amazon.com/config/latest/developerguide/conformance-packs.html)
- [Security Hub: DynamoDB controls](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.answers import Answer, any_of
from dynavet.model import Account, Project, Recorder
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet_checks.detection.recorded_types import is_about_tables
from dynavet_checks.detection.whole_account import lacking


def judge(_: Recorder, project: Project) -> Judgement:
    judged = _rules(project)
    if judged.truth is None:
        return Undecided(reasons=judged.reasons, at=judged.reasons[0].origin)
    if judged.truth:
        return Pass()
    return Fail(message="AWS Config has no rule about tables in this code: none of the managed rules for DynamoDB.")


def judge_account(_: Account, project: Project) -> Judgement | None:
    judged = _rules(project)
    if project.recorders or judged.truth is not False:
        return None
    return lacking(project, "No rule of AWS Config judges the tables: the code of the account has none about them.")


def _rules(project: Project) -> Answer:
    return any_of(map(is_about_tables, project.config_rules))


RULE = Rule(
    id="DDB406",
    name="config-rules",
    severity=Severity.LOW,
    checks={Scope.RECORDER: judge, Scope.ACCOUNT: judge_account},
    practices=("D5",),
    reads=("recorders", "config_rules"),
    doc=__doc__,
)
