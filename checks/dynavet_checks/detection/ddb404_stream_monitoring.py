"""Nothing in the code watches the changes of a table.

## What it does

Asks of every table whether something in the code reads its changes:

- a consumer of its DynamoDB stream: an event source mapping of a Lambda function, an event of a SAM function, a pipe
  of EventBridge, or a pipeline of OpenSearch Ingestion;
- a consumer of a Kinesis data stream that is a streaming destination of the table: a mapping, event or pipe, a
  registered consumer, or a delivery stream of Amazon Data Firehose.

The stream or the destination of any one Region counts. A mapping that is not enabled and a pipe that is stopped read
nothing. Names, references and ARNs link them; Region and account in an ARN are taken for right.

Where the configuration says `scope = "account"`, a table that has neither a stream nor a destination fails, and so
does one whose changes nothing reads. Without that, nothing is said of what is not in the code.

## Why it matters

CloudTrail tells who called which operation, not what became of the items. The stream holds each item before and after
the change, in order, for 24 hours: from it mass deletion, tampering and writes to protected items can be noticed, and
undone. A stream without a consumer notices nothing, and keeps a copy of the items for whoever may read it.

## Example

With `scope = "account"` in the configuration.

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
}

resource "aws_lambda_event_source_mapping" "audit" {
  function_name     = "audit"
  event_source_arn  = aws_dynamodb_table.orders.stream_arn
  starting_position = "LATEST"
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
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
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
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
  Audit:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: audit
      EventSourceArn: !GetAtt Orders.StreamArn
      StartingPosition: LATEST
```

## How to fix

Turn the stream on, and let a function or a pipe read it that raises an alarm or keeps a record. If a program reads it
that the code does not show, such as one with the Kinesis Client Library or Apache Flink, or if the table is not worth
watching, suppress the finding with that as the reason. Turn a stream off that nobody needs.

## Undecided

Only where the project is a whole account: whether there is a stream or a destination, whether a consumer is active, or
what it reads depends on an input without a value; the Kinesis stream is not in the code; or part of the code is not on
disk.

## References

- [DynamoDB: change data capture for DynamoDB Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html)
- [DynamoDB: change data capture for Kinesis Data Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html)
- [DynamoDB: detective security best practices](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/best-practices-security-detective.html)
"""

from __future__ import annotations

from dynavet.answers import any_of
from dynavet.model import Project, Table
from dynavet.rule import Fail, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.detection.read_streams import destination_is_read, has_stream, is_destination_of, stream_is_read
from dynavet_checks.detection.whole_account import unread


def judge(table: Table, project: Project) -> Judgement | None:
    streamed = has_stream(table)
    fed = [(each, is_destination_of(each, table)) for each in project.stream_destinations]
    read = streamed & stream_is_read(table, project)
    read |= any_of(
        of_table & destination_is_read(each, project) for each, of_table in fed if of_table.truth is not False
    )
    at = table.stream_enabled.origin or table.origin
    if read.truth:
        return Pass(at=at)
    if not project.settings.whole_account:
        return None
    if read.truth is None:
        return Undecided(reasons=read.reasons, at=at)
    destinations = [each for each, of_table in fed if of_table.truth]
    message = "The table has no stream, and no Kinesis stream receives its changes."
    if streamed.truth or destinations:
        message = "Nothing in the code of the account reads the changes of the table."
    missing = unread(project)
    if missing:
        return Undecided(reasons=missing, at=at, message=message)
    return Fail(
        message=message,
        at=at,
        related=tuple(Related(each.origin, "makes a Kinesis stream receive the changes") for each in destinations),
    )


RULE = Rule(
    id="DDB404",
    name="stream-monitoring",
    severity=Severity.INFO,
    checks={Scope.TABLE: judge},
    practices=("D3",),
    reads=("stream_consumers", "stream_destinations", "data_streams", "missing"),
    doc=__doc__,
)
