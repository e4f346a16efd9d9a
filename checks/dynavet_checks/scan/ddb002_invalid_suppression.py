"""A suppression cannot be understood or granted.

## What it does

Reports a comment or an entry of metadata that is meant as a suppression and is none, because

- it names no rule, or a rule that does not exist; nothing else that it names is suppressed either,
- it gives no reason,
- a field or date in it cannot be understood,
- it stands on nothing: no block, attribute, property or item begins on its line or directly below,
- it names no evidence for a finding on a statement, where `require-evidence` in the configuration asks for it,
- it names a rule that may not be suppressed: one of `never-suppress` in the configuration, DDB000, or DDB002 to DDB004.

The finding that it was to hide stays.

## Why it matters

A suppression that silently does nothing is noticed only by the noise; one that is silently taken for something else
hides what nobody decided to hide. Without a reason, nobody can later tell whether it still holds.

## Example

Terraform, fails (no reason):

```terraform
# dynavet:ignore DDB101
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

Terraform, passes:

```terraform
# dynavet:ignore DDB101 reason="only public data"
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

CloudFormation, fails (no reason):

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  # dynavet:ignore DDB101
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
  # dynavet:ignore DDB101 reason="only public data"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
```

CloudFormation in JSON, fails (no reason):

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
              "id": "DDB101"
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
              "reason": "only public data"
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

Configuration, fails (a statement of a policy needs evidence):

```toml
[[ignore]]
id = "DDB201"
reason = "only for emergencies, alarmed"
```

Configuration, passes:

```toml
[[ignore]]
id = "DDB201"
reason = "only for emergencies, alarmed"
evidence = "dynamodb:*"
```

## How to fix

Write the comment on or directly above what it is for: `dynavet:ignore DDB101 reason="only public data"`, with
`until=2030-12-31` for what is to end. `dynavet rules` lists the ids.

## Undecided

Never: a suppression is valid or it is not.

## References

- [NIST SP 800-53: CA-7 continuous monitoring, RA-5 vulnerability monitoring](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final)
"""

from __future__ import annotations

from dynavet.model import Project, Suppression, SuppressionState
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity


def judge(suppression: Suppression, _: Project) -> Judgement:
    if suppression.state is not SuppressionState.INVALID:
        return Pass(at=suppression.origin)
    message = f"The suppression is not valid: {suppression.problem}"
    return Fail(message=message, at=suppression.origin, evidence=(suppression.problem,))


RULE = Rule(
    id="DDB002",
    name="invalid-suppression",
    severity=Severity.MEDIUM,
    checks={Scope.SUPPRESSION: judge},
    doc=__doc__,
)
