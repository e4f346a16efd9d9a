"""Access to DynamoDB, or the deployment itself, rests on a credential of AWS that does not expire.

## What it does

Fails for

- an IAM user or group whose policies (AWS managed ones and those of its groups included) allow something on tables;
- an access key that the code creates for such a user;
- an access key or its secret that is written into a provider block (unless a session token stands beside it), an
  environment variable of a function, task, job, build, service or app, or the user data of an instance: a text in
  the form of a key, or a reference to an access key that the code creates.

In an environment variable with a name of its own a text counts only if it has the form of a key id (`AKIA…`);
`AWS_SECRET_ACCESS_KEY` and its like are judged whatever they hold. What is not in the form of a key (`test`, `mock`,
temporary keys `ASIA…`) passes. Users and groups without access to DynamoDB pass, also those to whom it is denied
altogether. Where the code has no table, a user whose policies are not in the code is not judged.

The value of a key is never shown: not in the message, the quoted source, the model or the fingerprint. (checkov quotes
the code of a resource itself.)

## Why it matters

A key of a user works until somebody deletes it, from anywhere, and nobody notices when it is copied: out of the
repository, the state, the console of the function, a log. A role gives credentials that expire within hours.

## Example

Terraform, fails:

```terraform
resource "aws_iam_user" "importer" {
  name = "importer"
}

resource "aws_iam_user_policy" "importer" {
  user = aws_iam_user.importer.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:PutItem"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}

resource "aws_iam_access_key" "importer" {
  user = aws_iam_user.importer.name
}
```

Terraform, passes:

```terraform
resource "aws_iam_role" "importer" {
  name = "importer"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "importer" {
  role = aws_iam_role.importer.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:PutItem"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Importer:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: dynamodb:PutItem
                Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
  ImporterKey:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: !Ref Importer
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Importer:
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
              - Effect: Allow
                Action: dynamodb:PutItem
                Resource: !Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Orders
```

## How to fix

Give what runs in AWS a role: of the function, the task, the instance. Let people sign in through IAM Identity Center,
and builds through an OpenID Connect provider. A key that has been in the code is known: delete it in IAM.

## Undecided

Whether the user has access to DynamoDB, who the key is for, or what the variable holds, depends on an input without a
value.

## References

- [DynamoDB: preventive security best practices](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/best-practices-security-preventative.html)
- [IAM: security best practices](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
"""

from __future__ import annotations

from dynavet.answers import ask, undecided
from dynavet.model import Credential, CredentialPlace, Project
from dynavet.rule import Fail, Holder, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Origin, Unknown, single
from dynavet_checks.access.identity_access import how, left_open, reaches_dynamodb

REMEDIES = {
    CredentialPlace.PROVIDER: "let the provider take its credentials from the environment, or assume a role",
    CredentialPlace.ENVIRONMENT: "give what runs here a role",
    CredentialPlace.USER_DATA: "give the instance a role by an instance profile",
}


def judge_identity(identity: Holder, project: Project) -> Judgement | None:
    principal = identity.principal
    if principal.kind not in ("user", "group"):
        return None
    access = reaches_dynamodb(identity)
    if left_open(access, project):
        return None
    if access.truth is None:
        return Undecided(reasons=access.reasons, at=access.reasons[0].origin or principal.origin)
    if not access.truth:
        return Pass(at=principal.origin)
    whose = "This user gets" if principal.kind == "user" else "The users in this group get"
    return Fail(
        message=f"{whose} access to DynamoDB from {how(identity)}, with credentials that do not expire. Give the "
        "access to a role: of the workload, or one that people and builds assume by federation.",
        at=principal.origin,
        evidence=(principal.kind,),
        severity=Severity.HIGH,
    )


def judge_credential(judged: tuple[Credential, Holder | None], project: Project) -> Judgement | None:
    credential, identity = judged
    if credential.place is CredentialPlace.CREATED:
        return _created(credential, identity, project)
    is_key = ask(bool, single(credential.is_key))
    if is_key.truth is None:
        return Undecided(reasons=is_key.reasons, at=credential.at)
    return _written(credential) if is_key.truth else Pass(at=credential.at)


def _created(key: Credential, user: Holder | None, project: Project) -> Judgement | None:
    access = undecided(_not_here(key)) if user is None else reaches_dynamodb(user)
    if left_open(access, project):
        return None
    if access.truth is None:
        return Undecided(reasons=access.reasons, at=access.reasons[0].origin or key.origin)
    if user is None or not access.truth:
        return Pass(at=key.origin)
    return Fail(
        message=f"This key does not expire, and its user {user.principal.address} gets access to DynamoDB from "
        f"{how(user)}. Give the access to a role, and delete the key.",
        at=key.origin,
        evidence=("access key",),
        severity=Severity.HIGH,
    )


def _not_here(key: Credential) -> Unknown:
    named = single(key.user)
    if isinstance(named, Unknown):
        return named
    origin: Origin | None = named.origin
    return Unknown(f"what user {named.value} may do is not in this code", origin)


def _written(credential: Credential) -> Fail:
    place, name = credential.place, credential.name
    where = "The user data" if place is CredentialPlace.USER_DATA else f"{place.value.capitalize()} {name}"
    if place is CredentialPlace.PROVIDER:
        where = f"Argument {name} of the provider"
    return Fail(
        message=f"{where} holds a key of AWS that does not expire. Delete the key in IAM, and {REMEDIES[place]}.",
        at=credential.at,
        evidence=(place.value, name),
        severity=Severity.HIGH,
    )


RULE = Rule(
    id="DDB212",
    name="long-term-credentials",
    severity=Severity.HIGH,
    checks={Scope.PRINCIPAL: judge_identity, Scope.CREDENTIAL: judge_credential},
    practices=("P2",),
    peer_ids=(
        "checkov:CKV_AWS_40",
        "checkov:CKV_AWS_41",
        "checkov:CKV_AWS_45",
        "checkov:CKV_AWS_273",
        "trivy:AWS-0143",
    ),
    doc=__doc__,
)
