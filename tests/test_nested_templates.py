"""Nested stacks: their templates as part of the parent, and where findings in them stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dynavet.checkov_answers import Answers
from dynavet.engine import Options, model, scan, survey
from dynavet.findings import Finding
from dynavet.model import Project, Table
from dynavet.rule import Outcome
from dynavet.text import Reference, Text
from dynavet.values import Known, OneOf, Unknown
from dynavet_parsers.cloudformation.nested import MAX_DEPTH, MAX_NESTED

TABLE = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod], Default: prod}
  Encrypt: {Type: String, Default: "true"}
  Key: {Type: String}
  Subnets: {Type: CommaDelimitedList, Default: ""}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${Env}-orders"
      SSESpecification: {SSEEnabled: !Ref Encrypt, KMSMasterKeyId: !Ref Key}
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Audit:
    Type: AWS::DynamoDB::Table
    Condition: Prod
    Properties: {KeySchema: [{AttributeName: !Select [1, !Ref Subnets], KeyType: HASH}]}
Outputs:
  Name: {Value: !Ref Orders}
  Arn: {Value: !GetAtt Orders.Arn}
  Key: {Value: !Ref Key}
"""

PARENT = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod], Default: dev}
Resources:
  Key: {Type: AWS::KMS::Key}
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/data.yaml
      Parameters: {Env: !Ref Env, Encrypt: "false", Key: !GetAtt Key.Arn, Subnets: "a, b"}
  Other:
    Type: AWS::Serverless::Application
    Properties:
      Location: ./nested/data.yaml
      Parameters: {Key: !GetAtt Data.Outputs.Key}
  Reads:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: [!GetAtt Data.Outputs.Arn, !Sub "${Other.Outputs.Arn}/index/*", !GetAtt Data.Outputs.None]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nested").mkdir()
    return tmp_path


def the_project(*paths: Path) -> Project:
    projects, errors = model(paths)
    assert errors == []
    (project,) = projects
    return project


def tables(project: Project) -> dict[str, Table]:
    return {table.address: table for table in project.tables}


def nested(here: Path, child: str = TABLE, parent: str = PARENT) -> Project:
    (here / "nested/data.yaml").write_text(child)
    (here / "template.yaml").write_text(parent)
    return the_project(here)


def test_a_nested_template_is_part_of_its_parent(here: Path) -> None:
    project = nested(here)
    assert (project.root, project.files) == ("template.yaml", ["template.yaml", "nested/data.yaml"])
    assert sorted(tables(project)) == ["Data/Audit", "Data/Orders", "Other/Audit", "Other/Orders"]
    assert project.missing == []


def test_parameters_are_those_that_the_parent_gives(here: Path) -> None:
    found = tables(nested(here))
    data, other = found["Data/Orders"], found["Other/Orders"]
    named = (("dev", Known(Text.of("dev-orders"))), ("prod", Known(Text.of("prod-orders"))))
    assert data.name == OneOf("parameter Env", named, "dev")
    assert other.name == OneOf("parameter Other/Env", named, "prod")
    key = Known(Text((Reference("Key", "arn"),)))
    for table, enabled in ((data, False), (other, True)):
        assert isinstance(table.encryption, Known)
        assert (table.encryption.value.enabled, table.encryption.value.key) == (Known(enabled), key)
    assert found["Data/Audit"].hash_key == Known(Text.of("b"))
    assert found["Data/Audit"].exists == OneOf("parameter Env", (("dev", Known(False)), ("prod", Known(True))), "dev")


def test_outputs_are_values_of_the_nested_resources(here: Path) -> None:
    (policy,) = nested(here).policies
    (statement,) = policy.statements
    assert isinstance(statement, Known)
    assert statement.value is not None
    assert isinstance(statement.value.resources, Known)
    assert statement.value.resources.value is not None
    arn, indexes, none = statement.value.resources.value.items
    assert arn == Known(Text((Reference("Data/Orders", "arn"),)))
    assert indexes == Known(Text((Reference("Other/Orders", "arn"), "/index/*")))
    assert none == Unknown("Data has no Outputs.None")


def test_everything_nested_exists_only_with_its_stack(here: Path) -> None:
    condition = "Conditions: {Live: !Equals [!Ref Env, prod], Never: !Equals [a, b]}\nResources:"
    parent = PARENT.replace("Resources:", condition, 1).replace("  Data:\n", "  Data:\n    Condition: Live\n")
    found = tables(nested(here, parent=parent.replace("  Other:\n", "  Other:\n    Condition: Never\n")))
    only_prod = OneOf("parameter Env", (("dev", Known(False)), ("prod", Known(True))), "dev")
    assert {address: table.exists for address, table in found.items() if "Orders" in address} == {
        "Data/Orders": only_prod
    }


def findings(rule: str, *paths: Path) -> dict[str, Finding]:
    report = scan(paths)
    assert report.errors == []
    return {each.resource: each for each in report.findings if each.rule == rule}


