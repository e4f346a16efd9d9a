"""Tables whose policy has to deny requests without TLS, where the configuration asks for that."""

from __future__ import annotations

from pathlib import Path

import pytest

from dynavet.engine import Options, scan
from dynavet.model import Settings

TRANSPORT = '"Condition": {"Bool": {"aws:SecureTransport": "false"}}'
TABLE = """
resource "aws_dynamodb_table" "t" {
  name           = "orders"
  hash_key       = "id"
  stream_enabled = true
}
"""
POLICY = """
variable "given" { type = string }
variable "closed" { type = bool }
resource "aws_dynamodb_resource_policy" "t" {
  %s
  resource_arn = %s
  policy       = %s
}
"""
TEMPLATE = """
Resources:
  t:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      Replicas:
        - Region: eu-west-1
          ResourcePolicy: {PolicyDocument: {"Statement": %s}}
        - Region: eu-central-1
%s
"""
ARN = "aws_dynamodb_table.t.arn"
LITERAL = '"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"'


def statement(text: str = "", actions: str = '"dynamodb:*"', principal: str = '"*"', resource: str = '"*"') -> str:
    more = f", {text}" if text else ""
    return f'{{"Effect": "Deny", "Principal": {principal}, "Action": {actions}, "Resource": {resource}{more}}}'


def outcomes(directory: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch, **settings: bool) -> list[str]:
    (directory / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(directory)
    report = scan([Path()], Options(select=("DDB305",), settings=Settings(**settings)))  # type: ignore[arg-type]
    assert report.errors == []
    return [each.outcome.value for each in report.findings if each.rule == "DDB305"]


def document(*statements: str) -> str:
    return f'jsonencode({{ "Statement": [{", ".join(statements)}] }})'


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        ("", "fail"),
        (POLICY % ("", ARN, document(statement(TRANSPORT))), "pass"),
        (POLICY % ("", LITERAL, document(statement(TRANSPORT))), "pass"),
        (POLICY % ("", ARN, document(statement(TRANSPORT, resource=LITERAL))), "pass"),
        (POLICY % ("", ARN, document(statement(TRANSPORT, principal='{"AWS": "*"}'))), "pass"),
        (POLICY % ("", ARN, document(statement())), "pass"),
        (POLICY % ("", ARN, document(statement(TRANSPORT, actions='"dynamodb:GetItem"'))), "fail"),
        (POLICY % ("", ARN, document(statement(TRANSPORT.replace("false", "true")))), "fail"),
        (POLICY % ("", ARN, document(statement(TRANSPORT, resource=LITERAL[:-1] + '/index/*"'))), "fail"),
        (
            POLICY % ("", ARN, document(statement(TRANSPORT, principal='{"AWS": "arn:aws:iam::111122223333:role/a"}'))),
            "fail",
        ),
        (POLICY % ("", "aws_dynamodb_table.t.stream_arn", document(statement(TRANSPORT))), "fail"),
        (POLICY % ("", LITERAL.replace("orders", "carts"), document(statement(TRANSPORT))), "fail"),
        (POLICY % ("", ARN, "var.given"), "unknown"),
        (POLICY % ("", "var.given", document(statement(TRANSPORT))), "unknown"),
        (POLICY % ("count = var.closed ? 1 : 0", ARN, document(statement(TRANSPORT))), "unknown"),
    ],
)
def test_policy_of_a_table(policy: str, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TABLE + policy
    assert outcomes(tmp_path, "main.tf", text, monkeypatch, deny_insecure_transport=True) == [outcome]
    assert outcomes(tmp_path, "main.tf", text, monkeypatch) == []


@pytest.mark.parametrize("both", [True, False])
def test_every_replica_needs_a_policy(both: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    denying = statement(TRANSPORT)
    second = f'          ResourcePolicy: {{PolicyDocument: {{"Statement": {denying}}}}}' if both else ""
    text = TEMPLATE % (denying, second)
    found = outcomes(tmp_path, "t.yaml", text, monkeypatch, deny_insecure_transport=True)
    assert found == ["pass" if both else "fail"]
