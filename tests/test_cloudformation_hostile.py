"""Whatever a file contains, reading it ends, and never with an exception."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dynavet.sources import Sources
from dynavet.values import OneOf, conditions
from dynavet_parsers.cloudformation import looks_like_template, read_template
from dynavet_parsers.cloudformation.document import DocumentError, parse_document
from dynavet_parsers.cloudformation.intrinsics import INTRINSICS

FIXTURES = Path(__file__).parent / "fixtures" / "cloudformation"
TEXTS = {name: (FIXTURES / f"{name}.yaml").read_text() for name in ("orders", "network", "serverless")} | {
    f"service {name}": (FIXTURES.parent / "serverless" / name / "serverless.yml").read_text()
    for name in ("orders", "roles")
}

NAMES = ["A", "B", "P", "C", "AWS::NoValue", "AWS::Region", "", "A.Arn", "{{resolve:ssm:x}}", "${P}", "Arn"]
TYPES = [
    "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Lambda::Function",
    "AWS::Serverless::Function", "AWS::Serverless::SimpleTable", "AWS::SSO::PermissionSet", "AWS::EC2::Instance",
    "AWS::ECS::Service", "AWS::DAX::Cluster", "AWS::Organizations::Policy", "AWS::Events::EventBusPolicy",
    "AWS::CloudFormation::Stack", "AWS::Serverless::Application", "AWS::Serverless::Connector",
    "AWS::Serverless::GraphQLApi", "AWS::Serverless::StateMachine", "AWS::Serverless::WebFunction",
]  # fmt: skip
PROPERTIES = [
    "Policies", "PolicyDocument", "Statement", "SSESpecification", "SSEEnabled", "Tags", "Key", "Value", "Replicas",
    "KeySchema", "AttributeName", "KeyType", "VpcConfig", "SubnetIds", "Roles", "ManagedPolicyArns", "Role", "Content",
    "TableName", "DynamoDBCrudPolicy", "AssumeRolePolicyDocument", "Effect", "Action", "Resource", "Principal",
    "Condition", "PermissionsBoundary", "Location", "TemplateURL", "SubnetGroupName", "TaskDefinition",
    "Source", "Destination", "Permissions", "Id", "Type", "Events", "Tracing", "DataSources", "DynamoDb", "Parameters",
]  # fmt: skip
FUNCTIONS = [*sorted(INTRINSICS), "Condition", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::ForEach::X"]

leaves = st.one_of(st.none(), st.booleans(), st.integers(-3, 5), st.sampled_from(NAMES), st.text(max_size=4))
data = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(PROPERTIES), inner, max_size=4),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda pair: {pair[0]: pair[1]}),
        st.tuples(st.sampled_from(FUNCTIONS), st.lists(inner, max_size=4)).map(lambda pair: {pair[0]: pair[1]}),
    ),
    max_leaves=12,
)
resource = st.fixed_dictionaries(
    {"Type": st.sampled_from(TYPES), "Properties": st.one_of(data, st.dictionaries(st.sampled_from(PROPERTIES), data))},
    optional={
        "Condition": st.one_of(st.just("C"), data),
        "IgnoreGlobals": data,
        "Connectors": st.one_of(data, st.fixed_dictionaries({"X": st.fixed_dictionaries({"Properties": data})})),
    },
)
templates = st.fixed_dictionaries(
    {"Resources": st.fixed_dictionaries({"A": resource}, optional={"B": resource, "Fn::ForEach::L": data})},
    optional={
        "Parameters": st.one_of(
            data,
            st.fixed_dictionaries({"P": st.dictionaries(st.sampled_from(["Type", "Default", "AllowedValues"]), data)}),
        ),
        "Conditions": st.one_of(data, st.fixed_dictionaries({"C": data}, optional={"Fn::ForEach::N": data})),
        "Mappings": data,
        "Outputs": st.one_of(data, st.fixed_dictionaries({"Fn::ForEach::M": data})),
        "Globals": st.one_of(data, st.fixed_dictionaries({"Function": data})),
        "Transform": st.one_of(
            st.just("AWS::Serverless-2016-10-31"),
            st.just({"Name": "AWS::Include", "Parameters": {"Location": "t.yaml"}}),
            data,
        ),
    },
)


VARIABLES = [
    "${self:}", "${self:custom.a}", "${self:custom}", "${self:functions.f.role}", "${file(t.yaml)}", "${param:a}",
    "${file(t.yaml):resources}", "${file(../x.yml), 'a'}", "${opt:stage, 'a'}", "${strToBool(${self:custom.a})}",
    "${env:a}", "${sls:stage}", "${aws:region}-${aws:accountId}", "${ssm:/a}", "arn:aws:dynamodb:a:1:table/b/stream/c",
]  # fmt: skip
SECTIONS = [
    "name", "iam", "role", "statements", "managedPolicies", "permissionsBoundary", "mode", "iamRoleStatements", "vpc",
    "iamManagedPolicies", "subnetIds", "securityGroupIds", "environment", "tags", "stackTags", "stage", "region",
    "events", "stream", "arn", "type", "destinations", "onFailure", "handler", "condition", "kmsKeyArn", "onError",
    "iamRoleStatementsInherit", "inheritStatements", "variableSyntax", "Resources", "extensions", "Properties", "T",
    "Type", "dataSources", "resolvers", "functions", "dataSource", "config", "tableName", "a", "b", "Tags", "default",
    "params", "serverless-iam-roles-per-function", "modules", "stateMachines",
]  # fmt: skip
part = st.recursive(
    st.one_of(leaves, st.sampled_from([*VARIABLES, "aws", "perFunction", "dynamodb", "AMAZON_DYNAMODB", *TYPES])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(SECTIONS), inner, max_size=4),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda pair: {pair[0]: pair[1]}),
    ),
    max_leaves=12,
)
section = st.one_of(part, st.dictionaries(st.sampled_from(SECTIONS), part, max_size=4))
services = st.fixed_dictionaries(
    {"service": part, "provider": section, "functions": section, "resources": section},
    optional=dict.fromkeys(
        ("custom", "params", "stages", "plugins", "appSync", "frameworkVersion", "stepFunctions"), section
    ),
)


def read(text: str | bytes) -> Any:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "t.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(errors="replace"))
        return read_template(path, Sources([path], path.parent))


@given(st.one_of(st.text(), st.text(alphabet='{}[]:,-&*!|>"\n aRef#<')))
@settings(max_examples=150)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_document(text, "t.yaml")
    except DocumentError as error:
        assert error.line >= 1
        assert error.column >= 1
    read(text)


@given(st.sampled_from(sorted(TEXTS)), st.data())
@settings(max_examples=60)
def test_a_mutated_template_never_raises(name: str, draw: st.DataObject) -> None:
    text = TEXTS[name]
    for _ in range(draw.draw(st.integers(1, 3))):
        start = draw.draw(st.integers(0, len(text)))
        end = draw.draw(st.integers(start, min(len(text), start + 40)))
        insert = draw.draw(st.one_of(st.text(max_size=5), st.sampled_from(["!If ", "&x ", "*x", "{", "]", "\n", ": "])))
        text = text[:start] + insert + text[end:]
    read(text)


@given(templates)
@settings(max_examples=150)
def test_well_formed_nonsense_never_raises(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    project = read(text)
    assert looks_like_template(text.encode())
    assert project is not None
    assert project.problems == []
    conditions(*project.tables, *project.policies, *project.principals, *project.attachments)


@given(services)
@settings(max_examples=200)
def test_a_service_of_nonsense_never_raises(service: dict[str, Any]) -> None:
    text = json.dumps(service)
    project = read(text)
    assert looks_like_template(text.encode())
    if project is not None:
        conditions(*project.tables, *project.policies, *project.principals, *project.attachments, *project.clients)


@given(st.binary())
@settings(max_examples=50)
def test_bytes_that_are_no_text_never_raise(content: bytes) -> None:
    read(content)
    read(b"Resources:\n  A: {Type: AWS::S3::Bucket}\n" + content)


def test_a_long_chain_of_conditions_ends() -> None:
    chain = "".join(f"  C{i}: !Not [!Condition C{i + 1}]\n" for i in range(3000))
    text = f"Conditions:\n{chain}Resources:\n  A: {{Type: AWS::DynamoDB::Table, Condition: C0}}\n"
    assert read(text).tables[0].address == "A"


@pytest.mark.parametrize(
    "operands",
    [
        "[!Ref A, v{i}]",
        "[!Ref 'A{i}', !Ref 'A{j}']",
        "[!Ref 'A{i}', !Ref A]",
        "[!Sub '${{A}}-v{i}', !Sub '${{A}}-v{j}']",
    ],
)
def test_an_input_that_is_compared_with_much_stays_undecided(operands: str) -> None:
    equal = "".join(f"  C{i}: !Equals {operands.format(i=i, j=i + 1)}\n" for i in range(3000))
    named = "".join(f"  A{i}: {{Type: String}}\n" for i in range(3001))
    text = f"Parameters:\n  A: {{Type: String}}\n{named}Conditions:\n{equal}Resources:\n"
    text += "".join(f"  T{i}: {{Type: AWS::DynamoDB::Table, Condition: C{i}}}\n" for i in range(3000))
    project = read(text)
    assert len(project.tables) == 3000
    assert isinstance(project.tables[0].exists, OneOf)


def test_the_deepest_value_that_is_read_is_evaluated() -> None:
    value = "{Fn::Sub: ['${a}', {a: " * 30 + "x" + "}]}" * 30
    text = f"Resources:\n  A: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: {value}}}}}\n"
    (table,) = read(text).tables
    assert str(table.name.value) == "x"


PARENT = "Resources: {N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: t.yaml}}}"


@given(templates)
@settings(max_examples=150)
def test_nesting_a_template_changes_nothing_but_names(template: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "parent.yaml").write_text(PARENT)
        (directory / "t.yaml").write_text(json.dumps(template))
        alone, within = (
            read_template(directory / each, Sources([directory], directory)) for each in ("t.yaml", "parent.yaml")
        )
    assert alone is not None
    assert within is not None
    assert alone.problems == within.problems
    for kind in ("tables", "policies", "principals", "attachments", "clients"):
        assert [each.address for each in getattr(within, kind)] == [f"N/{e.address}" for e in getattr(alone, kind)]
    assert alone.counts()["statements"] == within.counts()["statements"]
