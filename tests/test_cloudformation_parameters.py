"""Parameters of templates: what decides their values, and files that give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dynavet.cli.root import command
from dynavet.sources import BadInput, Sources
from dynavet.values import Known, List, OneOf, Unknown
from dynavet_parsers.cloudformation import read_parameters
from dynavet_parsers.cloudformation.intrinsics import Evaluator
from dynavet_parsers.cloudformation.template import as_template
from dynavet_parsers.cloudformation.yaml_source import parse_yaml

TEMPLATE = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Only: {Type: String, AllowedValues: [one]}
  Ids: {Type: List<AWS::EC2::Subnet::Id>}
  Key: {Type: String}
  Image: {Type: AWS::SSM::Parameter::Value<String>, Default: /image}
  Password: {Type: String, NoEcho: true, Default: hush}
  Token: {Type: String, NoEcho: 'true'}
  Pin: {Type: String, NoEcho: true, Default: low, AllowedValues: [low, high]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  HasPassword: !Not [!Equals [!Ref Password, '']]
  HasToken: !Not [!Equals [!Ref Token, '']]
  Alike: !Equals [!Ref Password, !Ref Key]
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      SSESpecification: {SSEEnabled: !If [IsProd, true, false], KMSMasterKeyId: !Ref Key}
      Tags: [{Key: secret, Value: !Sub 'x-${Password}'}]
"""


def evaluator(**values: Any) -> Evaluator:
    template = as_template(parse_yaml(TEMPLATE, "t.yaml"), "t.yaml")
    assert template is not None
    return Evaluator(template, {name: Known(value) for name, value in values.items()})


def value(found: Evaluator, text: str) -> Any:
    return found.evaluate(parse_yaml(text, "t.yaml"))


def test_a_given_value_decides() -> None:
    found = evaluator(Env="prod", Ids="a, b", Key="k", Image="/other")
    assert value(found, "!Ref Env") == Known("prod")
    assert found.conditions.named("IsProd") == Known(True)
    assert value(found, "!Ref Ids") == Known(List((Known("a"), Known("b"))))
    assert value(found, "!Ref Key") == Known("k")
    assert value(found, "!Ref Image") == Unknown("parameter Image is read from SSM at deployment")


def test_a_value_that_is_not_allowed_leaves_it_undecided() -> None:
    assert value(evaluator(Env="live"), "!Ref Env") == Unknown("parameter Env is given a value that is not allowed")


def test_the_only_allowed_value_is_the_value() -> None:
    assert value(evaluator(), "!Ref Only") == Known("one")


@pytest.mark.parametrize("values", [{}, {"Password": "other", "Token": "given", "Pin": "high"}])
def test_a_hidden_value_decides_conditions_and_is_not_seen(values: dict[str, str]) -> None:
    found = evaluator(**values)
    hidden = [value(found, text) for text in ("!Ref Password", "!Sub 'x-${Password}'", "!Join ['', [!Ref Pin]]")]
    hidden += [found.conditions.named(name) for name in ("HasPassword", "HasToken", "Alike")]
    assert found.conditions.named("HasPassword") == Known(True)
    for word in ("hush", "low", "high", "other'", "given'"):
        assert word not in repr(hidden)


def test_a_hidden_value_that_nothing_gives_is_open() -> None:
    found = evaluator().conditions.named("HasToken")
    assert isinstance(found, OneOf)
    assert found.condition == "parameter Token"


FORMS = {
    "list.json": '[{"ParameterKey": "Env", "ParameterValue": "prod"},\n'
    '{"ParameterKey": "Ids", "ParameterValue": "a,b"}]',
    "texts.json": '["Env=prod", "Ids=a,b"]',
    "pipeline.json": '{"Parameters": {"Env": "prod", "Ids": "a,b"}, "Tags": {"a": "b"}}',
    "plain.json": '{"Env": "prod", "Ids": ["a", "b"]}',
    "list.yaml": "- ParameterKey: Env\n  ParameterValue: prod\n- {ParameterKey: Ids, ParameterValue: 'a,b'}\n",
    "plain.yaml": "Env: prod\nIds: [a, b]\n",
    "samconfig.toml": '[default.deploy.parameters]\nparameter_overrides = "Env=prod Ids=\\"a,b\\""\n',
    "list.toml": '[default.global.parameters]\nparameter_overrides = ["Env=prod", "Ids=a,b"]\n',
    "legacy.toml": "[default.deploy.parameters]\n"
    'parameter_overrides = "ParameterKey=Env,ParameterValue=prod ParameterKey=Ids,ParameterValue=a,b"\n',
    "table.toml": '[default.deploy.parameters.parameter_overrides]\nEnv = "prod"\nIds = ["a", "b"]\n',
    "others.toml": 'version = 0.1\n[live.deploy.parameters]\nparameter_overrides = "Env=dev"\n'
    '[default.deploy.parameters]\nparameter_overrides = ["Env=prod", "Ids=a,b"]\n',
}


