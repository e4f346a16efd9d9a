"""A file in scope cannot be parsed.

## What it does

Reports a Terraform file, a template or a policy file that is in scope and cannot be read or parsed, with the
place where reading stopped and what was expected there. Reports as well a key that stands twice in one mapping of
a template: only what stands under the last one is checked. The rest of the file and of the scan goes on, and the exit
status is 2.

## Why it matters

What a broken file declares is not checked by anything. Passing over it in silence would turn an error into a
clean report.

## Example

Terraform, fails (the block is never closed):

```terraform
resource "aws_dynamodb_table" "orders" {
  name = "orders"
```

Terraform, passes:

```terraform
resource "aws_dynamodb_table" "orders" {
  name = "orders"
}
```

CloudFormation, fails (the flow sequence is never closed):

```yaml
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}
      BillingMode: PAY_PER_REQUEST
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

JSON, fails (a comma is missing):

```json
{
  "Version": "2012-10-17"
  "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]
}
```

JSON, passes:

```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]
}
```

## How to fix

Correct the file at the reported line and column, or leave it out of the scan if it is not meant to be deployed.

## Undecided

Never: a file parses or it does not.

## References

- [Terraform: native syntax](https://developer.hashicorp.com/terraform/language/syntax/configuration)
- [CloudFormation: template anatomy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html)
- [IAM: grammar of the JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
"""

from __future__ import annotations

from dynavet.model import Project, SourceProblem
from dynavet.rule import Fail, Judgement, Rule, Scope, Severity


def judge(problem: SourceProblem, _: Project) -> Judgement:
    return Fail(message=problem.message, at=problem.origin)


RULE = Rule(
    id="DDB000",
    name="unparsable-source",
    severity=Severity.HIGH,
    checks={Scope.SOURCE_PROBLEM: judge},
    no_edit="what is wrong differs from file to file, and the message says what was expected there",
    doc=__doc__,
)
