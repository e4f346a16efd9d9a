"""What AWS CDK synthesises: what is read of it, where findings stand, and what of it is the framework's own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dynavet.cli.root import command as dynavet
from dynavet.engine import Options, model, scan
from dynavet.findings import FRAMEWORK, Finding, Report
from dynavet.model import Policy, Project
from dynavet.reporters import Presentation, reporter
from dynavet.rule import Outcome
from dynavet.values import Known, Unknown
from dynavet_parsers.cloudformation.cdk import made_for

FIXTURE = Path(__file__).parent / "fixtures" / "cdk" / "cdk.out"
SESSIONS = "Sessions9B1A7C2D"
ORDERS = "Orders6C0D41F3"
REPORTS = "ReportsNestedStackReportsNestedStackResource2B3C4D5E"
REPLICATION = "SessionsSourceTableAttachedManagedPolicyOnEvent3D2C1B0A"
ALL = frozenset(Outcome)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of an app, in which there is its output."""
    shutil.copytree(FIXTURE, tmp_path / "cdk.out")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def failed(report: Report) -> set[tuple[str, str]]:
    return {(each.rule, each.resource) for each in report.findings if each.outcome is Outcome.FAIL}


def one(report: Report, rule: str, resource: str) -> Finding:
    (found,) = (each for each in report.findings if (each.rule, each.resource) == (rule, resource))
    return found


def shop(app: Path) -> Project:
    projects, errors = model([app / "cdk.out"])
    assert not errors
    return next(project for project in projects if project.root == "cdk.out/Shop.template.json")


def resources(project: Project, construct: str) -> list[str]:
    """What the statements of a policy are about."""
    (policy,) = (each for each in project.policies if isinstance(each, Policy) and each.construct == construct)
    found = []
    for statement in policy.statements:
        assert isinstance(statement, Known) and statement.value is not None
        elements = statement.value.resources
        assert isinstance(elements, Known) and elements.value is not None
        for item in elements.value.items:
            found.append(item.reason if isinstance(item, Unknown) else str(item.value))  # type: ignore[union-attr]
    return found


@pytest.mark.parametrize("name", ["cdk.out", "build"])
def test_reads_each_stack_once_whatever_the_directory_is_called(app: Path, name: str) -> None:
    (app / "cdk.out").rename(app / name)
    report = scan([app])
    assert {each.place.path for each in report.findings} == {
        f"{name}/Shop.template.json",
        f"{name}/ShopReports5C2E77AA.nested.template.json",
        f"{name}/Audit.template.json",
        f"{name}/assembly-Prod/ProdShop3F2E1D0C.template.json",
    }
    addresses = [each.address for project in model([app])[0] for each in project.tables]
    assert sorted(addresses) == [ORDERS, ORDERS, f"{REPORTS}/Daily0A0B0C0D", SESSIONS]
    assert report.skipped == [] and report.errors == []