def read(directory: Path, *names: str) -> dict[str, Any]:
    return read_parameters([directory / name for name in names], Sources([directory], directory))


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_the_file_says_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FORMS[name])
    found = read(tmp_path, name)
    assert found == {"Env": Known("prod"), "Ids": Known("a,b")}
    assert {each.origin.path for each in found.values()} == {name}


def test_the_last_file_wins_and_a_previous_value_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"Env": "dev", "Key": "k", "Count": 3, "Flag": true}')
    (tmp_path / "b.json").write_text('[{"ParameterKey": "Env", "UsePreviousValue": true}]')
    found = read(tmp_path, "a.json", "b.json")
    assert found["Env"] == Unknown("parameter Env has its previous value")
    assert (found["Key"], found["Count"], found["Flag"]) == (Known("k"), Known(3), Known(True))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.json", "[1]", "a.json:1:2: expected an entry with ParameterKey and ParameterValue"),
        ("a.json", '[\n  {"ParameterKey": "A"}]', "a.json:2:3: expected an entry with ParameterKey and ParameterValue"),
        ("a.json", '{"A": {"b": 1}}', "a.json:1:7: expected a text, number, boolean"),
        ("a.json", '{"A": "secret",', "a.json:1:16: expected"),
        ("a.json", '["A=1",', "a.json:1:8: expected"),
        ("a.json", '"text"', "a.json:1:1: expected a list of parameters"),
        ("a.yaml", "a: [", "a.yaml:2:1: expected"),
        ("a.yaml", "", "a.yaml:1:1: expected a list of parameters"),
        ("a.toml", "a = \n", "a.toml:1:5: expected TOML"),
        ("a.toml", '\n[default.deploy.parameters]\nparameter_overrides = "A"', "a.toml:3: expected Name=Value"),
        ("a.toml", 'default.deploy.parameters.parameter_overrides = "A=\\"x"', "a.toml:1: expected Name=Value"),
        ("a.toml", "default.deploy.parameters.parameter_overrides = 1", "a.toml:1: expected Name=Value"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_what_was_expected(
    name: str, text: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput) as raised:
        read(tmp_path, name)
    assert str(raised.value).startswith(problem)
    assert "secret" not in str(raised.value)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "prod.json").write_text('{"Env": "prod", "Key": "key/k", "Password": "hushhush"}')
    return tmp_path


def dynavet(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


@pytest.mark.usefixtures("tree")
def test_the_option_decides_a_scan() -> None:
    assert "DDB101" in dynavet("app", "--select", "DDB101").output
    ran = dynavet("app", "--select", "DDB101", "--parameters", "prod.json", "--show", "all", "--format", "json")
    assert ran.exit_code == 0
    assert '"outcome": "pass"' in ran.output
    assert "hush" not in dynavet("model", "app", "--parameters", "prod.json").output


def test_the_configuration_names_files_beside_it(tree: Path) -> None:
    (tree / "app" / "dynavet.toml").write_text('parameters = ["../prod.json"]')
    (tree / "dev.json").write_text('{"Env": "dev"}')
    assert dynavet("app", "--select", "DDB101").exit_code == 0
    assert dynavet("app", "--select", "DDB101", "--parameters", "dev.json").exit_code == 1


def test_a_name_that_no_template_declares_is_a_mistake(tree: Path) -> None:
    (tree / "wrong.json").write_text('{"Evn": "prod"}')
    for subcommand in ("scan", "model"):
        ran = dynavet(subcommand, "app", "--parameters", "wrong.json")
        assert ran.exit_code == 2
        assert "--parameters Evn: no template that was scanned declares this parameter; did you mean" in ran.output
    assert dynavet("app/template.yaml", "--select", "DDB501", "--parameters", "wrong.json").exit_code != 2


def test_a_broken_file_is_a_usage_error(tree: Path) -> None:
    (tree / "prod.json").write_text('{"Env": ')
    for arguments in (["scan", "app"], ["model", "app"], ["baseline", "create", "app"], ["suppressions", "app"]):
        ran = dynavet(*arguments, "--parameters", "prod.json")
        assert ran.exit_code == 2
        assert "prod.json:1:9: expected a JSON value" in ran.output
