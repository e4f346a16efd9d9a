"""A required tag is missing from a table or replica.

## What it does

Looks for the required tag keys, in any letter case, among the effective tags of every table and replica. They are
`Security` and `Environment`, or what `required-tags` in the configuration lists; with `case-sensitive-tags` letter
case counts. Effective are the resource's own tags over the `default_tags` of the Terraform provider or the tags
of the stack. A replica counts with its own tags, which it has from the table only where they are propagated. A tag
whose value is `null` (or `AWS::NoValue`) is not there; a tag whose value is not known counts as present.

## Why it matters

Tags carry the classification and the owner of the data. Attribute-based access control, alarms, and the reports
of AWS Config and Security Hub select tables by them, and pass over a table without them.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  tags     = { Environment = "prod" }
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  tags     = { Environment = "prod", Security = "confidential" }
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
      Tags:
        - {Key: Environment, Value: prod}
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
      Tags:
        - {Key: Environment, Value: prod}
        - {Key: Security, Value: confidential}
```

## How to fix

Add the tags to the resource, or once for all resources to `default_tags` of the provider. For replicas in
Terraform set `propagate_tags = true`; for a CloudFormation global table give each entry of `Replicas` its `Tags`.

## Undecided

A key is not among the known tags, and further tags come from something that the code does not decide, such as a
variable without a value.

## References

- [DynamoDB: tagging resources](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html)
- [DynamoDB: attribute-based access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html)
- [Security Hub: DynamoDB.5](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.model import Project, Replica, Settings, Table, Tags
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin, Unknown, Value, single
from dynavet_checks.governance.tag_entries import entries_of
from dynavet_checks.table.table_flags import subject


def judge_table(table: Table, project: Project) -> Judgement | None:
    return _judge(table.tags, subject(table), table.origin, project.settings)


def judge_replica(pair: tuple[Replica, Table], project: Project) -> Judgement | None:
    replica, _table = pair
    return _judge(replica.tags, subject(replica), replica.origin, project.settings)


def _judge(value: Value[Tags] | Value[Tags | None], who: str, header: Origin, settings: Settings) -> Judgement | None:
    tags = single(value)
    if isinstance(tags, Unknown):
        return Undecided(reasons=(tags,), at=tags.origin or header)
    effective = tags.value
    if effective is None:
        return None
    at = effective.origin or header
    missing = tuple(key for key in settings.required_tags if not _present(key, effective, settings))
    if not missing:
        return Pass(at=at)
    if effective.more:
        return Undecided(reasons=effective.more, at=at, message=f"{who} may lack {_listed(missing)}.")
    return Fail(message=f"{who} lacks {_listed(missing)}.", at=at, evidence=missing)


def _present(key: str, tags: Tags, settings: Settings) -> bool:
    values = (value for _, value in entries_of(tags, key, settings))
    return any(isinstance(value, Unknown) or value.value is not None for value in values)


def _listed(keys: tuple[str, ...]) -> str:
    return f"the required tag{'s' if len(keys) > 1 else ''} {', '.join(keys)}"


RULE = Rule(
    id="DDB501",
    name="required-tags",
    severity=Severity.LOW,
    checks={Scope.TABLE: judge_table, Scope.REPLICA: judge_replica},
    practices=("D6",),
    security_hub=("DynamoDB.5",),
    peer_ids=("kics:e38a8e0a",),
    doc=__doc__,
)
