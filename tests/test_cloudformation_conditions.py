"""The conditions of a template hold in the combinations that its inputs can make, and in no others."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.engine import Options, scan
from dynavet.findings import Finding
from dynavet.values import Known, OneOf, Unknown, assume, conditions, worlds
from dynavet_parsers.cloudformation.intrinsics import Evaluator
from dynavet_parsers.cloudformation.template import as_template
from dynavet_parsers.cloudformation.yaml_source import parse_yaml

CONSTANTS = ("", "dev", "prod")
PARAMETERS = {
    "Open": {"Type": "String"},
    "Other": {"Type": "String"},
    "Allowed": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]},
    "Fixed": {"Type": "String", "Default": "prod"},
}
VALUES = {
    "Open": (*CONSTANTS, "this", "that"),
    "Other": (*CONSTANTS, "this", "that"),
    "Allowed": ("dev", "prod"),
    "Fixed": ("prod",),
}
NAMES = ("A", "B", "C")


def evaluator(text: str) -> Evaluator:
    template = as_template(parse_yaml(text, "t.yaml"), "t.yaml")
    assert template is not None
    return Evaluator(template)


def outcomes(things: list[Any]) -> set[tuple[Any, ...]]:
    """What the things are in each world of their conditions."""
    return {
        tuple(each.value if isinstance(each, Known) else each.reason for each in assume(tuple(things), world))
        for world in worlds(conditions(things)) or ()
    }


operands = st.one_of(
    st.sampled_from(CONSTANTS),
    st.sampled_from(sorted(PARAMETERS)).map(lambda name: {"Ref": name}),
    st.sampled_from(sorted(PARAMETERS)).map(lambda name: {"Fn::Sub": f"${{{name}}}"}),
)
expressions = st.recursive(
    st.one_of(
        st.tuples(operands, operands),
        st.tuples(st.sampled_from(["a-dev", "a-prod", "a-", "dev"]), st.just({"Fn::Sub": "a-${Open}"})),
    ).map(lambda pair: {"Fn::Equals": list(pair)}),
    lambda inner: st.one_of(
        inner.map(lambda one: {"Fn::Not": [one]}),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: {"Fn::And": each}),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: {"Fn::Or": each}),
        st.sampled_from(NAMES[:1]).map(lambda name: {"Condition": name}),
    ),
    max_leaves=4,
)


def _text(operand: Any, values: dict[str, str]) -> str:
    if isinstance(operand, str):
        return operand
    name = next(iter(operand.values()))
    return values[name] if name in values else Template(name).substitute(values)


def holds(expression: Any, values: dict[str, str], declared: dict[str, Any]) -> bool:
    """What CloudFormation says where the parameters have these values."""
    ((function, argument),) = expression.items()
    if function == "Condition":
        return holds(declared[argument], values, declared)
    if function == "Fn::Equals":
        left, right = (_text(each, values) for each in argument)
        return left == right
    truths = [holds(each, values, declared) for each in argument]
    return not truths[0] if function == "Fn::Not" else all(truths) if function == "Fn::And" else any(truths)


@given(st.tuples(st.tuples(operands, operands).map(lambda pair: {"Fn::Equals": list(pair)}), expressions, expressions))
def test_worlds_are_exactly_the_combinations_that_the_parameters_can_make(drawn: tuple[Any, ...]) -> None:
    declared = dict(zip(NAMES, drawn, strict=True))
    template = {"Parameters": PARAMETERS, "Conditions": declared, "Transform": "x", "Resources": {}}
    found = evaluator(json.dumps(template)).conditions
    possible = set()
    for values in itertools.product(*VALUES.values()):
        given_values = dict(zip(VALUES, values, strict=True))
        possible.add(tuple(holds(declared[name], given_values, declared) for name in NAMES))
    assert outcomes([found.named(name) for name in NAMES]) == possible


TEMPLATE = """
Parameters:
  Env: {Type: String}
  Names: {Type: CommaDelimitedList}
  Stage: {Type: String, AllowedValues: [only]}
