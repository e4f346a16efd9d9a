"""A Kinesis stream that receives the changes of a table is not encrypted.

## What it does

Looks at every Kinesis data stream of the code that is the streaming destination of a table, and fails if it is
declared without server-side encryption: `encryption_type` is absent or `NONE`, or there is no `StreamEncryption`.
A key of `kms_key_id` alone encrypts nothing. Any KMS key passes, `alias/aws/kinesis` as well.

Where all tables whose changes the stream receives are in the code and are lock tables of Terraform, have a time to
live, or are marked by `context` in the configuration as not for production, the severity is low. If one of them is
marked as sensitive it is high.

## Why it matters

The stream holds the items of the table, as they were and as they became, for up to a year. The encryption at rest
of the table ends where the stream begins: without its own, what the key of the table keeps from readers lies in the
shards in the clear.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_kinesis_stream" "changes" {
  name        = "changes"
  shard_count = 1
}

resource "aws_dynamodb_kinesis_streaming_destination" "orders" {
  table_name = aws_dynamodb_table.orders.name
  stream_arn = aws_kinesis_stream.changes.arn
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_kinesis_stream" "changes" {
  name            = "changes"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

resource "aws_dynamodb_kinesis_streaming_destination" "orders" {
  table_name = aws_dynamodb_table.orders.name
  stream_arn = aws_kinesis_stream.changes.arn
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Changes:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      KinesisStreamSpecification: {StreamArn: !GetAtt Changes.Arn}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Changes:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: 1
      StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      KinesisStreamSpecification: {StreamArn: !GetAtt Changes.Arn}
```

## How to fix

Set `encryption_type = "KMS"` and `kms_key_id` of the stream, or its `StreamEncryption`. With a customer managed key,
the producers and consumers of the stream need permission on it. Records that are in the stream already stay as they
are until they expire.

## Undecided

The encryption depends on an input without a value, or the stream is not in the code.

## References

- [Kinesis: server-side encryption](https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html)
- [DynamoDB: change data capture for Kinesis Data Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html)
"""

from __future__ import annotations

from dynavet.answers import any_of
from dynavet.iam.patterns import undecided_parts
from dynavet.model import DataStream, Project, StreamDestination, Table
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.values import Unknown, single
from dynavet_checks.table.meant import means
from dynavet_checks.table.table_context import severity_of

_MEDIUM = Severity.MEDIUM


def judge_stream(stream: DataStream, project: Project) -> Judgement | None:
    """Destinations that may be another stream say for themselves that they are undecided."""
    fed = [each for each in project.stream_destinations if means(each.stream, stream, stream.name).truth]
    if not fed:
        return None
    encryption = single(stream.encryption)
    at = encryption.origin or stream.origin
    if isinstance(encryption, Unknown):
        return Undecided(reasons=(encryption,), at=at)
    if encryption.value is not None and encryption.value.literal != "NONE":
        reasons = undecided_parts(encryption.value, encryption.origin)
        return Undecided(reasons=reasons, at=at) if reasons else Pass(at=at)
    severity, why = _severity(fed, project)
    return Fail(
        message=f"The stream receives the changes of a table and has no server-side encryption.{why}",
        at=at,
        severity=severity,
        related=tuple(Related(each.origin, "makes it the destination of a table") for each in fed),
    )


def _severity(fed: list[StreamDestination], project: Project) -> tuple[Severity | None, str]:
    """How severe it is by the table that matters most; one that is not in the code is as any other."""
    tables = [table for each in fed for table in _tables_of(each, project)]
    found = [severity_of(table, project, _MEDIUM) if table is not None else (None, "") for table in tables]
    return max(found, key=lambda each: _MEDIUM if each[0] is None else each[0])


def _tables_of(destination: StreamDestination, project: Project) -> list[Table | None]:
    return [table for table in project.tables if means(destination.table, table, table.name).truth] or [None]


def judge_destination(destination: StreamDestination, project: Project) -> Judgement | None:
    """A stream of the code is judged where it stands."""
    named = single(destination.stream)
    if isinstance(named, Unknown):
        return Undecided(reasons=(named,), at=named.origin or destination.origin)
    if named.value is None:
        return None
    found = any_of(means(named, stream, stream.name) for stream in project.data_streams)
    if found.truth:
        return None
    outside = Unknown(f"Kinesis stream {named.value} is not in this code", named.origin)
    return Undecided(reasons=found.reasons or (outside,), at=named.origin or destination.origin)


RULE = Rule(
    id="DDB110",
    name="stream-destination-encryption",
    severity=_MEDIUM,
    checks={Scope.DATA_STREAM: judge_stream, Scope.STREAM_DESTINATION: judge_destination},
    practices=("P1",),
    config_rules=("kinesis-stream-encrypted",),
    peer_ids=("checkov:CKV_AWS_43", "cfn_nag:W49"),
    reads=("stream_destinations", "data_streams", "tables"),
    doc=__doc__,
)
