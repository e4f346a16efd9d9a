"""What a file of the Serverless Framework deploys, as the one reader of templates reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dynavet.engine import Options, scan
from dynavet.model import Attachment, Project, Statement
from dynavet.rule import Outcome
from dynavet.sources import Sources
from dynavet.values import Known, Unknown
from dynavet_parsers.cloudformation import read_template

FIXTURES = Path(__file__).parent / "fixtures" / "serverless"

Read = Callable[[str], Project]


def fixture(name: str) -> Project:
    project = read_template(FIXTURES / name / "serverless.yml", Sources([FIXTURES / name], FIXTURES / name))
    assert project is not None
    assert project.problems == []
    return project


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a service from its text."""

    def read_text(text: str) -> Project:
        path = tmp_path / "serverless.yml"
        path.write_text(text, "utf-8")
        project = read_template(path, Sources([tmp_path], tmp_path))
        assert project is not None
        return project

    return read_text


def statements(project: Project, address: str) -> list[Statement]:
    """The statements of an identity policy of a role, less those about logs."""
    slots = [
        slot
        for policy in project.policies
        if policy.address == address and policy.kind.value == "identity"
        for slot in policy.statements
    ]
    found = [slot.value for slot in slots if isinstance(slot, Known) and slot.value is not None]
    return [each for each in found if not patterns(each.actions)[0].startswith("logs:")]


def patterns(element: object) -> list[str]:
    assert isinstance(element, Known)
    return [str(item.value) if isinstance(item, Known) else "?" for item in element.value.items]


def attached(project: Project) -> set[tuple[str, str]]:
    """Principals with the managed policies that are attached to them."""

    def name(value: object) -> str:
        return str(value.value) if isinstance(value, Known) else "?"

    def managed(each: Attachment) -> bool:
        return isinstance(each.policy, Known) and "arn:" in str(each.policy.value)

    return {(name(each.principal), name(each.policy)) for each in project.attachments if managed(each)}


def test_the_shared_role_has_what_the_provider_grants() -> None:
    project = fixture("orders")
    own, wide, index = statements(project, "IamRoleLambdaExecution")
    assert (patterns(own.actions), patterns(own.resources)) == (["dynamodb:GetItem"], ["${Orders.arn}"])
    assert (own.origin.path, own.origin.line, own.index) == ("serverless.yml", 28, 2)
    assert patterns(wide.resources) == ["arn:aws:dynamodb:*:${?}:table/ord*"]
    assert patterns(index.resources) == ["${Orders.arn}/index/*"]
    [condition] = index.conditions
    assert isinstance(condition, Known)
    assert "${aws:username}" in str(condition.value)
    role = next(each for each in project.principals if each.address == "IamRoleLambdaExecution")
    assert str(role.boundary.value) == "arn:aws:iam::123456789012:policy/boundary"  # type: ignore[union-attr]
    assert {arn.rpartition("/")[2] for name, arn in attached(project) if "IamRole" in name} == {
        "AmazonDynamoDBReadOnlyAccess",
        "AWSLambdaVPCAccessExecutionRole",
    }


def test_functions_have_their_role_and_network() -> None:
    clients = {each.address: each for each in fixture("orders").clients}
    assert set(clients) == {"CreateDashorderLambdaFunction", "ListLambdaFunction", "ReportLambdaFunction"}
    create, listing, report = clients.values()
    assert str(create.role.value) == "${IamRoleLambdaExecution.arn}"  # type: ignore[union-attr]
    assert str(report.role.value) == "${ReportRole.arn}"  # type: ignore[union-attr]
    assert [str(subnet.value) for subnet in create.subnets] == ["subnet-1", "subnet-2"]  # type: ignore[union-attr]
    assert listing.subnets == ()
    assert (create.origin.path, create.origin.line) == ("serverless.yml", 48)


def test_resources_in_other_files_are_read_there_and_not_twice() -> None:
    project = fixture("orders")
    assert project.files == ["serverless.yml", "network.json", "resources/carts.yml", "resources/tables.yml"]
    assert project.missing == []
    orders, carts = project.tables
    assert str(orders.name.value) == "orders-dev"  # type: ignore[union-attr]
    assert (orders.origin.path, orders.origin.line) == ("resources/tables.yml", 2)
    assert str(carts.name.value) == "carts"  # type: ignore[union-attr]
    assert isinstance(orders.encryption, Known)
    assert orders.encryption.value.key == Unknown("${env:KEY_ARN} has no value")
    report = scan([FIXTURES / "orders"])
    assert [f.resource for f in report.findings if f.rule == "DDB101" and f.outcome is Outcome.FAIL] == ["Carts"]