def test_a_finding_stands_in_the_nested_template(here: Path) -> None:
    """With the resources that create it; the same finding in two stacks is one."""
    nested(here, "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: t}\n")
    (found,) = findings("DDB501", here).values()
    assert (found.place.path, found.place.line, found.instances) == ("nested/data.yaml", 2, ("Data/T", "Other/T"))
    assert [(each.place.path, each.place.line, each.message) for each in found.related] == [
        ("template.yaml", 6, "creates the nested stack"),
        ("template.yaml", 11, "creates the nested stack"),
    ]


def test_a_finding_stands_where_the_parent_gives_the_value(here: Path) -> None:
    nested(here)
    found = findings("DDB101", here)["Data/Orders"]
    assert (found.place.path, found.place.line, found.place.column) == ("template.yaml", 10, 44)
    assert [(each.place.path, each.place.line) for each in found.related] == [("nested/data.yaml", 14)]


@pytest.mark.parametrize("place", ["Data:", "T:"])
def test_a_suppression_stands_in_either_template(place: str, here: Path) -> None:
    child = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: t}\n"
    parent = PARENT[: PARENT.index("  Other:")]
    comment = "# dynavet:ignore DDB101,DDB501 reason=agreed\n  "
    nested(here, child.replace(place, comment + place), parent.replace(place, comment + place))
    report = scan([here], Options(select=("DDB004", "DDB101", "DDB501")))
    outcomes = {each.rule: each.outcome.value for each in report.findings if each.resource == "Data/T"}
    assert outcomes == {"DDB101": "suppressed", "DDB501": "suppressed"}


@pytest.mark.parametrize(
    ("location", "source", "reason"),
    [
        ("nested/none.yaml", "nested/none.yaml", "the nested template does not exist"),
        ("../../x.yaml", "../../x.yaml", "the nested template lies outside the scanned directory"),
        ("template.yaml", "template.yaml", "the template nests itself"),
        ("nested/text.yaml", "nested/text.yaml", "the file is no template"),
        (
            "https://bucket.s3.amazonaws.com/data.yaml",
            "https://bucket.s3.amazonaws.com/data.yaml",
            "a nested template is followed only where it is named by its path",
        ),
        (
            "{ApplicationId: arn, SemanticVersion: 1.0.0}",
            "arn",
            "a nested template is followed only where it is named by its path",
        ),
        (
            "!Sub '${AWS::Region}.yaml'",
            "${AWS::Region}.yaml",
            "a nested template is followed only where it is named by its path",
        ),
    ],
)
def test_what_is_not_on_disk_is_missing(location: str, source: str, reason: str, here: Path) -> None:
    (here / "nested/text.yaml").write_text("a: b\n")
    parent = f"Resources:\n  App:\n    Type: AWS::Serverless::Application\n    Properties: {{Location: {location}}}\n"
    (here / "template.yaml").write_text(
        f"{parent}  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {{PolicyDocument: !GetAtt App.Outputs.P}}\n"
    )
    project = the_project(here)
    assert [(m.address, m.source, m.reason) for m in project.missing] == [("App", source, reason)]
    (policy,) = project.policies
    assert policy.more == (Unknown("App.Outputs.P is decided by a nested stack"),)


def test_a_nested_template_that_cannot_be_parsed_is_a_problem_of_the_scan(here: Path) -> None:
    (here / "template.yaml").write_text(PARENT)
    (here / "nested/data.yaml").write_text("Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    a: [\n")
    report = scan([here])
    assert [(f.place.path, f.place.line) for f in report.findings if f.rule == "DDB000"] == [("nested/data.yaml", 5)]


def test_names_are_those_of_their_own_template(here: Path) -> None:
    """One name in both templates means two things, in every way of naming it."""
    child = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Name: {Type: String}}
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: !Ref Name}}
  F:
    Type: AWS::Serverless::Function
    Connectors: {C: {Properties: {Destination: {Id: Orders}, Permissions: [Read]}}}
  ToOrders:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: F}, Destination: [{Id: Orders}], Permissions: [Write]}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref FRole]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: "*"
            Resource:
              - !GetAtt Orders.Arn
              - {"Fn::GetAtt": "Orders.Arn"}
              - !Sub "${Orders.Arn}"
              - !Sub ["${Orders.Arn}", {Name: x}]
              - !Sub ["${A}", {A: !GetAtt Orders.Arn}]
              - !Join ["", [!GetAtt Orders.Arn]]
          - {Effect: Allow, Action: "*", Resource: [!Sub "${!Orders}", !Sub "${Name}", !Ref Name]}
"""
    parent = """
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: outer}}
  App:
    Type: AWS::Serverless::Application
    Properties: {Location: nested/data.yaml, Parameters: {Name: !Ref Orders}}
