"""What is written out before a template is evaluated: loops and included snippets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.values import Known, OneOf
from dynavet_parsers.cloudformation import read_template

HEADER = """
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'orders, carts'}
  Open: {Type: CommaDelimitedList}
  Env: {Type: String}
Mappings:
  Tables: {orders: {Keys: [a, b]}, carts: {Keys: [c]}}
"""
LOOPS = (
    HEADER
    + """
Conditions:
  Fn::ForEach::Envs:
  - Stage
  - [dev, prod]
  - Is${Stage}: !Equals [!Ref Env, !Ref Stage]
Resources:
  Fn::ForEach::Tables:
  - Name
  - !Ref Names
  - Table${Name}:
      Type: AWS::DynamoDB::Table
      Condition: Isprod
      Properties:
        TableName: !Sub '${Name}-live'
        Tags: [{Key: name, Value: !Ref Name}]
  Fn::ForEach::Addresses:
  - Address
  - ['10.0.0.1', '10.0.0.2']
  - Table&{Address}: {Type: AWS::DynamoDB::Table, Properties: {TableName: '${Address}'}}
  Fn::ForEach::Outer:
  - Name
  - !Ref Names
  - Fn::ForEach::Inner:
    - Key
    - !FindInMap [Tables, !Ref Name, Keys]
    - '${Name}${Key}': {Type: AWS::DynamoDB::Table}
  Fn::ForEach::Numbers: [N, [1, 2], {'Numbered${N}': {Type: AWS::DynamoDB::Table}}]
  Fn::ForEach::Undecided: [N, !Ref Open, {'Never${N}': {Type: AWS::DynamoDB::Table}}]
  Looped:
    Type: AWS::DynamoDB::Table
    Properties:
      Fn::ForEach::Properties:
      - Word
      - [SSESpecification]
      - ${Word}: {SSEEnabled: true}
  Half:
    Type: AWS::DynamoDB::Table
    Properties:
      Fn::ForEach::Properties: [Word, !Ref Open, {'${Word}': {SSEEnabled: true}}]
"""
)


def read(tmp_path: Path, text: str, **files: str) -> Project:
    for name, content in files.items():
        (tmp_path / f"{name}.yaml").write_text(content)
    (tmp_path / "t.yaml").write_text(text)
    project = read_template(tmp_path / "t.yaml", Sources([tmp_path], tmp_path))
    assert project is not None
    return project


def tables(project: Project) -> dict[str, Any]:
    return {table.address: table for table in project.tables}


def test_loops_are_written_out_wherever_they_stand(tmp_path: Path) -> None:
    project = read(tmp_path, LOOPS)
    found = tables(project)
    assert list(found) == [
        "Tableorders", "Tablecarts", "Table10001", "Table10002",
        "ordersa", "ordersb", "cartsc", "Numbered1", "Numbered2", "Looped", "Half",
    ]  # fmt: skip
    assert str(found["Tableorders"].name.value) == "orders-live"
    assert str(found["Tablecarts"].tags.value.entries["name"].value) == "carts"
    assert str(found["Table10002"].name.value) == "10.0.0.2"
    exists = found["Tableorders"].exists
    assert isinstance(exists, OneOf)
    assert [label for label, branch in exists.branches if branch == Known(True)] == ["prod"]
    assert found["Looped"].encryption.value.enabled == Known(True)


def test_a_loop_over_an_undecided_list_is_said_to_be_missing(tmp_path: Path) -> None:
    project = read(tmp_path, LOOPS)
    assert [(each.address, each.reason) for each in project.missing] == [
        ("Fn::ForEach::Undecided", "parameter Open has no default")
    ]
    assert tables(project)["Half"].encryption.reason == "Fn::ForEach::Properties is expanded at deployment"


@pytest.mark.parametrize(
    "collection", ["[" + ", ".join("x" * 3000) + "]", "[x, {Ref: Env}]", "{a: b}", "!If [IsX, [a], [b]]"]
)
def test_loops_that_cannot_be_written_out_are_left(collection: str, tmp_path: Path) -> None:
    text = f"{HEADER}\nResources:\n  Fn::ForEach::L: [N, {collection}, {{'T${{N}}': {{Type: AWS::DynamoDB::Table}}}}]\n"
    project = read(tmp_path, text)
    assert [each.address for each in project.missing] == ["Fn::ForEach::L"]


def test_a_large_body_is_not_written_out_without_end(tmp_path: Path) -> None:
    words = ", ".join(f"w{number}" for number in range(1000))
    body = "[" + ", ".join("x" * 2000) + "]"
    text = f"{HEADER}\nResources:\n  Fn::ForEach::L: [N, [{words}], {{'T${{N}}': {{Type: A::B::C, P: {body}}}}}]\n"
    assert ["values" in each.reason for each in read(tmp_path, text).missing] == [True]


INCLUDING = """
Transform: {Name: AWS::Include, Parameters: {Location: sections.yaml}}
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
  Own:
    Type: AWS::DynamoDB::Table
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: properties.yaml}}
      TableName: own
  Remote:
    Type: AWS::DynamoDB::Table
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://bucket/key'}}
"""


def test_snippets_on_disk_are_put_in(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        INCLUDING,
        sections="Parameters: {Name: {Type: String, Default: given}}\nResources: {Top: {Type: AWS::DynamoDB::Table}}\n",
        more="Added:\n  Type: AWS::DynamoDB::Table\n  Properties: {TableName: {Ref: Name}}\n",
        properties="TableName: other\nSSESpecification: {SSEEnabled: true}\n",
    )
    found = tables(project)
    assert set(found) == {"Own", "Remote", "Top", "Added"}
    assert str(found["Added"].name.value) == "given"
    assert str(found["Own"].name.value) == "own"
    assert found["Own"].encryption.value.enabled == Known(True)
    assert found["Own"].encryption.value.enabled.origin.path == "properties.yaml"
    assert found["Added"].origin.path == "more.yaml"
    assert found["Remote"].encryption.reason == "the properties of Remote are decided at deployment"
    assert project.missing == []


def test_snippets_that_are_not_there_stay_undecided(tmp_path: Path) -> None:
    project = read(tmp_path, INCLUDING)
    assert tables(project)["Own"].encryption.reason == "Fn::Transform is expanded at deployment"
    assert [each.address for each in project.missing] == ["Fn::Transform"]


def test_a_snippet_outside_of_what_is_scanned_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("SSESpecification: {SSEEnabled: true}\n")
    (tmp_path / "in").mkdir()
    project = read(tmp_path / "in", INCLUDING.replace("properties.yaml", "../secret.yaml"))
    assert tables(project)["Own"].encryption.reason == "Fn::Transform is expanded at deployment"


@pytest.mark.parametrize(("text", "line"), [("a: [", 2), ("- a", 1)])
def test_a_snippet_that_cannot_be_read_is_a_problem(text: str, line: int, tmp_path: Path) -> None:
    project = read(tmp_path, INCLUDING, more=text)
    assert [(each.origin.path, each.origin.line) for each in project.problems] == [("more.yaml", line)]
    assert "Own" in tables(project)


def test_snippets_that_include_themselves_end(tmp_path: Path) -> None:
    project = read(
        tmp_path, INCLUDING, more="A: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}}"
    )
    assert "Own" in tables(project)