Mappings:
  ByRegion: {eu-west-1: {Key: one, Same: x}, us-east-1: {Key: two, Same: x}, ap-south-1: {Key: three, Same: x}}
  ByEnv: {dev: {Key: d}, test: {Key: t}, prod: {Key: p}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Sub '${Env}', dev]
  Given: !Not [!Equals [!Ref Env, '']]
  InEurope: !Equals [!Ref AWS::Region, eu-west-1]
  InChina: !Equals [!Ref AWS::Partition, aws-cn]
  First: !Equals [!Select [0, !Ref Names], a]
  Second: !Equals [!Select [1, !Ref Names], b]
  Joined: !Equals [!Join ['', [!Ref Env]], prod]
  Only: !Equals [!Ref Stage, only]
  Suffix: !Equals [!Sub '${Env}-x', prod-x]
  Several: !Equals [!Sub '${Env}-${AWS::Region}', prod-x]
  Impossible: !Equals [!Sub '${Env}-x', prod]
  Imported: !Equals [!ImportValue net, a]
Resources: {}
Transform: x
"""


@pytest.fixture(scope="module")
def template() -> Evaluator:
    return evaluator(TEMPLATE)


@pytest.mark.parametrize(
    ("name", "condition", "labels"),
    [
        ("IsProd", "parameter Env", ["prod", "dev", "", "another value"]),
        ("Joined", "parameter Env", ["prod", "dev", "", "another value"]),
        ("InEurope", "AWS::Region", ["eu-west-1", "another value"]),
        ("InChina", "AWS::Partition", ["aws-cn", "another value"]),
        ("First", "Fn::Select [0, Names]", ["a", "another value"]),
        ("Second", "Fn::Select [1, Names]", ["b", "another value"]),
        ("Suffix", "parameter Env", ["prod", "dev", "", "another value"]),
        ("Several", "${Env}-${AWS::Region}", ["prod-x", "another value"]),
        ("Imported", "Fn::ImportValue net", ["a", "another value"]),
    ],
)
def test_what_is_open_is_the_input(template: Evaluator, name: str, condition: str, labels: list[str]) -> None:
    found = template.conditions.named(name)
    assert isinstance(found, OneOf)
    assert (found.condition, [label for label, _ in found.branches]) == (condition, labels)


def test_what_the_text_decides_is_decided(template: Evaluator) -> None:
    assert template.conditions.named("Only") == Known(True)
    assert template.conditions.named("Impossible") == Known(False)


def test_texts_that_are_made_of_one_list_differently_are_not_one_input() -> None:
    joined = "!Equals [!Sub ['a-${{x}}', {{x: !Join ['{0}', !Ref Names]}}], {1}]"
    found = evaluator(
        "Parameters: {Names: {Type: CommaDelimitedList}}\nTransform: x\nResources: {}\nConditions:\n"
        f"  One: {joined.format('', 'a-pq')}\n  Two: {joined.format('-', 'a-p-q')}\n"
    ).conditions
    assert (True, True) in outcomes([found.named("One"), found.named("Two")])


@pytest.mark.parametrize(
    ("declared", "constant", "possible"),
    [
        ("{Type: String}", "''", True),
        ("{Type: String, MinLength: 1}", "''", False),
        ("{Type: String, MaxLength: '3'}", "prod", False),
        ("{Type: String, MaxLength: 4}", "prod", True),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "''", False),
        ("{Type: String, AllowedPattern: '[a-z]*'}", "''", True),
        ("{Type: String, AllowedPattern: '^$|^arn:.*'}", "''", True),
        ("{Type: String, AllowedPattern: '(['}", "''", True),
        ("{Type: String, AllowedPattern: '[[a-z]+'}", "''", False),
        ("{Type: String, AllowedPattern: '(((|a){999}){999}){999}'}", "''", True),
        ("{Type: Number}", "''", False),
        ("{Type: Number}", "'2'", True),
        ("{Type: AWS::EC2::VPC::Id}", "''", False),
        ("{Type: AWS::SSM::Parameter::Value<String>, MinLength: 1}", "''", True),
    ],
)
def test_what_a_parameter_cannot_be_is_no_world(declared: str, constant: str, possible: bool) -> None:
    found = evaluator(
        f"Parameters: {{P: {declared}}}\nConditions: {{C: !Equals [!Ref P, {constant}]}}\nTransform: x\nResources: {{}}"
    ).conditions.named("C")
    assert found == Known(False) if not possible else isinstance(found, OneOf)


def value(template: Evaluator, text: str) -> Any:
    return template.evaluate(parse_yaml(text, "t.yaml"))


def test_a_mapping_goes_together_with_the_conditions_on_its_key(template: Evaluator) -> None:
    pair = [value(template, "!FindInMap [ByEnv, !Ref Env, Key]"), value(template, "!If [IsProd, 'yes', 'no']")]
    assert outcomes(pair) >= {("p", "yes"), ("d", "no"), ("t", "no")}
    assert ("p", "no") not in outcomes(pair) and ("t", "yes") not in outcomes(pair)


def test_two_mappings_by_region_go_together(template: Evaluator) -> None:
    keys = [value(template, "!FindInMap [ByRegion, !Ref AWS::Region, Key]") for _ in range(2)]
    assert outcomes(keys) == {("one", "one"), ("two", "two"), ("three", "three")}


def test_a_mapping_that_says_the_same_everywhere_is_decided(template: Evaluator) -> None:
    assert value(template, "!FindInMap [ByRegion, !Ref AWS::Region, Same]") == Known("x")


def test_the_default_value_is_for_keys_that_the_mapping_has_not(template: Evaluator) -> None:
    found = value(template, "!FindInMap [ByEnv, !Ref Env, Key, {DefaultValue: z}]")
    assert outcomes([found, value(template, "!If [Given, given, empty]")]) == {
        ("p", "given"), ("d", "given"), ("t", "given"), ("z", "given"), ("z", "empty"),
    }  # fmt: skip


def test_an_undecided_mapping_says_so(template: Evaluator) -> None:
    assert value(template, "!FindInMap [!Ref Env, a, b]") == Unknown("parameter Env has no default")


def test_nested_choices_on_one_parameter_are_as_many_as_its_classes() -> None:
    names = [f"v{number}" for number in range(8)]
    equal = "".join(f"  Is{name}: !Equals [!Ref Env, {name}]\n" for name in names)
    header = f"Parameters: {{Env: {{Type: String}}}}\nConditions:\n{equal}Transform: x\nResources: {{}}\n"
    nested = "none"
    for name in names:
        nested = f"!If [Is{name}, {name}, {nested}]"
    found = value(evaluator(header), nested)
    assert {label: branch.value for label, branch in found.branches} == {
        **{name: name for name in names},
        "another value": "none",
    }


TABLES = """
Parameters:
  Env: {Type: String}
  Key: {Type: String, Default: arn:aws:kms:eu-west-1:111122223333:key/k}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Ref Env, dev]
  Both: !And [!Condition IsProd, !Condition IsDev]
  Neither: !Not [!Or [!Condition IsProd, !Condition IsDev]]
