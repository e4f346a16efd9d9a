"""A table is encrypted with a key that AWS owns or manages, not with one of the customer's.

## What it does

DynamoDB encrypts every table at rest; the question is with whose key. This rule reads which kind it is:

| kind | `server_side_encryption` or `SSESpecification` |
|---|---|
| AWS owned | absent, or not enabled (a key given beside it is ignored) |
| AWS managed | enabled without a key, or with `alias/aws/dynamodb` in any spelling: name, ARN, data source of it |
| customer managed | enabled with any other key |

Only a customer managed key passes. A CloudFormation global table has its keys per replica: it fails here when none
of its replicas names one.

For a Terraform lock table (hash key `LockID`, no range key), for a table whose items expire by time to live, and for
one that `context` in the configuration marks as not for production, the severity is low. For one that is marked as
sensitive it is high.

## Why it matters

The policy of a customer managed key decides who may read the data, apart from the permissions on the table. Its
use appears in CloudTrail, it can be disabled, and rotation is yours to choose. The AWS owned key offers none of
these; the AWS managed key is visible in the account, but its policy cannot be changed, and it rules out access
from other accounts.

## Example

Terraform, fails (AWS managed key):

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"

  server_side_encryption {
    enabled = true
  }
}
```

Terraform, passes:

```terraform
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}
```

CloudFormation, fails (AWS owned key):

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
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification:
        SSEEnabled: true
        SSEType: KMS
        KMSMasterKeyId: !GetAtt Key.Arn
```

## How to fix

Create a symmetric key with rotation, and name it in `kms_key_arn` or `KMSMasterKeyId`, with encryption enabled.
DynamoDB changes the key of an existing table in place. Principals that use the table need permission on the key,
best through `kms:ViaService`.

## Undecided

Whether encryption is enabled, or which key it names, depends on an input without a value.

## References

- [DynamoDB: encryption at rest](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html)
- [DynamoDB: managing encrypted tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.tutorial.html)
- [Terraform: aws_dynamodb_table](https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/dynamodb_table.html.markdown)
"""

from __future__ import annotations

from dynavet.model import Encryption, Project, Table
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Known, Origin, Unknown, single
from dynavet_checks.table.key_kind import KeyKind, table_key_kind
from dynavet_checks.table.table_context import severity_of


def judge(table: Table, project: Project) -> Judgement:
    configured = single(table.encryption)
    if isinstance(configured, Unknown):
        return Undecided(reasons=(configured,), at=configured.origin)
    encryption = configured.value
    enabled = single(encryption.enabled)
    kind = table_key_kind(table, encryption)
    if isinstance(enabled, Known) and enabled.value is not True:
        return _fail(table, project, KeyKind.AWS_OWNED.value, enabled.origin or encryption.origin, _ignored(encryption))
    if isinstance(kind, Known) and kind.value is not KeyKind.CUSTOMER:
        names = "AWS managed" if isinstance(enabled, Known) else "AWS owned or the AWS managed"
        return _fail(table, project, names, kind.origin or encryption.origin)
    reasons = tuple(value for value in (enabled, kind) if isinstance(value, Unknown))
    if reasons:
        return Undecided(reasons=reasons, at=reasons[0].origin or encryption.origin)
    return Pass(at=encryption.origin)


def _fail(table: Table, project: Project, names: str, at: Origin | None, note: str = "") -> Fail:
    severity, why = severity_of(table, project, Severity.MEDIUM)
    return Fail(
        message=f"The table is encrypted with the {names} key, not with a customer managed key{note}.{why}",
        at=at,
        severity=severity,
    )


def _ignored(encryption: Encryption) -> str:
    key = encryption.key
    named = isinstance(key, Known) and key.value is not None
    return "; the key that is given is ignored, because encryption with it is not enabled" if named else ""


RULE = Rule(
    id="DDB101",
    name="table-customer-managed-key",
    severity=Severity.MEDIUM,
    checks={Scope.TABLE: judge},
    practices=("P1",),
    peer_ids=(
        "checkov:CKV_AWS_119",
        "trivy:AWS-0025",
        "cfn_nag:W74",
        "kics:ce089fd4",
        "kics:4bd21e68",
        "terrascan:AC_AWS_0457",
        "regula:FG_R00069",
    ),
    config_rules=("dynamodb-table-encrypted-kms",),
    doc=__doc__,
)
