"""The customer managed key of a table is not rotated by itself.

## What it does

Judges every key of the code that encrypts a table or a replica, whether it is named by reference, by ARN or by alias.
It fails if automatic rotation is not enabled.

Keys that AWS cannot rotate by itself are not judged: asymmetric and HMAC keys, which DynamoDB does not take either,
keys with imported material and keys in custom key stores. A replica of a multi-Region key shares the rotation of its
primary key. Keys that no table uses are the matter of other tools.

## Why it matters

Rotation bounds how much is protected by one piece of key material. Old material stays for what it encrypted, so
nothing has to be encrypted again, nothing breaks, and key id, ARN and policy stay as they are.

## Example

Terraform, fails:

```terraform
resource "aws_kms_key" "orders" {
  description = "Table orders"
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}
```

Terraform, passes:

```terraform
resource "aws_kms_key" "orders" {
  description         = "Table orders"
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: Table orders
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: Table orders
      EnableKeyRotation: true
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
```

## How to fix

Set `enable_key_rotation`, or `EnableKeyRotation`. The key is rotated once a year; `rotation_period_in_days`
(`RotationPeriodInDays`) makes that anything from 90 to 2,560 days.

## Undecided

Whether it is on, what kind of key it is, or whether a table uses it, depends on an input without a value.

## References

- [KMS: rotating keys](https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html)
- [KMS: multi-Region keys](https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html)
"""

from __future__ import annotations

from dynavet.answers import Answer, any_of, ask
from dynavet.model import Key, Project
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Unknown, Value, single
from dynavet_checks.access.table_keys import uses_of


def judge(key: Key, project: Project) -> Judgement | None:
    uses = uses_of(key, project)
    rotatable = _is(key.spec, "SYMMETRIC_DEFAULT") & _is(key.material, "AWS_KMS")
    concerned = any_of(use.answer for use in uses) & rotatable
    if concerned.truth is False or key.replica:
        return None
    rotates = single(key.rotates)
    at = rotates.origin or key.origin
    if not isinstance(rotates, Unknown) and rotates.value is True:
        return Pass(at=at)
    unknown = (rotates,) if isinstance(rotates, Unknown) else ()
    if unknown or concerned.truth is None:
        return Undecided(reasons=(*unknown, *concerned.reasons), at=at)
    sure = [use for use in uses if use.answer.truth]
    return Fail(
        message=f"The key encrypts {', '.join(dict.fromkeys(map(str, sure)))} and is not rotated.",
        at=at,
        related=tuple(Related(use.table.origin, "encrypted with the key") for use in sure),
    )


def _is(value: Value[Text | None], default: str) -> Answer:
    """Whether it is the default, said or not."""
    return ask(lambda text: text is None or text.literal == default, single(value))


RULE = Rule(
    id="DDB103",
    name="key-rotation",
    severity=Severity.MEDIUM,
    checks={Scope.KEY: judge},
    practices=("P1",),
    peer_ids=("checkov:CKV_AWS_7", "trivy:AWS-0065", "cfn_nag:F19", "cdk-nag:AwsSolutions-KMS5"),
    config_rules=("cmk-backing-key-rotation-enabled",),
    reads=("tables", "replicated", "keys"),
    doc=__doc__,
)
