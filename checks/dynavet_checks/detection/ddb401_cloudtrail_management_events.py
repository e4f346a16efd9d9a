"""A trail of CloudTrail is not what an account needs to see who changes tables.

## What it does

Looks at every trail that the code declares. It fails when

- it is not logging;
- it is of a single Region;
- its log files are not validated;
- its event selectors select no management events that change something (`include_management_events = false`,
  only `ReadOnly` events, or advanced event selectors without one for `Management`).

A trail for data events, beside another trail or event data store of all Regions that logs management events, is asked
only whether it logs and whether its log files are validated.

Where the configuration says `scope = "account"`, tables without any trail or event data store fail as well. Without
that, nothing is said of what is not in the code.

## Why it matters

Everything that is done to a table itself is a management event: `DeleteTable`, `UpdateTable`, `RestoreTableFromBackup`,
`DeleteBackup`, `PutResourcePolicy`. The event history of an account keeps them for 90 days, in one Region at a time,
where nothing watches them. A trail of one Region misses what somebody does in the others, where a copied table may
have gone. Without validation nobody can tell a log that was changed from one that was not.

## Example

Terraform, fails (a single Region, no validation):

```terraform
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = "audit-logs"
}
```

Terraform, passes:

```terraform
resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = "audit-logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true
}
```

CloudFormation, fails (only data events):

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Audit:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: audit-logs
      IsLogging: true
      IsMultiRegionTrail: true
      EnableLogFileValidation: true
      AdvancedEventSelectors:
        - FieldSelectors:
            - {Field: eventCategory, Equals: [Data]}
            - {Field: resources.type, Equals: ["AWS::DynamoDB::Table"]}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Audit:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: audit-logs
      IsLogging: true
      IsMultiRegionTrail: true
      EnableLogFileValidation: true
```

## How to fix

Set `is_multi_region_trail`, `enable_log_file_validation` and `enable_logging` (`IsMultiRegionTrail`,
`EnableLogFileValidation`, `IsLogging`) to true. Leave management events in a basic selector, with `All` or `WriteOnly`;
beside advanced selectors for data events add one whose `eventCategory` is `Management`. If a trail of the organization
logs them already, suppress the finding with that as the reason.

## Undecided

One of the settings depends on an input without a value; or, where the project is a whole account, part of its code is
not on disk.

## References

- [DynamoDB: logging with AWS CloudTrail](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html)
- [CloudTrail: logging management events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html)
- [CloudTrail: validating log file integrity](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html)
- [Terraform: aws_cloudtrail](https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/cloudtrail.html.markdown)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import Answer, any_of, ask
from dynavet.model import Account, Project, Trail
from dynavet.model.detection import TRAIL
from dynavet.rule import Judgement, Rule, Scope, Severity
from dynavet.values import Value, single
from dynavet_checks.detection.demands import Demand, judged
from dynavet_checks.detection.logged_events import logs_management, origins_of
from dynavet_checks.detection.whole_account import lacking


def judge(trail: Trail, project: Project) -> Judgement | None:
    if trail.kind != TRAIL:
        return None
    return judged(_demands(trail, project), "The trail")


def _demands(trail: Trail, project: Project) -> Iterator[Demand]:
    logs = logs_management(trail, reads=False)
    elsewhere = any_of(_holds(each) for each in project.trails if each.address != trail.address)
    for_data = ~logs & elsewhere
    yield Demand("logging", "is not logging", _is_true(trail.logging), trail.logging.origin)
    regions = _is_true(trail.multi_region) | for_data
    yield Demand("multi-region", "is of a single Region", regions, trail.multi_region.origin)
    validated, at = trail.log_file_validation, trail.log_file_validation.origin
    yield Demand("validation", "has no log file validation", _is_true(validated), at)
    lack = "logs no management events that change something"
    yield Demand("management-events", lack, logs | elsewhere, next(origins_of(trail.selectors), None))


def _holds(trail: Trail) -> Answer:
    """Whether a trail or event data store logs what is changed in the account."""
    return _is_true(trail.logging) & _is_true(trail.multi_region) & logs_management(trail, reads=False)


def _is_true(value: Value[bool]) -> Answer:
    return ask(lambda truth: truth, single(value))


def judge_account(_: Account, project: Project) -> Judgement | None:
    if project.trails:
        return None
    return lacking(project, "No trail of CloudTrail logs what is done to the tables: the code of the account has none.")


RULE = Rule(
    id="DDB401",
    name="cloudtrail-management-events",
    severity=Severity.MEDIUM,
    checks={Scope.TRAIL: judge, Scope.ACCOUNT: judge_account},
    practices=("D2",),
    peer_ids=(
        *("checkov:CKV_AWS_36", "checkov:CKV_AWS_67", "checkov:CKV_AWS_251"),
        *("trivy:AWS-0014", "trivy:AWS-0016"),
    ),
    config_rules=("cloudtrail-enabled", "multi-region-cloudtrail-enabled", "cloud-trail-log-file-validation-enabled"),
    reads=("trails",),
    doc=__doc__,
)
