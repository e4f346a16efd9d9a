"""A DAX cluster talks to its clients without encryption.

## What it does

Asks of every DAX cluster whether the encryption type of its endpoint is `TLS`. Without the setting it is `NONE`.

## Why it matters

Between DynamoDB and its clients there is always TLS. A cluster of DynamoDB Accelerator (DAX) in between is another
matter: without this setting requests and items pass through the VPC in the clear, and clients have no certificate
by which they could tell the cluster from something that took its place.

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
  cluster_name                     = "orders"
  iam_role_arn                     = "arn:aws:iam::111122223333:role/dax"
  node_type                        = "dax.t3.small"
  replication_factor               = 3
  cluster_endpoint_encryption_type = "TLS"
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
      ClusterEndpointEncryptionType: TLS
```

## How to fix

Set `cluster_endpoint_encryption_type`, or `ClusterEndpointEncryptionType`, to `TLS`. A cluster that is there cannot be
changed: the deployment replaces it by an empty one, and with a fixed name it must be given another. Clients need a
version of the DAX client that knows TLS, the new endpoint (`daxs://…`), and a security group that lets them in at port
9111 in place of 8111. Move them before the old cluster goes.

## Undecided

The encryption type depends on an input without a value.

## References

- [DAX: encryption in transit](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionInTransit.html)
- [Security Hub: DynamoDB.7](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html)
"""

from __future__ import annotations

from dynavet.iam.patterns import undecided_parts
from dynavet.model import DaxCluster, Project
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Unknown, single

TLS = "TLS"


def judge_cluster(cluster: DaxCluster, _: Project) -> Judgement:
    kind = single(cluster.endpoint_encryption)
    at = kind.origin or cluster.origin
    if isinstance(kind, Unknown):
        return Undecided(reasons=(kind,), at=at)
    if kind.value is not None and kind.value.literal is None:
        return Undecided(reasons=undecided_parts(kind.value, at), at=at)
    if kind.value is not None and kind.value.literal == TLS:
        return Pass(at=at)
    return Fail(message="The cluster has no encryption in transit.", at=at)


RULE = Rule(
    id="DDB109",
    name="dax-encryption-in-transit",
    severity=Severity.HIGH,
    checks={Scope.DAX_CLUSTER: judge_cluster},
    practices=("I1",),
    security_hub=("DynamoDB.7",),
    peer_ids=("checkov:CKV_AWS_239",),
    config_rules=("dax-tls-endpoint-encryption",),
    doc=__doc__,
)
