"""Variable types: conversion of defaults, against values that Terraform gave."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dynavet.values import Known, Unknown
from dynavet_parsers.terraform.data import to_plain
from dynavet_parsers.terraform.functions.encoding import encode
from dynavet_parsers.terraform.module import Module

Build = Callable[[Path, str], Module]

CASES: list[dict[str, str | None]] = json.loads(
    (Path(__file__).parent / "fixtures/terraform/variables.json").read_text("utf-8")
)


def declaration(case: dict[str, str | None], name: str = "x") -> str:
    return f'variable "{name}" {{\n  type    = {case["type"]}\n  default = {case["value"]}\n}}\n'


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']} = {case['value']}")
def test_a_value_becomes_what_its_type_makes_of_it(
    tmp_path: Path, terraform_module: Build, case: dict[str, str | None]
) -> None:
    value = terraform_module(tmp_path, declaration(case)).variable("x")
    if case["json"] is None:
        assert isinstance(value, Unknown)
        assert value.reason.startswith("var.x does not have its type: ")
    else:
        assert encode(value).literal == case["json"]


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_values_on_file_are_those_of_terraform(tmp_path: Path) -> None:
    def ask(name: str, cases: list[dict[str, str | None]]) -> list[str] | None:
        directory = tmp_path / name
        directory.mkdir()
        text = "".join(declaration(case, f"x{i}") for i, case in enumerate(cases))
        (directory / "main.tf").write_text(text, encoding="utf-8")
        values = ", ".join(f"jsonencode(var.x{i})" for i in range(len(cases)))
        command, line = ["terraform", "console"], f"base64encode(jsonencode([{values}]))\n"
        ran = subprocess.run(command, cwd=directory, input=line, capture_output=True, text=True, check=False)
        if ran.returncode:
            return None
        answers: list[str] = json.loads(base64.b64decode(ran.stdout.strip().strip('"')))
        return answers

    accepted = [case for case in CASES if case["json"] is not None]
    assert ask("accepted", accepted) == [case["json"] for case in accepted]
    for number, case in enumerate(c for c in CASES if c["json"] is None):
        assert ask(f"refused{number}", [case]) is None, case


def test_null_means_the_default_where_null_is_not_allowed(tmp_path: Path, terraform_module: Build) -> None:
    module = terraform_module(
        tmp_path,
        """
        variable "strict" {
          type     = string
          default  = "d"
          nullable = false
        }
        variable "free" {
          type    = string
          default = "d"
        }
        """,
    )
    module.arguments = {"strict": Known(None), "free": Known(None)}
    assert module.variable("strict") == Known("d")
    assert module.variable("free") == Known(None)


def test_an_undecided_attribute_leaves_the_others(tmp_path: Path, terraform_module: Build) -> None:
    module = terraform_module(
        tmp_path,
        """
        variable "table" {
          type = object({ name = string, key = string, pitr = optional(bool, true) })
        }
        variable "key" {}
        locals {
          table = { name = 5, key = var.key }
        }
        """,
    )
    module.arguments = {"table": module.local("table")}
    value = module.variable("table")
    assert isinstance(value, Known)
    assert value.value.entries["key"] == Unknown("var.key has no value")
    assert to_plain(value.value.entries["name"]) == "5"
    assert to_plain(value.value.entries["pitr"]) is True
