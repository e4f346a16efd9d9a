"""Terraform's JSON syntax: strings are templates, objects may be blocks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dynavet.engine import model
from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Known, Unknown
from dynavet_parsers.terraform.data import to_plain
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module

TEMPLATES: dict[str, tuple[str, Any]] = {
    "quotes": ('a "quoted" b', 'a "quoted" b'),
    "quotes_around": ('a "${upper("x")}" b', 'a "X" b'),
    "escape_inside": ('${upper("a\\"b")}', 'A"B'),
    "backslashes": ("back\\slash ${1} \\n", "back\\slash 1 \\n"),
    "newline": ('line\nline ${"in\\nner"}', "line\nline in\nner"),
    "escaped": ("x $${y} ${1} %%{z}", "x ${y} 1 %{z}"),
    "only_escaped": ("$${", "${"),
    "condition": ('%{ if true }yes "q"%{ else }no%{ endif }!', 'yes "q"!'),
    "loop": ('%{ for x in ["a","b"] }${x},%{ endfor }', "a,b,"),
    "nested": ('${"a ${"b ${"c"}"}"}', "a b c"),
    "brace_in_text": ('${{a = "}"}.a}', "}"),
    "braces_in_text": ('{"k": "${jsonencode({a = "}{"})}"}', '{"k": "{"a":"}{"}"}'),
    "signs": ("cost $5 and 5% {x} ${1}", "cost $5 and 5% {x} 1"),
    "stripped": ("a  ${~ 1 ~}  b", "a1b"),
    "tabs": ("\t${1}\t", "\t1\t"),
    "carriage_return": ("a\r\n${1}", "a\r\n1"),
    "newlines_at_the_ends": ("\n${1}\n", "\n1\n"),
    "letters": ('é ${"ü"} 😀', "é ü 😀"),
    "a_list": ('${["a"]}', ["a"]),
    "comment_signs": ("# ${1} // /* ", "# 1 // /* "),
    "heredoc_marks": ("END\n${1}\nEND\nEOT", "END\n1\nEND\nEOT"),
    "unbalanced": ("a } ${1} } {", "a } 1 } {"),
    "spaces": ("   ${1}   ", "   1   "),
    "key": ("${local.keys}", {"a1b": 1, "x${y": 2, "//": 3}),
}
"""What stands in the JSON, and what Terraform 1.11 makes of it."""

DOCUMENT = {
    "locals": {"//": "a comment", "keys": {"a${1}b": 1, "x$${y": 2, "//": 3}},
    "output": [{name: {"value": text}} for name, (text, _) in TEMPLATES.items()],
}


@pytest.fixture(autouse=True)
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def module_of(document: object) -> Module:
    path = Path.cwd() / "main.tf.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    loader = Loader({path.parent: [path]}, Sources([path.parent], path.parent))
    configuration = loader.configuration(path.parent)
    assert configuration is not None
    return Module(configuration, loader, path.parent)


def project_of(document: object) -> Project:
    Path("main.tf.json").write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    (project,), errors = model([Path()])
    assert errors == []
    return project


def test_strings_are_templates() -> None:
    module = module_of(DOCUMENT)
    assert module.configuration.problems == []
    assert {name: to_plain(module.output(name)) for name in TEMPLATES} == {n: v for n, (_, v) in TEMPLATES.items()}


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_terraform_makes_the_same_of_them(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    for command in (["apply", "-auto-approve"], ["output", "-json"]):
        run = subprocess.run(
            ["terraform", *command],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        )
    outputs = json.loads(run.stdout)
    assert {name: outputs[name]["value"] for name in TEMPLATES} == {
        name: value for name, (_, value) in TEMPLATES.items()
    }


def test_nothing_is_interpolated_where_terraform_takes_constants() -> None:
    text = 'a ${upper("x")} $${y} %{b'
    module = module_of({"variable": {"v": {"default": {text: text}}, "t": {"type": "map(string)"}}})
    assert module.configuration.problems == []
    assert to_plain(module.variable("v")) == {text: text}


@pytest.mark.parametrize("text", ["x ${ y", "${", "%{ if x }", "%{ endif }", '${"}', "%{x", "${a b}", "${upper(}"])
def test_what_is_no_template_is_a_problem_and_a_hole(text: str) -> None:
    tables = {"bad": {"name": text, "hash_key": "id"}, "good": {"name": "good"}}
    project = project_of({"resource": {"aws_dynamodb_table": tables}})
    (problem,) = project.problems
    assert (problem.origin.path, problem.origin.line) == ("main.tf.json", 1)
    assert "expected a template" in problem.message
    found = {table.address: table for table in project.tables}
    bad = found["aws_dynamodb_table.bad"]
    assert isinstance(bad.name, Unknown)
    assert bad.name.reason.startswith("main.tf.json:1: expected a template")
    assert bad.hash_key == Known(Text.of("id"))
    assert found["aws_dynamodb_table.good"].name == Known(Text.of("good"))


def test_values_stand_at_their_string() -> None:
    project = project_of(
        '{"resource": {"aws_dynamodb_table": {"t": {\n  "name": "${upper("x")}-y"}}}}'.replace('("x")', "(1)")
    )
    (table,) = project.tables
    assert table.name.origin is not None
    assert (table.name.origin.line, table.name.origin.column, table.name.origin.end_column) == (2, 11, 26)


def test_blocks_may_be_lists_at_every_level_and_keys_may_repeat() -> None:
    one = '{"aws_dynamodb_table": {"a": {"name": "a"}}}'
    two = '{"aws_dynamodb_table": [{"b": [{"name": "b"}]}, {"c": {"name": "c"}}]}'
    three = '{"aws_dynamodb_table": {"d": {"name": "d"}, "e": {}}, "aws_dynamodb_table": {"f": {}}}'
    project = project_of(f'{{"//": "x", "resource": {one}, "resource": [{two}], "resource": {three}, "moved": [{{}}]}}')
    assert project.problems == []
    assert {table.address[-1] for table in project.tables} == set("abcdef")


def test_nested_blocks_of_every_form() -> None:
    table = {
        "//": {"metadata": {"path": "stack/table", "uniqueId": "t"}},
        "name": "t",
        "server_side_encryption": {"//": "a comment", "enabled": True, "kms_key_arn": "${aws_kms_key.k.arn}"},
        "replica": [{"region_name": "eu-west-1"}],
        "dynamic": {
            "replica": [
                {"for_each": '${toset(["eu-west-2"])}', "content": {"region_name": "${replica.value}"}},
                {"for_each": ["eu-west-3"], "iterator": "it", "content": [{"region_name": "${it.value}"}]},
            ]
        },
        "lifecycle": {"prevent_destroy": True, "ignore_changes": ["replica"]},
        "provisioner": [{"local-exec": {"command": "echo ${self.id}"}}],
        "connection": {"host": "${self.id}"},
        "depends_on": ["aws_kms_key.k"],
        "provider": "aws.east",
    }
    document = {
        "provider": {"aws": [{"region": "eu-west-1"}, {"alias": "east", "default_tags": {"tags": {"a": "b"}}}]},
        "resource": {"aws_dynamodb_table": {"t": table}, "aws_kms_key": {"k": {}}},
        "check": {"c": {}},
        "import": [{"to": "aws_kms_key.k", "id": "x"}],
    }
    project = project_of(document)
    assert project.problems == []
    (found,) = project.tables
    regions = [each.value.region for each in found.replicas if isinstance(each, Known) and each.value is not None]
    assert regions == [Known(Text.of(f"eu-west-{number}")) for number in (1, 2, 3)]
    assert isinstance(found.encryption, Known)
    assert isinstance(found.encryption.value.key, Known)
    assert isinstance(found.tags, Known)
    assert found.tags.value is not None
    assert found.tags.value.entries == {"a": Known(Text.of("b"))}


def test_a_body_that_is_no_object_is_a_problem() -> None:
    project = project_of({"resource": {"aws_dynamodb_table": {"t": {"name": "t"}, "u": "text"}}})
    assert [each.message for each in project.problems] == ["expected an object or a list of objects, found 'text'"]
    assert "aws_dynamodb_table.t" in {table.address for table in project.tables}


STACKS = ("orders", "users")


def test_what_the_cdk_writes_is_a_root_of_its_own_and_its_assets_are_not() -> None:
    for stack in STACKS:
        Path(f"cdktf.out/stacks/{stack}/assets/lambda").mkdir(parents=True)
        Path(f"cdktf.out/stacks/{stack}/.terraform/modules/m").mkdir(parents=True)
        document: dict[str, Any] = {
            "module": {"copied": {"source": "./assets/module", "name": "copied"}},
            "//": {"metadata": {"stackName": stack, "version": "0.20.0", "backend": "local"}},
            "resource": {"aws_dynamodb_table": {"t": {"name": stack, "//": {"metadata": {"path": f"{stack}/t"}}}}},
        }
        Path(f"cdktf.out/stacks/{stack}/cdk.tf.json").write_text(json.dumps(document))
        stray = json.dumps({"resource": {"aws_dynamodb_table": {"stray": {}}}})
        module = {"variable": {"name": {}}, "resource": {"aws_dynamodb_table": {"t": {"name": "${var.name}"}}}}
        Path(f"cdktf.out/stacks/{stack}/assets/module").mkdir()
        Path(f"cdktf.out/stacks/{stack}/assets/module/main.tf.json").write_text(json.dumps(module))
        Path(f"cdktf.out/stacks/{stack}/.terraform/modules/m/main.tf.json").write_text(stray)
        Path(f"cdktf.out/stacks/{stack}/assets/lambda/main.tf.json").write_text(stray)
    projects, errors = model([Path()])
    assert errors == []
    found = {project.root: [table.name for table in project.tables] for project in projects}
    assert found == {f"cdktf.out/stacks/{stack}": [Known(Text.of(stack)), Known(Text.of("copied"))] for stack in STACKS}
