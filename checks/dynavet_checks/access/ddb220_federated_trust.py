"""A role with access to DynamoDB is open to guests, or to tokens for any application.

## What it does

Looks at roles whose policies allow something on tables (AWS managed policies included), and that trust a web
identity: an identity pool of Cognito, an OpenID Connect provider, Google, Facebook or Amazon. It fails if

- the role is for guests: an identity pool of the code hands it out to those who have not signed in, or its trust
  policy names `unauthenticated` in a condition on `cognito-identity.amazonaws.com:amr`; or
- a statement of its trust policy allows `sts:AssumeRoleWithWebIdentity` without a condition on the audience, the
  provider's key that ends in `:aud` (`:oaud`, or `:app_id` for Facebook and Amazon).

| severity | case |
|---|---|
| high | guests; no audience |
| medium | no audience, but a condition on the subject (`…:sub`, `…:id`, `…:user_id`) |

A negated operator, `Null`, and a value that is nothing but `*` ask for no audience. `…IfExists` and `ForAllValues` do,
for every token has one. SAML providers, which have their audience in other keys, are not judged, nor are roles
without access to DynamoDB. Where the code has no table, a policy that it does not show counts as none.

## Why it matters

A provider signs tokens for everybody who has an application there. `cognito-identity.amazonaws.com` is one provider
for the identity pools of all AWS accounts: without the audience anybody can make a pool of their own and get the role
with it; Google, Facebook and Amazon are shared in the same way. A provider of your own in IAM takes any of the
audiences that are registered with it, and without a condition on the subject everybody for whom it signs: of GitHub,
the workflows of all repositories. And the role for guests is handed to everybody who asks, without a trace of who it
was.

## Example

Terraform, fails:

```terraform
resource "aws_iam_role" "customer" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
    }]
  })
}

resource "aws_iam_role_policy" "customer" {
  role = aws_iam_role.customer.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:Query", Resource = "*" }]
  })
}
```

Terraform, passes:

```terraform
resource "aws_iam_role" "customer" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals             = { "cognito-identity.amazonaws.com:aud" = "eu-west-1:00000000-example" }
        "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = "authenticated" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "customer" {
  role = aws_iam_role.customer.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:Query", Resource = "*" }]
  })
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                "token.actions.githubusercontent.com:aud": sts.amazonaws.com
                "token.actions.githubusercontent.com:sub": repo:example/orders:environment:live
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]
```

## How to fix

Add `StringEquals` on the provider's `:aud` with the id of your identity pool or application, and for Cognito
`ForAnyValue:StringLike` on `cognito-identity.amazonaws.com:amr` with `authenticated`. Give guests a role of their own
without access to DynamoDB; let a function answer what they may see.

## Undecided

Whether the role has access to DynamoDB, whom it trusts and under which conditions, or whether an identity pool lets
guests in, depends on an input without a value. An audience that is asked for and has no value yet counts as one.

## References

- [IAM: keys for web identity federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html)
- [Cognito: role trust and permissions](https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html)
"""

from __future__ import annotations

from dynavet.answers import NO, Answer, any_of, ask, undecided
from dynavet.iam.principals import COGNITO, Use, kind_of
from dynavet.iam.web_identity import (
    asks_for_audience,
    asks_for_subject,
    lets_guests_in,
    providers_of,
    trusts_web_identity,
)
from dynavet.model import Principal, Project, Statement
from dynavet.rule import Fail, Holder, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Unknown, single
from dynavet_checks.access.grants import allows
from dynavet_checks.access.identity_access import how, left_open, reaches_dynamodb

_SHARED = ("accounts.google.com", "graph.facebook.com", "www.amazon.com")


def judge(identity: Holder, project: Project) -> Judgement | None:
    role = identity.principal
    access = reaches_dynamodb(identity)
    if role.kind != "role" or access.truth is False or left_open(access, project):
        return None
    trusted = [(each, allows(each) & trusts_web_identity(each)) for each in _statements(role)]
    handed_out = _flag(role, "unauthenticated") | _flag(role, "authenticated")
    federated = any_of((handed_out, *(answer for _, answer in trusted), _unseen(role)))
    if federated.truth is False:
        return None
    guests = _flag(role, "unauthenticated") | any_of(answer & lets_guests_in(each) for each, answer in trusted)
    strangers = [(each, answer & ~asks_for_audience(each)) for each, answer in trusted]
    result = access & (guests | any_of(answer for _, answer in strangers) | (_unseen(role) & federated))
    if result.truth is None:
        return Undecided(reasons=result.reasons, at=result.reasons[0].origin or role.origin)
    if not result.truth:
        return Pass(at=role.origin)
    return _guests(identity) if guests.truth else _strangers(identity, next(each for each, a in strangers if a.truth))


def _statements(role: Principal) -> list[Statement]:
    slots = [single(slot) for slot in role.trust.statements] if role.trust is not None else []
    return [slot.value for slot in slots if not isinstance(slot, Unknown) and slot.value is not None]


def _unseen(role: Principal) -> Answer:
    """Undecided where the trust policy may say more than is seen, and nothing settles who uses the role."""
    if role.trust is None:
        return NO
    slots = [single(slot) for slot in role.trust.statements]
    unknown = (*role.trust.more, *(slot for slot in slots if isinstance(slot, Unknown)))
    return undecided(*unknown) if unknown and kind_of(role).includes(Use.FEDERATED).truth is not False else NO


def _flag(role: Principal, name: str) -> Answer:
    return ask(bool, single(getattr(role, name)))


def _guests(identity: Holder) -> Fail:
    shown = next((each.origin for each in _statements(identity.principal) if lets_guests_in(each).truth), None)
    return Fail(
        message=f"Everybody gets this role without signing in, and {how(identity)} gives it access to DynamoDB. "
        "Give guests a role without that access.",
        at=shown,
        evidence=("guests",),
        severity=Severity.HIGH,
    )


def _strangers(identity: Holder, statement: Statement) -> Fail:
    provider = ", ".join(providers_of(statement))
    subject = asks_for_subject(statement).truth
    limit = " if its subject fits" if subject else ", whoever it is for"
    pool = COGNITO in provider
    key = f"{COGNITO}:aud with the id of your identity pool" if pool else "its :aud with your own client id"
    return Fail(
        message=f"{_token(provider)} gets this role{limit}, and {how(identity)} gives it access to DynamoDB: the "
        f"trust policy does not ask for an audience. Add StringEquals on {key}.",
        at=statement.origin,
        evidence=("audience", provider),
        severity=Severity.MEDIUM if subject else Severity.HIGH,
    )


def _token(provider: str) -> str:
    """The token that is let through; a provider that IAM has an ARN for knows the audiences it is there for."""
    if COGNITO in provider:
        return "A token of an identity pool in any AWS account"
    if provider in _SHARED:
        return f"A token of {provider} for any application in the world"
    return f"A token of {provider} for any audience that is registered there"


RULE = Rule(
    id="DDB220",
    name="federated-trust",
    severity=Severity.HIGH,
    checks={Scope.PRINCIPAL: judge},
    practices=("P2", "P4"),
    peer_ids=("checkov:CKV_AWS_358", "checkov:CKV_AWS_393"),
    doc=__doc__,
)
