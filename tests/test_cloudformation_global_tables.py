"""CloudFormation's global tables: what is set per replica belongs to that replica."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dynavet.engine import Options, scan
from dynavet.model import PolicyKind, Project
from dynavet.rule import Outcome
from dynavet.sources import Sources
from dynavet.text import Hole, Text
from dynavet.values import Known, OneOf, Unknown
from dynavet_parsers.cloudformation import read_template

TABLE = """
Parameters:
  Key: {Type: String}
  Far: {Type: String}
  Regions: {Type: CommaDelimitedList}
Conditions:
  HasFar: !Not [!Equals [!Ref Far, ""]]
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      SSESpecification: {SSEEnabled: true, SSEType: KMS}
      GlobalTableWitnesses: [{Region: us-west-2}]
      Replicas:
        - Region: !Ref AWS::Region
          PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
          DeletionProtectionEnabled: "true"
          SSESpecification: {KMSMasterKeyId: alias/orders}
          Tags: [{Key: Security, Value: high}]
          ResourcePolicy:
            PolicyDocument:
              Statement: [{Sid: here, Effect: Allow, Action: dynamodb:GetItem, Resource: "*", Principal: "*"}]
        - !If
          - HasFar
          - Region: us-east-1
            SSESpecification: {KMSMasterKeyId: !Ref Key}
            ReplicaStreamSpecification:
              ResourcePolicy:
                PolicyDocument: '{"Statement": {"Sid": "far", "Effect": "Allow", "Action": "dynamodb:GetRecords"}}'
          - !Ref AWS::NoValue
        - Region: ap-south-1
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Project]:
    def template(text: str) -> Project:
        path = tmp_path / "template.yaml"
        path.write_text(text, encoding="utf-8")
        project = read_template(path, Sources([tmp_path], tmp_path))
        assert project is not None
        assert project.problems == []
        return project

    return template


def test_each_replica_has_its_region_key_and_tags(read: Callable[[str], Project]) -> None:
    (table,) = read(TABLE).tables
    home, far, south = table.replicas
    assert isinstance(home, Known)
    assert home.value is not None
    assert home.value.region == Known(Text((Hole("AWS::Region is decided at deployment"),)))
    assert str(home.value.key.value if isinstance(home.value.key, Known) else "") == "alias/orders"
    assert isinstance(home.value.tags, Known)
    assert set(home.value.tags.value.entries) == {"Security"}
    assert isinstance(far, OneOf)
    without, given = dict(far.branches)[""], dict(far.branches)["another value"]
    assert without == Known(None)
    assert isinstance(given, Known)
    assert given.value is not None
    assert given.value.key == Unknown("parameter Key has no default")
    assert isinstance(south, Known)
    assert south.value is not None
    assert south.value.key == Known(None)
    assert table.more_replicas == ()


def test_a_witness_holds_no_data_and_is_no_replica(read: Callable[[str], Project]) -> None:
    (table,) = read(TABLE).tables
    regions = [each.value.region for each in table.replicas if isinstance(each, Known) and each.value is not None]
    assert "us-west-2" not in map(str, (region.value for region in regions if isinstance(region, Known)))


def test_policies_of_a_replica_and_of_its_stream(read: Callable[[str], Project]) -> None:
    here, far = read(TABLE).policies
    assert (here.kind, here.label, here.exists) == (PolicyKind.RESOURCE, "table.[0]", Known(True))
    assert (far.kind, far.label) == (PolicyKind.RESOURCE, "stream.[1]")
    assert far.exists == OneOf("parameter Far", (("", Known(False)), ("another value", Known(True))))


def test_replicas_that_are_listed_elsewhere_are_open(read: Callable[[str], Project]) -> None:
    text = "Parameters: {R: {Type: String}}\nResources:\n  T:\n    Type: AWS::DynamoDB::GlobalTable\n" + (
        "    Properties: {TableName: t, Replicas: !Ref R}\n"
    )
    (table,) = read(text).tables
    assert [slot for slot in (*table.replicas, *table.more_replicas) if isinstance(slot, Unknown)] == [
        Unknown("parameter R has no default")
    ]


def test_recovery_and_protection_are_of_the_replica_that_sets_them(read: Callable[[str], Project]) -> None:
    (table,) = read(TABLE).tables
    assert table.is_its_replicas
    home, _, south = table.replicas
    for slot, expected in ((home, True), (south, None)):
        assert isinstance(slot, Known)
        assert slot.value is not None
        assert slot.value.point_in_time_recovery == Known(expected)
        assert slot.value.deletion_protection == Known(expected)


def test_rules_judge_each_replica(read: Callable[[str], Project], tmp_path: Path) -> None:
    read(TABLE)
    report = scan([tmp_path / "template.yaml"], Options(select=("DDB101", "DDB105", "DDB106", "DDB501")))
    failed = {(each.rule, each.message) for each in report.findings if each.outcome is Outcome.FAIL}
    passed = {each.rule for each in report.findings if each.outcome is Outcome.PASS}
    home, far, south = "a Region that is decided at deployment", "us-east-1", "ap-south-1"
    both = "lacks the required tags Security, Environment."
    assert failed == {
        ("DDB105", f"The replica in {far} has no point-in-time recovery."),
        ("DDB105", f"The replica in {south} has no point-in-time recovery."),
        ("DDB106", f"The replica in {far} has no deletion protection."),
        ("DDB106", f"The replica in {south} has no deletion protection."),
        ("DDB501", f"The replica in {home} lacks the required tag Environment."),
        ("DDB501", f"The replica in {far} {both}"),
        ("DDB501", f"The replica in {south} {both}"),
    }
    assert passed == {"DDB101", "DDB105", "DDB106"}
