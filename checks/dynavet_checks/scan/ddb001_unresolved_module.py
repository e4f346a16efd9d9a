"""A module or nested template is not on disk.

## What it does

Reports a module call or a nested stack whose source was not read: a registry or Git module that was not
downloaded, a nested template in S3 or in the Serverless Application Repository, a transform that is resolved at
deployment, a path that leaves the scanned directory, a file with resources or functions that a Serverless Framework
file includes.

Some [well-known registry modules](../usage.md#modules-that-are-not-on-disk) are understood without their source, from
a description of their inputs that comes with dynavet. Such a module is reported only if its version or one of its
arguments is not described.

## Why it matters

Nothing is known about the tables, policies and endpoints that such a source declares, nor about the values it
returns. This finding says where the picture has a hole; what depends on it is reported as undecided, not as passed.

## Example

Terraform, fails (unless the module was downloaded by `terraform init`):

```terraform
module "bus" {
  source  = "terraform-aws-modules/eventbridge/aws"
  version = "4.0.0"
}
```

Terraform, passes (nothing outside the tree is called):

```terraform
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```

CloudFormation, fails:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://bucket.s3.amazonaws.com/data.yaml
```

CloudFormation, passes:

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
```

## How to fix

Run `terraform init` before the scan, so that `.terraform/modules` holds the module, or scan the directory that
holds both the caller and the module. A nested template is followed where `Location` or `TemplateURL` is its path
in the scanned tree, as it is before `sam package` or `aws cloudformation package` replaces it by an address in S3;
in the output of AWS CDK where the metadata names it (`aws:asset:path`).

## Undecided

Never: a source was found or it was not.

## References

- [Terraform: module sources](https://developer.hashicorp.com/terraform/language/modules/sources)
- [CloudFormation: nested stacks](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html)
"""

from __future__ import annotations

from dynavet.model import MissingSource, Project
from dynavet.rule import Fail, Judgement, Rule, Scope, Severity


def judge(missing: MissingSource, _: Project) -> Judgement:
    return Fail(
        message=f"{missing.source}: {missing.reason}; whatever depends on {missing.address} is unknown.",
        at=missing.origin,
        evidence=(missing.source,),
    )


RULE = Rule(
    id="DDB001",
    name="unresolved-module",
    severity=Severity.INFO,
    checks={Scope.MISSING_SOURCE: judge},
    no_edit="the code may be right as it is, and what it calls is missing beside it",
    doc=__doc__,
)
