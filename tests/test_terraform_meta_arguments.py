"""Meta-arguments: which instances there are, what names mean then, and what is read past."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from dynavet.engine import Options, model, scan
from dynavet.model import Project, Table
from dynavet.rule import Outcome
from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import ABSENT, Known, OneOf, Unknown, Value, assume, bind
from dynavet_parsers.terraform.configuration import Configuration
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.resource import walk

MODULE = """
variable "name" {}
resource "aws_dynamodb_table" "t" {
  name = var.name
}
output "out" {
  value = var.name
}
"""


@pytest.fixture(autouse=True)
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("m").mkdir()
    Path("m/main.tf").write_text(MODULE)
    return tmp_path


def project_of(text: str) -> Project:
    Path("main.tf").write_text(textwrap.dedent(text), encoding="utf-8")
    projects, errors = model([Path()])
    assert errors == []
    return next(project for project in projects if project.root == ".")


def tables_of(text: str) -> dict[str, Table]:
    project = project_of(text)
    assert project.problems == []
    return {table.address: table for table in project.tables}


def texts(value: Value[Text | None]) -> object:
    """The text, or the texts of the branches, or the reason."""
    if isinstance(value, OneOf):
        return {label: texts(assume(branch, {value.condition: label})) for label, branch in value.branches}
    if isinstance(value, Unknown):
        return value.reason
    return None if value.value is None else str(value.value)


def regions(table: Table) -> list[object]:
    return [texts(bind(lambda found: ABSENT if found is None else found.region, each)) for each in table.replicas]


# ------------------------------------------------------------ enabled

ENABLED = """
    variable "on" {}
    variable "off" {
      default = false
    }
    resource "aws_dynamodb_table" "off" {
      name = "off"
      lifecycle {
        enabled = var.off
      }
    }
    resource "aws_dynamodb_table" "open" {
      name = "open"
      lifecycle {
        enabled = var.on
      }
    }
    module "off" {
      source = "./m"
      name   = "off"
      lifecycle {
        enabled = false
      }
    }
    module "open" {
      source = "./m"
      name   = "open"
      lifecycle {
        enabled = var.on
      }
    }
    resource "aws_dynamodb_table" "about" {
      name      = "${try(aws_dynamodb_table.off.name, "no")}-${aws_dynamodb_table.off == null}-${module.off == null}"
      hash_key  = aws_dynamodb_table.open.name
      range_key = module.open == null ? "gone" : module.open.out
    }
