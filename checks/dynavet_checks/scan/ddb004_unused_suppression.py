"""A suppression matches nothing.

## What it does

Reports a suppression that hides no finding, and one of several rules for which it hides none. Only rules that ran
count, and only what was read whole: not where a module is missing or a file is broken, and an entry of the
configuration only if the scan covers its directory.

## Why it matters

What is left behind after a fix, or after a resource was moved, waits for the next finding to hide, which nobody
has decided about.

## Example

Terraform, fails (the table has a key of its own):

```terraform
# dynavet:ignore DDB101 reason="only public data"
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
}
```

CloudFormation, fails (the table has a key of its own):

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  # dynavet:ignore DDB101 reason="only public data"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification:
        SSEEnabled: true
        SSEType: KMS
        KMSMasterKeyId: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
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
      SSESpecification:
        SSEEnabled: true
        SSEType: KMS
        KMSMasterKeyId: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
```

CloudFormation in JSON, fails (the table has a key of its own):

```json
{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Resources": {
    "Orders": {
      "Type": "AWS::DynamoDB::Table",
      "Metadata": {
        "dynavet": {
          "ignore": [
            {
              "id": "DDB101",
              "reason": "only public data"
            }
          ]
        }
      },
      "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "SSESpecification": {
          "SSEEnabled": true,
          "SSEType": "KMS",
          "KMSMasterKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        }
      }
    }
  }
}
```

CloudFormation in JSON, passes:

```json
{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Resources": {
    "Orders": {
      "Type": "AWS::DynamoDB::Table",
      "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "SSESpecification": {
          "SSEEnabled": true,
          "SSEType": "KMS",
          "KMSMasterKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        }
      }
    }
  }
}
```

Configuration, fails (the table has a key of its own):

```toml
[[ignore]]
id = "DDB101"
reason = "only public data"
```

Configuration, passes (the entry is gone):

```toml
```

## How to fix

Remove the suppression, or the id that it no longer needs.

## Undecided

Never: what cannot be told is not reported.

## References

- [NIST SP 800-53: CA-7 continuous monitoring, RA-5 vulnerability monitoring](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final)
"""

from __future__ import annotations

from dynavet.model import Project, Suppression, SuppressionState
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity


def judge(suppression: Suppression, _: Project) -> Judgement | None:
    if suppression.unused:
        listed = ", ".join(suppression.unused)
        message = f"There is no finding of {listed} that this could suppress."
        return Fail(message=message, at=suppression.origin, evidence=(listed, suppression.reason))
    return Pass(at=suppression.origin) if suppression.state is SuppressionState.ACTIVE else None


RULE = Rule(
    id="DDB004",
    name="unused-suppression",
    severity=Severity.INFO,
    checks={Scope.SUPPRESSION: judge},
    doc=__doc__,
)