Resources:
  Never:
    Type: AWS::DynamoDB::Table
    Condition: Both
  Agreeing:
    Type: AWS::DynamoDB::Table
    Condition: IsProd
    Properties:
      SSESpecification:
        SSEEnabled: !If [IsDev, false, true]
        KMSMasterKeyId: !If [IsDev, !Ref AWS::NoValue, !Ref Key]
  Everywhere:
    Type: AWS::DynamoDB::Table
    Properties:
      SSESpecification: !If [IsProd, {SSEEnabled: false}, !Ref AWS::NoValue]
  Somewhere:
    Type: AWS::DynamoDB::Table
    Properties:
      SSESpecification: !If [IsProd, {SSEEnabled: true, KMSMasterKeyId: !Ref Key}, !Ref AWS::NoValue]
  Elsewhere:
    Type: AWS::DynamoDB::Table
    Properties:
      SSESpecification: !If [Neither, !Ref AWS::NoValue, {SSEEnabled: true, KMSMasterKeyId: !Ref Key}]
"""


@pytest.fixture
def findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(TABLES)
    return {each.resource: each for each in scan([Path()], Options(select=["DDB101"])).findings}


def test_no_resource_is_judged_where_it_cannot_be(findings: dict[str, Finding]) -> None:
    outcomes = {resource: each.outcome.value for resource, each in findings.items()}
    assert outcomes == {"Agreeing": "pass", "Everywhere": "fail", "Somewhere": "unknown", "Elsewhere": "unknown"}


def test_the_message_names_the_parameter_and_its_value(findings: dict[str, Finding]) -> None:
    assert findings["Somewhere"].message.startswith("Where parameter Env is dev: ")
    assert findings["Elsewhere"].message.startswith("Where parameter Env is another value: ")
    assert findings["Elsewhere"].message.endswith("(parameter Env is undecided)")
