"""A security group of a DAX cluster is open to the world.

## What it does

Looks for what the security groups of every DAX cluster let in, by rules within the group and by rules of their own.
It fails if that is all of IPv4 (`0.0.0.0/0`, in whatever spelling or parts) or all of IPv6 (`::/0`) by TCP at one of
the ports of DAX: 8111, or 9111 for TLS. Rules for other ports do not matter to the cluster, and a public address range
that is less than everything is taken to be meant.

A cluster that names no security group has the default one of its VPC. In a VPC that the code declares, this group
lets in nothing but itself, unless the code says otherwise.

## Why it matters

The nodes of a cluster have no public addresses. Its security group is what keeps everything else out that has a way
into the VPC: other workloads, peered networks, a VPN, a proxy, a load balancer that somebody puts in front. Whoever
connects and has credentials for the cluster reads items with the cluster's role, past all conditions on rows and
attributes that the policies of DynamoDB set.

## Example

Terraform, fails:

```terraform
resource "aws_security_group" "cache" {
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    protocol    = "tcp"
    from_port   = 9111
    to_port     = 9111
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_dax_cluster" "orders" {
  cluster_name       = "orders"
  iam_role_arn       = "arn:aws:iam::111122223333:role/dax"
  node_type          = "dax.t3.small"
  replication_factor = 3
  security_group_ids = [aws_security_group.cache.id]
}
```

Terraform, passes:

```terraform
resource "aws_security_group" "application" {
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_security_group" "cache" {
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    protocol        = "tcp"
    from_port       = 9111
    to_port         = 9111
    security_groups = [aws_security_group.application.id]
  }
}

resource "aws_dax_cluster" "orders" {
  cluster_name       = "orders"
  iam_role_arn       = "arn:aws:iam::111122223333:role/dax"
  node_type          = "dax.t3.small"
  replication_factor = 3
  security_group_ids = [aws_security_group.cache.id]
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  CacheGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: the cache
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 9111, ToPort: 9111, CidrIp: 0.0.0.0/0}
  Orders:
    Type: AWS::DAX::Cluster
    Properties:
      IAMRoleARN: arn:aws:iam::111122223333:role/dax
      NodeType: dax.t3.small
      ReplicationFactor: 3
      SecurityGroupIds: [!GetAtt CacheGroup.GroupId]
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  ApplicationGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: what uses the cache, VpcId: vpc-0123456789abcdef0}
  CacheGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: the cache
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 9111
          ToPort: 9111
          SourceSecurityGroupId: !GetAtt ApplicationGroup.GroupId
  Orders:
    Type: AWS::DAX::Cluster
    Properties:
      IAMRoleARN: arn:aws:iam::111122223333:role/dax
      NodeType: dax.t3.small
      ReplicationFactor: 3
      SecurityGroupIds: [!GetAtt CacheGroup.GroupId]
```

## How to fix

Let in the security groups of the workloads that use the cluster (`security_groups`, `referenced_security_group_id`,
`SourceSecurityGroupId`) in place of addresses, at the one port that the cluster listens at. Groups and their rules
change in place.

## Undecided

A security group is not in the code, nor is the VPC of a cluster that names none; the group, protocol, port or source
of a rule depends on an input without a value; or a rule lets in a prefix list.

## References

- [DAX: creating a cluster](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.create-cluster.html)
- [Amazon VPC: default security groups](https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html)
"""

from __future__ import annotations

from dynavet.model import DaxCluster, Project
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.network.cluster_groups import Groups
from dynavet_checks.network.world_access import Access, Opening, admits, everything

PORTS = (8111, 9111)
"""Where clusters listen: without TLS and with it."""


def judge_cluster(cluster: DaxCluster, project: Project) -> Judgement:
    groups = Groups(cluster, project)
    access = {port: Access() for port in PORTS}
    for rule in project.ingress_rules:
        belongs = groups.has(rule)
        for port, found in access.items():
            found.add(rule, belongs & admits(rule, port))
    opened = {port: openings for port, found in access.items() if (openings := everything(found.sure))}
    if opened:
        return _failure(cluster, groups, opened)
    reasons = (*groups.reasons, *(reason for found in access.values() for reason in found.undecided))
    if not reasons:
        return Pass(at=cluster.origin)
    message = "It names no security group: it has the default one of its VPC." if groups.default else ""
    return Undecided(reasons=tuple(dict.fromkeys(reasons)), at=reasons[0].origin or cluster.origin, message=message)


def _failure(cluster: DaxCluster, groups: Groups, opened: dict[int, list[Opening]]) -> Fail:
    first, *others = dict.fromkeys(each for openings in opened.values() for each in openings)
    ranges = " and ".join(dict.fromkeys(str(each) for each in (first, *others)))
    ports = f"port{'s' if len(opened) > 1 else ''} {' and '.join(map(str, opened))}"
    which = "the default security group of its VPC, which it has as it names none," if groups.default else "its group"
    return Fail(
        message=f"The cluster is open to the world: {which} lets in {ranges} at {ports}.",
        at=first.at,
        evidence=tuple(f"{each.rule.address} {each.network}" for each in (first, *others)),
        related=(
            Related(cluster.origin, "the cluster"),
            *(Related(each.at, f"lets in {each}") for each in others),
        ),
    )


RULE = Rule(
    id="DDB306",
    name="dax-network-exposure",
    severity=Severity.HIGH,
    checks={Scope.DAX_CLUSTER: judge_cluster},
    practices=("I3",),
    reads=("vpcs", "subnets", "security_groups", "ingress_rules"),
    doc=__doc__,
)
