"""Our evaluation of expressions: agreed values on file, and the real terraform as their source."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Known, OneOf, Unknown
from dynavet_parsers.terraform.functions.encoding import encode
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module

FIXTURES = Path(__file__).parent / "fixtures/terraform/expressions"
FILES: dict[str, dict[str, Any]] = {p.stem: json.loads(p.read_text("utf-8")) for p in sorted(FIXTURES.glob("*.json"))}
CASES = [(theme, number) for theme, content in FILES.items() for number in range(len(content["cases"]))]


Build = Callable[[Path, str], Module]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory, terraform_module: Build) -> dict[str, Module]:
    """For each file of cases, a module that has their expressions as outputs."""
    found = {}
    for theme, content in FILES.items():
        directory = tmp_path_factory.mktemp(theme)
        shutil.copytree(FIXTURES / "files", directory / "files")
        outputs = (f'output "o{i}" {{\n  value = {c["expression"]}\n}}' for i, c in enumerate(content["cases"]))
        found[theme] = terraform_module(directory, "\n".join([content["locals"], *outputs]))
    return found


@pytest.mark.parametrize(("theme", "number"), CASES, ids=lambda part: str(part))
def test_agrees_with_the_value_on_file(modules: dict[str, Module], theme: str, number: int) -> None:
    case = FILES[theme]["cases"][number]
    value = modules[theme].output(f"o{number}")
    if "undecided" in case:
        assert isinstance(value, Unknown), case["expression"]
        assert value.reason == case["undecided"]
    elif case["json"] is None:
        assert isinstance(value, Unknown), case["expression"]
        assert "cannot be evaluated" in value.reason
    else:
        assert isinstance(value, Known), case["expression"]
        assert encode(value).literal == case["json"], case["expression"]


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_values_on_file_are_those_of_terraform(checkout: Path) -> None:
    """All but those of provider functions, which need the provider."""
    script = checkout / "scripts" / "generate_expressions.py"
    themes = [theme for theme in FILES if theme != "providers"]
    ran = subprocess.run([sys.executable, script, "--check", *themes], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


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
        ("timestamp()", "timestamp() depends on when Terraform runs"),
        ("terraform.workspace", "terraform.workspace is chosen when Terraform runs"),
        ('file("../outside.json")', 'file("../outside.json") lies outside the scanned directory'),
        ("local.list[9]", "local.list[9] cannot be evaluated: index 9 is out of range"),
    ],
)
def test_an_unknown_names_its_input(
    tmp_path: Path, terraform_module: Build, expression: str, reason: str | None
) -> None:
    module = terraform_module(
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
def test_what_an_unknown_does_not_touch_stays_known(
    tmp_path: Path, terraform_module: Build, expression: str, known: object
) -> None:
    module = terraform_module(tmp_path, f'variable "x" {{}}\nlocals {{\n it = {expression}\n}}\n')
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


def test_branches_that_only_compare_equal_stay_two(tmp_path: Path, terraform_module: Build) -> None:
    expression = 'yamldecode(var.x == "a" ? "true" : "1")'
    value = terraform_module(tmp_path, f'variable "x" {{}}\nlocals {{\n it = {expression}\n}}\n').local("it")
    assert isinstance(value, OneOf)
    assert [type(branch.value) for _, branch in value.branches if isinstance(branch, Known)] == [bool, int]
