"""One policy of a table, written in many ways, has the same findings in each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dynavet.engine import Options, scan

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "dynamodb:Get*", "Resource": TABLE},
        {
            "Sid": "Shared",
            "Effect": "Allow",
            "Principal": {"AWS": ["444455556666", "111122223333"]},
            "Action": "dynamodb:GetItem",
            "Resource": TABLE,
            "Condition": {"StringLike": {"aws:PrincipalTag/tenant": "${aws:PrincipalAccount}*"}},
        },
        {
            "Sid": "Limited",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "dynamodb:GetItem",
            "Resource": TABLE,
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
        },
    ],
}
TEXT = json.dumps(POLICY, indent=2)
IN_TERRAFORM = TEXT.replace("${", "$${")
DATA_SOURCE = """
data "aws_iam_policy_document" "orders" {
  source_policy_documents = [file("orders.txt")]
}
"""
EXPRESSIONS = {
    "heredoc": f"<<EOT\n{IN_TERRAFORM}\nEOT",
    "jsonencode": f"jsonencode({IN_TERRAFORM})",
    "file": 'file("orders.txt")',
    "decoded": 'jsonencode(jsondecode(file("orders.txt")))',
    "data source": "data.aws_iam_policy_document.orders.json",
}
EXPECTED = {
    ("DDB210", "Open", "fail", "critical"),
    ("DDB210", "Shared", "pass", "critical"),
    ("DDB210", "Limited", "pass", "critical"),
    ("DDB211", "Shared", "fail", "medium"),
    ("DDB211", "Limited", "pass", "medium"),
}


def template(document: str) -> str:
    return f"""
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      ResourcePolicy:
        PolicyDocument: {document}
"""


FORMS = {
    **{
        name: {
            "main.tf": DATA_SOURCE
            + f'resource "aws_dynamodb_resource_policy" "of" {{\n  resource_arn = "{TABLE}"\n  policy = {text}\n}}\n'
        }
        for name, text in EXPRESSIONS.items()
    },
    "template": {"template.yaml": template(json.dumps(POLICY))},
    "text in a template": {"template.yaml": template(json.dumps(TEXT))},
    "document": {"policy.json": TEXT},
    "put-resource-policy": {"request.json": json.dumps({"ResourceArn": TABLE, "Policy": TEXT})},
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_findings_in_every_form(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {**FORMS[form], "orders.txt": TEXT}.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    report = scan([Path()], Options(select=("DDB210", "DDB211")))
    assert report.errors == []
    assert {(f.rule, f.statement or "", f.outcome.value, f.severity.label) for f in report.findings} == EXPECTED
