"""A principal may query a table, and has no permission on an index of it.

## What it does

Looks at statements that allow `Query` or `Scan` on a table of the project that has secondary indexes, and fails if
nothing that acts for the principal is about the ARN of an index: `…/table/NAME/index/INDEX`. A pattern such as
`table/NAME/index/*` or `table/NAME*` covers it. So does any other statement about `Query` or `Scan` on the index, a
`Deny` among them, which says that it is left out on purpose, and an AWS managed policy that grants actions on tables.

It judges identity policies and permission sets, for each principal that they are attached to, and documents that are
attached to nobody by themselves. Policies of tables and streams are not judged. Tables and policies belong together
by reference, or by the table's name in the ARN.

## Why it matters

An index has an ARN of its own. A role with `Query` on the table alone gets `AccessDenied` from the first query with
an index name, in production if tests run with wider permissions, and the remedy in haste is a wildcard.

## Example

Terraform, fails:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "Orders"
  hash_key = "id"

  global_secondary_index {
    name            = "by-state"
    hash_key        = "state"
    projection_type = "ALL"
  }
}

resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:Query"
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "Orders"
  hash_key = "id"

  global_secondary_index {
    name            = "by-state"
    hash_key        = "state"
    projection_type = "ALL"
  }
}

resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:Query"
      Resource = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"]
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: state, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      GlobalSecondaryIndexes:
        - {IndexName: by-state, KeySchema: [{AttributeName: state, KeyType: HASH}], Projection: {ProjectionType: ALL}}
  App:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:Query
            Resource:
              - !GetAtt Orders.Arn
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: state, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      GlobalSecondaryIndexes:
        - {IndexName: by-state, KeySchema: [{AttributeName: state, KeyType: HASH}], Projection: {ProjectionType: ALL}}
  App:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: dynamodb:Query
            Resource:
              - !GetAtt Orders.Arn
              - !Sub "${Orders.Arn}/index/*"
```

## How to fix

Add the ARN of the index, or of all indexes of the table with `/index/*`, to the `Resource` of the statement. If the
index is to stay closed to the principal, say so with a `Deny` on it, or suppress the finding with that reason.

## Undecided

Which actions or resources the statement has, whether the table has an index or what its name is, or what else is
attached to the principal, depends on an input without a value or on a policy that is not in the code.

## References

- [DynamoDB: actions, resources and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html)
- [DynamoDB: identity-based policies for tables and indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from dynavet.answers import YES, Answer, any_of, undecided
from dynavet.model import PolicyKind, Project, Table
from dynavet.records import dataclass
from dynavet.rule import Fail, Grant, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import Origin
from dynavet_checks.access.grants import allows, reached
from dynavet_checks.access.index_coverage import ON_INDEXES, covered_for_holders, indexes_of, resource_patterns
from dynavet_checks.access.table_resources import names_table
from dynavet_checks.access.wording import listed

JUDGED = frozenset({PolicyKind.IDENTITY, PolicyKind.PERMISSION_SET, PolicyKind.DOCUMENT})


@dataclass(frozen=True)
class Missing:
    """An index that a statement on its table leaves out, and the pattern that names the table."""

    table: Table
    index: Text
    at: Origin | None
    pattern: Text
    written_at: Origin | None

    @property
    def arn(self) -> str:
        return f"{self.pattern}/index/{self.index if not self.index.holes else '*'}"


def judge(grant: Grant, project: Project) -> Judgement | None:
    tables = _with_indexes(project)
    granted = allows(grant.statement) & any_of(r.includes(lambda a: a.name in ON_INDEXES) for r in reached(grant))
    if grant.policy.kind not in JUDGED or not tables or granted.truth is False:
        return None
    found = [(missing, granted & answer) for table in tables for missing, answer in _left_out(grant, table)]
    if not found:
        return None
    certain = [missing for missing, answer in found if answer.truth]
    if certain:
        return _fail(grant, certain)
    answer = any_of(answer for _, answer in found)
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=answer.reasons[0].origin or grant.statement.origin)
    return Pass(at=grant.statement.origin)


@lru_cache(maxsize=2)
def _with_indexes(project: Project) -> tuple[Table, ...]:
    return tuple(table for table in project.tables if table.indexes or table.more_indexes)


def _left_out(grant: Grant, table: Table) -> Iterator[tuple[Missing, Answer]]:
    """Each index of a table that the statement names or may name, and whether a holder lacks it."""
    for pattern, origin in resource_patterns(grant.statement):
        named = names_table(pattern, table, origin)
        if named.truth is False:
            continue
        for index, at, doubts in indexes_of(table):
            there = undecided(*doubts) if doubts else YES
            reaches_further = str(pattern).endswith("*")
            covered = [YES] if reaches_further else covered_for_holders(grant, table, index, pattern)
            lacking = any_of(~each for each in covered)
            yield Missing(table, index, at, pattern, origin), named & there & lacking


def _fail(grant: Grant, missing: list[Missing]) -> Fail:
    actions = {action.id for each in reached(grant) for action in each.actions if action.name in ON_INDEXES}
    arns = tuple(dict.fromkeys(f'"{each.arn}"' for each in missing))
    tables = dict.fromkeys(each.table.address for each in missing)
    names = {str(each.index): each.at for each in missing}
    which = f"its {'indexes' if len(names) > 1 else 'index'} {listed(list(names))}"
    return Fail(
        message=f"The statement allows {listed(sorted(actions))} on {listed(list(tables))} and not on {which}, and "
        f"no other statement is about that: such queries are denied. Add {listed(arns)} to its resources.",
        at=missing[0].written_at or grant.statement.origin,
        evidence=arns,
        related=tuple(Related(at, f"index {name}") for name, at in names.items() if at is not None),
    )


RULE = Rule(
    id="DDB216",
    name="index-not-covered",
    severity=Severity.MEDIUM,
    checks={Scope.HELD_STATEMENT: judge},
    doc=__doc__,
)
