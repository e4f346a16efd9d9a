"""The provisioned capacity of a table or index does not follow its load.

## What it does

Asks of every table that is not on demand (Terraform and CloudFormation provision capacity unless `billing_mode` or
`BillingMode` is `PAY_PER_REQUEST`, SAM's simple table only with `ProvisionedThroughput`), and of each of its global
secondary indexes, whether reads and writes have autoscaling of their own: a target of Application Auto Scaling for
that dimension, with a policy. The settings of a CloudFormation global table count as well, those for reads in
every replica. Local indexes use the capacity of the table. A schedule is no autoscaling.

## Why it matters

Requests above the capacity are throttled: whoever sends enough of them takes the application down for all others.
An index that cannot keep up throttles the writes of its table too, however well the table itself scales.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name           = "orders"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 5
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
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
      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
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
```

## How to fix

Set the billing mode to `PAY_PER_REQUEST`, or declare a target (`aws_appautoscaling_target`,
`AWS::ApplicationAutoScaling::ScalableTarget`) and a policy for what the message names: reads and writes, of the table
and of each global index. With both, have Terraform ignore changes of the capacity.

## Undecided

The billing mode, an index, or what a target or policy is for depends on an input without a value; or a module or
nested template of the project, which may declare what is lacking, is not on disk.

## References

- [DynamoDB: throughput capacity with auto scaling](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html)
- [Security Hub: DynamoDB.1](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.iam.patterns import undecided_parts
from dynavet.model import Project, Table
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Known, Unknown, single
from dynavet_checks.governance.scaled_capacity import Capacity, capacities


def judge(table: Table, project: Project) -> Judgement:
    mode = single(table.billing_mode)
    at = mode.origin or table.origin
    if isinstance(mode, Unknown):
        return Undecided(reasons=(mode,), at=at)
    if mode.value is not None:
        reasons = undecided_parts(mode.value, mode.origin)
        if reasons:
            return Undecided(reasons=reasons, at=at)
        if mode.value.literal == "PAY_PER_REQUEST":
            return Pass(at=at)
    lacking: list[str] = []
    undecided: list[Unknown] = []
    for each in capacities(table):
        if isinstance(each, Unknown):
            undecided.append(each)
            continue
        scaled = each.is_scaled(project)
        undecided += scaled.reasons
        if scaled.truth is False:
            lacking.append(_called(each))
    if lacking and project.missing:
        reasons = tuple(Unknown(f"what {each.source} declares is not in this code", at) for each in project.missing)
        message = f"Nothing in this code scales {', '.join(lacking)}."
        return Undecided(reasons=reasons, at=at, message=message)
    if lacking:
        message = f"The capacity is provisioned, without autoscaling of {', '.join(lacking)}."
        return Fail(message=message, at=at, evidence=tuple(lacking))
    return Undecided(reasons=tuple(dict.fromkeys(undecided)), at=at) if undecided else Pass(at=at)


def _called(capacity: Capacity) -> str:
    what = "reads" if capacity.reads else "writes"
    if capacity.index is None:
        return f"{what} of the table"
    name = capacity.index.name
    return f"{what} of index {name.value}" if isinstance(name, Known) else f"{what} of an index"


RULE = Rule(
    id="DDB503",
    name="capacity",
    severity=Severity.LOW,
    checks={Scope.TABLE: judge},
    security_hub=("DynamoDB.1",),
    peer_ids=("checkov:CKV2_AWS_16",),
    config_rules=("dynamodb-autoscaling-enabled",),
    reads=("scaling_targets", "scaling_policies", "missing"),
    doc=__doc__,
)
