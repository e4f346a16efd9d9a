"""AWS Config does not record tables, or tells nobody.

## What it does

Looks at every configuration recorder that the code declares. It fails when

- it is stopped: `is_enabled` of its `aws_config_configuration_recorder_status` is false, or there is no such resource,
  without which Terraform leaves a recorder stopped; or `StartedOnCreate` is false;
- its recording group leaves out `AWS::DynamoDB::Table`: excluded by type, or not among the included types;
- no delivery channel in the same Region (in Terraform: the same module and provider configuration, or else any)
  names a topic of SNS.

Where the configuration says `scope = "account"`, tables without any recorder fail as well, and so does a recorder
without delivery channel. Without that, nothing is said of what is not in the code.

## Why it matters

AWS Config keeps what a table was: its key, its backups, its tags, and when they changed. Its rules judge only what is
recorded. The topic is how a change reaches somebody on the same day.

## Example

Terraform, fails (nothing starts the recorder, no topic):

```terraform
resource "aws_config_configuration_recorder" "all" {
  role_arn = "arn:aws:iam::111122223333:role/config"
}

resource "aws_config_delivery_channel" "all" {
  s3_bucket_name = "config-history"
}
```

Terraform, passes:

```terraform
resource "aws_config_configuration_recorder" "all" {
  role_arn = "arn:aws:iam::111122223333:role/config"
}

resource "aws_config_configuration_recorder_status" "all" {
  name       = aws_config_configuration_recorder.all.name
  is_enabled = true
}

resource "aws_sns_topic" "changes" {
  name = "config-changes"
}

resource "aws_config_delivery_channel" "all" {
  s3_bucket_name = "config-history"
  sns_topic_arn  = aws_sns_topic.changes.arn
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Recorder:
    Type: AWS::Config::ConfigurationRecorder
    Properties:
      RoleARN: arn:aws:iam::111122223333:role/config
      RecordingGroup:
        RecordingStrategy: {UseOnly: EXCLUSION_BY_RESOURCE_TYPES}
        ExclusionByResourceTypes: {ResourceTypes: ["AWS::DynamoDB::Table"]}
  Channel:
    Type: AWS::Config::DeliveryChannel
    Properties:
      S3BucketName: config-history
      SnsTopicARN: arn:aws:sns:eu-west-1:111122223333:config-changes
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Recorder:
    Type: AWS::Config::ConfigurationRecorder
    Properties:
      RoleARN: arn:aws:iam::111122223333:role/config
  Channel:
    Type: AWS::Config::DeliveryChannel
    Properties:
      S3BucketName: config-history
      SnsTopicARN: arn:aws:sns:eu-west-1:111122223333:config-changes
```

## How to fix

Start the recorder, record all supported types or add `AWS::DynamoDB::Table` to those that are recorded, and give the
delivery channel a topic (`sns_topic_arn`, `SnsTopicARN`) to which somebody subscribes.

## Undecided

One of these depends on an input without a value; no delivery channel is in the code; or, where the project is a whole
account, part of its code is not on disk.

## References

- [AWS Config: recording AWS resources](https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html)
- [AWS Config: managing the delivery channel](https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html)
- [CloudFormation: AWS::Config::ConfigurationRecorder](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configurationrecorder.html)
- [Terraform: aws_config_configuration_recorder_status](https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/config_configuration_recorder_status.html.markdown)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import NO, any_of, ask, undecided
from dynavet.model import Account, Project, Recorder
from dynavet.rule import Judgement, Rule, Scope, Severity
from dynavet.values import Unknown, single
from dynavet_checks.detection.demands import Demand, judged
from dynavet_checks.detection.recorded_types import records_tables, types_origin
from dynavet_checks.detection.whole_account import lacking


def judge(recorder: Recorder, project: Project) -> Judgement:
    return judged(_demands(recorder, project), "AWS Config:")


def _demands(recorder: Recorder, project: Project) -> Iterator[Demand]:
    recording = recorder.recording
    yield Demand("recording", "the recorder is stopped", ask(lambda on: on, single(recording)), recording.origin)
    tables = records_tables(recorder)
    yield Demand("tables", "the recorder leaves out AWS::DynamoDB::Table", tables, types_origin(recorder))
    near = [each for each in project.delivery_channels if each.place == recorder.place]
    channels = near or project.delivery_channels
    if channels:
        lack = "the delivery channel names no topic of SNS"
        told = any_of(ask(lambda topic: topic is not None, single(each.topic)) for each in channels)
        yield Demand("topic", lack, told, channels[0].origin)
    else:
        unseen = undecided(Unknown("the delivery channel of AWS Config is not in this code", recorder.origin))
        whole = project.settings.whole_account and not project.missing
        yield Demand("channel", "there is no delivery channel", NO if whole else unseen)


def judge_account(_: Account, project: Project) -> Judgement | None:
    if project.recorders:
        return None
    return lacking(project, "AWS Config does not record the tables: the code of the account has no recorder.")


RULE = Rule(
    id="DDB405",
    name="config-recorder",
    severity=Severity.MEDIUM,
    checks={Scope.RECORDER: judge, Scope.ACCOUNT: judge_account},
    practices=("D4",),
    peer_ids=("checkov:CKV2_AWS_45",),
    reads=("recorders", "delivery_channels"),
    doc=__doc__,
)
