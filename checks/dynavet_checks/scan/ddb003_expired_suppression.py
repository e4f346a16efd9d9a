"""A suppression has expired.

## What it does

Reports a suppression whose `until` has passed. The day itself still counts. From the next day on, the finding that
it hid is reported again.

## Why it matters

A suppression with an end was meant for the time until something is put right. The date is past, and it either has
been put right or was forgotten.

## Example

Terraform, fails:

```terraform
# dynavet:ignore DDB101 reason="key is being set up" until=2020-01-31
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

Terraform, passes:

```terraform
# dynavet:ignore DDB101 reason="key is being set up" until=2999-12-31
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  # dynavet:ignore DDB101 reason="key is being set up" until=2020-01-31
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
  # dynavet:ignore DDB101 reason="key is being set up" until=2999-12-31
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
```

CloudFormation in JSON, fails:

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
              "reason": "key is being set up",
              "until": "2020-01-31"
            }
          ]
        }
      },
      "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST"
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
      "Metadata": {
        "dynavet": {
          "ignore": [
            {
              "id": "DDB101",
              "reason": "key is being set up",
              "until": "2999-12-31"
            }
          ]
        }
      },
      "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST"
      }
    }
  }
}
```

Configuration, fails:

```toml
[[ignore]]
id = "DDB101"
reason = "key is being set up"
until = 2020-01-31
```

Configuration, passes:

```toml
[[ignore]]
id = "DDB101"
reason = "key is being set up"
until = 2999-12-31
```

## How to fix

Fix what the suppression hides and remove it, or decide again: give a later date and the reason for that.

## Undecided

Never: the day has passed or it has not.

## References

- [NIST SP 800-53: CA-7 continuous monitoring, RA-5 vulnerability monitoring](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final)
"""

from __future__ import annotations

from dynavet.model import Project, Suppression, SuppressionState
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity


def judge(suppression: Suppression, _: Project) -> Judgement | None:
    if suppression.until is None or suppression.state is SuppressionState.INVALID:
        return None
    if suppression.state is not SuppressionState.EXPIRED:
        return Pass(at=suppression.origin)
    listed = ", ".join(suppression.rules)
    message = f"The suppression of {listed} ended with {suppression.until}; its reason was: {suppression.reason}"
    evidence = (listed, str(suppression.until), suppression.reason)
    return Fail(message=message, at=suppression.origin, evidence=evidence)


RULE = Rule(
    id="DDB003",
    name="expired-suppression",
    severity=Severity.MEDIUM,
    checks={Scope.SUPPRESSION: judge},
    doc=__doc__,
)
