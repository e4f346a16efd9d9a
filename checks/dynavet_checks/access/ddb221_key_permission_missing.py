"""A role, user or group works on the items of a table, and has no permission on the table's key.

## What it does

Looks at the tables that are encrypted with a customer managed key of the code, named by id, ARN or alias, and at the
identities whose policies let them read or write the items of such a table: `GetItem`, `Query`, `PutItem` and their
like. It fails if nothing gives such an identity `kms:Decrypt` on the key. Permission comes from

- the identity's own policies, if the key policy leaves access to the account (its root as principal, or no key policy
  in the code, for which AWS puts the default one);
- the key policy alone, if it names the identity or everybody, such as everybody in the account through DynamoDB.

A condition on `kms:ViaService` must let DynamoDB through. Region and account are taken for right. AWS managed
policies for DynamoDB do not give permission on keys. A group passes over to its members where the code shows some.

Identities without access to items, tables with another key, and keys that are not in the code are not judged, nor is
what a policy might allow on tables of which no statement is known.

## Why it matters

DynamoDB asks KMS for the table's key on behalf of the caller. A caller without permission gets `AccessDenied` from a
statement that looks complete, and what is added in haste is `kms:*` on every key. With the condition `kms:ViaService`
the permission is good for data in DynamoDB and for nothing else that the key encrypts.

## Example

Terraform, fails:

```terraform
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "orders" {
  name     = "Orders"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}

resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.orders.arn },
    ]
  })
}
```

Terraform, passes:

```terraform
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "orders" {
  name     = "Orders"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}

resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.orders.arn },
      {
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = aws_kms_key.orders.arn
        Condition = { StringLike = { "kms:ViaService" = "dynamodb.*.amazonaws.com" } }
      },
    ]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
  App:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
  App:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}
              - Effect: Allow
                Action: kms:Decrypt
                Resource: !GetAtt Key.Arn
                Condition: {StringLike: {"kms:ViaService": "dynamodb.*.amazonaws.com"}}
```

## How to fix

Add the statement that the message gives to a policy of the identity. Where the key policy leaves nothing to the
account, name the identity in the key policy, or let the account in.

## Undecided

Whether the table has the key, the identity works on the table, or something gives permission on the key, depends on an
input without a value, a condition on something else of the request, or an attached policy that is not in the code.
Of AWS managed policies only some are known not to give it.

## References

- [DynamoDB: encryption at rest usage notes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html)
- [KMS: key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html)
- [KMS: kms:ViaService](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import Answer, any_of
from dynavet.model import Key, Project, Table
from dynavet.records import dataclass
from dynavet.rule import Fail, Holder, Judgement, Pass, Related, Rule, Scope, Severity, Undecided
from dynavet_checks.access.item_access import granting_policy, nameable, works_on_items
from dynavet_checks.access.key_circumstances import VIA_SERVICE
from dynavet_checks.access.key_permission import DECRYPT, delegates, may_decrypt
from dynavet_checks.access.table_keys import encrypted_among, encrypted_tables
from dynavet_checks.access.wording import listed


@dataclass(frozen=True)
class Use:
    """A table that an identity works on or may work on, its key, and whether permission on that is missing."""

    table: Table
    key: Key
    missing: Answer


def judge(identity: Holder, project: Project) -> Judgement | None:
    uses = list(_uses(identity, project))
    if not uses:
        return None
    missing = [use for use in uses if use.missing.truth]
    if missing:
        return _fail(identity, missing)
    answer = any_of(use.missing for use in uses)
    if answer.truth is None:
        return Undecided(reasons=answer.reasons, at=identity.principal.origin)
    return Pass(at=identity.principal.origin)


def _uses(identity: Holder, project: Project) -> Iterator[Use]:
    """The tables with a key that the identity certainly works on, or may work on without permission."""
    if identity.principal.kind == "group" and project.memberships:
        return
    named = nameable(identity) if encrypted_tables(project) else None
    for table, key, encrypts in encrypted_among(project, named):
        used = encrypts & works_on_items(identity, table)
        missing = used & ~may_decrypt(identity, key, project) if used.truth is not False else used
        if used.truth or missing.truth is None:
            yield Use(table, key, missing)


def _fail(identity: Holder, uses: list[Use]) -> Fail:
    principal = identity.principal
    tables = list(dict.fromkeys(use.table.address for use in uses))
    keys = {use.key.address: use.key for use in uses}
    which = f"the {'key' if len(keys) == 1 else 'keys'} {listed(list(keys))}"
    return Fail(
        message=f"This {principal.kind} works on the items of {listed(tables)} by policy "
        f"{granting_policy(identity, uses[0].table)}, and nothing lets it decrypt with {which}: its requests are "
        f"denied. {_remedy(keys)}",
        at=principal.origin,
        evidence=(*tables, *keys),
        related=tuple(Related(key.origin, f"the key {address}") for address, key in keys.items()),
    )


def _remedy(keys: dict[str, Key]) -> str:
    """What to add where: to the identity's policies, unless a key policy makes nothing of them."""
    closed = [address for address, key in keys.items() if delegates(key).truth is False]
    arns = [f'"${{{address}.arn}}"' for address in keys if address not in closed]
    condition = f'"Condition": {{"StringLike": {{"{VIA_SERVICE}": "dynamodb.*.amazonaws.com"}}}}'
    remedies = []
    if arns:
        resource = arns[0] if len(arns) == 1 else f"[{', '.join(arns)}]"
        statement = f'{{"Effect": "Allow", "Action": "{DECRYPT}", "Resource": {resource}, {condition}}}'
        remedies.append(f"Add {statement} to its policies.")
    if closed:
        remedies.append(
            f"Allow it {DECRYPT} with {condition} in the policy of {listed(closed)}, which leaves nothing to the "
            "policies of identities."
        )
    return " ".join(remedies)


RULE = Rule(
    id="DDB221",
    name="key-permission-missing",
    severity=Severity.LOW,
    checks={Scope.PRINCIPAL: judge},
    practices=("P1",),
    reads=("keys",),
    doc=__doc__,
)
