"""The use of encryption keys is left out of CloudTrail.

## What it does

Looks at every trail and event data store that the code declares, and asks whether it logs the use of keys of AWS KMS.
It fails when

- it leaves `kms.amazonaws.com` out of its management events (`exclude_management_event_sources`, or `eventSource` with
  `NotEquals` in an advanced event selector);
- it takes only management events that write: `Decrypt` and `GenerateDataKey` are events that read;
- its event selectors select no management events at all.

One that another trail or event data store of all Regions makes up for passes, and one that is there only for data
events is not asked. An event data store without management events is not asked either.

Where the configuration says `scope = "account"`, tables without any trail or event data store fail as well. Without
that, nothing is said of what is not in the code.

## Why it matters

DynamoDB asks KMS for the key of a table on behalf of whoever uses the table. These events tell when and for whom the
table was readable, and show the denied attempts. They are there for AWS managed and customer managed keys. Without
them a key policy that has been opened leaves no trace of who used it.

## Example

Terraform, fails:

```terraform
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = "audit-logs"

  event_selector {
    exclude_management_event_sources = ["kms.amazonaws.com"]
  }
}
```

Terraform, passes:

```terraform
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = "audit-logs"

  event_selector {
    exclude_management_event_sources = ["rdsdata.amazonaws.com"]
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Audit:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: audit-logs
      IsLogging: true
      AdvancedEventSelectors:
        - FieldSelectors:
            - {Field: eventCategory, Equals: [Management]}
            - {Field: eventSource, NotEquals: [kms.amazonaws.com]}
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
      AdvancedEventSelectors:
        - FieldSelectors:
            - {Field: eventCategory, Equals: [Management]}
```

## How to fix

Remove `kms.amazonaws.com` from what is excluded, and log management events that read as well. If their volume is the
reason, let one trail or event data store of the account log them.

## Undecided

A selector depends on an input without a value; or, where the project is a whole account, part of its code is not on
disk.

## References

- [DynamoDB: encryption usage notes, monitoring the interaction with AWS KMS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html)
- [CloudTrail: logging management events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html)
- [KMS: logging with AWS CloudTrail](https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html)
"""

from __future__ import annotations

from dynavet.answers import NO, Answer, any_of, ask
from dynavet.model import Account, AdvancedEventSelector, Project, Trail
from dynavet.model.detection import TRAIL
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin, Unknown, single
from dynavet_checks.detection.logged_events import KMS, logs_management, origins_of
from dynavet_checks.detection.whole_account import lacking


def judge(trail: Trail, project: Project) -> Judgement | None:
    managed = logs_management(trail, reads=True) | logs_management(trail, reads=False)
    others = [_holds(each) for each in project.trails if each.address != trail.address]
    elsewhere = any_of(others) if others else NO
    if managed.truth is False and (trail.kind != TRAIL or elsewhere.truth):
        return None
    logged = logs_management(trail, reads=True, source=KMS) | elsewhere
    if logged.truth:
        return Pass()
    if logged.truth is None:
        return Undecided(reasons=logged.reasons, at=logged.reasons[0].origin)
    lack, word = "selects no management events: the use of encryption keys is not in it", "management-events"
    if logs_management(trail, reads=True).truth is not False:
        lack, word = f"leaves out the events of {KMS}: the use of encryption keys is not in it", KMS
    elif managed.truth is not False:
        lack, word = "logs only management events that write: the use of an encryption key is one that reads", "writes"
    return Fail(
        message=f"The {trail.kind} {lack}.",
        at=_exclusion(trail) or next(origins_of(trail.selectors), None),
        evidence=(word,),
    )


def _holds(trail: Trail) -> Answer:
    """Whether a trail or event data store logs the use of keys in the account."""
    works = ask(lambda truth: truth, single(trail.logging)) & ask(lambda truth: truth, single(trail.multi_region))
    return works & logs_management(trail, reads=True, source=KMS)


def _exclusion(trail: Trail) -> Origin | None:
    """Where a selector leaves out event sources."""
    for slot in map(single, trail.selectors):
        selector = None if isinstance(slot, Unknown) else slot.value
        if isinstance(selector, AdvancedEventSelector):
            for each in map(single, selector.fields):
                field = None if isinstance(each, Unknown) else each.value
                named = single(field.field) if field is not None else None
                if field is not None and str(getattr(named, "value", "")) == "eventSource":
                    return field.origin
        elif selector is not None and selector.excluded.items:
            return selector.excluded.origin
    return None


def judge_account(_: Account, project: Project) -> Judgement | None:
    if project.trails:
        return None
    return lacking(project, "No trail of CloudTrail logs the use of encryption keys: the code of the account has none.")


RULE = Rule(
    id="DDB402",
    name="cloudtrail-kms-events",
    severity=Severity.MEDIUM,
    checks={Scope.TRAIL: judge, Scope.ACCOUNT: judge_account},
    practices=("D1",),
    reads=("trails",),
    doc=__doc__,
)
