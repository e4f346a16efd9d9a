"""A DAX cluster keeps items on the disks of its nodes in the clear.

## What it does

Asks of every DAX cluster whether encryption at rest is on. Without the setting it is off.

## Why it matters

A cluster of DynamoDB Accelerator (DAX) holds copies of items, and writes data to disk as it hands changes from its
primary node to the read replicas. The encryption of the table does not reach there: a table with a key of your own
has its items in the clear on the disks of a cluster without this setting.

## Example

Terraform, fails:

```terraform
resource "aws_dax_cluster" "orders" {
  cluster_name       = "orders"
  iam_role_arn       = "arn:aws:iam::111122223333:role/dax"
  node_type          = "dax.t3.small"
  replication_factor = 3
}
```

Terraform, passes:

```terraform
resource "aws_dax_cluster" "orders" {
  cluster_name       = "orders"
  iam_role_arn       = "arn:aws:iam::111122223333:role/dax"
  node_type          = "dax.t3.small"
  replication_factor = 3

  server_side_encryption {
    enabled = true
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DAX::Cluster
    Properties:
      IAMRoleARN: arn:aws:iam::111122223333:role/dax
      NodeType: dax.t3.small
      ReplicationFactor: 3
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DAX::Cluster
    Properties:
      IAMRoleARN: arn:aws:iam::111122223333:role/dax
      NodeType: dax.t3.small
      ReplicationFactor: 3
      SSESpecification:
        SSEEnabled: true
```

## How to fix

Turn it on in the block `server_side_encryption`, or in `SSESpecification`. A cluster that is there cannot be changed:
the deployment replaces it by an empty one, and with a fixed name it must be given another. The tables are not
touched. DAX takes a key that AWS manages and no other, and nodes of type `dax.r3` cannot be encrypted.

## Undecided

Whether it is on depends on an input without a value.

## References

- [DAX: encryption at rest](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionAtRest.html)
- [Security Hub: DynamoDB.3](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.model import DaxCluster, Project
from dynavet.rule import Judgement, Rule, Scope, Severity
from dynavet_checks.table.table_flags import judge_flag


def judge_cluster(cluster: DaxCluster, _: Project) -> Judgement:
    return judge_flag(cluster, cluster.encryption_at_rest, "no encryption at rest")


RULE = Rule(
    id="DDB108",
    name="dax-encryption-at-rest",
    severity=Severity.HIGH,
    checks={Scope.DAX_CLUSTER: judge_cluster},
    practices=("P1",),
    security_hub=("DynamoDB.3",),
    peer_ids=("checkov:CKV_AWS_47", "trivy:AWS-0023", "cfn_nag:W83", "cdk-nag:AwsSolutions-DDB4"),
    config_rules=("dax-encryption-enabled",),
    doc=__doc__,
)
