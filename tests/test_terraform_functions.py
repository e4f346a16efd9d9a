"""Which functions there are, and what each keeps of what is not decided."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dynavet.text import Hole, Text
from dynavet.values import Known, List, Object, OneOf, Unknown, Value
from dynavet_parsers.terraform.data import to_plain
from dynavet_parsers.terraform.evaluate import evaluate
from dynavet_parsers.terraform.functions import COMPUTED, NOT_OFFLINE, SPECIAL
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.syntax import parse_expression

FIXTURES = Path(__file__).parent / "fixtures/terraform"
NAMES: dict[str, list[str]] = json.loads((FIXTURES / "functions.json").read_text("utf-8"))
ALL = [name for names in NAMES.values() for name in names]
EXPRESSIONS = [
    case["expression"]
    for path in (FIXTURES / "expressions").glob("*.json")
    for case in json.loads(path.read_text("utf-8"))["cases"]
]


def test_each_function_is_computed_or_named_as_one_that_cannot_be() -> None:
    assert {*COMPUTED, *SPECIAL, *NOT_OFFLINE} == set(ALL)
    assert not COMPUTED & {*SPECIAL, *NOT_OFFLINE}


@pytest.mark.parametrize("name", [n for n in ALL if n not in NOT_OFFLINE and n not in NAMES["opentofu"]])
def test_each_function_has_cases_that_terraform_answered(name: str) -> None:
    calls = [e for e in EXPRESSIONS if re.search(rf"(?<![\w:]){name}\(", e)]
    assert len(calls) >= 2


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_the_names_on_file_are_those_of_terraform(tmp_path: Path) -> None:
    command = ["terraform", "metadata", "functions", "-json"]
    ran = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    names = {name for name in json.loads(ran.stdout)["function_signatures"] if not name.startswith("core::")}
    assert names == set(NAMES["terraform"])


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory, terraform_module: Callable[[Path, str], Module]) -> Module:
    return terraform_module(
        tmp_path_factory.mktemp("functions"),
        """
        variable "x" {}
        variable "flag" {}
        resource "aws_dynamodb_table" "t" {
          name = "orders-${var.x}"
        }
        """,
    )


def value_of(module: Module, expression: str) -> Value[object]:
    return evaluate(parse_expression(expression, "test"), module.scope)


HOLE = Hole("var.x has no value")


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ('base64gunzip("H4sIAAAAAAAA/8pIzcnJBwAAAP//AQAA//+GphA2BQAAAA==")', "hello"),
        ('cidrcontains("10.0.0.0/8", "10.1.2.3")', True),
        ('cidrcontains("10.0.0.0/8", "10.0.0.0/7")', False),
        ('cidrcontains("fd00::/8", "fd12::/16")', True),
        ('urldecode("a%20b+c%C3%A9")', "a b cé"),
        ('core::upper("a")', "A"),
        ("length([var.x, var.x])", 2),
        ('contains(["a", var.x], "a")', True),
        ('startswith("a-${var.x}", "b")', False),
        ('startswith("a-${var.x}", "a-")', True),
        ('startswith(aws_dynamodb_table.t.arn, "arn:")', True),
        ('endswith("${var.x}.json", ".yaml")', False),
        ('strcontains("${var.x}/table/${var.x}", "/table/")', True),
        ('"${var.x}-a" == ""', False),
        ('"a${var.x}" == "b"', False),
        ("coalesce(null, 5, var.x)", 5),
        ('lookup({ a = 1, b = var.x }, "a", 2)', 1),
        ('lookup({ b = var.x }, "a", 2)', 2),
        ('element(["a", var.x], 2)', "a"),
        ("concat([var.x], [2])[1]", 2),
        ("merge({ a = var.x }, { a = 1 }).a", 1),
        ('keys({ b = var.x, a = 1 })[0]', "a"),
        ('values({ b = var.x, a = 1 })[0]', 1),
        ('zipmap(["a", "b"], [1, var.x]).a', 1),
        ("reverse([var.x, 1])[0]", 1),
        ("slice([var.x, 1, 2], 1, 2)[0]", 1),
        ("alltrue([var.x, false])", False),
        ("anytrue([true, var.x])", True),
        ("[var.x] == []", False),
        ("{ a = var.x } == { b = 1 }", False),
        ("[1, var.x] == [2, var.x]", False),
        ('can(tobool("x"))', False),
        ("one([])", None),
    ],
)  # fmt: skip
def test_what_is_decided_is_decided(module: Module, expression: str, known: object) -> None:
    value = value_of(module, expression)
    assert isinstance(value, Known), value
    assert to_plain(value) == known


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ('upper("a-${var.x}-b")', ("A-", HOLE, "-B")),
        ('lower("A${var.x}")', ("a", HOLE)),
        ('title("an ${var.x}")', None),
        ('trimspace("  a${var.x}  ")', ("a", HOLE)),
        ('chomp("a${var.x}\\n")', ("a", HOLE)),
        ('trimprefix("arn:${var.x}", "arn:")', (HOLE,)),
        ('trimsuffix("${var.x}/*", "/*")', (HOLE,)),
        ('join("/", ["a", var.x, "b"])', ("a/", HOLE, "/b")),
        ('format("%s/%s", var.x, "b")', (HOLE, "/b")),
        ('format("%v-%d", var.x, 5)', (HOLE, "-5")),
        ('replace("a.${var.x}", ".", "-")', ("a-", HOLE)),
        ('jsonencode([var.x, "a"])', ("[", HOLE, ',"a"]')),
        ('indent(2, "a\\n${var.x}")', ("a\n  ", HOLE)),
    ],
)
def test_text_keeps_its_literal_parts(module: Module, expression: str, parts: tuple[object, ...] | None) -> None:
    value = value_of(module, expression)
    if parts is None:
        assert isinstance(value, Unknown)
        return
    assert isinstance(value, Known)
    assert isinstance(value.value, Text)
    assert value.value.parts == parts


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("try(var.x, 1)", "var.x has no value"),
        ('regex("a", var.x)', "var.x has no value"),
        ('contains(["a", var.x], "b")', "var.x has no value"),
        ("coalesce(null, var.x, 5)", "var.x has no value"),
        ("length(concat([1], var.x))", "var.x has no value"),
        ("merge({ a = 1 }, var.x).a", "var.x has no value"),
        ('tolist(toset(["b", var.x]))[0]', "the order of a set is undecided"),
        ('uuid()', "uuid() gives something else each time"),
        ('base64gzip("a")', "base64gzip() depends on Terraform's compression"),
        ('nosuch("a")', "nosuch() is not computed offline"),
        ('issensitive("a")', "issensitive() depends on what is declared sensitive"),
        ('format("%1000000000d", 1)', "a result of more than 10000 items is not computed"),
        ("pow(10, 100000)", "an infinite number is not computed"),
        ('indent(1000000000, "a\\nb")', "a result of more than 1048576 characters is not computed"),
        ('regex("((a{100}){100}){100}", "a")', "a pattern of more than 5000 steps is not computed"),
        ("setproduct(range(1000), range(1000))", "a result of more than 10000 items is not computed"),
        ("1 / 0", "a division by zero is not computed"),
    ],
)  # fmt: skip
def test_what_is_not_decided_names_why(module: Module, expression: str, reason: str) -> None:
    value = value_of(module, expression)
    assert isinstance(value, Unknown), value
    assert value.reason == reason


def test_a_split_text_keeps_the_pieces_around_a_hole(module: Module) -> None:
    value = value_of(module, 'split(",", "a,${var.x},b")')
    assert isinstance(value, Known)
    assert isinstance(value.value, List)
    assert [item.value for item in value.value.items if isinstance(item, Known)] == ["a", "b"]
    assert [doubt.reason for doubt in value.value.more] == ["var.x has no value"]


def test_an_unknown_map_leaves_the_keys_of_the_others(module: Module) -> None:
    value = value_of(module, "merge(var.x, { a = 1 })")
    assert isinstance(value, Known)
    assert isinstance(value.value, Object)
    assert value.value.entries["a"] == Known(1)
    assert value.value.more == (Unknown("var.x has no value"),)


def test_an_undecided_condition_goes_through_a_function(module: Module) -> None:
    value = value_of(module, 'upper(var.flag ? "a" : "b")')
    assert isinstance(value, OneOf)
    assert [branch for _, branch in value.branches] == [Known("A"), Known("B")]


def test_two_conditions_that_only_look_alike_are_two(
    tmp_path: Path, terraform_module: Callable[[Path, str], Module]
) -> None:
    text = """
        variable "x" {}
        locals {
          first  = { for k in [var.x] : k => 1 } == {} ? "a" : "b"
          second = { for k in [var.x] : k => 2 } == {} ? "a" : "b"
        }
        """
    module = terraform_module(tmp_path, text)
    first, second = module.local("first"), module.local("second")
    assert isinstance(first, OneOf)
    assert isinstance(second, OneOf)
    assert first.condition != second.condition


DOUBLING = [
    '"${local.l%d}${local.l%d}"',
    "[local.l%d, local.l%d]",
    "{ a = local.l%d, b = local.l%d }",
    "concat([local.l%d], [local.l%d])",
    "flatten([local.l%d, [local.l%d]])",
    'join("", [local.l%d, local.l%d])',
    'jsonencode([local.l%d, local.l%d])',
    'replace(local.l%d, "x", "xxxx${local.l%d}")',
    'var.x == "%d" ? local.l%d : "a"',
    "merge({ a = local.l%d }, { b = local.l%d })",
]  # fmt: skip


@pytest.mark.parametrize("step", DOUBLING)
def test_nothing_grows_without_end(tmp_path: Path, terraform_module: Callable[[Path, str], Module], step: str) -> None:
    steps = "\n".join(f"l{i + 1} = {step % (i, i)}" for i in range(60))
    text = f'variable "x" {{}}\nlocals {{\nl0 = "x"\n{steps}\nend = jsonencode(local.l60)\n}}\n'
    module = terraform_module(tmp_path, text)
    assert isinstance(module.local("end"), (Known, Unknown, OneOf))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]", "a for expression takes"),
        ("[for a in range(1000) : length([for b in range(1000) : b])]", "a for expression takes"),
    ],
)
def test_loops_end(module: Module, expression: str, reason: str) -> None:
    value = value_of(module, f"jsonencode({expression})")
    assert isinstance(value, Known)
    assert isinstance(value.value, Text)
    assert any(hole.reason.startswith(reason) for hole in value.value.holes)


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|aa)+$b", "(x+x+)+y", "(.*)*z", "a?{20}a{20}"])
def test_no_pattern_takes_long(module: Module, pattern: str) -> None:
    value = value_of(module, f'can(regex("{pattern}", "{"a" * 5000}"))')
    assert value == Known(False)
