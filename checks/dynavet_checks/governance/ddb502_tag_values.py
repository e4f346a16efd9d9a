"""A tag of a table or replica has a value that the configuration does not allow.

## What it does

Compares the values of effective tags, of every table and replica, with those that `tag-values` in the configuration
allows for their keys; without `tag-values` it finds nothing. Effective are the resource's own tags over the
`default_tags` of the Terraform provider or the tags of the stack; a replica counts with its own, which it has from the
table only where they are propagated.

`*` in an allowed value stands for any characters, `?` for one; all else is compared as it is, in its letter case.
Letter case of keys does not count unless `case-sensitive-tags` is set. A tag that is not there is a matter of DDB501.

## Why it matters

Access by attributes, alarms, and reports of cost and compliance select tables by the exact values of tags. A table
that is tagged `production` where everything else says `prod` is in none of them, and a policy that denies by
`aws:ResourceTag` passes over it.

## Example

Terraform, fails with `tag-values = { Environment = ["prod", "stage", "dev"] }`:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  tags     = { Environment = "production" }
}
```

Terraform, passes with the same:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  tags     = { Environment = "prod" }
}
```

CloudFormation, fails with the same:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      Tags:
        - {Key: Environment, Value: production}
```

CloudFormation, passes with the same:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      Tags:
        - {Key: Environment, Value: prod}
```

## How to fix

Give the tag one of the values that the message lists, where it is set: on the resource, in `default_tags` of the
provider, or for the stack. If the value is right, add it to `tag-values`.

## Undecided

The value, or whether there is a tag with this key, depends on something that the code does not decide.

## References

- [DynamoDB: tagging resources](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html)
- [AWS Organizations: tag policies](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html)
"""

from __future__ import annotations

from dynavet.answers import Answer, any_of, undecided
from dynavet.iam.text_matching import matches
from dynavet.model import Project, Replica, Settings, Table, Tags
from dynavet.records import dataclass
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Origin, Unknown, Value, single
from dynavet_checks.governance.tag_entries import entries_of
from dynavet_checks.table.table_flags import subject


@dataclass(frozen=True, slots=True)
class Compared:
    """A tag that has a pattern: whether its value is allowed, and what is to be said if it is not."""

    key: str
    allowed: Answer
    at: Origin | None
    problem: str = ""


def judge_table(table: Table, project: Project) -> Judgement | None:
    return _judge(table.tags, subject(table), table.origin, project.settings)


def judge_replica(pair: tuple[Replica, Table], project: Project) -> Judgement | None:
    replica, _table = pair
    return _judge(replica.tags, subject(replica), replica.origin, project.settings)


def _judge(value: Value[Tags] | Value[Tags | None], who: str, header: Origin, settings: Settings) -> Judgement | None:
    if not settings.tag_values:
        return None
    tags = single(value)
    if isinstance(tags, Unknown):
        return Undecided(reasons=(tags,), at=tags.origin or header)
    if tags.value is None:
        return None
    compared = [each for key in settings.tag_values for each in _compare(key, tags.value, settings)]
    wrong = [each for each in compared if each.allowed.truth is False]
    at = tags.value.origin or header
    if wrong:
        problems = " and ".join(each.problem for each in wrong)
        return Fail(message=f"{who} has {problems}.", at=wrong[0].at or at, evidence=tuple(each.key for each in wrong))
    open_ones = [each for each in compared if each.allowed.truth is None]
    if open_ones:
        reasons = tuple(reason for each in open_ones for reason in each.allowed.reasons)
        return Undecided(reasons=reasons, at=open_ones[0].at or at)
    return Pass(at=at) if compared else None


def _compare(key: str, tags: Tags, settings: Settings) -> list[Compared]:
    """The tags with this key; one that may be there and is not known is undecided."""
    globs = settings.tag_values[key]
    found = []
    for written, value in entries_of(tags, key, settings):
        if isinstance(value, Unknown):
            found.append(Compared(written, undecided(value), value.origin))
        elif value.value is not None:
            allowed = any_of(matches(Text.of(glob), value.value) for glob in globs)
            problem = f"the tag {written} with the value {value.value}, which is none of {', '.join(globs)}"
            found.append(Compared(written, allowed, value.origin, problem))
    return found or ([Compared(key, undecided(*tags.more), tags.origin)] if tags.more else [])


RULE = Rule(
    id="DDB502",
    name="tag-values",
    severity=Severity.LOW,
    checks={Scope.TABLE: judge_table, Scope.REPLICA: judge_replica},
    practices=("D6",),
    default=False,
    asked_for_by="tag_values",
    doc=__doc__,
)
