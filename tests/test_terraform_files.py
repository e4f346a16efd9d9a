"""Which files a Terraform directory is made of, and what one declares that another does as well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from dynavet.discovery import discover
from dynavet.engine import Options, model, scan
from dynavet.model import Project, Table
from dynavet.text import Text
from dynavet.values import Known, Value

KEYS = Options(select=("DDB101",))


@pytest.fixture(autouse=True)
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def projects() -> list[Project]:
    found, errors = model([Path()])
    assert errors == []
    return found


def tables() -> dict[str, Table]:
    return {table.address: table for project in projects() for table in project.tables}


def problems() -> list[str]:
    found = [each for project in projects() for each in project.problems]
    return [f"{each.origin.path}:{each.origin.line}: {each.message}" for each in found]


def known(value: Value[Text | None]) -> str | None:
    assert isinstance(value, Known), value
    return None if value.value is None else value.value.literal


def table(name: str, body: str = "") -> str:
    return f'resource "aws_dynamodb_table" "{name}" {{\n  name = "{name}"\n{body}\n}}\n'


def names() -> dict[str, str | None]:
    return {address: known(each.name) for address, each in tables().items()}


# ------------------------------------------------------------ which files


def test_a_tofu_file_takes_the_place_of_its_namesake() -> None:
    write(
        {
            "main.tf": table("old"),
            "main.tofu": table("new"),
            "more.tf": table("kept"),
            "data.tf.json": json.dumps({"resource": {"aws_dynamodb_table": {"hidden": {"name": "hidden"}}}}),
            "data.tofu.json": json.dumps({"resource": {"aws_dynamodb_table": {"shown": {"name": "shown"}}}}),
            "data.tofu": table("beside"),
        }
    )
    assert names() == {f"aws_dynamodb_table.{name}": name for name in ("new", "kept", "shown", "beside")}
    assert {each.path: each.reason for each in scan([Path()], KEYS).skipped} == {
        "main.tf": "main.tofu takes its place in OpenTofu",
        "data.tf.json": "data.tofu.json takes its place in OpenTofu",
    }


def test_a_tofu_override_takes_the_place_of_its_namesake_only() -> None:
    write(
        {
            "main.tf": table("t"),
            "a_override.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "terraform"\n}\n',
            "a_override.tofu": 'resource "aws_dynamodb_table" "t" {\n  hash_key = "opentofu"\n}\n',
        }
    )
    (found,) = tables().values()
    assert (known(found.name), known(found.hash_key)) == ("t", "opentofu")


def test_a_module_is_read_as_opentofu_reads_it_for_callers_too() -> None:
    write(
        {
            ".git/HEAD": "",
            "live/main.tf": 'module "m" {\n  source = "../module"\n}\n',
            "module/main.tf": table("old"),
            "module/main.tofu": table("new"),
        }
    )
    assert set(names()) == {"module.m.aws_dynamodb_table.new"}
    found = scan([Path("live/main.tf")], KEYS).findings
    assert {each.resource for each in found} == {"module.m.aws_dynamodb_table.new"}


def test_names_that_are_no_configuration() -> None:
    write({name: table("wrong") for name in (".a.tf", "a.tf~", "a.tf.bak", "x.tftest.hcl", "x.tfquery.hcl", "#a.tf#")})
    write({"#a.tf": table("hash"), "override.extra.tf": table("extra")})
    assert set(names()) == {"aws_dynamodb_table.hash", "aws_dynamodb_table.extra"}
    assert {path.name for path in discover([Path()], Path.cwd()).terraform[Path.cwd()]} == {
        "#a.tf",
        "override.extra.tf",
    }


# ------------------------------------------------------------ override files

ENCRYPTED = "  server_side_encryption {\n    enabled     = true\n    kms_key_arn = %s\n  }\n"


def test_override_files_go_over_the_others_in_their_order() -> None:
    write(
        {
            "z.tf": table(
                "t", ENCRYPTED % '"one"' + '  hash_key = "id"\n  lifecycle {\n    prevent_destroy = true\n  }'
            ),
            "override.tf": 'resource "aws_dynamodb_table" "t" {\n  range_key = "last"\n}\n',
            "a.b_override.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "first"\n  range_key = "first"\n}\n',
            "b_override.tf.json": json.dumps(
                {
                    "resource": {
                        "aws_dynamodb_table": {"t": {"name": "json", "server_side_encryption": {"enabled": True}}}
                    }
                }
            ),
        }
    )
    (found,) = tables().values()
    assert [known(each) for each in (found.name, found.hash_key, found.range_key)] == ["json", "id", "last"]
    assert isinstance(found.encryption, Known)
    assert found.encryption.value.enabled == Known(True)
    assert found.encryption.value.key == Known(None)


@pytest.mark.parametrize(
    "over",
    [
        'dynamic "replica" {\n    for_each = ["eu-west-3"]\n    content {\n region_name = replica.value\n    }\n  }',
        'replica {\n    region_name = "eu-west-3"\n  }',
    ],
)
def test_all_nested_blocks_of_a_type_are_replaced_dynamic_ones_too(over: str) -> None:
    base = """
  replica {
    region_name = "eu-west-1"
  }
  dynamic "replica" {
    for_each = ["eu-west-2"]
    content {
      region_name = replica.value
    }
  }"""
    write({"main.tf": table("t", base)})
    assert regions() == ["eu-west-1", "eu-west-2"]
    write({"override.tf": f'resource "aws_dynamodb_table" "t" {{\n  {over}\n}}\n'})
    assert regions() == ["eu-west-3"]


OVER = 'resource "aws_dynamodb_table" "t" {\n  replica {\n    region_name = "eu-west-3"\n  }\n}\n'


def test_blocks_of_the_two_syntaxes_replace_each_other() -> None:
    def as_json(region: str, *, dynamic: bool) -> str:
        block: object = {"replica": [{"region_name": region}]}
        if dynamic:
            block = {"dynamic": [{"replica": {"for_each": [region], "content": {"region_name": "${replica.value}"}}}]}
        return json.dumps({"resource": {"aws_dynamodb_table": {"t": block}}})

    for dynamic in (False, True):
        write({"main.tf": table("t", '  replica {\n    region_name = "eu-west-1"\n  }'), "override.tf": ""})
        write({"override.tf.json": as_json("eu-west-2", dynamic=dynamic)})
        assert regions() == ["eu-west-2"]
        write({"main.tf": "", "main.tf.json": as_json("eu-west-1", dynamic=dynamic), "override.tf.json": "{}"})
        assert regions() == ["eu-west-1"]
        write(
            {"override.tf": 'resource "aws_dynamodb_table" "t" {\n  replica {\n    region_name = "eu-west-3"\n  }\n}\n'}
        )
        assert regions() == ["eu-west-3"]
        Path("main.tf.json").unlink()


def regions() -> list[str | None]:
    (found,) = tables().values()
    return [known(each.value.region) for each in found.replicas if isinstance(each, Known) and each.value is not None]


def test_everything_else_is_overridden_by_name() -> None:
    write(
        {
            "main.tf": (
                'variable "v" {\n  type = string\n  default = "main"\n}\n'
                'locals {\n  a = "main"\n  b = "main"\n}\n'
                'module "m" {\n  source = "./m"\n  key = "main"\n  other = "main"\n}\n'
                + table("t", "  hash_key = local.a\n  range_key = var.v")
            ),
            "m/main.tf": 'variable "key" {}\nvariable "other" {}\n'
            + table("inner", "  hash_key = var.key\n  range_key = var.other"),
            "x_override.tf": (
                'variable "v" {\n  default = "over"\n}\nlocals {\n  a = "over"\n}\nmodule "m" {\n  key = "over"\n}\n'
                'terraform {\n  required_version = ">= 1.0"\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n'
            ),
        }
    )
    assert problems() == []
    keys = {address: (known(each.hash_key), known(each.range_key)) for address, each in tables().items()}
    assert keys == {"aws_dynamodb_table.t": ("over", "over"), "module.m.aws_dynamodb_table.inner": ("over", "main")}


def test_an_override_of_nothing_is_a_problem() -> None:
    over = 'variable "v" {}\nlocals {\n  a = 1\n}\noutput "o" {\n  value = 1\n}\nmodule "m" {\n  source = "./m"\n}\n'
    over += 'data "aws_vpc" "v" {}\nprovider "aws" {\n  alias = "x"\n}\n' + table("wrong")
    write({"main.tf": table("right"), "x_override.tf": over})
    found = problems()
    for name, line in {
        "variable v": 1,
        "local.a": 3,
        "output o": 5,
        "module m": 8,
        "data.aws_vpc.v": 11,
        "provider aws.x": 12,
        "aws_dynamodb_table.wrong": 15,
    }.items():
        said = f"x_override.tf:{line}: {name} is overridden here, and no file that is not an override file declares it"
        assert said in found
    assert set(names()) == {"aws_dynamodb_table.right"}


# ------------------------------------------------------------ twice


def test_what_is_declared_twice_is_a_problem_that_names_both_places() -> None:
    twice = 'variable "v" {}\nlocals {\n  a = 1\n}\noutput "o" {\n  value = 1\n}\nprovider "aws" {}\n'
    twice += 'data "aws_vpc" "v" {}\nmodule "m" {\n  source = "./m"\n}\n'
    write({"a.tf": table("t") + twice, "b.tf": table("t", '  hash_key = "id"') + twice + table("rest")})
    found = problems()
    for name, first, second in (
        ("aws_dynamodb_table.t", 1, 1),
        ("variable v", 5, 5),
        ("local.a", 7, 7),
        ("output o", 9, 9),
        ("provider aws", 12, 12),
        ("data.aws_vpc.v", 13, 13),
        ("module m", 14, 14),
    ):
        said = f"b.tf:{second}: {name} is already declared at a.tf:{first}; only an override file may do so again"
        assert said in found
    assert set(names()) == {"aws_dynamodb_table.t", "aws_dynamodb_table.rest"}
    report = scan([Path()], KEYS)
    assert report.incomplete
    assert "aws_dynamodb_table.rest" in {each.resource for each in report.findings}


def test_labels_that_are_missing_are_a_problem() -> None:
    write({"main.tf": 'resource "aws_dynamodb_table" {\n}\n\nmodule {\n}\n' + table("t")})
    assert problems() == [
        "main.tf:1: resource has 1 labels instead of 2",
        "main.tf:4: module has 0 labels instead of 1",
    ]
    assert set(names()) == {"aws_dynamodb_table.t"}


def test_an_argument_that_stands_twice_is_a_problem() -> None:
    write({"main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "a"\n  name = "b"\n}\n', "ok/main.tf": table("t")})
    assert problems() == ["main.tf:3: name is set twice, first in line 2"]
    assert set(names()) == {"aws_dynamodb_table.t"}
