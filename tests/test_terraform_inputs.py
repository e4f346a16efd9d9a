"""Values of Terraform variables from files, the command line and the environment, in Terraform's order."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dynavet.cli.root import command
from dynavet.engine import Options, model, scan
from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Known, Unknown
from dynavet_parsers.terraform import Inputs, read_roots

ROOT = """
variable "name" {}
variable "text" {
  type    = string
  default = null
}
variable "list" {
  type    = list(string)
  default = []
}
variable "number" {
  type    = number
  default = 0
}
variable "flag" {
  type    = bool
  default = false
}
variable "any" {
  type    = any
  default = null
}
resource "aws_dynamodb_table" "t" {
  name      = var.name
  hash_key  = "${var.number + 1}-${var.flag ? "yes" : "no"}-${jsonencode(var.list)}"
  range_key = var.text
}
"""


@pytest.fixture(autouse=True)
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("TF_"):
            monkeypatch.delenv(name)
    write({"main.tf": ROOT})
    return tmp_path


def write(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def dynavet(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def asked(*arguments: str) -> dict[str, object]:
    """The table as `dynavet model` shows it."""
    ran = dynavet("model", *arguments)
    assert ran.exit_code == 0, ran.output
    (project,) = json.loads(ran.output)["projects"]
    (table,) = project["tables"]
    return {name: next(iter(table[name].values())) for name in ("name", "hash_key", "range_key")}


def problems(*inputs: Mapping[str, str] | Path) -> list[str]:
    projects, errors = model([Path()], Options(inputs=inputs))
    assert errors == []
    found = [each for project in projects for each in project.problems]
    return [f"{each.origin.path}:{each.origin.line}: {each.message}" for each in found]


# ------------------------------------------------------------ files


def test_files_beside_the_root_in_terraforms_order() -> None:
    files = {
        "terraform.tfvars": 'name = "1"',
        "terraform.tfvars.json": '{"name": "2"}',
        ".a.auto.tfvars": 'name = "3"',
        "a.auto.tfvars": 'name = "4"',
        "b.auto.tfvars.json": '{"name": "5"}',
        "c.auto.tfvars": 'name = "6"\nundeclared = 1',
    }
    write({"other.tfvars": 'name = "wrong"', "d.auto.tfvars/x": ""})
    for name, text in files.items():
        write({name: text})
        assert asked()["name"] == text.split('"')[-2]


def test_the_last_of_values_and_files_on_the_command_line_wins() -> None:
    write({"a.tfvars": 'name = "a"', "b.tfvars.json": '{"name": "b"}', "c.auto.tfvars": 'name = "c"'})
    a, b, value = ("--var-file", "a.tfvars"), ("--var-file", "b.tfvars.json"), ("--var", "name=v")
    assert asked(*a, *b)["name"] == "b"
    assert asked(*b, *a)["name"] == "a"
    assert asked(*a, *value)["name"] == "v"
    assert asked(*value, *a)["name"] == "a"
    assert asked(*a, *value, *b, "--var", "name=w", ".")["name"] == "w"
    assert asked("--var", "name=w", *a, *value, *b)["name"] == "b"


def test_text_in_json_is_text() -> None:
    write({"terraform.tfvars.json": json.dumps({"//": "x", "name": 'a ${upper("x")} $${y} %{z', "list": ["${b}"]})})
    assert asked()["name"] == 'a ${upper("x")} $${y} %{z'
    assert '["${b}"]' in str(asked()["hash_key"])


def test_values_are_converted_to_the_type() -> None:
    write({"terraform.tfvars": 'name = 1\nnumber = "5"\nflag = "true"\nlist = [1, true]\ntext = 2'})
    assert asked() == {"name": "1", "hash_key": '6-yes-["1","true"]', "range_key": "2"}


def test_constants_may_be_computed() -> None:
    write({"terraform.tfvars": 'name = "${1 + 1}-x"\nlist = [for x in ["a"] : x]'})
    assert asked()["name"] == "2-x"
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("terraform.tfvars", 'list = []\nname = upper("x")', "2: name: expected a value without references and fun"),
        ("terraform.tfvars", 'list = []\nname = "${var.x}"', "2: name: expected a value without references and fun"),
        ("a.auto.tfvars", "list = []\nname {\n}", "2: expected values of variables, found a block name"),
        ("a.auto.tfvars", "name = 1\nname = 2", "2: name is set twice, first in line 1"),
        ("a.auto.tfvars", 'name = "', "1: "),
        ("a.auto.tfvars.json", '{"name": 1,\n"name": 2}', "2: this key is set twice, first in line 1"),
        ("a.auto.tfvars.json", '[{"name": 1}]', "1: expected an object with the values of variables"),
        ("a.auto.tfvars.json", '{"name": 1', '1: expected "," or "}"'),
    ],
)
def test_what_is_no_file_of_values_is_a_problem(name: str, text: str, problem: str) -> None:
    write({name: text})
    (found,) = problems()
    assert found.startswith(f"{name}:{problem}")
    report = scan([Path()], Options(select=("DDB101",)))
    assert [each.place.path for each in report.findings if each.rule == "DDB000"] == [name]
    assert "aws_dynamodb_table.t" in {each.resource for each in report.findings}


def test_a_value_that_is_no_constant_leaves_the_others_alone() -> None:
    write({"terraform.tfvars": 'name = var.x\ntext = "t"'})
    (project,), _ = model([Path()])
    (table,) = project.tables
    assert table.range_key == Known(Text.of("t"))
    assert table.name == Unknown("name has no constant value in terraform.tfvars")


def test_a_file_for_several_roots_is_one_problem() -> None:
    write({"other/main.tf": ROOT, "x.tfvars": "name = ("})
    report = scan([Path()], Options(select=("DDB101",), inputs=(Path("x.tfvars").absolute(),)))
    assert [each.place.path for each in report.findings if each.rule == "DDB000"] == ["x.tfvars"]


@pytest.mark.parametrize("name", ["terraform.tfvars", "live.tfvars", "live.tfvars.json"])
def test_a_named_file_stands_for_its_directory(name: str) -> None:
    write({f"here/{name}": "{}" if name.endswith("json") else "", "here/main.tf": ROOT, "alone/x.tfvars": ""})
    report = scan([Path("here", name)], Options(select=("DDB101",)))
    assert {each.place.path for each in report.findings} == {"here/main.tf"}
    report = scan([Path("alone/x.tfvars")], Options())
    assert [(each.path, each.reason) for each in report.skipped] == [
        ("alone/x.tfvars", "no Terraform configuration beside it")
    ]


# ------------------------------------------------------------ values on the command line

VALUES = {
    "name=[1]": ("[1]", "1-no-[]", None),
    "text=[1]": (None, "1-no-[]", "[1]"),
    'text="q"': (None, "1-no-[]", '"q"'),
    "text=null": (None, "1-no-[]", "null"),
    "text=": (None, "1-no-[]", ""),
    "text= x ": (None, "1-no-[]", " x "),
    "number=4": (None, "5-no-[]", None),
    "number=1e2": (None, "101-no-[]", None),
    "flag=true": (None, "1-yes-[]", None),
    'list=["a"]': (None, '1-no-["a"]', None),
    "list=[1 + 1]": (None, '1-no-["2"]', None),
    "list=null": (None, "1-no-null", None),
    'list=["${1}"] # c': (None, '1-no-["1"]', None),
    'any="x"': (None, "1-no-[]", None),
}
"""What `--var` gives, and the table's name, hash key and range key in Terraform 1.11."""

