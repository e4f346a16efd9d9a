"""Requests to DynamoDB or DAX are sent without encryption, or the table does not refuse such requests.

## What it does

Fails where the code says that requests go to a URL with `http://`:

- in the block `endpoints` of a Terraform provider, for `dynamodb` and `dax`;
- in an environment variable of a function, container, job, build, service or app: `AWS_ENDPOINT_URL_DYNAMODB`,
  `AWS_ENDPOINT_URL_DYNAMODB_STREAMS`, `AWS_ENDPOINT_URL_DAX`, those whose names say that they are for DynamoDB
  (`DYNAMODB_ENDPOINT`, `DDB_URL`, `DYNAMO_HOST` …), and any that hold the URL of DynamoDB itself. `AWS_ENDPOINT_URL`
  is for every service, and judged where the code declares a table.

What does not leave the machine passes: `localhost`, `127.0.0.1` and the rest of `127.0.0.0/8`, `[::1]`, the name of
the machine that runs a container (`host.docker.internal`), `localhost.localstack.cloud`. So does a host name without a
dot, such as `dynamodb-local` or `localstack`: it is that of a container beside this one, in a set-up for development.
Nothing of AWS has such a name. A private address (`http://10.0.0.5:8000`) fails: the network can read along.

With `transport = "deny"` in the configuration it also fails for every table whose resource policy does not deny
requests with `aws:SecureTransport` false to everybody, for all operations on items; a table without a policy is one.

## Why it matters

Items, keys and the signature of every request are readable for whoever is on the way, and answers can be changed.
A policy of the table that denies insecure transport holds whatever clients are configured to do.

## Example

Terraform, fails:

```terraform
provider "aws" {
  region = "eu-west-1"

  endpoints {
    dynamodb = "http://dynamodb.eu-west-1.amazonaws.com"
  }
}
```

Terraform, passes:

```terraform
provider "aws" {
  region = "eu-west-1"

  endpoints {
    dynamodb = "https://dynamodb.eu-west-1.amazonaws.com"
  }
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {S3Bucket: releases, S3Key: worker.zip}
      Environment:
        Variables:
          AWS_ENDPOINT_URL_DYNAMODB: http://dynamodb.eu-west-1.amazonaws.com
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {S3Bucket: releases, S3Key: worker.zip}
      Environment:
        Variables:
          AWS_ENDPOINT_URL_DYNAMODB: https://dynamodb.eu-west-1.amazonaws.com
```

## How to fix

Write `https://`, or leave the URL away: the SDKs know the endpoint of each Region. For the policy of a table:

    {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*",
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

## Undecided

The URL, or the policy of the table, depends on an input without a value.

## References

- [SDKs and tools: service-specific endpoints](https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html)
- [DynamoDB: infrastructure security](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/infrastructure-security.html)
"""

from __future__ import annotations

from dynavet.model import EndpointUrl, Project, Table, UrlPlace
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import single
from dynavet_checks.network.dynamodb_use import declares_table
from dynavet_checks.network.plain_http import is_plain_http
from dynavet_checks.network.table_denials import denied_by_policy, policies_of

PLAIN = {"aws:SecureTransport": "false"}


def judge_url(endpoint: EndpointUrl, project: Project) -> Judgement | None:
    if endpoint.every_service and declares_table(project).truth is False:
        return None
    plain = is_plain_http(single(endpoint.url))
    if plain.truth is None:
        return Undecided(reasons=plain.reasons, at=endpoint.at)
    if not plain.truth:
        return Pass(at=endpoint.at)
    url = getattr(single(endpoint.url), "value", "")
    return Fail(
        message=f"{_what(endpoint)} sends requests to {url}, without encryption. Use https://.",
        at=endpoint.at,
        evidence=(endpoint.place.value, endpoint.name),
    )


def judge_table(table: Table, project: Project) -> Judgement | None:
    if not project.settings.deny_insecure_transport:
        return None
    denied = denied_by_policy(table, project, PLAIN)
    policies = policies_of(table, project)
    at = policies[0].origin if policies else table.origin
    if denied.truth is None:
        return Undecided(reasons=denied.reasons, at=at)
    if denied.truth:
        return Pass(at=at)
    what = "The resource policy of this table does not deny" if policies else "No resource policy of this table denies"
    message = f"{what} requests without TLS (aws:SecureTransport false), for all operations on items and everybody."
    return Fail(message=message, at=at, evidence=("policy",))


def _what(endpoint: EndpointUrl) -> str:
    if endpoint.place is UrlPlace.PROVIDER:
        return f"Argument {endpoint.name} in the endpoints of the provider"
    return f"Environment variable {endpoint.name}"


RULE = Rule(
    id="DDB305",
    name="insecure-transport",
    severity=Severity.HIGH,
    checks={Scope.ENDPOINT_URL: judge_url, Scope.TABLE: judge_table},
    practices=("I1",),
    doc=__doc__,
)