def test_tags_of_the_stack_are_those_of_its_tables() -> None:
    orders, carts = fixture("orders").tables
    assert isinstance(orders.tags, Known)
    assert isinstance(carts.tags, Known)
    assert orders.tags.value is not None
    assert carts.tags.value is not None
    found = {key: str(value.value) for key, value in orders.tags.value.entries.items()}  # type: ignore[union-attr]
    assert found == {"STAGE": "dev", "Environment": "dev", "Security": "internal"}
    assert str(carts.tags.value.entries["Security"].value) == "public"  # type: ignore[union-attr]


def test_roles_per_function() -> None:
    project = fixture("roles")
    assert {each.address for each in project.principals} == {
        "IamRoleLambdaExecution",
        "OwnIamRoleLambdaExecution",
        "HeirIamRoleLambdaExecution",
    }
    [own] = statements(project, "OwnIamRoleLambdaExecution")
    assert (patterns(own.actions), own.origin.line) == (["dynamodb:PutItem"], 23)
    [inherited] = statements(project, "HeirIamRoleLambdaExecution")
    assert patterns(inherited.actions) == ["dynamodb:Scan"]
    role = next(each for each in project.principals if each.address == "OwnIamRoleLambdaExecution")
    assert str(role.name.value) == "own-role"  # type: ignore[union-attr]
    assert str(role.boundary.value) == "arn:aws:iam::123456789012:policy/boundary"  # type: ignore[union-attr]
    roles = {each.address: str(each.role.value) for each in project.clients}  # type: ignore[union-attr]
    assert roles == {
        "SharedLambdaFunction": "${IamRoleLambdaExecution.arn}",
        "OwnLambdaFunction": "${OwnIamRoleLambdaExecution.arn}",
        "HeirLambdaFunction": "${HeirIamRoleLambdaExecution.arn}",
        "OutsideLambdaFunction": "arn:aws:iam::123456789012:role/outside",
    }


@pytest.mark.parametrize(
    ("top", "dedicated"),
    [
        ("frameworkVersion: '3'", False),
        ("frameworkVersion: '^2.1'", False),
        ("frameworkVersion: '4'", True),
        ("frameworkVersion: '>=3'", True),
        ("frameworkVersion: '>=1.1.0 <2.0.0'", False),
        ("frameworkVersion: '2 || <4'", False),
        ("frameworkVersion: 3", False),
        ("frameworkVersion: '*'", True),
        ("", True),
        ("plugins: {modules: [serverless-iam-roles-per-function]}\nframeworkVersion: '3'", True),
    ],
)
def test_statements_of_a_function_are_of_the_plugin_or_of_version_4(read: Read, top: str, dedicated: bool) -> None:
    text = """\
service: s
provider: {name: aws}
functions:
  f: {handler: a.b, iamRoleStatements: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: "*"}]}
"""
    assert bool(statements(read(f"{top}\n{text}"), "FIamRoleLambdaExecution")) is dedicated


def test_the_mode_per_function_and_iam_of_a_function(read: Read) -> None:
    project = read("""\
service: s
provider:
  name: aws
  iam:
    role:
      mode: perFunction
      managedPolicies: ["arn:aws:iam::aws:policy/shared"]
      statements: [{Effect: Allow, Action: "dynamodb:Query", Resource: "*"}]
functions:
  a: {handler: a.b}
  b:
    handler: a.b
    iam:
      inheritStatements: false
      role:
        name: b-role
        managedPolicies: ["arn:aws:iam::aws:policy/own"]
        statements: [{Effect: Allow, Action: "dynamodb:PutItem", Resource: "*"}]
""")
    assert {each.address for each in project.principals} == {"AIamRoleLambdaExecution", "BIamRoleLambdaExecution"}
    assert [patterns(each.actions) for each in statements(project, "AIamRoleLambdaExecution")] == [["dynamodb:Query"]]
    assert [patterns(each.actions) for each in statements(project, "BIamRoleLambdaExecution")] == [["dynamodb:PutItem"]]
    assert attached(project) == {
        ("${AIamRoleLambdaExecution.name}", "arn:aws:iam::aws:policy/shared"),
        ("${BIamRoleLambdaExecution.name}", "arn:aws:iam::aws:policy/shared"),
        ("${BIamRoleLambdaExecution.name}", "arn:aws:iam::aws:policy/own"),
    }


