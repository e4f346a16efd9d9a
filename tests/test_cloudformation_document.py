"""Templates as positioned trees: scalars, tags, aliases, bounds, and what is no template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dynavet.sources import Sources
from dynavet.values import Known, List, Object, Origin, Unknown
from dynavet_parsers.cloudformation import looks_like_template, read_template
from dynavet_parsers.cloudformation.yaml_source import MAX_DEPTH, YamlError, parse_yaml

FIXTURES = Path(__file__).parent / "fixtures" / "cloudformation"


def plain(value: Any) -> Any:
    """The data alone, without positions."""
    data = value.value
    if isinstance(data, List):
        return [plain(item) for item in data.items]
    if isinstance(data, Object):
        return {key: plain(item) for key, item in data.entries.items()}
    return data


def read(text: str, tmp_path: Path, name: str = "t.yaml") -> Any:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_template(path, Sources([tmp_path], tmp_path))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("yes", True),
        ("Off", False),
        ('"true"', "true"),
        ("~", None),
        ("", None),
        ("012", 10),
        ("0x1f", 31),
        ("1_000", 1000),
        ("-7", -7),
        ("1.5", 1.5),
        ("2012-10-17", "2012-10-17"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("12:30", "12:30"),
        (".nan", ".nan"),
        ("111122223333", 111122223333),
        ("9" * 400, "9" * 400),
        ("!!str 5", "5"),
        ('!!int "5"', 5),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_scalars_read_as_yaml_1_1_with_dates_as_text(text: str, data: object) -> None:
    found = plain(parse_yaml(f"k: {text}", "t.yaml"))["k"]
    assert found == data
    assert type(found) is type(data)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Ref 5", {"Ref": "5"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub ['${x}', {x: !Ref A}]", {"Fn::Sub": ["${x}", {"x": {"Ref": "A"}}]}),
        ("!Condition C", {"Condition": "C"}),
        ("!If [C, 1, !Ref 'AWS::NoValue']", {"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
    ],
)
def test_short_tags_are_written_out(short: str, full: object) -> None:
    assert plain(parse_yaml(short, "t.yaml")) == full


def test_every_value_and_key_has_its_range() -> None:
    text = "a:\n  b: !Ref  é # note\n  c: |\n    x\n    yy\n\n\n# end\nd: [1,\n  {e: f}]\n"
    tree = parse_yaml(text, "t.yaml").value  # type: ignore[union-attr]
    assert isinstance(tree, Object)
    inner = tree.entries["a"].value  # type: ignore[union-attr]
    assert isinstance(inner, Object)
    assert inner.entries["b"].origin == Origin("t.yaml", 2, 6, 2, 13)
    assert inner.entries["c"].origin == Origin("t.yaml", 3, 6, 5, 7)
    assert tree.entries["a"].origin == Origin("t.yaml", 2, 3, 5, 7)
    assert tree.keys["d"] == Origin("t.yaml", 9, 1, 9, 2)
    assert tree.entries["d"].origin == Origin("t.yaml", 9, 4, 10, 10)


@pytest.mark.parametrize("name", ["orders", "network", "serverless"])
def test_the_loader_without_libyaml_gives_the_same_places(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (FIXTURES / f"{name}.yaml").read_text()
    fast = parse_yaml(text, "t.yaml")
    monkeypatch.setattr("dynavet_parsers.cloudformation.yaml_source._LOADER", yaml.SafeLoader)
    assert places(parse_yaml(text, "t.yaml")) == places(fast)


def places(value: Any) -> Any:
    """The data with the range of every value."""
    data = value.value
    if isinstance(data, List):
        data = [places(item) for item in data.items]
    if isinstance(data, Object):
        data = {key: (data.keys[key], places(item)) for key, item in data.entries.items()}
    return data, value.origin


def test_merge_keys_and_aliases_are_expanded() -> None:
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{y: 4}, *a], z: *a}\nd: {'<<': 5}"
    assert plain(parse_yaml(text, "t.yaml")) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 4, "z": {"x": 1, "y": 2}},
        "d": {"<<": 5},
    }


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Resources:\n  A: {Type: AWS::S3::Bucket}\n  A: {Type: AWS::DynamoDB::Table}\n", [3]),
        ('{"Resources": {"A": {"Type": "AWS::DynamoDB::Table",\n"Type": "AWS::DynamoDB::Table"}}}', [2]),
        ("Resources:\n  A: {Type: AWS::DynamoDB::Table, 'Type': AWS::DynamoDB::Table}\n", [2]),
        ("x: &x {Type: AWS::S3::Bucket}\nResources:\n  A: {<<: *x, Type: AWS::DynamoDB::Table}\n", []),
        ("Resources: {A: {Type: AWS::DynamoDB::Table}}\nMetadata: {1: a, '1': b, yes: c, 'yes': d}\n", []),
    ],
)
def test_a_key_that_stands_twice_is_a_problem_and_the_last_is_read(text: str, lines: list[int], tmp_path: Path) -> None:
    project = read(text, tmp_path)
    assert [problem.origin.line for problem in project.problems] == lines
    assert [table.address for table in project.tables] == ["A"]


def test_keys_that_stand_twice_in_other_files_are_none_of_ours(tmp_path: Path) -> None:
    assert read("Resources: {A: {Type: AWS::S3::Bucket}}\nResources: 1\n", tmp_path) is None


def test_a_foreign_tag_is_unknown() -> None:
    tree = parse_yaml("k: !Vault x", "t.yaml")
    assert isinstance(tree, Known)
    assert isinstance(tree.value, Object)
    assert tree.value.entries["k"] == Unknown("!Vault is not a CloudFormation function")


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 64))
DEEP_ALIASES = "a0: &a0 " + "[" * 60 + "]" * 60 + "\na1: " + "[" * 60 + "*a0" + "]" * 60


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "- " * 50_000, "? " * 50_000, "{a: " * 50_000, BOMB, DEEP_ALIASES, "a: &a [*a]", "a: *b"],
    ids=["flow", "block", "keys", "mappings", "bomb", "deep aliases", "cycle", "no anchor"],
)
def test_nesting_and_aliases_are_bounded(text: str) -> None:
    with pytest.raises(YamlError):
        parse_yaml(text, "t.yaml")


def test_nesting_up_to_the_limit_is_read() -> None:
    assert plain(parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "t.yaml"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just text",
        "- Resources",
        "Resources: {}",
        "Resources: [1]\nTransform: x",
        "Resources: {A: {Type: text}}",
        "Resources: {A: {Kind: AWS::S3::Bucket}}",
        "resources:\n  Resources:\n    A: {Type: AWS::S3::Bucket}",
        "apiVersion: v1\nkind: A\n---\napiVersion: v1\nspec: {Resources: {A: {Type: AWS::S3::Bucket}}}",
        "a: !reference [x, y]\nb: !vault |\n  secret",
        '{"spec": {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}',
        "{ this is no JSON, Resources: AWS::S3::Bucket",
        "key: [Resources: AWS::S3::Bucket",
    ],
)
@pytest.mark.parametrize("name", ["t.yaml", "t.json"])
def test_what_is_no_template_is_passed_over(text: str, name: str, tmp_path: Path) -> None:
    assert read(text, tmp_path, name) is None


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: {Type: AWS::S3::Bucket}}",
        "AWSTemplateFormatVersion: 2010-09-09\nResources: {}",
        "Transform: AWS::Serverless-2016-10-31\nResources: {}",
        "---\nResources:\n  A:\n    Type: Custom::Thing\n...\n",
        '{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}',
        '\ufeff{\n\t"Resources" : {"A": {"Type": "AWS::S3::Bucket"}}}',
        "{Resources: {A: {Type: !Foreign x}, B: {Type: AWS::S3::Bucket}}}",
    ],
)
def test_templates_are_told_by_their_content(text: str, tmp_path: Path) -> None:
    assert looks_like_template(text.encode())
    project = read(text, tmp_path, "anything.txt")
    assert project is not None
    assert project.problems == []


@pytest.mark.parametrize(
    ("name", "line", "column", "words"),
    [("broken.yaml", 6, 1, "',' or ']'"), ("broken.json", 3, 42, "a key in double quotes")],
)
def test_a_broken_template_is_a_problem_where_it_breaks(name: str, line: int, column: int, words: str) -> None:
    project = read_template(FIXTURES / name, Sources([FIXTURES], FIXTURES))
    assert project is not None
    (problem,) = project.problems
    assert (problem.origin.path, problem.origin.line, problem.origin.column) == (name, line, column)
    assert words in problem.message


def test_more_than_one_document_is_a_problem_in_a_template(tmp_path: Path) -> None:
    project = read("Resources:\n  A: {Type: AWS::S3::Bucket}\n---\nb: 1\n", tmp_path)
    assert [(p.origin.line, p.message) for p in project.problems] == [(3, "expected a single YAML document")]


def test_a_template_that_is_not_utf_8_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Description: caf\xe9\n")
    project = read_template(path, Sources([tmp_path], tmp_path))
    assert project is not None
    assert [(p.origin.line, p.origin.column) for p in project.problems] == [(4, 21)]


def test_a_file_outside_the_roots_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "t.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket}}")
    project = read_template(tmp_path / "t.yaml", Sources([tmp_path / "in"], tmp_path))
    assert project is not None
    assert [p.message for p in project.problems] == ["the file lies outside the scanned directory"]