WRONG = ["list=a", "list=", "list=[upper(1)]", "list=[", "any=a", "number=", 'number="1"', "number=x", "flag=yes"]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_text_or_an_expression_by_the_type(value: str) -> None:
    name, hash_key, range_key = VALUES[value]
    found = asked("--var", "name=n", "--var", value)
    assert (found["name"], found["hash_key"], found["range_key"]) == (name or "n", hash_key, range_key)


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("subcommand", ["scan", "model"])
def test_a_value_that_the_variable_cannot_have_is_an_error(value: str, subcommand: str) -> None:
    name = value.partition("=")[0]
    ran = dynavet(subcommand, "--var", "name=n", "--var", value)
    assert ran.exit_code == 2
    assert f"--var {name}: expected " in ran.output
    assert "aws_dynamodb_table.t" in ran.output


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_terraform_agrees(tmp_path: Path) -> None:
    outputs = ROOT.partition("resource")[0] + "".join(
        f'output "{name}" {{\n  value = {value}\n}}\n'
        for name, value in (
            ("name", "var.name"),
            ("hash_key", '"${var.number + 1}-${var.flag ? "yes" : "no"}-${jsonencode(var.list)}"'),
            ("range_key", "var.text"),
        )
    )
    (tmp_path / "main.tf").write_text(outputs)
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}

    def terraform(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["terraform", *arguments], capture_output=True, text=True, env=environment, check=False)

    for value, expected in VALUES.items():
        assert terraform("apply", "-auto-approve", "-var", "name=n", "-var", value).returncode == 0
        shown = json.loads(terraform("output", "-json").stdout)
        found = [shown.get(name, {}).get("value") for name in ("name", "hash_key", "range_key")]
        assert found == [expected[0] or "n", *expected[1:]], value
    for value in WRONG:
        assert terraform("plan", "-input=false", "-var", "name=n", "-var", value).returncode == 1


# ------------------------------------------------------------ environment and workspace


def test_the_environment_counts_only_if_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_name", "environment")
    monkeypatch.setenv("TF_VAR_list", '["e"]')
    monkeypatch.setenv("TF_VAR_undeclared", "1")
    assert asked()["name"] == "var.name has no value"
    assert asked("--tf-env") == {"name": "environment", "hash_key": '1-no-["e"]', "range_key": None}
    write({"terraform.tfvars": 'name = "file"'})
    assert asked("--tf-env")["name"] == "file"
    monkeypatch.setenv("TF_VAR_list", "e")
    ran = dynavet("scan", "--tf-env")
    assert ran.exit_code == 2
    assert "TF_VAR_list: expected " in ran.output


def test_the_workspace_is_undecided_until_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_WORKSPACE", "environment")
    write({"main.tf": 'module "m" {\n  source = "./m"\n}\n'})
    write({"m/main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = terraform.workspace\n}\n'})
    assert asked()["name"] == "terraform.workspace is chosen when Terraform runs"
    assert asked("--workspace", "live")["name"] == "live"
    assert asked("--tf-env")["name"] == "environment"
    assert asked("--tf-env", "--workspace", "live")["name"] == "live"
    write({"dynavet.toml": 'workspace = "configured"\n'})
    assert asked()["name"] == "configured"
    assert asked("--workspace", "live")["name"] == "live"
    write({"dynavet.toml": "tf-env = true\n"})
    assert asked()["name"] == "environment"


def test_the_readers_own_interface(tmp_path: Path) -> None:
    def read(inputs: Inputs) -> Project:
        (project,) = read_roots({tmp_path: [tmp_path / "main.tf"]}, Sources([tmp_path], tmp_path), inputs)
        return project

    write({"a.tfvars": 'name = "a"'})
    given = Inputs({"name": "v", "text": "v"}, tmp_path / "a.tfvars", environment={"TF_VAR_text": "e", "PATH": "x"})
    (table,) = read(given).tables
    assert (table.name, table.range_key) == (Known(Text.of("a")), Known(Text.of("v")))
