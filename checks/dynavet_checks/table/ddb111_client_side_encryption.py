"""No application in the code can encrypt the items of a table that is marked as sensitive before it sends them.

## What it does

Judges the tables that are [marked as sensitive](../configuration.md#tables-that-count-for-less-or-more): by a tag such
as `DataClassification = "restricted"`, or as `context` in the configuration says. For these it looks into the
dependency manifests of the repository around what is scanned, or of the scanned directory where there is no
repository, for the AWS Database Encryption SDK for DynamoDB or the DynamoDB Encryption Client that came before it. One
manifest that lists one of them is enough.

| language | library |
|---|---|
| Java, Kotlin | `aws-database-encryption-sdk-dynamodb`, `aws-dynamodb-encryption-java` |
| .NET | `AWS.Cryptography.DbEncryptionSDK.DynamoDb` |
| Python | `dynamodb-encryption-sdk`, `aws-dbesdk-dynamodb` |
| Rust | `aws-db-esdk` |
| Go | `github.com/aws/aws-database-encryption-sdk-dynamodb/…` |

| language | manifests |
|---|---|
| Java, Kotlin | `pom.xml`, `*.gradle`, `*.gradle.kts`, version catalogs, `gradle.lockfile` |
| .NET | `*.csproj` and its like, `Directory.Packages.props`, `packages.config`, `packages.lock.json` |
| Python | `pyproject.toml`, `requirements*.txt`, `setup.cfg`, `setup.py`, `Pipfile`, and the lock files beside them |
| Rust | `Cargo.toml`, `Cargo.lock` |
| Go | `go.mod`, `go.sum` |
| JavaScript | `package.json`, and the lock files of npm, Yarn, pnpm |

What `.gitignore` excludes, hidden directories, and `vendor`, `node_modules` and `site-packages` are left out, and
so are files that list no library.

## Why it matters

Encryption at rest protects the disks. Whoever may read the table, an administrator or a stolen role, reads the items
in the clear. What the application encrypts with a key of its own stays closed to them, to backups and exports, and
what it signs cannot be changed unseen.

## Example

Terraform, fails if `boto3` is all that `requirements.txt` lists:

```terraform
resource "aws_dynamodb_table" "patients" {
  name     = "patients"
  hash_key = "id"
  tags     = { DataClassification = "restricted" }
}
```

Terraform, passes if `requirements.txt` lists `dynamodb-encryption-sdk`:

```terraform
resource "aws_dynamodb_table" "patients" {
  name     = "patients"
  hash_key = "id"
  tags     = { DataClassification = "restricted" }
}
```

CloudFormation, fails if `boto3` is all that `requirements.txt` lists:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Patients:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      Tags:
        - {Key: DataClassification, Value: restricted}
```

CloudFormation, passes if `requirements.txt` lists `dynamodb-encryption-sdk`:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Patients:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      Tags:
        - {Key: DataClassification, Value: restricted}
```

## How to fix

Encrypt the sensitive attributes with the AWS Database Encryption SDK for DynamoDB, which there is for Java, .NET
and Rust, or in Python with the DynamoDB Encryption Client. Keys, and attributes that queries filter by, stay readable
or need beacons. If the application that uses the table lives in another repository, suppress the finding with that
reason.

## Undecided

There is no dependency manifest in the scanned code; one of them cannot be read; one lists the AWS Encryption SDK,
which encrypts items if the application uses it for that; or the code does not decide whether the table is marked.

## References

- [AWS Database Encryption SDK: for DynamoDB](https://docs.aws.amazon.com/database-encryption-sdk/latest/devguide/client-server-side.html)
- [DynamoDB: best practices for preventive security](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/best-practices-security-preventative.html)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from dynavet.answers import NO
from dynavet.model import Dependencies, Manifest, Project, Table
from dynavet.records import dataclass
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin, Unknown
from dynavet_checks.table.encryption_libraries import can_encrypt_items, encrypts_items
from dynavet_checks.table.table_marks import marked

SHOWN = 3
"""How many manifests a message names, and how many doubts."""


def judge(table: Table, project: Project) -> Judgement | None:
    mark = marked(table, project.settings.context.sensitive, project.settings)
    if mark.answer == NO:
        return None
    found = _evidence(project.dependencies)
    if found.encrypts:
        return Pass()
    reasons = (*mark.answer.reasons, *found.doubts)
    if reasons:
        told = "is" if mark.answer.truth else "may be"
        return Undecided(reasons=reasons, message=f"The table {told} marked as sensitive.")
    return Fail(
        message=f"The table is marked as sensitive ({mark.by}), and no library that encrypts items before they are "
        f"sent is listed in {_listed(project.dependencies.manifests)}."
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether a manifest lists a library that encrypts items; if none does, why one still may."""

    encrypts: bool
    doubts: tuple[Unknown, ...]


@lru_cache(maxsize=2)
def _evidence(dependencies: Dependencies) -> Evidence:
    """What the manifests show, worked out once for all tables."""
    manifests = dependencies.manifests
    encrypts = any(encrypts_items(library) for manifest in manifests for library in manifest.libraries)
    doubts = tuple(_doubts(manifests))
    more = len(doubts) - SHOWN
    rest = (Unknown(f"{more} more of the manifests leave it open"),) if more > 0 else ()
    return Evidence(encrypts, (*doubts[:SHOWN], *rest))


def _doubts(manifests: Sequence[Manifest]) -> Iterator[Unknown]:
    if not manifests:
        yield Unknown("no dependency manifest is in the scanned code")
    for manifest in manifests:
        if manifest.problem:
            yield Unknown(f"{manifest.path} {manifest.problem}", Origin(manifest.path, 1, 1, 1, 1))
        for library in manifest.libraries:
            if can_encrypt_items(library):
                yield Unknown(f"{manifest.path} lists {library.name}, which can encrypt items", library.origin)


def _listed(manifests: Sequence[Manifest]) -> str:
    names = [manifest.path for manifest in manifests]
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


RULE = Rule(
    id="DDB111",
    name="client-side-encryption",
    severity=Severity.MEDIUM,
    checks={Scope.TABLE: judge},
    practices=("P6",),
    no_edit="the library goes into the dependencies of the application, and its use into its code",
    doc=__doc__,
)