@pytest.mark.parametrize(
    "provider",
    [
        "{name: aws, role: 'arn:aws:iam::1:role/x', iamRoleStatements: [{Effect: Allow, Action: '*', Resource: '*'}]}",
        "{name: aws, iam: {role: 'arn:aws:iam::1:role/x'}}",
        "{name: aws, iam: {role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/x'}}",
        "{name: aws, iam: {role: {Fn::ImportValue: x}}}",
    ],
)
def test_a_role_from_outside_leaves_nothing_to_generate(read: Read, provider: str) -> None:
    project = read(f"service: s\nprovider: {provider}\nfunctions: {{f: {{handler: a.b}}}}\n")
    assert project.principals == []
    assert project.policies == []
    [client] = project.clients
    assert "IamRoleLambdaExecution" not in str(client.role)


def test_a_role_that_nothing_decides_is_unknown(read: Read) -> None:
    project = read("service: s\nprovider: {name: aws, iam: {role: '${ssm:/role}'}}\nfunctions: {f: {handler: a.b}}\n")
    assert project.clients[0].role == Unknown("${ssm:/role} is decided at deployment")
    assert project.principals == []


def test_streams_are_granted_to_the_role() -> None:
    dynamodb, kinesis, failed = sorted(
        statements(fixture("streams"), "IamRoleLambdaExecution"), key=lambda each: patterns(each.actions)
    )
    assert patterns(dynamodb.actions) == [
        f"dynamodb:{name}" for name in ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")
    ]
    assert patterns(dynamodb.resources) == [
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2024",
        "${Orders.stream_arn}",
    ]
    assert dynamodb.origin.line == 9
    assert patterns(kinesis.resources) == ["arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"]
    assert patterns(failed.actions) == ["sns:Publish"]


def test_data_sources_of_an_api_have_roles() -> None:
    project = fixture("appsync")
    assert {each.address for each in project.principals} == {"GraphQlDsordersRole", "GraphQlDscartsRole"}
    [default] = statements(project, "GraphQlDsordersRole")
    assert "dynamodb:ConditionCheckItem" in patterns(default.actions)
    assert [text.rpartition(":")[2] for text in patterns(default.resources)] == ["table/orders", "table/orders/*"]
    [own] = statements(project, "GraphQlDscartsRole")
    assert (patterns(own.actions), own.origin.line) == (["dynamodb:*"], 18)


def test_resources_of_several_parts_are_joined_deeply(read: Read) -> None:
    project = read("""\
service: s
provider: {name: aws}
resources:
  - Resources:
      T:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: first, Tags: [{Key: a, Value: b}]}
  - null
  - Resources:
      T: {Properties: {TableName: second, Tags: [{Key: c}, {Key: d, Value: e}]}}
  - extensions:
      T:
        Properties: {Tags: [{Key: x, Value: y}]}
""")
    [table] = project.tables
    assert str(table.name.value) == "second"  # type: ignore[union-attr]
    assert isinstance(table.tags, Known)
    assert table.tags.value is not None
    assert set(table.tags.value.entries) == {"STAGE", "x"}


def test_what_is_not_read_is_named(read: Read, tmp_path: Path) -> None:
    (tmp_path / "tables.js").write_text("module.exports = {}")
    project = read("""\
service: s
provider: {name: aws}
functions:
  - ${file(functions.yml)}
resources:
  - ${file(gone.yml)}
  - ${file(../outside.yml)}
  - ${file(tables.js)}
  - Resources:
      T: ${file(table.yml)}
""")
    assert [(each.source, each.reason) for each in project.missing] == [
        ("${file(gone.yml)}", "names a file that does not exist"),
        ("${file(../outside.yml)}", "is not read: it lies outside the scanned directory"),
        ("${file(tables.js)}", "is computed by code, which is not run"),
        ("${file(functions.yml)}", "names a file that does not exist"),
        ("${file(table.yml)}", "names a file that does not exist"),
    ]
    assert project.problems == []


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("provider: [aws]\nfunctions: {}", "expected a mapping as provider, found a list", 2),
        ("provider: aws\nfunctions: a", "expected a mapping as functions, found text", 3),
        ("provider: aws\nfunctions: {f: 1}", "expected a mapping as functions.f, found a number", 3),
        ("provider: aws\nresources: {Resources: [a]}", "expected a mapping as resources.Resources, found a list", 3),
        ("provider: aws\nresources:\n  Resources:\n    T: a", "expected a mapping as Resources.T, found text", 5),
        ("provider: aws\nresources: ['${file(a.json)}']", "expected", 1),
    ],
)
def test_what_is_malformed_is_said(read: Read, tmp_path: Path, text: str, message: str, line: int) -> None:
    (tmp_path / "a.json").write_text("{")
    project = read(f"service: s\n{text}\n")
    assert message in project.problems[0].message
    assert project.problems[0].origin.line == line