def test_other_manifests_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "web", "artifacts": {"icon": {"type": "png"}}}')
    (tmp_path / "stack.json").write_text('{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}')
    report = scan([tmp_path])
    assert ("DDB101", "T") in failed(report)
    assert [Path(each.path).name for each in report.skipped] == ["manifest.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"artifacts": []}', '{"artifacts": {"a": 1}}', "[" * 100_000])
def test_a_broken_manifest_hides_no_template(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    (tmp_path / "stack.json").write_text('{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}')
    assert ("DDB101", "T") in failed(scan([tmp_path]))


def test_ignored_output_is_scanned_where_it_is_named(app: Path) -> None:
    (app / ".git").mkdir()
    (app / ".gitignore").write_text("cdk.out\n")
    assert scan([app]).files == 0
    assert ("DDB101", SESSIONS) in failed(scan([app / "cdk.out"]))


def test_nested_stacks_are_followed_through_their_assets(app: Path) -> None:
    project = shop(app)
    assert resources(project, "Shop/Reports/Writer/ServiceRole/DefaultPolicy/Resource") == [
        f"${{{REPORTS}/Daily0A0B0C0D.arn}}",
        f"${{{ORDERS}.arn}}",
        f"${{{ORDERS}.arn}}/index/*",
    ]
    assert resources(project, "Shop/Top/ServiceRole/DefaultPolicy/Resource") == [f"${{{REPORTS}/Daily0A0B0C0D.arn}}"]
    assert not project.missing


def test_a_nested_template_that_is_not_there_is_reported(app: Path) -> None:
    (app / "cdk.out" / "ShopReports5C2E77AA.nested.template.json").unlink()
    found = one(scan([app]), "DDB001", REPORTS)
    assert "ShopReports5C2E77AA.nested.template.json" in found.message and "does not exist" in found.message


def test_an_asset_outside_of_what_is_scanned_is_not_read(app: Path) -> None:
    template = app / "cdk.out" / "Shop.template.json"
    template.write_text(template.read_text().replace('"ShopReports5C2E77AA', '"../../ShopReports5C2E77AA'))
    assert "lies outside" in one(scan([app / "cdk.out"]), "DDB001", REPORTS).message


def test_a_table_of_another_stack_is_known_as_one(app: Path) -> None:
    (audit,) = (each for each in model([app])[0] if each.root.endswith("Audit.template.json"))
    assert resources(audit, "Audit/Auditor/ServiceRole/DefaultPolicy/Resource") == [
        f"${{Shop:{ORDERS}.arn}}",
        f"${{Shop:{ORDERS}.arn}}/index/*",
    ]
    assert not any(each.outcome is Outcome.UNKNOWN for each in scan([app]).findings)
    assert audit.files == ["cdk.out/Audit.template.json"]


def stack(name: str, resource: str, attribute: object, **output: object) -> str:
    """A template that exports something of one resource."""
    exported = {"Value": attribute, "Export": {"Name": name}, **output}
    return json.dumps({"Resources": {"Shared": {"Type": resource}}, "Outputs": {"Shared": exported}})


IMPORTING = json.dumps(
    {
        "Resources": {
            "Notes": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": {"Fn::ImportValue": "Base:Key"}}
                },
            }
        }
    }
)
ARN = {"Fn::GetAtt": ["Shared", "Arn"]}


def assembly(directory: Path, *exporting: str) -> Report:
    (directory / "manifest.json").write_text('{"artifacts": {"App": {"type": "aws:cloudformation:stack"}}}')
    (directory / "App.template.json").write_text(IMPORTING)
    for number, text in enumerate(exporting):
        (directory / f"Base{number}.template.json").write_text(text)
    return scan([directory], Options(select=["DDB101"]))


@pytest.mark.parametrize(
    "value",
    [ARN, {"Fn::Join": ["", ["arn:aws:kms:us-east-1:", {"Ref": "AWS::AccountId"}, ":key/", {"Ref": "Shared"}]]}],
)
def test_a_key_of_another_stack_is_the_customers(tmp_path: Path, value: object) -> None:
    found = one(assembly(tmp_path, stack("Base:Key", "AWS::KMS::Key", value)), "DDB101", "Notes")
    assert found.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "exporting",
    [
        [],
        ["{"],
        [stack("Base:Other", "AWS::KMS::Key", ARN)],
        [stack("Base:Key", "AWS::IAM::Role", ARN)],
        [stack("Base:Key", "AWS::KMS::Key", {"Ref": "AWS::StackName"})],
        [stack("Base:Key", "AWS::KMS::Key", "alias/mine")],
        [stack("Base:Key", "AWS::KMS::Key", ARN, Condition="Maybe")],
        [stack("Base:Key", "AWS::KMS::Key", {"Fn::ImportValue": "Base:Key"})],
        [stack("Base:Key", "AWS::KMS::Key", ARN), stack("Base:Key", "AWS::KMS::Key", ARN)],
    ],
)
def test_what_no_single_stack_exports_for_sure_stays_open(tmp_path: Path, exporting: list[str]) -> None:
    found = one(assembly(tmp_path, *exporting), "DDB101", "Notes")
    assert found.outcome is Outcome.UNKNOWN
    assert "Fn::ImportValue Base:Key" in found.message


