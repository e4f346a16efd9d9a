"""Small input that asks for much: it ends with what is undecided named, and all else is still judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = %s\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: %s\n"


def scanned(directory: Path, files: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The results by file. The time limit is that of a machine under load; without bounds these take years."""
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    command = [sys.executable, "-m", "dynavet", "--format", "json", "--show", "all", "--select", "DDB001,DDB101,DDB201"]
    ran = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 1 and not ran.stderr, (ran.returncode, ran.stderr[-2000:])
    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(ran.stdout)["results"]:
        found.setdefault(each["path"], []).append(each)
    return found


def doubling(line: str, times: int) -> str:
    return "".join(line.format(here=number, next=number + 1) for number in range(times))


def test_values_that_repeat_themselves(tmp_path: Path) -> None:
    files = {
        "text/m.tf": 'locals {\n  a0 = "x"\n'
        + doubling('  a{next} = "${{local.a{here}}}${{local.a{here}}}"\n', 60)
        + "}\n"
        + TABLE % "local.a60",
        "list/m.tf": 'locals {\n  a0 = ["x"]\n'
        + doubling("  a{next} = [local.a{here}, local.a{here}]\n", 60)
        + "}\n"
        + TABLE % "jsonencode(local.a60)",
        "each/m.tf": "locals {\n  many = range(1000)\n}\n" + TABLE % '"${length(setproduct(local.many, local.many))}"',
        "sub.yaml": TEMPLATE % ('!Sub ["${a}${a}${a}${a}", {a: ' * 30 + "x" + "}]" * 30),
        "unknown.yaml": "Parameters: {P: {Type: String}}\n"
        + TEMPLATE % ('!Sub ["${a}${a}${a}${a}", {a: ' * 30 + "!Ref P" + "}]" * 30),
        "serverless.yml": "service: s\nprovider: {name: aws}\ncustom:\n"
        + doubling("  a{here}: ${{self:custom.a{next}}}${{self:custom.a{next}}}\n", 60)
        + "  a60: x\nresources:\n  Resources:\n"
        + '    T: {Type: "AWS::DynamoDB::Table", Properties: {TableName: "${self:custom.a0}"}}\n',
    }
    found = scanned(tmp_path, files)
    assert found.keys() == files.keys()


def test_modules_that_call_the_next_one_twice(tmp_path: Path) -> None:
    calls = 'module "{name}" {{\n  source = "../m{next}"\n  x      = "${{var.x}}{name}"\n}}\n'
    files = {
        f"m{number}/main.tf": 'variable "x" {\n  default = ""\n}\n'
        + "".join(calls.format(name=name, next=number + 1) for name in "ab")
        for number in range(30)
    }
    files["m30/main.tf"] = 'variable "x" {}\n' + TABLE % "var.x"
    files["ok/main.tf"] = TABLE % '"ok"'
    found = scanned(tmp_path, files)
    assert "ok/main.tf" in found
    missing = [each["message"] for results in found.values() for each in results if each["rule"] == "DDB001"]
    assert any("instances of modules" in each for each in missing)


def test_instances_without_end(tmp_path: Path) -> None:
    instances = {
        "count": "count = 1000000000",
        "product": 'for_each = toset([for x in setproduct(range(1000), range(1000)) : "${x[0]}-${x[1]}"])',
        "keys": 'for_each = { for x in range(1000000000) : "k${x}" => x }',
    }
    table = 'resource "aws_dynamodb_table" "t" {{\n  {}\n  name = "t"\n}}\n'
    files = {f"{name}/m.tf": table.format(many) for name, many in instances.items()}
    files["replicas/m.tf"] = (
        'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  dynamic "replica" {\n    for_each = range(1000000000)\n'
        "    content {\n      region_name = replica.value\n    }\n  }\n}\n"
    )
    assert scanned(tmp_path, files).keys() == files.keys()


def test_modules_that_call_themselves(tmp_path: Path) -> None:
    call = 'module "{}" {{\n  source = "{}"\n}}\n'
    files = {
        "self/m.tf": call.format("a", "./") + call.format("b", "../self") + TABLE % '"t"',
        "one/m.tf": call.format("a", "../two") + TABLE % '"t"',
        "two/m.tf": call.format("a", "../one") + TABLE % '"t"',
        "ok/m.tf": TABLE % '"t"',
    }
    found = scanned(tmp_path, files)
    judged = {
        (path, each["resource"]) for path, results in found.items() for each in results if each["rule"] == "DDB101"
    }
    for path in ("self/m.tf", "one/m.tf", "ok/m.tf"):
        assert (path, "aws_dynamodb_table.t") in judged
    related = {place["path"] for each in found["one/m.tf"] for place in each["related"]}
    assert "two/m.tf" in related, "it is a module of the first of the circle"


def test_stacks_that_nest_the_next_one_often(tmp_path: Path) -> None:
    stack = "  N{k}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: t{next}.yaml}}}}\n"
    files = {
        f"t{number}.yaml": "Resources:\n" + "".join(stack.format(k=k, next=number + 1) for k in range(8))
        for number in range(8)
    }
    files["t8.yaml"] = TEMPLATE % "x"
    found = scanned(tmp_path, files)
    missing = [each["message"] for results in found.values() for each in results if each["rule"] == "DDB001"]
    assert any("nested stacks are not followed" in each for each in missing)
    assert "t8.yaml" in found


MANY = 100_000
FUNCTION = """\
resource "aws_lambda_function" "f" {
  function_name = "f"
  environment {
    variables = { A = "%s" }
  }
}
"""


def test_texts_that_are_searched_without_end(tmp_path: Path) -> None:
    """Each made a search start anew at every place of the text."""
    texts = ["${" * MANY, "${aws:a," * MANY, "${ " + " " * MANY, "A" * MANY + "!", "${" + " " * MANY + "$}", "*" * MANY]
    statements = [
        {"Sid": text, "Effect": "Allow", "Action": "dynamodb:*", "Resource": [text], "Condition": limit}
        for text in texts
        for limit in [{"StringLike": {"a:b": text}}]
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    files = {
        "p.json": policy,
        "sub.yaml": TEMPLATE % ('!Sub "' + "${" * MANY + '"'),
        "url/m.tf": TABLE % '"t"' + FUNCTION % ("http://" + "dax." * MANY),
        "marks/m.tf": f"# dynavet:ignore {'a' * MANY}\n# dynavet{' ' * MANY}\n# dynavet:ignore {'a = ' * MANY}\n"
        + TABLE % '"t"',
    }
    found = scanned(tmp_path, files)
    assert {"p.json", "sub.yaml", "url/m.tf", "marks/m.tf"} <= found.keys()


def test_patterns_that_take_for_ever_to_match_exclude_nothing(tmp_path: Path) -> None:
    deep = "/".join(["aa"] * 40)
    files = {
        ".gitignore": "**/a*/" * 20 + "b\n" + "*a" * 60 + "b\nhidden\n",
        f"{deep}/m.tf": TABLE % '"t"',
        f"{'a' * 200}.d/m.tf": TABLE % '"u"',
        "hidden/m.tf": TABLE % '"v"',
    }
    assert scanned(tmp_path, files).keys() == files.keys() - {".gitignore", "hidden/m.tf"}