def test_statements_of_the_wrong_shape_are_undecided(read: Read) -> None:
    project = read("""\
service: s
provider:
  name: aws
  iam:
    role:
      statements: [1, {Effect: Allow, Action: "dynamodb:*", Resource: "*"}, "${file(gone.yml)}"]
functions: {f: {handler: a.b}}
""")
    policy = next(each for each in project.policies if each.kind.value == "identity")
    *_, number, known, gone = policy.statements
    assert isinstance(number, Unknown)
    assert number.reason == "Statement 2 is a number, not an object"
    assert isinstance(known, Known)
    assert gone == Unknown("${file(gone.yml)} names a file that does not exist")


@pytest.mark.parametrize(
    "text",
    [
        "service: s\nprovider: {name: google}\nfunctions: {f: {handler: a}}\n",
        "service: {type: ClusterIP}\nprovider: {kind: x}\n",
        "services: s\nproviders: {name: aws}\n",
    ],
)
def test_other_files_are_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(text)
    assert read_template(path, Sources([tmp_path], tmp_path)) is None


def test_json_and_files_of_other_names_are_read_by_the_command(tmp_path: Path) -> None:
    grant = '[{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]'
    (tmp_path / "svc.json").write_text(
        f'{{"service": "s", "provider": {{"name": "aws", "iamRoleStatements": {grant}}},'
        ' "functions": {"f": {"handler": "a.b"}}}'
    )
    report = scan([tmp_path], Options(select=["DDB201"]))
    [finding] = report.findings
    assert (finding.resource, finding.statement) == ("IamRoleLambdaExecution", "2")


def test_values_of_another_service_leave_that_to_be_read(tmp_path: Path) -> None:
    table = "resources: {Resources: {T: {Type: 'AWS::DynamoDB::Table'}}}\n"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one/serverless.yml").write_text(
        "service: a\nprovider: {name: aws}\ncustom: ${file(../two/serverless.yml):custom}\n" + table
    )
    (tmp_path / "two/serverless.yml").write_text("service: b\nprovider: {name: aws}\ncustom: {x: y}\n" + table)
    report = scan([tmp_path], Options(select=["DDB101"]))
    assert [Path(each.place.path).parent.name for each in report.findings] == ["one", "two"]


@pytest.mark.parametrize(
    ("statement", "above"),
    [('# dynavet:ignore DDB201 reason="all" evidence="dynamodb:*"', True), ("", False)],
)
def test_a_statement_is_suppressed_where_it_stands(tmp_path: Path, statement: str, above: bool) -> None:
    (tmp_path / "serverless.yml").write_text(f"""\
service: s
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          {statement}
          Action: dynamodb:*
          Resource: "*"
functions: {{f: {{handler: a.b}}}}
""")
    report = scan([tmp_path], Options(select=["DDB201"]))
    assert [each.outcome for each in report.findings] == [Outcome.SUPPRESSED if above else Outcome.FAIL]


def test_a_policy_file_is_judged_with_the_service_or_on_its_own(tmp_path: Path) -> None:
    statement = '{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}'
    (tmp_path / "whole.json").write_text(f'{{"Statement": [{statement}]}}')
    (tmp_path / "parts.json").write_text(f'{{"Statement": [{statement}, {statement}]}}')
    (tmp_path / "serverless.yml").write_text("""\
service: s
provider: {name: aws, iam: {role: {statements: "${file(whole.json):Statement}"}}}
functions:
  f:
    handler: a.b
    iam: {role: {statements: ["${file(parts.json):Statement.0}"]}}
""")
    report = scan([tmp_path], Options(select=["DDB201"]))
    found = sorted((Path(each.place.path).name, Path(each.resource).name, each.statement) for each in report.findings)
    assert found == [
        ("parts.json", "FIamRoleLambdaExecution", "1"),
        ("parts.json", "parts.json", "0"),
        ("parts.json", "parts.json", "1"),
        ("whole.json", "IamRoleLambdaExecution", "2"),
    ]


def test_the_same_in_a_template_has_the_same_findings() -> None:
    def said(name: str) -> set[tuple[object, ...]]:
        report = scan([FIXTURES / "same" / name], Options(ignore=("DDB219",)))  # the framework attaches more
        assert report.errors == []
        return {(f.rule, f.resource, f.statement, f.outcome, f.severity, f.message) for f in report.findings}

    found = said("serverless.yml")
    assert {rule for rule, *_ in found} >= {"DDB101", "DDB201", "DDB301", "DDB501"}
    assert found == said("template.yaml")