def test_templates_that_lie_together_are_not_one_app(tmp_path: Path) -> None:
    assembly(tmp_path, stack("Base:Key", "AWS::KMS::Key", ARN))
    (tmp_path / "manifest.json").unlink()
    assert one(scan([tmp_path], Options(select=["DDB101"])), "DDB101", "Notes").outcome is Outcome.UNKNOWN


def test_regions_of_the_custom_resource_are_replicas_of_the_table(app: Path) -> None:
    report = scan([app])
    lacking = {each.message: each for each in report.findings if (each.rule, each.resource) == ("DDB501", SESSIONS)}
    east = lacking["The replica in us-east-1 lacks the required tags Security, Environment."]
    assert '"SessionsReplicauseast1A4B5C6D7"' in (app / east.place.path).read_text().splitlines()[east.place.line - 1]
    assert any("eu-central-1" in message for message in lacking)


def test_findings_name_the_construct(app: Path) -> None:
    found = one(scan([app]), "DDB101", SESSIONS)
    assert (found.resource, found.construct) == (SESSIONS, "Shop/Sessions/Resource")
    text = CliRunner().invoke(dynavet, ["scan", "cdk.out"]).output
    assert f"DDB101 table-customer-managed-key  {SESSIONS} (Shop/Sessions/Resource)" in text
    report = scan([app])
    results = json.loads(reporter("json").render(report, Presentation(show=ALL)))["results"]
    assert {each["construct"] for each in results if each["resource"] == SESSIONS} == {"Shop/Sessions/Resource"}
    sarif = json.loads(reporter("sarif").render(report, Presentation(show=ALL)))
    names = {
        location["fullyQualifiedName"]
        for result in sarif["runs"][0]["results"]
        for location in result["locations"][0]["logicalLocations"]
    }
    assert f"{SESSIONS} (Shop/Sessions/Resource)" in names


@pytest.mark.usefixtures("app")
def test_the_documentation_shows_what_is_printed(checkout: Path) -> None:
    page = (checkout / "docs" / "cdk.md").read_text("utf-8")
    output = CliRunner().invoke(dynavet, ["scan", "cdk.out", "--select", "DDB101,DDB201"]).output
    blocks = re.findall(r"^```text\n(.*?)^```", page, re.M | re.S)
    assert blocks
    for block in blocks:
        assert {line.strip() for line in block.splitlines()} <= {line.strip() for line in output.splitlines()}


def test_the_construct_is_no_part_of_what_makes_a_finding_itself(app: Path) -> None:
    before = one(scan([app]), "DDB101", SESSIONS)
    template = app / "cdk.out" / "Shop.template.json"
    template.write_text(template.read_text().replace("Shop/Sessions/Resource", "Shop/Moved/Resource"))
    after = one(scan([app]), "DDB101", SESSIONS)
    assert after.construct == "Shop/Moved/Resource"
    assert after.fingerprint == before.fingerprint


def test_metadata_that_the_app_adds_suppresses(app: Path) -> None:
    shutil.rmtree(app / "cdk.out" / "assembly-Prod")
    found = one(scan([app]), "DDB101", ORDERS)
    assert found.outcome is Outcome.SUPPRESSED and found.suppression is not None
    assert found.suppression.reason == "holds nothing personal"


def test_metadata_of_a_table_covers_its_replicas_and_that_of_a_policy_its_statements(app: Path) -> None:
    path = app / "cdk.out" / "Shop.template.json"
    template = json.loads(path.read_text())
    table, policy = (template["Resources"][name] for name in (SESSIONS, "SeedCustomResourcePolicy0F1E2D3C"))
    table["Metadata"]["dynavet"] = {"ignore": [{"id": "DDB501", "reason": "a test"}]}
    policy["Metadata"]["dynavet"] = {"ignore": [{"id": "DDB201", "reason": "once", "evidence": ["dynamodb:*"]}]}
    path.write_text(json.dumps(template))
    report = scan([app], Options(select=["DDB201", "DDB501"]))
    assert not {("DDB501", SESSIONS), ("DDB201", "SeedCustomResourcePolicy0F1E2D3C")} & failed(report)