"""
    project = nested(here, child, parent)
    (policy,) = (each for each in project.policies if each.address == "App/P")
    inner, names = (s.value for s in policy.statements if isinstance(s, Known))
    assert inner is not None
    assert names is not None
    assert isinstance(inner.resources, Known)
    assert inner.resources.value is not None
    assert set(inner.resources.value.items) == {Known(Text((Reference("App/Orders", "arn"),)))}
    assert isinstance(names.resources, Known)
    assert names.resources.value is not None
    outer = Known(Text((Reference("Orders", "name"),)))
    assert names.resources.value.items == (Known(Text.of("${Orders}")), outer, outer)
    connected = [p for p in project.policies if p.address in ("App/F", "App/ToOrders")]
    assert {(p.address, p.label) for p in connected} == {("App/F", "Connectors.C"), ("App/ToOrders", "Destination[0]")}
    role = Known(Text((Reference("App/FRole", "name"),)))
    assert [a.principal for a in project.attachments if a.address == "App/P"] == [role]


def test_a_circle_of_outputs_ends(here: Path) -> None:
    parent = """
Resources:
  A:
    Type: AWS::Serverless::Application
    Properties: {Location: nested/data.yaml, Parameters: {Key: !GetAtt B.Outputs.Key}}
  B:
    Type: AWS::Serverless::Application
    Properties: {Location: nested/data.yaml, Parameters: {Key: !GetAtt A.Outputs.Key}}
"""
    found = tables(nested(here, parent=parent))
    encryption = found["A/Orders"].encryption
    assert isinstance(encryption, Known)
    assert encryption.value.key == Unknown("A.Outputs.Key is decided by a nested stack")


def test_templates_that_nest_each_other_are_read_once(here: Path) -> None:
    app = "    Type: AWS::Serverless::Application\n    Properties: {Location: %s.yaml}\n"
    for one, other in ("ab", "ba"):
        (here / f"{one}.yaml").write_text(f"Resources:\n  App:\n{app % other}  T: {{Type: AWS::DynamoDB::Table}}\n")
    project = the_project(here)
    assert (project.root, sorted(tables(project))) == ("a.yaml", ["App/T", "T"])
    assert [(m.address, m.reason) for m in project.missing] == [("App/App", "the template nests itself")]


def test_nesting_is_bounded(here: Path) -> None:
    """Each template nests the next one twice: two to the number of templates in all."""
    for number in range(MAX_DEPTH + 2):
        app = f"{{Type: AWS::Serverless::Application, Properties: {{Location: {number + 1}.yaml}}}}"
        (here / f"{number}.yaml").write_text(
            f"Resources:\n  A: {app}\n  B: {app}\n  T: {{Type: AWS::DynamoDB::Table}}\n"
        )
    projects, _ = model([here])
    project = next(each for each in projects if each.root == "0.yaml")
    assert len(project.tables) == MAX_NESTED + 1
    assert {each.reason for each in project.missing} == {
        "it is nested too deeply",
        f"more than {MAX_NESTED} nested stacks are not followed",
    }


def test_a_nested_template_that_is_named_is_judged_on_its_own_as_well(here: Path) -> None:
    (here / ".git").mkdir()
    nested(here)
    parent, child = here / "template.yaml", here / "nested/data.yaml"
    together = survey([parent, child]).findings
    apart = [*survey([parent]).findings, *survey([child]).findings]
    assert {(each.resource, each.fingerprint) for each in together} == {(e.resource, e.fingerprint) for e in apart}
    assert {"Orders", "Data/Orders"} <= {each.resource for each in together}


def test_hosts_ask_for_a_resource_by_its_name_in_its_own_template(here: Path) -> None:
    nested(here)
    answers = Answers(survey([here]).findings, [], frozenset(), here)
    audit = answers.template("DDB501", here / "nested/data.yaml", "Audit")
    assert audit is not None
    assert audit.outcome is Outcome.FAIL
    assert answers.template("DDB101", here / "template.yaml", "Orders") is None
    assert answers.template("DDB101", here / "template.yaml", "Data/Orders") is not None


def test_links_lead_from_one_stack_to_another(here: Path) -> None:
    (here / "access.yaml").write_text("""
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt Role.Arn}}
Outputs:
  Profile: {Value: !Ref Profile}
  Task: {Value: !Ref Task}
""")
    (here / "hosts.yaml").write_text("""
Parameters: {Profile: {Type: String}}
Resources:
  Host: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: !Ref Profile}}
""")
    (here / "template.yaml").write_text("""
Resources:
  Hosts:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: hosts.yaml, Parameters: {Profile: !GetAtt Access.Outputs.Profile}}
  Access: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: access.yaml}}
  Service: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !GetAtt Access.Outputs.Task}}
""")
    project = the_project(here)
    assert {client.address: client.role for client in project.clients} == {
        "Hosts/Host": Known(Text((Reference("Access/Role", "name"),))),
        "Service": Known(Text((Reference("Access/Role", "arn"),))),
    }
    assert [principal.workload for principal in project.principals] == [Known(True)]
