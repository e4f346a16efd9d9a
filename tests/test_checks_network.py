"""Rules about the network on what people write: registry modules, and policies with many open conditions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dynavet.engine import Options, scan

NETWORK = """
module "vpc" {
  source          = "terraform-aws-modules/vpc/aws"
  version         = "6.0.0"
  cidr            = "10.0.0.0/16"
  azs             = ["eu-west-1a", "eu-west-1b"]
  private_subnets = ["10.0.1.0/24", "10.0.2.0/24"]
  intra_subnets   = ["10.0.3.0/24"]
}

module "endpoints" {
  source  = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  version = "6.0.0"
  vpc_id  = module.vpc.vpc_id

  endpoints = {
    dynamodb = {
      service         = "dynamodb"
      service_type    = "Gateway"
      route_table_ids = module.vpc.%s_route_table_ids
    }
  }
}
"""
CLIENT = """
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [%s] })
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn

  vpc_config {
    subnet_ids         = %s
    security_group_ids = []
  }
}
"""
READS = '{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = "*" }'
ENDPOINT = 'module.endpoints.aws_vpc_endpoint.this["dynamodb"]'


def outcomes(directory: Path, text: str, rule: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    monkeypatch.chdir(directory)
    report = scan([Path()], Options(select=(rule,)))
    assert report.errors == []
    return {each.resource: each.outcome.value for each in report.findings if each.rule == rule}


@pytest.mark.parametrize(("tables", "outcome"), [("private", "pass"), ("intra", "fail")])
def test_route_tables_of_a_registry_module(
    tables: str, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = NETWORK % tables + CLIENT % (READS, "module.vpc.private_subnets")
    assert outcomes(tmp_path, text, "DDB303", monkeypatch) == {ENDPOINT: outcome}


def test_a_role_with_more_open_conditions_than_can_be_combined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"flag_{number}" for number in range(8)]
    statements = ", ".join(
        f'{{ Effect = var.{name} ? "Allow" : "Deny", Action = "dynamodb:*", Resource = "*" }}' for name in names
    )
    variables = "".join(f'variable "{name}" {{ type = bool }}\n' for name in names)
    network = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "main" { vpc_id = aws_vpc.main.id }
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
resource "aws_route_table" "main" { vpc_id = aws_vpc.main.id }
resource "aws_vpc_endpoint" "main" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.dynamodb"
  route_table_ids = [aws_route_table.main.id]
}
"""
    text = variables + network + CLIENT % (statements, "[aws_subnet.main.id]")
    assert outcomes(tmp_path, text, "DDB303", monkeypatch) == {"aws_vpc_endpoint.main": "unknown"}


def test_a_group_is_followed_from_one_nested_stack_into_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(Path(__file__).parent / "fixtures" / "nested_dax", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    [finding] = scan([Path()], Options(select=("DDB306",))).findings
    assert (finding.outcome.value, finding.instances, finding.place.line) == ("fail", ("Cache/Cluster",), 15)
