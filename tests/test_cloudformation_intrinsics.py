"""Partial evaluation of intrinsic functions and conditions."""

from __future__ import annotations

from typing import Any

import pytest

from dynavet.text import Hole, Reference, Text
from dynavet.values import Known, List, OneOf, Origin, Unknown, assume, conditions, worlds
from dynavet_parsers.cloudformation.intrinsics import MAX_SIZE, Evaluator
from dynavet_parsers.cloudformation.size import Sizes
from dynavet_parsers.cloudformation.template import as_template
from dynavet_parsers.cloudformation.yaml_source import parse_yaml

TEMPLATE = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Open: {Type: String, AllowedValues: [a, b]}
  One: {Type: String, Default: x, AllowedValues: [x]}
  Name: {Type: String, Default: orders}
  Count: {Type: Number, Default: 3}
  Secret: {Type: String, NoEcho: true, Default: hush}
  Missing: {Type: String}
  Other: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Ids: {Type: List<AWS::EC2::Subnet::Id>}
  Ami: {Type: AWS::SSM::Parameter::Value<String>, Default: /ami}
  Dynamic: {Type: String, Default: "{{resolve:ssm:/key}}"}
Mappings:
  ByRegion:
    eu-west-1: {Key: one}
    us-east-1: {Key: two}
  ByEnv: {dev: {Key: d}, prod: {Key: p}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Ref Env, dev]
  NotProd: !Not [!Condition IsProd]
  HasMissing: !Not [!Equals ["", !Ref Missing]]
  NoMissing: !Equals [!Ref Missing, ""]
  InEurope: !Equals [!Ref AWS::Region, eu-west-1]
  Always: !Or [!Condition IsProd, !Condition NotProd]
  Never: !And [!Condition IsProd, !Condition IsDev]
  Cycle: !Not [!Condition Cycle]
  Loop: !And [!Condition Back, !Condition IsProd]
  Back: !Or [!Condition Loop, !Condition IsDev]
  Same: !Equals [!Ref Missing, !Ref Missing]
  Apart: !Equals [!Sub "x-${Missing}", "y"]
  Broken: !Equals [1]
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Vpc: {Type: AWS::EC2::VPC}
  Role: {Type: AWS::IAM::Role}
  Policy: {Type: AWS::IAM::ManagedPolicy}
  Key: {Type: AWS::KMS::Key}
  Alias: {Type: AWS::KMS::Alias}
  Group: {Type: AWS::EC2::SecurityGroup}
  Thing: {Type: Custom::Thing}
  Stack: {Type: AWS::CloudFormation::Stack}