def test_roles_of_state_machines_are_named_as_not_read(read: Read) -> None:
    project = read("""\
service: s
provider: {name: aws}
plugins: [serverless-step-functions]
stepFunctions:
  stateMachines:
    a: {definition: {}}
    b: {definition: {}, role: "arn:aws:iam::1:role/b"}
""")
    [missing] = project.missing
    assert (missing.address, missing.source, missing.origin.line) == (
        "stepFunctions.stateMachines.a",
        "serverless-step-functions",
        6,
    )


def test_pipes_of_a_plugin_are_named_as_not_read(read: Read) -> None:
    project = read("""\
service: s
provider: {name: aws}
plugins: [serverless-pipes]
pipes:
  changes: {source: {dynamodb: {arn: "arn:aws:dynamodb:eu-west-1:1:table/t/stream/1"}}}
""")
    [missing] = project.missing
    assert (missing.address, missing.source, missing.origin.line) == ("pipes.changes", "serverless-pipes", 5)


def test_resources_that_are_read_without_their_service_have_undecided_variables() -> None:
    path = FIXTURES / "orders" / "resources" / "tables.yml"
    project = read_template(path, Sources([FIXTURES / "orders"], FIXTURES / "orders"))
    assert project is not None
    [orders] = project.tables
    assert orders.name == Unknown("${self:custom.table} is decided by the service that includes this file")
    report = scan([path], Options(select=["DDB101"]))
    assert [finding.outcome for finding in report.findings] == [Outcome.UNKNOWN]


def test_what_the_provider_grants_is_read_where_functions_or_the_provider_are_not(read: Read) -> None:
    grant = "{name: aws, iamRoleStatements: [{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}]}"
    for functions in ("${file(gone.yml)}", "{f: '${file(gone.yml)}'}", "['${file(gone.yml)}']"):
        project = read(f"service: s\nprovider: {grant}\nfunctions: {functions}\n")
        assert [patterns(each.actions) for each in statements(project, "IamRoleLambdaExecution")] == [["dynamodb:*"]]
        assert [each.source for each in project.missing] == ["${file(gone.yml)}"]
    table = "resources: {Resources: {T: {Type: 'AWS::DynamoDB::Table'}}}"
    project = read(f"service: s\nprovider: ${{file(gone.yml)}}\nfunctions: {{f: {{handler: a}}}}\n{table}\n")
    assert [each.address for each in project.tables] == ["T"]
    assert project.clients[0].role == Unknown("${file(gone.yml)} names a file that does not exist")
    assert [each.source for each in project.missing] == ["${file(gone.yml)}"]


def test_a_table_is_suppressed_in_its_part_or_its_file(tmp_path: Path) -> None:
    ignored = '# dynavet:ignore DDB101 reason="synthetic data"\n'
    (tmp_path / "tables.yml").write_text(f"Resources:\n  {ignored}  One:\n    Type: AWS::DynamoDB::Table\n")
    (tmp_path / "serverless.yml").write_text(f"""\
service: s
provider: {{name: aws}}
resources:
  - ${{file(tables.yml)}}
  - Resources:
      {ignored}      Two:
        Type: AWS::DynamoDB::Table
  - Resources:
      Three:
        Type: AWS::DynamoDB::Table
        Metadata: {{dynavet: {{ignore: [{{id: DDB101, reason: synthetic data}}]}}}}
      Four: {{Type: "AWS::DynamoDB::Table"}}
""")
    report = scan([tmp_path], Options(select=["DDB101"]))
    assert {(each.resource, each.outcome) for each in report.findings} == {
        ("One", Outcome.SUPPRESSED),
        ("Two", Outcome.SUPPRESSED),
        ("Three", Outcome.SUPPRESSED),
        ("Four", Outcome.FAIL),
    }


def test_capacity_that_a_plugin_scales_is_undecided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "serverless.yml").write_text("""
service: orders
provider: {name: aws, runtime: nodejs22.x}
plugins: [serverless-dynamodb-autoscaling]
custom:
  capacities:
    - {table: Orders, read: {minimum: 5, maximum: 50}, write: {minimum: 5, maximum: 50}}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
""")
    monkeypatch.chdir(tmp_path)
    [finding] = scan([Path()], Options(select=("DDB503",))).findings
    assert finding.outcome is Outcome.UNKNOWN
    assert "serverless-dynamodb-autoscaling" in finding.message
