"""Templates in the model: tables, policies, principals, networks, and both notations alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from dynavet.model import Policy, PolicyKind, Project
from dynavet.sources import Sources
from dynavet.text import Hole, Reference, Text
from dynavet.values import Known, List, Object, OneOf, Origin, Unknown, Value
from dynavet_parsers.cloudformation import read_template
from dynavet_parsers.cloudformation.yaml_source import parse_yaml

FIXTURES = Path(__file__).parent / "fixtures" / "cloudformation"


def read(path: Path) -> Project:
    project = read_template(path, Sources([path], path.parent))
    assert project is not None
    assert project.problems == []
    return project


@pytest.fixture(scope="module")
def orders() -> Project:
    return read(FIXTURES / "orders.yaml")


@pytest.fixture(scope="module")
def network() -> Project:
    return read(FIXTURES / "network.yaml")


def known(value: Value[Any]) -> Any:
    assert isinstance(value, Known)
    return value.value


def by_address(entities: list[Any], address: str) -> Any:
    return next(entity for entity in entities if entity.address == address)


def policy(project: Project, address: str, label: str = "") -> Policy:
    return next(p for p in project.policies if (p.address, p.label) == (address, label))


def statement(found: Policy, index: int = 0) -> Any:
    return known(found.statements[index])


def patterns(element: Value[Any]) -> list[str]:
    return [str(known(item)) for item in known(element).items]


def place(origin: Origin | None) -> tuple[int, int, int, int]:
    assert origin is not None
    return origin.line, origin.column, origin.end_line, origin.end_column


def test_a_table_with_its_keys_and_encryption(orders: Project) -> None:
    table = by_address(orders.tables, "Orders")
    assert place(table.origin) == (34, 3, 34, 9)
    assert dict(table.name.branches) == {"dev": Known(Text.of("orders-dev")), "prod": Known(Text.of("orders-prod"))}
    assert (str(known(table.hash_key)), str(known(table.range_key))) == ("tenant", "id")
    assert known(table.ttl_enabled) is True
    encryption = known(table.encryption)
    assert known(encryption.enabled) is True
    assert place(encryption.enabled.origin) == (44, 21, 44, 27)
    assert encryption.key.condition == "parameter KeyArn"
    without, given = dict(encryption.key.branches)[""], dict(encryption.key.branches)["another value"]
    assert (without, given) == (Known(None), Unknown("parameter KeyArn has no default"))


def test_tags_with_a_condition_and_a_default(orders: Project) -> None:
    tags = known(by_address(orders.tables, "Orders").tags)
    assert tags.entries["Owner"] == Known(Text.of("team-orders"))
    assert place(tags.entries["Owner"].origin) == (49, 18, 49, 28)
    assert place(tags.entries["Owner"].origin.via[0]) == (12, 14, 12, 25)
    assert tags.entries["Tier"] == OneOf(
        "parameter Env", (("dev", Known(None)), ("prod", Known(Text.of("gold")))), "dev"
    )
    assert tags.more == ()


def test_a_condition_of_a_resource_goes_with_those_inside(orders: Project) -> None:
    archive = by_address(orders.tables, "Archive")
    assert archive.exists == OneOf("parameter Env", (("dev", Known(False)), ("prod", Known(True))), "dev")
    assert archive.encryption.condition == "parameter Env"
    assert str(known(known(dict(archive.encryption.branches)["prod"]).key)) == "alias/archive"


def test_a_global_table_has_keys_and_tags_per_replica(orders: Project) -> None:
    world = by_address(orders.tables, "World")
    assert world.tags == Known(None)
    europe, america = (known(replica) for replica in world.replicas)
    assert str(known(europe.region)) == "eu-west-1"
    assert str(known(europe.key)) == "arn:aws:kms:eu-west-1:111122223333:key/one"
    assert place(europe.key.origin) == (76, 46, 76, 79)
    assert place(europe.key.origin.via[0]) == (22, 12, 22, 54)
    assert known(europe.tags).entries == {"Owner": Known(Text.of("orders"))}
    assert known(america.key) is None


def test_policies_stand_where_they_act(orders: Project) -> None:
    assert [(p.kind, p.address, p.label) for p in orders.policies] == [
        (PolicyKind.RESOURCE, "Orders", "table"),
        (PolicyKind.TRUST, "Writer", "AssumeRolePolicyDocument"),
        (PolicyKind.IDENTITY, "Writer", "write"),
        (PolicyKind.IDENTITY, "Writer", "text"),
        (PolicyKind.IDENTITY, "Shared", ""),
        (PolicyKind.KEY, "Key", ""),
    ]
    write = policy(orders, "Writer", "write")
    put = statement(write)
    assert patterns(put.actions) == ["dynamodb:PutItem"]
    assert known(put.resources).items == (
        Known(Text((Reference("Orders", "arn"),))),
        Known(Text((Reference("Orders", "arn"), "/index/*"))),
    )
    assert place(known(put.actions).items[0].origin) == (100, 26, 100, 42)
    assert known(write.version) == Text.of("2012-10-17")


def test_a_statement_under_a_condition_is_an_open_slot(orders: Project) -> None:
    slot = policy(orders, "Writer", "write").statements[1]
    assert isinstance(slot, OneOf)
    branches = dict(slot.branches)
    assert branches["prod"] == Known(None)
    assert patterns(known(branches["dev"]).resources) == ["${Orders.arn}/index/*"]


def test_a_document_in_text_keeps_references_and_policy_variables(orders: Project) -> None:
    own = statement(policy(orders, "Writer", "text"))
    assert known(own.resources).items == (Known(Text((Reference("Orders", "arn"),))),)
    (condition,) = (known(each) for each in own.conditions)
    assert patterns(condition.values) == ["${aws:PrincipalTag/tenant}"]


def test_principals_and_their_attachments(orders: Project) -> None:
    writer = by_address(orders.principals, "Writer")
    assert (writer.kind, writer.trust) == ("role", policy(orders, "Writer", "AssumeRolePolicyDocument"))
    assert writer.boundary == Unknown("Fn::ImportValue boundary-arn is decided outside this template")
    assert dict(writer.name.branches)["prod"] == Known(Text.of("writer-p"))
    assert by_address(orders.principals, "Ann").kind == "user"
    edges = [(a.address, str(known(a.policy)), str(known(a.principal)), a.label) for a in orders.attachments]
    assert edges == [
        ("Writer", "${Writer.id}", "${Writer.name}", "write"),
        ("Writer", "${Writer.id}", "${Writer.name}", "text"),
        ("Writer", "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess", "${Writer.name}", ""),
        ("Writer", "${Shared.arn}", "${Writer.name}", ""),
        ("Shared", "${Shared.id}", "${Ann.name}", ""),
        ("Shared", "${Shared.id}", "ops", ""),
    ]


def test_a_nested_template_is_missing(orders: Project) -> None:
    (missing,) = orders.missing
    assert (missing.address, missing.source) == ("Extra", "https://s3.amazonaws.com/${AWS::Region}/extra.yaml")


def test_networks_and_what_runs_in_them(network: Project) -> None:
    assert [vpc.address for vpc in network.vpcs] == ["Vpc"]
    assert known(by_address(network.subnets, "SubnetA").vpc) == Text((Reference("Vpc", "id"),))
    gateway = by_address(network.endpoints, "Gateway")
    region = Hole("AWS::Region is decided at deployment")
    assert known(gateway.service) == Text.of("com.amazonaws.", region, ".dynamodb")
    assert known(gateway.kind) is None
    assert policy(network, "Gateway").kind is PolicyKind.ENDPOINT
    inside = (Known(Text((Reference("SubnetA", "id"),))),)
    subnets = {client.address: client.subnets for client in network.clients}
    assert subnets == {
        "Inside": inside, "Outside": (), "Given": (), "Machine": inside, "Foreign": (), "Service": inside,
        "Cache": inside,
    }  # fmt: skip
    assert by_address(network.clients, "Given").more_subnets == (Unknown("parameter SubnetIds has no default"),)
    assert by_address(network.clients, "Foreign").more_subnets != ()
    assert [client.address for client in network.clients if client.dynamodb] == ["Cache"]


def test_clients_act_with_their_role(network: Project) -> None:
    roles = {client.address: client.role for client in network.clients}
    assert roles["Inside"] == roles["Service"] == roles["Cache"] == Known(Text((Reference("Role", "arn"),)))
    assert roles["Machine"] == Known(Text((Reference("Role", "name"),)))
    assert roles["Foreign"] == Unknown("instance profile fleet is declared outside this template")


def as_json(value: Value[Any]) -> Any:
    data = known(value)
    if isinstance(data, List):
        return [as_json(item) for item in data.items]
    if isinstance(data, Object):
        return {key: as_json(item) for key, item in data.entries.items()}
    return data


def without_places(thing: Any) -> Any:
    """A comparable picture of the model with no source range in it."""
    if isinstance(thing, Origin):
        return None
    if isinstance(thing, Mapping):
        return {key: without_places(item) for key, item in thing.items()}
    if isinstance(thing, (tuple, list)):
        return [without_places(item) for item in thing]
    if is_dataclass(thing) and not isinstance(thing, type):
        return type(thing).__name__, [without_places(getattr(thing, each.name)) for each in fields(thing)]
    return thing


@pytest.mark.parametrize("name", ["orders", "network", "serverless"])
def test_json_gives_the_same_model_as_yaml(name: str, tmp_path: Path) -> None:
    path = FIXTURES / f"{name}.yaml"
    twin = tmp_path / f"{name}.yaml"
    twin.write_text(json.dumps(as_json(parse_yaml(path.read_text(), path.name)), indent=1))
    assert without_places(read(twin)) == without_places(read(path))


def test_positions_in_json(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        '{"Resources": {\n  "T": {"Type": "AWS::DynamoDB::Table",\n'
        '    "Properties": {"TableName": {"Fn::Sub": "x"}, "SSESpecification": {"SSEEnabled": true}}}}}\n'
    )
    (table,) = read(path).tables
    assert place(table.origin) == (2, 3, 2, 6)
    assert place(table.name.origin) == (3, 33, 3, 49)
    assert place(known(table.encryption).enabled.origin) == (3, 86, 3, 90)


def template(tmp_path: Path, resources: str, extra: str = "") -> Project:
    path = tmp_path / "t.yaml"
    path.write_text(f"{extra}\nResources:\n{resources}")
    return read(path)


def test_control_policies_are_organization_policies_and_tag_policies_are_none(tmp_path: Path) -> None:
    control = "{Type: SERVICE_CONTROL_POLICY, Content: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}}"
    project = template(
        tmp_path,
        f"  Control: {{Type: AWS::Organizations::Policy, Properties: {control}}}\n"
        f"  Tags: {{Type: AWS::Organizations::Policy, Properties: {{Type: TAG_POLICY, Content: {{tags: {{}}}}}}}}\n",
    )
    assert [(p.address, p.kind) for p in project.policies] == [("Control", PolicyKind.ORGANIZATION)]


def test_permission_sets_session_and_event_bus_policies(tmp_path: Path) -> None:
    statement_ = "{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}"
    project = template(
        tmp_path,
        f"  Set: {{Type: AWS::SSO::PermissionSet, Properties: {{InlinePolicy: {{Statement: [{statement_}]}},"
        f" ManagedPolicies: ['arn:aws:iam::aws:policy/X'], CustomerManagedPolicyReferences: [{{Name: own}}]}}}}\n"
        f"  User: {{Type: AWS::Transfer::User, Properties: {{Policy: '{{\"Statement\": []}}'}}}}\n"
        f"  Bus: {{Type: AWS::Events::EventBusPolicy, Properties: {{Statement: {statement_}}}}}\n",
    )
    kinds = {p.address: p.kind for p in project.policies}
    assert kinds == {
        "Set": PolicyKind.PERMISSION_SET, "User": PolicyKind.SESSION, "Bus": PolicyKind.OTHER_RESOURCE,
    }  # fmt: skip
    assert patterns(statement(policy(project, "Bus")).actions) == ["dynamodb:*"]
    attached = [known(a.policy) for a in project.attachments]
    assert attached[0] == Text((Reference("Set", "id"),))
    assert attached[1] == Text.of("arn:aws:iam::aws:policy/X")
    assert attached[2].parts[-1] == ":policy/own"


def test_an_inserted_property_makes_the_ones_that_are_not_there_unknown(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        "  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: t\n"
        "      Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}\n"
        "  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/more}}\n",
    )
    (table,) = project.tables
    assert known(table.name) == Text.of("t")
    assert table.encryption == Unknown("Fn::Transform is expanded at deployment")
    assert [missing.source for missing in project.missing] == ["AWS::Include"]


def test_loops_over_resources_are_written_out(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        "  Fn::ForEach::Tables:\n  - Name\n  - [Orders, Carts]\n"
        "  - Table${Name}: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Name}}\n"
        "  Fn::ForEach::Open:\n  - Name\n  - !Ref Names\n  - ${Name}: {Type: AWS::DynamoDB::Table}\n",
        "Transform: AWS::LanguageExtensions\nParameters: {Names: {Type: CommaDelimitedList}}",
    )
    assert {t.address: str(known(t.name)) for t in project.tables} == {"TableOrders": "Orders", "TableCarts": "Carts"}
    assert [missing.address for missing in project.missing] == ["Fn::ForEach::Open"]