"""


def test_what_is_not_enabled_is_not_there_and_what_is_undecided_is_open() -> None:
    found = tables_of(ENABLED)
    assert set(found) == {"aws_dynamodb_table.open", "module.open.aws_dynamodb_table.t", "aws_dynamodb_table.about"}
    for address, condition in (
        ("aws_dynamodb_table.open", "enabled of aws_dynamodb_table.open"),
        ("module.open.aws_dynamodb_table.t", "enabled of module.open"),
    ):
        assert found[address].exists == OneOf(condition, (("true", Known(True)), ("false", Known(False))))


def test_what_is_not_enabled_is_null_to_others() -> None:
    about = tables_of(ENABLED)["aws_dynamodb_table.about"]
    assert texts(about.name) == "no-true-true"
    assert texts(about.hash_key) == {
        "true": "open",
        "false": "aws_dynamodb_table.open.name cannot be evaluated: null has no 'name'",
    }
    assert texts(about.range_key) == {"true": "open", "false": "gone"}


def test_a_disabled_table_is_not_judged() -> None:
    project_of(ENABLED)
    found = scan([Path()], Options(select=("DDB101",))).findings
    outcomes = {instance: each.outcome for each in found for instance in each.instances}
    assert "aws_dynamodb_table.off" not in outcomes
    assert outcomes["aws_dynamodb_table.about"] is Outcome.FAIL
    assert outcomes["aws_dynamodb_table.open"] is Outcome.FAIL


@pytest.mark.parametrize("other", ["count = 1", 'for_each = toset(["a"])'])
def test_enabled_goes_with_neither_count_nor_for_each(other: str) -> None:
    lifecycle = "lifecycle {\n    enabled = true\n  }"
    project = project_of(f'resource "aws_dynamodb_table" "t" {{\n  {other}\n  {lifecycle}\n}}\n')
    name = other.split(" ")[0]
    assert [each.message for each in project.problems] == [f"{name} and lifecycle.enabled cannot stand in one block"]


def test_count_and_for_each_do_not_go_together() -> None:
    project = project_of('module "m" {\n  source = "./m"\n  name = "x"\n  count = 1\n  for_each = {}\n}\n')
    assert [each.message for each in project.problems] == ["count and for_each cannot stand in one block"]


# ------------------------------------------------------------ lifecycle


def resource_module(text: str) -> Module:
    path = Path.cwd() / "main.tf"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    loader = Loader({path.parent: [path]}, Sources([path.parent], path.parent))
    return Module(loader.configuration(path.parent) or Configuration(path.parent), loader, path.parent)


def test_prevent_destroy_and_ignored_changes() -> None:
    module = resource_module(
        """
        variable "keep" {}
        resource "aws_dynamodb_table" "kept" {
          lifecycle {
            prevent_destroy = true
            ignore_changes  = [read_capacity, replica[0].kms_key_arn, tags["a"], "name"]
          }
        }
        resource "aws_dynamodb_table" "open" {
          lifecycle {
            prevent_destroy = var.keep
            ignore_changes  = all
          }
        }
        resource "aws_dynamodb_table" "plain" {
        }
        """
    )
    found = {resource.address.partition(".")[2]: resource for resource in walk(module)}
    assert found["kept"].prevent_destroy == Known(True)
    assert found["kept"].ignored_changes == ("read_capacity", "replica", "tags", "name")
    assert found["open"].prevent_destroy == Unknown("var.keep has no value")
    assert found["open"].ignored_changes == ("*",)
    assert found["plain"].prevent_destroy == ABSENT
    assert found["plain"].ignored_changes == ()


def test_an_override_file_changes_single_settings_of_the_lifecycle() -> None:
    base = (
        'resource "aws_dynamodb_table" "t" {\n  lifecycle {\n    prevent_destroy = true\n    enabled = true\n  }\n}\n'
    )
    over = 'resource "aws_dynamodb_table" "t" {\n  lifecycle {\n    enabled = false\n  }\n}\n'
    (table,) = tables_of(base).values()
    assert table.prevent_destroy == Known(True)
    Path("x_override.tf").write_text(over.replace("enabled = false", "ignore_changes = all"))
    (table,) = tables_of(base).values()
    assert table.prevent_destroy == Known(True)
    Path("x_override.tf").write_text(over)
    assert tables_of(base) == {}


# ------------------------------------------------------------ blocks that declare nothing


@pytest.mark.parametrize(
    "block",
    [
        "moved {\n  from = aws_dynamodb_table.a\n  to = aws_dynamodb_table.t\n}",
        'import {\n  to = aws_dynamodb_table.t\n  id = "x"\n}',
        'import {\n  for_each = { a = "x" }\n  to = aws_dynamodb_table.t[each.key]\n  id = each.value\n}',
        "removed {\n  from = aws_dynamodb_table.old\n  lifecycle {\n    destroy = false\n  }\n}",
        'check "c" {\n  data "aws_vpc" "v" {\n  }\n  assert {\n    condition = false\n    error_message = "x"\n  }\n}',
        'ephemeral "aws_secretsmanager_secret_version" "s" {\n  secret_id = "x"\n}',
        'action "aws_lambda_invoke" "a" {\n  config {\n    function_name = "f"\n  }\n}',
        'language {\n  compatible_with {\n    opentofu = ">= 1.10"\n  }\n}',
        'terraform {\n  backend "s3" {}\n}\n\nterraform {\n  required_version = ">= 1.0"\n}',
        'variable "v" {\n  default = 1\n  validation {\n    condition = var.v > 2\n    error_message = "x"\n  }\n}',
    ],
)
def test_blocks_that_change_no_resource_are_read_past(block: str) -> None:
    assert set(tables_of(f'resource "aws_dynamodb_table" "t" {{\n  name = "t"\n}}\n{block}\n')) == {
        "aws_dynamodb_table.t"
    }


def test_what_runs_on_the_machine_is_read_past() -> None:
    text = """
    resource "aws_dynamodb_table" "t" {
      name       = "t"
      depends_on = [aws_vpc.v]
      connection {
        host = self.arn
      }
      provisioner "local-exec" {
        when    = destroy
        command = "echo ${self.name}"
      }
      lifecycle {
        precondition {
          condition     = self.name == "u"
          error_message = "x"
        }
      }
      timeouts {
        create = "1h"
      }
    }
    """
    assert texts(tables_of(text)["aws_dynamodb_table.t"].name) == "t"


# ------------------------------------------------------------ count and for_each


def test_for_each_over_resources_data_and_modules() -> None:
    text = """
    data "aws_vpc" "v" {
      for_each = toset(["p"])
    }
    resource "aws_dynamodb_table" "base" {
      for_each = { a = "x", b = null }
      name     = "base-${each.key}"
      hash_key = each.value
    }
    resource "aws_dynamodb_table" "chain" {
      for_each = aws_dynamodb_table.base
      name     = each.value.name
    }
    resource "aws_dynamodb_table" "data" {
      for_each = data.aws_vpc.v
      name     = each.key
    }
    module "m" {
      for_each = { k = "v" }
      source   = "./m"
      name     = "${each.key}-${each.value}"
    }
    module "n" {
      count  = 2
      source = "./m"
      name   = "n${count.index}"
    }
    resource "aws_dynamodb_table" "out" {
      for_each = module.m
      name     = "${each.value.out}-${module.n[1].out}"
    }
    """
    assert {address: texts(table.name) for address, table in tables_of(text).items()} == {
        'aws_dynamodb_table.base["a"]': "base-a",
        'aws_dynamodb_table.base["b"]': "base-b",
        'aws_dynamodb_table.chain["a"]': "base-a",
        'aws_dynamodb_table.chain["b"]': "base-b",
        'aws_dynamodb_table.data["p"]': "p",
        'module.m["k"].aws_dynamodb_table.t': "k-v",
        "module.n[0].aws_dynamodb_table.t": "n0",
        "module.n[1].aws_dynamodb_table.t": "n1",
        'aws_dynamodb_table.out["k"]': "k-v-n1",
    }


# ------------------------------------------------------------ dynamic blocks


@pytest.mark.parametrize(
    ("for_each", "expected"),
    [
        ('["a", "b"]', ["a", "b"]),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ('{ y = "a", x = "b" }', ["b", "a"]),
        ("{}", []),
        ("[]", []),
        ('[for r in ["a", "b"] : r if r != "a"]', ["b"]),
        ('var.on ? ["a"] : ["b"]', [{"true": "a", "false": "b"}]),
    ],
)
def test_dynamic_blocks_over_collections(for_each: str, expected: list[object]) -> None:
    for iterator, name in (("", "replica"), ("iterator = it", "it")):
        text = f"""
        variable "on" {{}}
        resource "aws_dynamodb_table" "t" {{
          dynamic "replica" {{
            for_each = {for_each}
            {iterator}
            content {{
              region_name = {name}.value
            }}
          }}
        }}
        """
        (table,) = tables_of(text).values()
        assert regions(table) == expected
        assert table.more_replicas == ()


def test_a_dynamic_block_over_an_unknown_names_it() -> None:
    text = """
    variable "regions" {}
    resource "aws_dynamodb_table" "t" {
      replica {
        region_name = "eu-west-1"
      }
      dynamic "replica" {
        for_each = var.regions
        content {
          region_name = replica.value
        }
      }
    }
    """
    (table,) = tables_of(text).values()
    assert regions(table) == ["eu-west-1"]
    assert table.more_replicas == (Unknown("var.regions has no value"),)


def test_dynamic_blocks_within_dynamic_blocks() -> None:
    text = """
    data "aws_iam_policy_document" "p" {
      dynamic "statement" {
        for_each = { read = ["a", "b"], write = ["c"] }
        iterator = s
        content {
          sid       = s.key
          actions   = ["dynamodb:GetItem"]
          resources = ["*"]
          dynamic "condition" {
            for_each = s.value
            content {
              test     = "StringEquals"
              variable = "aws:PrincipalTag/${s.key}${condition.key}"
              values   = [condition.value]
            }
          }
        }
      }
    }
    resource "aws_iam_policy" "p" {
      policy = data.aws_iam_policy_document.p.json
    }
    """
    (policy,) = project_of(text).policies
    statements = [each.value for each in policy.statements if isinstance(each, Known) and each.value is not None]
    assert [len(each.conditions) for each in statements] == [2, 1]


# ------------------------------------------------------------ providers

PROVIDERS = """
    provider "aws" {
      default_tags {
        tags = { of = "default" }
      }
    }
    provider "aws" {
      alias    = "by_region"
      for_each = %s
      region   = each.value
      default_tags {
        tags = { of = each.key }
      }
    }
    variable "regions" {}
    resource "aws_dynamodb_table" "t" {
      for_each = { eu = "eu-west-1", us = "us-east-1" }
      provider = aws.by_region[each.key]
      name     = each.key
    }
    module "m" {
      for_each  = toset(["eu"])
      source    = "./m"
      name      = "m"
      providers = { aws = aws.by_region[each.value] }
    }
"""


def test_providers_have_instances_in_opentofu() -> None:
    found = tables_of(PROVIDERS % '{ eu = "eu-west-1", us = "us-east-1" }')
    tags = {address: table.tags for address, table in found.items()}
    for address, of in (
        ('aws_dynamodb_table.t["eu"]', "eu"),
        ('aws_dynamodb_table.t["us"]', "us"),
        ('module.m["eu"].aws_dynamodb_table.t', "eu"),
    ):
        value = tags[address]
        assert isinstance(value, Known)
        assert value.value is not None
        assert texts(value.value.entries["of"]) == of


def test_undecided_instances_of_providers_leave_their_tags_undecided() -> None:
    value = tables_of(PROVIDERS % "var.regions")['aws_dynamodb_table.t["eu"]'].tags
    assert isinstance(value, Known)
    assert value.value is not None
    assert texts(value.value.entries["of"]) == "var.regions has no value"
