"""A statement lets whole tables be copied away, from more than one table or by code.

## What it does

Looks at `Allow` statements of identity policies, permission sets, session policies and unattached documents,
wildcards and `NotAction` expanded, for two kinds of actions:

- copies of a table: `ExportTableToPointInTime`, `CreateBackup`, `StartAwsBackupJob`, `RestoreTable…`,
  `EnableKinesisStreamingDestination`, `UpdateKinesisStreamingDestination`, `CreateTableReplica`, `CreateGlobalTable`,
  `AssociateTableReplica`
- bulk reads: `Scan`, `Query`, `BatchGetItem`, `PartiQLSelect`, `GetRecords`, `SearchVectors`

It fails if one of them is allowed on tables that are not named, such as `*` or `table/orders-*`; if copies are allowed
on two named tables at least, counted over all policies of the principal where it is known, else over the document;
or if a role that an AWS service uses for your code may call `ExportTableToPointInTime` at all. The severity is high;
for bulk reads of tables whose names start in one way, `table/orders*`, it is low.

Reads that a condition limits to rows (`dynamodb:LeadingKeys`) or to tagged tables (`aws:ResourceTag`) do not count, nor
does what the policies of the principal deny altogether. Roles that only AWS Backup, Application Auto Scaling or
CloudFormation may assume are not judged, and neither are policies of tables, which are about one table.

## Why it matters

One request copies a table into a bucket, a stream or another Region, and the copy has neither the policy nor the key
of the table. Bulk reads on any table do the same in some more requests. Neither needs a right to change anything, so
that such grants look harmless.

## Example

Terraform, fails:

```terraform
resource "aws_iam_policy" "analytics" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:Scan", "dynamodb:Query"]
      Resource = "*"
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_policy" "analytics" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:Scan", "dynamodb:Query"]
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Analytics:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:ExportTableToPointInTime
            Resource:
              - !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
              - !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Customers
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Analytics:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:ExportTableToPointInTime
            Resource:
              - !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

JSON, fails:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:RestoreTable*"
      ],
      "Resource": "*"
    }
  ]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "dynamodb:DescribeTable",
        "dynamodb:GetItem"
      ],
      "Resource": "*"
    }
  ]
}
```

## How to fix

Name the tables that are read in bulk. Give copies of a table to one principal per table, which does nothing else, and
leave backups to AWS Backup.

## Undecided

Which actions are allowed, on which tables, who may assume the role, or whether it is denied, depends on an input
without a value.

## References

- [DynamoDB: exporting data to Amazon S3](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html)
- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of
from dynavet.iam.actions import Action
from dynavet.iam.breadth import Breadth
from dynavet.iam.conditions import LEADING_KEYS, has_condition_on
from dynavet.iam.tag_limits import limited_by_tags
from dynavet.model import Principal, Project
from dynavet.records import dataclass
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet_checks.access.acting import administers, for_code, policies_beside
from dynavet_checks.access.broad_resources import Granted, broad_resources
from dynavet_checks.access.copied_tables import copied_tables
from dynavet_checks.access.data_actions import is_bulk_read, is_export
from dynavet_checks.access.denials import denied, patterns_for
from dynavet_checks.access.grants import acts_for_identities, allows, covered
from dynavet_checks.access.wording import listed


@dataclass(frozen=True, slots=True)
class Path:
    """A way for data to leave: whether it is there, through which actions, and in words."""

    open: Answer
    actions: tuple[Action, ...]
    words: str
    severity: Severity = Severity.HIGH


def judge(grant: Grant, project: Project) -> Judgement | None:
    statement = grant.statement
    judged = allows(statement) & acts_for_identities(grant)
    if judged.truth is False or (grant.principals and all(map(administers, grant.principals))):
        return None
    reaches = covered(grant)
    granted = Granted.of(reaches, lambda action: is_export(action) or is_bulk_read(action))
    if not granted.actions and not granted.possible:
        return Pass(at=statement.origin) if any(e.includes(_is_of_table).truth for e in reaches) else None
    paths = [
        *_to_any_table(grant, granted, project),
        _by_code(grant, granted, project),
        _of_two(grant, granted, project),
    ]
    found = [path for path in paths if (judged & path.open).truth]
    if found:
        return _fail(found, grant)
    answer = judged & any_of(path.open for path in paths)
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or statement.origin)
    return Pass(at=statement.origin)


def _is_of_table(action: Action) -> bool:
    return action.service == "dynamodb" and action.required != ()


def _to_any_table(grant: Grant, granted: Granted, project: Project) -> list[Path]:
    """Copies or bulk reads of tables that are not named."""
    limited = limited_by_tags(grant.statement)
    rows = has_condition_on(grant.statement, LEADING_KEYS)
    paths = []
    for kind, limits in ((is_export, limited), (is_bulk_read, limited | rows)):
        broad = broad_resources(grant.statement, granted.only(kind))
        for each in broad.certain:
            left = tuple(a for a in each.actions if _denied(a, (each.pattern,), grant, project).truth is not True)
            taken = any_of(~_denied(a, (each.pattern,), grant, project) for a in each.actions)
            low = kind is is_bulk_read and each.breadth is Breadth.PREFIX
            severity = Severity.LOW if low else Severity.HIGH
            paths.append(Path(taken & ~limits, left, f'on "{each.pattern}", {each.meaning}', severity))
        if not broad.certain:
            paths.append(Path(broad.any & ~limits, (), ""))
    return paths


def _by_code(grant: Grant, granted: Granted, project: Project) -> Path:
    """An export by a role that code uses, however few the tables."""
    exports = granted.only(lambda action: action.name == "ExportTableToPointInTime")
    by_code = any_of(map(for_code, grant.principals))
    left = any_of(~_denied(a, patterns_for(a, grant.statement), grant, project) for a in exports.actions)
    return Path(by_code & (left | exports.doubt), exports.actions, "with a role that an AWS service uses")


def _of_two(grant: Grant, granted: Granted, project: Project) -> Path:
    """Copies of two named tables at least."""
    exports = granted.only(is_export)
    if not exports.actions:
        return Path(NO, (), "")
    principals: tuple[Principal | None, ...] = grant.principals or (None,)
    several = any_of(copied_tables(policies_beside(grant, p, project), project).several for p in principals)
    left = any_of(~_denied(a, patterns_for(a, grant.statement), grant, project) for a in exports.actions)
    return Path(several & left & ~limited_by_tags(grant.statement), exports.actions, "on more than one table in all")


def _denied(action: Action, patterns: tuple[Text, ...], grant: Grant, project: Project) -> Answer:
    """Whether no principal gets the action through on any of the patterns."""
    result = YES
    for principal in grant.principals or (None,):
        policies = policies_beside(grant, principal, project)
        for pattern in patterns:
            result = result & denied(action, pattern, policies)
    return result


def _fail(paths: list[Path], grant: Grant) -> Fail:
    told = [f"{listed([f'dynamodb:{a.name}' for a in path.actions])} {path.words}" for path in paths]
    actions = {action for path in paths for action in path.actions}
    reaches = [each for each in covered(grant) if not actions.isdisjoint(each.actions)]
    return Fail(
        message=f"Whole tables can be copied away: the statement allows {'; '.join(dict.fromkeys(told))}. Name the "
        "tables that are read, and leave copies to a principal for one table.",
        at=reaches[0].origin or grant.statement.origin,
        evidence=tuple(dict.fromkeys(str(each.pattern) for each in reaches)),
        severity=max(path.severity for path in paths),
    )


RULE = Rule(
    id="DDB214",
    name="data-exfiltration-path",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P3",),
    peer_ids=("checkov:CKV_AWS_288", "cloudsplaining:DataExfiltration"),
    doc=__doc__,
)