def test_the_path_of_a_construct_is_printed_as_nothing_but_text(app: Path) -> None:
    path = app / "cdk.out" / "Shop.template.json"
    path.write_text(path.read_text().replace("Shop/Sessions/Resource", "Shop/\\u001b[31mRed\\nline/Resource"))
    assert one(scan([app]), "DDB101", SESSIONS).construct == "Shop/\x1b[31mRed\nline/Resource"
    output = CliRunner().invoke(dynavet, ["scan", "cdk.out"], color=True).output
    assert "\x1b[31mRed" not in output and f"{SESSIONS} (Shop/\\x1b[31mRed\\nline/Resource)" in output


def test_what_the_framework_makes_is_put_aside_and_counted(app: Path) -> None:
    found = one(scan([app]), "DDB201", REPLICATION)
    assert found.outcome is Outcome.SUPPRESSED and found.suppression is not None
    assert (found.suppression.kind, found.suppression.reason) == (FRAMEWORK, "made by AWS CDK, for replicas of tables")
    note = "Shop.template.json: 1 finding not shown for resources that are made by AWS CDK, for replicas of tables"
    command = ["scan", "cdk.out", "--select", "DDB201"]
    text = CliRunner().invoke(dynavet, command).output
    assert note in text and REPLICATION not in text and "1 suppressed" in text
    shown = CliRunner().invoke(dynavet, [*command, "--show", "all"]).output
    assert note not in shown and REPLICATION in shown
    results: list[dict[str, Any]] = json.loads(
        CliRunner().invoke(dynavet, [*command, "--format", "json", "--show", "all"]).output
    )["results"]
    kinds = {each["resource"]: each["suppression"]["kind"] for each in results if each["suppression"] is not None}
    assert kinds == {REPLICATION: FRAMEWORK}


def test_what_the_app_grants_to_a_role_of_the_framework_is_its_own(app: Path) -> None:
    found = failed(scan([app], Options(select=["DDB201"])))
    assert ("DDB201", "SeedCustomResourcePolicy0F1E2D3C") in found
    assert ("DDB201", "AWS679f53fac002430cb0da5b7982bd2287ServiceRoleDefaultPolicy99") in found


def test_nothing_is_put_aside_where_the_code_may_not(app: Path) -> None:
    assert ("DDB201", REPLICATION) in failed(scan([app], Options(inline_suppressions=False)))
    assert ("DDB201", REPLICATION) in failed(scan([app], Options(never_suppress=frozenset({"DDB201"}))))


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("S/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/ServiceRole/DefaultPolicy/Resource", "log retention"),
        ("S/@aws-cdk--aws-dynamodb.ReplicaProvider/OnEventHandler/ServiceRole/Resource", "replicas of tables"),
        ("S/T/SourceTableAttachedPolicy-SReplica/Resource/Resource", "replicas of tables"),
        ("S/BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Role/Resource", "bucket notifications"),
        ("S/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole/Resource", "bucket deployments"),
        ("S/AWS679f53fac002430cb0da5b7982bd2287/ServiceRole/Resource", "calls of AWS APIs"),
        ("Prod/S/Provider/framework-onEvent/ServiceRole/Resource", "custom resources"),
        ("S/Provider/waiter-state-machine/Role/Resource", "custom resources"),
        ("S/Custom::S3AutoDeleteObjectsCustomResourceProvider/Role", "custom resources"),
    ],
)
def test_knows_what_the_framework_makes_by_itself(path: str, purpose: str) -> None:
    assert made_for(path) == f"AWS CDK, for {purpose}"


@pytest.mark.parametrize(
    "path",
    [
        "S/Orders/Resource",
        "S/LogRetention/ServiceRole/Resource",
        "S/Seed/CustomResourcePolicy/Resource",
        "S/AWS679f53fac002430cb0da5b7982bd2287/ServiceRole/DefaultPolicy/Resource",
        "S/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole/DefaultPolicy/Resource",
        "S/Provider/framework-onEvent/ServiceRole/DefaultPolicy/Resource",
        "S/Custom::OrdersCustomResourceProvider/Role",
        "S/SourceTableAttachedManagedPolicy-Mine",
    ],
)
def test_what_an_app_makes_is_not_the_frameworks(path: str) -> None:
    assert made_for(path) == ""
