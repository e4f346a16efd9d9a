"""The policy of a table's customer managed key is open to everybody.

## What it does

Judges the statements of the policies of every key of the code that encrypts a table or a replica. A statement fails
that allows something and whose principal is everybody (`*`, an ARN with a wildcard for the account, or `NotPrincipal`),
unless a condition limits it: `kms:CallerAccount`, which with `kms:ViaService` is the form of the AWS managed keys, or
an account, organization, role, VPC or endpoint, with fixed values. `kms:ViaService` alone limits nothing: everybody in
the world can make DynamoDB send the request.

The account itself (`arn:aws:iam::111122223333:root`) is not everybody, and is how key policies leave access to the
policies of the account's identities. A key without a policy has that form.

## Why it matters

A key policy is what access to the key ends with. Open to everybody, the key adds nothing to the permissions on the
table, and people of other accounts can use it, disable it, or schedule its deletion, after which the table is gone.

## Example

Terraform, fails:

```terraform
resource "aws_kms_key" "orders" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}
```

Terraform, passes:

```terraform
resource "aws_kms_key" "orders" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "*"}
            Action: kms:*
            Resource: "*"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
```

## How to fix

Name the roles that need the key, or the account as a whole. Where the statement is for everybody who works with the
table, keep `*` and add `StringEquals` on `kms:CallerAccount` with the account and on `kms:ViaService` with
`dynamodb.<region>.amazonaws.com`.

## Undecided

Whose policy it is, whether the statement allows, who its principals are, what its conditions are, or whether a table
uses the key, depends on an input without a value.

## References

- [KMS: key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html)
- [DynamoDB: encryption at rest usage notes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import Answer, any_of, undecided
from dynavet.iam.public_access import limited, means_everybody, not_counting
from dynavet.model import Policy, PolicyKind, Project
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Unknown, single
from dynavet_checks.access.grants import allows
from dynavet_checks.access.table_keys import uses_of

CALLER_ACCOUNT = ("kms:CallerAccount",)


def judge(grant: Grant, project: Project) -> Judgement | None:
    if grant.policy.kind is not PolicyKind.KEY:
        return None
    statement = grant.statement
    concerned = allows(statement) & any_of(_of_tables(grant.policy, project))
    if concerned.truth is False:
        return None
    everybody = means_everybody(statement)
    if everybody.truth is not False:
        everybody = everybody & ~limited(statement, CALLER_ACCOUNT)
    if everybody.truth is False:
        return Pass(at=statement.origin)
    result = concerned & everybody
    if result.truth is None:
        return Undecided(reasons=result.reasons, at=result.reasons[0].origin or statement.origin)
    return _fail(grant)


def _of_tables(policy: Policy, project: Project) -> Iterator[Answer]:
    """For each key, whether it is the policy of that key, and the key one of a table."""
    for key in project.keys:
        used = any_of(use.answer for use in uses_of(key, project))
        if any((each.address, each.label) == (policy.address, policy.label) for each in key.policies):
            yield used
        elif key.more and policy.address != key.address:
            yield used & undecided(*key.more)


def _fail(grant: Grant) -> Fail:
    named = single(grant.statement.principals)
    all_but = isinstance(named, Unknown) or named.value is None
    notes = list(not_counting(grant.statement, CALLER_ACCOUNT))
    but = f" What stands there is no limit: {'; '.join(notes)}." if notes else ""
    return Fail(
        message=f"{'Everybody but a few' if all_but else 'Everybody in the world with an AWS account'} may use this "
        f"key of a table: no condition limits the principal to an account, an organization or a VPC.{but}",
        at=grant.statement.origin if isinstance(named, Unknown) else named.origin or grant.statement.origin,
        evidence=("NotPrincipal" if all_but else "*",),
    )


RULE = Rule(
    id="DDB104",
    name="key-policy-open",
    severity=Severity.HIGH,
    checks={Scope.STATEMENT: judge},
    practices=("P1",),
    peer_ids=("checkov:CKV_AWS_33", "cfn_nag:F76"),
    reads=("tables", "replicated", "keys"),
    doc=__doc__,
)