"""
PARTITION, REGION = (Hole(f"AWS::{name} is decided at deployment") for name in ("Partition", "Region"))


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    template = as_template(parse_yaml(TEMPLATE, "t.yaml"), "t.yaml")
    assert template is not None
    return Evaluator(template)


def value(evaluator: Evaluator, text: str) -> Any:
    return evaluator.evaluate(parse_yaml(text, "t.yaml"))


def ref(target: str, attribute: str) -> Text:
    return Text((Reference(target, attribute),))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("!Ref Name", "orders"),
        ("!Ref Count", 3),
        ("!Ref One", "x"),
        ("!Ref AWS::NoValue", None),
        ("!Ref AWS::Region", Text((REGION,))),
        ("!Ref Dynamic", Text((Hole("{{resolve:ssm:/key}} is decided at deployment"),))),
        (
            "a{{resolve:secretsmanager:s:SecretString:k}}b",
            Text.of("a", Hole("{{resolve:secretsmanager:s:SecretString:k}} is decided at deployment"), "b"),
        ),
        (
            "!Sub '{{resolve:ssm:/x/${AWS::Region}}}!'",
            Text.of(Hole("{{resolve:ssm:/x/${?}}} is decided at deployment"), "!"),
        ),
        ("!Ref Table", ref("Table", "name")),
        ("!Ref Bucket", ref("Bucket", "name")),
        ("!Ref Queue", ref("Queue", "url")),
        ("!Ref Vpc", ref("Vpc", "id")),
        ("!Ref Role", ref("Role", "name")),
        ("!Ref Policy", ref("Policy", "arn")),
        ("!Ref Key", ref("Key", "id")),
        ("!Ref Alias", ref("Alias", "name")),
        ("!GetAtt Table.Arn", ref("Table", "arn")),
        ("{Fn::GetAtt: Table.StreamArn}", ref("Table", "stream_arn")),
        ("!GetAtt Group.GroupId", ref("Group", "id")),
        ("!GetAtt Vpc.VpcId", ref("Vpc", "id")),
        ("!GetAtt Vpc.CidrBlock", ref("Vpc", "CidrBlock")),
        ("!Sub '${Table.Arn}/index/*'", Text.of(*ref("Table", "arn").parts, "/index/*")),
        ("!Sub '${!aws:username}-${Name}'", "${aws:username}-orders"),
        ("!Sub ['${a}-${Name}', {a: !Ref Count}]", "3-orders"),
        ("!Sub 'x${Missing}'", Text.of("x", Hole("parameter Missing has no default"))),
        ("!Join ['-', [a, !Ref AWS::NoValue, !Ref Count]]", "a-3"),
        ("!Join [',', !Ref Names]", "a,b,c"),
        ("!Join ['', [!GetAtt Table.Arn, /index/*]]", Text.of(*ref("Table", "arn").parts, "/index/*")),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['1', [a, !Ref Name]]", "orders"),
        ("!Select [1, !Split ['-', 'a-b-c']]", "b"),
        ("!Select [0, !Split ['/', !Sub 'a/${Missing}']]", "a"),
        ("!FindInMap [ByRegion, eu-west-1, Key]", "one"),
        ("!FindInMap [ByRegion, nowhere, Key, {DefaultValue: !Ref Name}]", "orders"),
        ("!Base64 hi", "aGk="),
        ("!If [Always, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("!Length [a, b]", 2),
        ("!Select [1, !Cidr [10.0.0.0/16, 3, 8]]", "10.0.1.0/24"),
        ("!Select [2, {Fn::Cidr: ['2001:db8::/56', '3', '64']}]", "2001:db8:0:2::/64"),
    ],
)
def test_what_is_known(evaluator: Evaluator, text: str, data: object) -> None:
    found = value(evaluator, text)
    assert found == Known(data)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("!Ref Missing", "parameter Missing has no default"),
        ("!Sub '${Missing}'", "parameter Missing has no default"),
        ("!Ref Ids", "parameter Ids has no default"),
        ("!Ref Secret", "parameter Secret is not looked at, because it has NoEcho"),
        ("!Ref Ami", "parameter Ami is read from SSM at deployment"),
        ("!Ref Nothing", "Nothing is not declared in this template"),
        ("!GetAtt Thing.Out", "Thing.Out is decided by a custom resource"),
        ("!GetAtt Stack.Outputs.VpcId", "Stack.Outputs.VpcId is decided by a nested stack"),
        ("!ImportValue net-VpcId", "Fn::ImportValue net-VpcId is decided outside this template"),
        (
            "!ImportValue {Fn::Sub: '${AWS::Region}-x'}",
            "Fn::ImportValue ${AWS::Region}-x is decided outside this template",
        ),
        ("!Transform {Name: AWS::Include}", "Fn::Transform AWS::Include is computed at deployment"),
        ("!Select [0, !GetAZs '']", "Fn::GetAZs is computed at deployment"),
        ("!Select [7, [a]]", "Fn::Select index 7 is outside its list"),
        ("!Select [1, !Split ['/', !Sub 'a/${Missing}']]", "a/${Missing} is split at deployment"),
        ("!FindInMap [ByRegion, nowhere, Key]", "mapping ByRegion has no entry nowhere"),
        ("!FindInMap [Nope, a, b]", "mapping Nope is not declared in this template"),
        ("!Sub [1, 2, 3]", "Fn::Sub is used with other arguments than it takes"),
        ("!Cidr [10.0.0.0/16, 300, 8]", "Fn::Cidr is used with other arguments than it takes"),
        ("!Cidr [10.0.0.0/16, 1, 33]", "Fn::Cidr is used with other arguments than it takes"),
        ("!Cidr [!GetAtt Vpc.CidrBlock, 1, 8]", "Fn::Cidr is computed at deployment"),
        ("!Cidr [!Ref Missing, 1, 8]", "parameter Missing has no default"),
        ("!Join x", "Fn::Join is used with other arguments than it takes"),
        ("!If [IsProd, a]", "Fn::If is used with other arguments than it takes"),
    ],
)
def test_what_is_unknown_says_which_input(evaluator: Evaluator, text: str, reason: str) -> None:
    assert value(evaluator, text) == Unknown(reason)


def test_allowed_values_are_the_branches_and_the_default_is_marked(evaluator: Evaluator) -> None:
    branches = (("dev", Known("dev")), ("prod", Known("prod")))
    assert value(evaluator, "!Ref Env") == OneOf("parameter Env", branches, "dev")
    assert value(evaluator, "!Ref Open").default is None


def test_a_default_is_where_the_value_came_through(evaluator: Evaluator) -> None:
    found = value(evaluator, "k: !Ref Name").value.entries["k"]
    assert found.origin == Origin("t.yaml", 1, 4, 1, 13, (Origin("t.yaml", 6, 33, 6, 39),))
    assert value(evaluator, "!Sub 'x-${Name}'").origin.via == found.origin.via


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("!Sub '${Table.Arn}/x'", "Fn::Sub: '${Table.Arn}/x'"),
        ("!Sub '${Table.Arn}/x'", "!Join ['', [!GetAtt Table.Arn, /x]]"),
        ("!GetAtt Table.Arn", "Fn::GetAtt: [Table, Arn]"),
        ("!If [IsProd, !Ref Name, !Ref AWS::NoValue]", "Fn::If: [IsProd, {Ref: Name}, {Ref: AWS::NoValue}]"),
        ("!FindInMap [ByEnv, !Ref Env, Key]", "!If [IsProd, p, d]"),
        ("!Select [0, !Split [',', 'a,b']]", "Fn::Select: [0, {Fn::Split: [',', 'a,b']}]"),
    ],
)
def test_spellings_of_one_value_are_equal(evaluator: Evaluator, one: str, other: str) -> None:
    assert value(evaluator, one) == value(evaluator, other)


def test_no_value_is_left_out_of_lists_and_mappings(evaluator: Evaluator) -> None:
    found = value(evaluator, "a: [x, !Ref AWS::NoValue]\nb: !If [Never, 1, !Ref AWS::NoValue]\nc: ~")
    assert list(found.value.entries) == ["a"]
    assert found.value.entries["a"] == Known(List((Known("x"),)))


def named(evaluator: Evaluator, name: str) -> Any:
    return evaluator.conditions.named(name)


def test_conditions_are_expressed_over_their_inputs(evaluator: Evaluator) -> None:
    assert named(evaluator, "IsProd") == OneOf("parameter Env", (("dev", Known(False)), ("prod", Known(True))), "dev")
    assert named(evaluator, "Always") == Known(True)
    assert named(evaluator, "Never") == Known(False)
    assert named(evaluator, "Same") == Known(True)
    assert named(evaluator, "Apart") == Known(False)
    empty, other = named(evaluator, "NoMissing"), named(evaluator, "HasMissing")
    assert empty == OneOf("parameter Missing", (("", Known(True)), ("another value", Known(False))))
    assert other == OneOf("parameter Missing", (("", Known(False)), ("another value", Known(True))))
    assert named(evaluator, "InEurope").condition == "AWS::Region"


@pytest.mark.parametrize("name", ["Cycle", "Loop", "Back", "Broken", "NotDeclared"])
def test_conditions_that_cannot_be_evaluated_stay_undecided(evaluator: Evaluator, name: str) -> None:
    assert isinstance(named(evaluator, name), OneOf)


def test_correlated_conditions_go_together(evaluator: Evaluator) -> None:
    pair = value(evaluator, "[!If [IsProd, p, d], !If [NotProd, d, p], !Ref Env]")
    seen = set()
    for world in worlds(conditions(pair)) or ():
        seen.add(tuple(item.value for item in assume(pair, world).value.items))
    assert seen == {("p", "p", "prod"), ("d", "d", "dev")}


def test_one_condition_may_come_up_many_times_in_a_text(evaluator: Evaluator) -> None:
    found = value(evaluator, "!Sub '" + "${Env}-" * 12 + "'")
    assert dict(found.branches)["prod"] == Known("prod-" * 12)


def test_too_many_combinations_are_unknown() -> None:
    parameters = "".join(f"  P{i}: {{Type: String, AllowedValues: [a, b, c]}}\n" for i in range(8))
    text = "!Sub '" + "".join(f"${{P{i}}}" for i in range(8)) + "'"
    template = as_template(parse_yaml(f"Parameters:\n{parameters}Transform: x\nResources: {{}}", "t"), "t")
    assert template is not None
    found = value(Evaluator(template), text)
    assert isinstance(found, Unknown)
    assert "too many combinations" in found.reason


def test_nested_choices_stay_small() -> None:
    names = [f"P{i}" for i in range(32)]
    parameters = "".join(f"  {name}: {{Type: String}}\n" for name in names)
    declared = "".join(f"  C{name}: !Equals [!Ref {name}, x]\n" for name in names)
    for start in range(0, 32, 4):
        declared += f"  Any{start}: !Or [{', '.join(f'!Condition C{n}' for n in names[start : start + 4])}]\n"
    header = f"Parameters:\n{parameters}Conditions:\n{declared}Transform: x\nResources: {{}}"
    template = as_template(parse_yaml(header, "t"), "t")
    assert template is not None
    evaluator = Evaluator(template)
    chain = text = "leaf"
    for name in names:
        chain = f"!If [C{name}, {{a: {chain}}}, {{b: x}}]"
    assert len(conditions(value(evaluator, chain))) == len(names)
    for start in range(0, 32, 4):
        text = f"!If [Any{start}, {{a: {text}}}, {{a: {text}, b: 1}}]"
    found = value(evaluator, text)
    assert Sizes(MAX_SIZE).fits(found)
    assert "condition Any24 and others have too many combinations" in str(found)
