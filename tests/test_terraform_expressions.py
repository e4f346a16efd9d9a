"""Our evaluation of expressions: agreed values on file, and the real terraform as their source."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Known, OneOf, Unknown
from dynavet_parsers.terraform.data import to_plain
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module

AGREED = json.loads((Path(__file__).parent / "fixtures/terraform/expressions.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = AGREED["cases"]


def configuration_of(expressions: list[str]) -> str:
    outputs = (f'output "o{i}" {{\n  value = jsonencode({e}\n)\n}}\n' for i, e in enumerate(expressions))
    return "\n".join([AGREED["locals"], *outputs])


def module_of(tmp_path: Path, text: str) -> Module:
    path = tmp_path / "main.tf"
    path.write_text(text, encoding="utf-8")
    sources = Sources([tmp_path], tmp_path)
    loader = Loader({tmp_path: [path]}, sources)
    configuration = loader.configuration(tmp_path)
    assert configuration is not None
    assert not configuration.problems
    return Module(configuration, loader, tmp_path)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Module:
    return module_of(tmp_path_factory.mktemp("expressions"), configuration_of([c["expression"] for c in CASES]))


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: CASES[n]["expression"][:60])
def test_agrees_with_the_value_on_file(module: Module, number: int) -> None:
    encoded = module.output(f"o{number}")
    assert isinstance(encoded, Known)
    assert isinstance(encoded.value, Text)
    assert encoded.value.document is not None
    assert to_plain(encoded.value.document) == CASES[number]["value"]
    literal = encoded.value.literal
    assert literal is not None
    assert json.loads(literal) == CASES[number]["value"]


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_values_on_file_are_those_of_terraform(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(configuration_of([c["expression"] for c in CASES]), encoding="utf-8")
    subprocess.run(["terraform", "apply", "-auto-approve"], cwd=tmp_path, check=True, capture_output=True)
    run = subprocess.run(["terraform", "output", "-json"], cwd=tmp_path, check=True, capture_output=True, text=True)
    outputs = json.loads(run.stdout)
    for number, case in enumerate(CASES):
        assert json.loads(outputs[f"o{number}"]["value"]) == case["value"], case["expression"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("var.x", "var.x has no value"),
        ('"a-${var.x}"', None),
        ("upper(var.x)", "var.x has no value"),
        ('upper("a-${var.x}")', None),
        ("[for y in var.x : y]", "var.x has no value"),
        ("try(var.x, 1)", "var.x has no value"),
        ("var.missing", "var.missing is not declared"),
        ("local.circle", "local.circle refers to itself"),
        ("timestamp()", "timestamp() is not computed offline"),
        ("terraform.workspace", "terraform.workspace is chosen when Terraform runs"),
        ('file("../outside.json")', 'file("../outside.json") lies outside the scanned directory'),
        ("local.list[9]", "local.list[9] cannot be evaluated: index 9 is out of range"),
    ],
)
def test_an_unknown_names_its_input(tmp_path: Path, expression: str, reason: str | None) -> None:
    module = module_of(
        tmp_path,
        f"""
        variable "x" {{}}
        locals {{
          circle = local.circle
          list   = [1]
          it     = {expression}
        }}
        """,
    )
    value = module.local("it")
    if reason is None:
        assert isinstance(value, Known)
        assert isinstance(value.value, Text)
        assert [hole.reason for hole in value.value.holes] == ["var.x has no value"]
    else:
        assert isinstance(value, Unknown)
        assert value.reason == reason


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("var.x == null ? 1 : 1", 1),
        ("false && var.x", False),
        ("var.x || true", True),
        ('contains(["a", var.x], "a")', True),
        ("merge({ a = 1 }, { b = var.x }).a", 1),
        ('concat(["a"], var.x)[*][0] == null', None),
        ("keys({ a = var.x })[0]", "a"),
        ('[var.x, "b"][1]', "b"),
        ("length([var.x, var.x])", 2),
    ],
)
def test_what_an_unknown_does_not_touch_stays_known(tmp_path: Path, expression: str, known: object) -> None:
    module = module_of(tmp_path, f'variable "x" {{}}\nlocals {{\n it = {expression}\n}}\n')
    value = module.local("it")
    if known is None:
        assert isinstance(value, Unknown)
    else:
        assert isinstance(value, Known)
        assert value.value == known


FRAGMENTS = st.sampled_from(
    ["${", "}", "%{", "~", '"', "[", "]", "(", ")", "{", "if", "for", "x", "in", ":", "=>", "...", "<<EOF\n", "EOF",
     "\n", "=", "a", "1", ".", "*", "?", "&&", "!", "-", ",", "null", "var.x", "$${", "é", "\\", "/*", "//", "#"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=12))
def test_no_text_makes_the_parser_or_the_evaluator_crash(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    directory = tmp_path_factory.mktemp("fuzz")
    path = directory / "main.tf"
    path.write_text("locals {\n  it = " + "".join(pieces) + "\n}\n", encoding="utf-8")
    sources = Sources([directory], directory)
    loader = Loader({directory: [path]}, sources)
    configuration = loader.configuration(directory)
    assert configuration is not None
    if not configuration.problems:
        Module(configuration, loader, directory).local("it")


def test_branches_that_only_compare_equal_stay_two(tmp_path: Path) -> None:
    expression = 'yamldecode(var.x == "a" ? "true" : "1")'
    value = module_of(tmp_path, f'variable "x" {{}}\nlocals {{\n it = {expression}\n}}\n').local("it")
    assert isinstance(value, OneOf)
    assert [type(branch.value) for _, branch in value.branches if isinstance(branch, Known)] == [bool, int]
