"""A replica of a table is encrypted with a key of AWS, not with a customer managed key.

## What it does

Asks of every replica which key encrypts it in its Region. Keys belong to one Region, so a replica does not inherit
the key of its table: a replica that names none is encrypted with a key of AWS, whatever the table has.

Replicas are the `replica` blocks of a Terraform table, `aws_dynamodb_table_replica`, also of tables that are not in
the code, the `Replicas` of a CloudFormation global table, and the Regions that `replicationRegions` of AWS CDK adds.
For a global table of CloudFormation, whether encryption is enabled is a setting of the table, the key one of each
replica. Without any customer managed key DDB101 says so of the table as well.

For a replica of a Terraform lock table (hash key `LockID`, no range key), of a table whose items expire by time to
live, and of one that `context` in the configuration marks as not for production, the severity is low. For one of a
table that is marked as sensitive it is high.

## Why it matters

Each replica holds all items. With a customer managed key in one Region only, everything can be read in another one
past the key policy, without the events of key use in CloudTrail, and disabling the key closes one copy of several.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0c7b5b5e-2a5d-4c1e-9f5e-2a5d4c1e9f5e"
  }

  replica {
    region_name = "eu-central-1"
  }
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0c7b5b5e-2a5d-4c1e-9f5e-2a5d4c1e9f5e"
  }

  replica {
    region_name = "eu-central-1"
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/4f1a9b1c-7d2e-4a3b-8c5d-6e7f8a9b0c1d"
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      SSESpecification: {SSEEnabled: true, SSEType: KMS}
      Replicas:
        - Region: eu-west-1
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      SSESpecification: {SSEEnabled: true, SSEType: KMS}
      Replicas:
        - Region: eu-west-1
          SSESpecification:
            KMSMasterKeyId: arn:aws:kms:eu-west-1:111122223333:key/0c7b5b5e-2a5d-4c1e-9f5e-2a5d4c1e9f5e
```

## How to fix

Name a key of the replica's own Region: `kms_key_arn` of the replica, or `KMSMasterKeyId` in its `SSESpecification`. A
replica key of a multi-Region key does. DynamoDB takes customer managed keys for all replicas of a table or for none.

## Undecided

Whether encryption is enabled, which key it names, or whether there is a replica at all, depends on an input without
a value.

## References

- [DynamoDB: encryption at rest in global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html)
- [DynamoDB: encryption at rest usage notes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html)
"""

from __future__ import annotations

from dynavet.model import Project, Replica, Table
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Known, Origin, Single, Unknown, single
from dynavet_checks.table.key_kind import KeyKind, key_kind
from dynavet_checks.table.table_context import severity_of
from dynavet_checks.table.table_flags import subject


def judge(pair: tuple[Replica, Table], project: Project) -> Judgement:
    replica, table = pair
    enabled = _enabled(table)
    if isinstance(enabled, Known) and enabled.value is not True:
        return _fail(replica, table, project, "the AWS owned key", enabled.origin)
    kind = key_kind(replica.key)
    if isinstance(kind, Known) and kind.value is not KeyKind.CUSTOMER:
        managed = table.is_its_replicas or single(replica.key) != Known(None)
        return _fail(replica, table, project, "the AWS managed key" if managed else "a key of AWS", kind.origin)
    reasons = tuple(value for value in (enabled, kind) if isinstance(value, Unknown))
    if reasons:
        return Undecided(reasons=reasons, at=reasons[0].origin or replica.origin)
    return Pass(at=kind.origin or replica.origin)


def _enabled(table: Table) -> Single[bool | None]:
    """Whether the replica's own key counts: only where tables are their replicas does something else decide that."""
    if not table.is_its_replicas:
        return Known(True)
    encryption = single(table.encryption)
    return encryption if isinstance(encryption, Unknown) else single(encryption.value.enabled)


def _fail(replica: Replica, table: Table, project: Project, key: str, at: Origin | None) -> Fail:
    severity, reason = severity_of(table, project, Severity.MEDIUM)
    return Fail(
        message=f"{subject(replica)} is encrypted with {key}, not with a customer managed key.{reason}",
        at=at or replica.origin,
        severity=severity,
    )


RULE = Rule(
    id="DDB102",
    name="replica-customer-managed-key",
    severity=Severity.MEDIUM,
    checks={Scope.REPLICA: judge},
    practices=("P1",),
    peer_ids=("checkov:CKV_AWS_271",),
    doc=__doc__,
)
