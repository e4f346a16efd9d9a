"""checkov itself, with our rules: the same answers as ``dynavet scan``, and no failure in silence.

``DYNAVET_CHECKOV`` names the checkov to drive, in an environment with what dynavet needs but
without dynavet. Without it, one is installed into ``.venv-checkov`` once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "checks"
FIXTURES = ROOT / "tests" / "fixtures" / "checks"
GIVEN = os.environ.get("DYNAVET_CHECKOV")
ORDERS = bool(os.environ.get("DYNAVET_CHECKOV_ORDERS"))
BIN = "Scripts" if os.name == "nt" else "bin"
FRAMEWORKS = ("terraform", "terraform_json", "terraform_plan", "cloudformation", "serverless", "json")
ORDER = ("fail", "unknown", "suppressed", "pass")

ONLY_WHEN_SELECTED = {"DDB304"}
"""Rules that the configuration must select for checkov to know them."""

Create = Callable[[Path], Path]
Install = Callable[..., None]

pytestmark = pytest.mark.skipif(not CHECKS.is_dir(), reason="needs the source tree")

TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name     = "orders"\n  hash_key = "id"\n}\n'


@pytest.fixture(scope="session")
def checkov(new_environment: Create, install: Install) -> Path:
    """The checkov to drive."""
    if GIVEN:
        return Path(GIVEN)
    directory = ROOT / ".venv-checkov"
    program = directory / BIN / "checkov"
    if not program.exists():
        locked = ROOT / "requirements" / "checkov.txt"
        install(new_environment(directory), "--require-hashes", "--requirement", str(locked))
    return program


def run(
    checkov: Path, cwd: Path, *arguments: str, checks: Path = CHECKS, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """checkov with our rules, in a directory; with all frameworks that read something of ours, if none is named."""
    own = {"HOME": str(cwd), "LOG_LEVEL": "ERROR", "PATH": os.environ["PATH"], **(env or {})}
    command = [str(checkov), "--external-checks-dir", str(checks), "--skip-download", *arguments]
    if "--framework" not in arguments:
        command += ["--framework", *FRAMEWORKS]
    return subprocess.run(command, cwd=cwd, env=own, capture_output=True, text=True, check=False)


def records(ran: subprocess.CompletedProcess[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Outcome, framework and record of each result of ours."""
    reports = json.loads(ran.stdout)
    parts = {"failed_checks": "fail", "passed_checks": "pass", "skipped_checks": "suppressed"}
    return [
        (outcome, report["check_type"], record)
        for report in (reports if isinstance(reports, list) else [reports])
        if "results" in report
        for part, outcome in parts.items()
        for record in report["results"][part]
        if record["check_id"].startswith("DDB")
    ]


def answers(ran: subprocess.CompletedProcess[str], depth: int) -> dict[tuple[str, str, str], str]:
    """What checkov says, by rule, leading part of the path, and resource as we call it.

    Code and its plan are two frameworks, of which both say what they have in common.
    """
    found: dict[tuple[str, str, str], str] = {}
    by: dict[tuple[str, str, str], str] = {}
    for outcome, framework, record in records(ran):
        path, resource = record["file_path"].strip("/"), record["resource"]
        if framework == "json":
            resource = path
        elif "::" in resource:
            resource = resource.partition(".")[2]
        resource = resource.removesuffix("[0]")
        key = record["check_id"], "/".join(path.split("/")[:depth]), resource
        both = key in found and {framework, by[key]} == {"terraform", "terraform_plan"}
        assert key not in found or (both and found[key] == outcome), f"{key} twice"
        found[key], by[key] = outcome, framework
    return found


def asked_about(resource: str, file: Path) -> str:
    """The resource that checkov asks about: for a role that SAM makes, the one that it is made for.

    It does not expand an undecided `count`, and so says nothing of an index; nor does it know what nests a template.
    """
    resource = resource.removesuffix("[0]")
    text = file.read_text("utf-8") if file.suffix == ".yaml" else ""
    inner = resource.rpartition("/")[2]
    if f" {inner}:" in text:
        return inner
    return resource.removesuffix("Role") if text and resource.endswith("Role") else resource


def ours(cwd: Path, depth: int, *paths: str) -> dict[tuple[str, str, str], str]:
    """What ``dynavet scan`` says, in the same form; what is undecided has no result in checkov."""
    command = [sys.executable, "-m", "dynavet", "scan", "--format", "json", "--show", "all", *paths]
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    found: dict[tuple[str, str, str], str] = {}
    for result in json.loads(ran.stdout)["results"]:
        for resource in result["instances"]:
            asked = asked_about(resource, cwd / result["path"])
            key = result["rule"], "/".join(result["path"].split("/")[:depth]), asked
            found[key] = min(found.get(key, "pass"), result["outcome"], key=ORDER.index)
    return {key: outcome for key, outcome in found.items() if outcome != "unknown"}


def write(directory: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def engine(directory: Path, edits: Iterable[tuple[str, str, str]] = ()) -> Path:
    """A copy of the source tree with some replacements in it; gives its checks."""
    for root in ("src", "parsers", "checks"):
        shutil.copytree(ROOT / root, directory / root, ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in edits:
        text = (directory / name).read_text("utf-8")
        assert old in text
        (directory / name).write_text(text.replace(old, new, 1), "utf-8")
    return directory / "checks"


# The same answers


def test_every_fixture_has_the_answers_of_a_scan(checkov: Path, tmp_path: Path) -> None:
    for path in FIXTURES.glob("*/*"):
        if path.is_dir():
            shutil.copytree(path, tmp_path / path.parent.name / path.name)
        elif path.name == "dynavet.toml":
            with (tmp_path / path.name).open("a", encoding="utf-8") as configuration:
                configuration.write(path.read_text("utf-8"))
        elif path.name != "expected.toml":
            alone = tmp_path / path.parent.name / path.name.replace(".", "_")
            alone.mkdir(parents=True)
            shutil.copy(path, alone)
    rules = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    ran = run(checkov, tmp_path, "-d", ".", "--check", ",".join(sorted(rules)), "-o", "json")
    expected = ours(tmp_path, 2)
    assert {rule for rule, *_ in expected} == rules - ONLY_WHEN_SELECTED
    assert answers(ran, 2) == expected
    assert ran.returncode == 1


MODULES = {
    "main.tf": """
variable "unknown" { type = set(string) }
module "each" {
  for_each  = toset(["a", "b.c"])
  source    = "./modules/outer"
  encrypted = each.key == "a"
}
module "count" {
  count     = 2
  source    = "./modules/outer"
  encrypted = false
}
module "open" {
  for_each  = var.unknown
  source    = "./modules/outer"
  encrypted = true
}
module "put_aside" {
  #checkov:skip=DDB101:not ours
  source    = "./modules/outer"
  encrypted = false
}
resource "aws_dynamodb_table" "each" {
  for_each = { "x.y" = 1, "z[0]" = 2 }
  name     = each.key
  hash_key = "id"
}
resource "aws_dynamodb_table" "put_aside" {
  #checkov:skip=DDB101:nothing secret
  name     = "t"
  hash_key = "id"
}
""",
    "modules/outer/main.tf": """
variable "encrypted" { type = bool }
module "inner" {
  source    = "./inner"
  encrypted = var.encrypted
}
module "gone" { source = "./gone" }
""",
    "modules/outer/more.tf.json": '{"resource": {"aws_dynamodb_table": {"j": {"name": "j", "hash_key": "id"}}}}',
    "modules/outer/inner/main.tf": """
variable "encrypted" { type = bool }
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "id"
  server_side_encryption {
    enabled     = var.encrypted
    kms_key_arn = aws_kms_key.k.arn
  }
}
""",
    "template.yaml": """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      CodeUri: .
      Policies:
        - Statement:
            - Effect: Allow
              Action: dynamodb:*
              Resource: "*"
""",
    "sls/serverless.yml": """
service: orders
provider:
  name: aws
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        KeySchema: [{AttributeName: id, KeyType: HASH}]
""",
    "broken.tf": "resource {",
}


def test_instances_modules_skips_and_unread_files(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, MODULES)
    rules = "DDB000,DDB001,DDB002,DDB004,DDB101,DDB201"
    ran = run(checkov, tmp_path, "-d", ".", "--check", rules, "-o", "json")
    expected = {key: outcome for key, outcome in ours(tmp_path, 0).items() if key[0] in rules}
    found = answers(ran, 0)
    assert found == expected
    inner = "module.inner.aws_dynamodb_table.t"
    assert found["DDB101", "", f'module.each["a"].{inner}'] == "pass"
    assert found["DDB101", "", f'module.each["b.c"].{inner}'] == "fail"
    assert found["DDB101", "", f"module.count[1].{inner}"] == "fail"
    assert found["DDB101", "", f"module.open.{inner}"] == "pass"
    assert found["DDB101", "", f"module.put_aside.{inner}"] == "suppressed"
    assert found["DDB101", "", 'aws_dynamodb_table.each["z[0]"]'] == "fail"
    assert found["DDB101", "", "aws_dynamodb_table.put_aside"] == "suppressed"
    assert found["DDB101", "", "module.count[0].aws_dynamodb_table.j"] == "fail"
    assert found["DDB001", "", "module.open.module.gone"] == "fail"
    assert found["DDB201", "", "Function"] == "fail"
    assert found["DDB101", "", "Orders"] == "fail"
    assert found["DDB000", "", "broken.tf"] == "fail"


def test_one_file_and_another_working_directory(checkov: Path, tmp_path: Path) -> None:
    scanned = write(tmp_path / "a", {"main.tf": TABLE, "policy.json": '{"Statement": []}'})
    elsewhere = tmp_path / "b"
    elsewhere.mkdir()
    by_file = run(checkov, elsewhere, "-f", "../a/main.tf", "--check", "DDB101", "-o", "json")
    by_directory = run(checkov, elsewhere, "-d", str(scanned), "--check", "DDB101", "-o", "json")
    for ran in (by_file, by_directory):
        assert answers(ran, 0) == {("DDB101", "", "aws_dynamodb_table.orders"): "fail"}


def test_our_configuration_and_checkovs_variables_count(checkov: Path, tmp_path: Path) -> None:
    files = {
        "dynavet.toml": 'ignore = ["DDB501"]\n',
        "prod.tfvars": "count_of = 1\n",
        "main.tf": 'variable "count_of" { default = 0 }\n' + TABLE.replace("{\n", "{\n  count    = var.count_of\n", 1),
    }
    write(tmp_path, files)
    ran = run(checkov, tmp_path, "-d", ".", "--var-file", "prod.tfvars", "-o", "json", "--check", "DDB101,DDB501")
    assert answers(ran, 0) == {("DDB101", "", "aws_dynamodb_table.orders"): "fail"}


def test_what_a_whole_account_lacks_is_told(checkov: Path, tmp_path: Path) -> None:
    table = "{Type: 'AWS::DynamoDB::Table', Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}"
    template = f"AWSTemplateFormatVersion: '2010-09-09'\nResources: {{Orders: {table}}}\n"
    files = {"dynavet.toml": 'scope = "account"\n', "infra/main.tf": TABLE, "template.yaml": template}
    write(tmp_path, files)
    ran = run(checkov, tmp_path, "-d", ".", "-o", "json", "--check", "DDB401")
    assert answers(ran, 1) == {
        ("DDB401", "infra", "infra"): "fail",
        ("DDB401", "template.yaml", "template.yaml"): "fail",
    }


# What checkov makes of them


def test_a_failure_says_what_is_wrong_how_grave_it_is_and_where_to_read_on(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TABLE})
    ran = run(checkov, tmp_path, "-d", ".", "--check", "DDB101", "-o", "json")
    [(outcome, framework, record)] = records(ran)
    assert (outcome, framework, record["severity"]) == ("fail", "terraform", "MEDIUM")
    assert "The table is encrypted with the AWS owned key" in record["check_name"]
    assert record["guideline"].startswith("https://docs.aws.amazon.com/")
    assert record["details"] == ["`dynavet explain DDB101` says how to fix it"]
    assert record["file_line_range"] == [1, 4]


def test_selection_soft_fail_baseline_and_sarif(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TABLE})
    skipping = run(checkov, tmp_path, "-d", ".", "--framework", "terraform", "--skip-check", "DDB101", "-o", "json")
    assert {record["check_id"] for _, _, record in records(skipping)} == {"DDB105", "DDB106", "DDB501", "DDB503"}
    both = ("-d", ".", "--framework", "terraform", "--check", "DDB101,DDB501")
    soft = run(checkov, tmp_path, *both, "--soft-fail", "-o", "sarif", "--output-file-path", "out")
    assert soft.returncode == 0
    [sarif] = json.loads((tmp_path / "out" / "results_sarif.sarif").read_text("utf-8"))["runs"]
    assert {result["ruleId"] for result in sarif["results"]} == {"DDB101", "DDB501"}
    assert run(checkov, tmp_path, *both, "--create-baseline").returncode == 1
    assert run(checkov, tmp_path, *both, "--baseline", ".checkov.baseline").returncode == 0


UNDECIDED = 'variable "key" {}\n' + TABLE.replace(
    "}\n", "  server_side_encryption {\n    enabled     = true\n    kms_key_arn = var.key\n  }\n}\n"
)


def test_what_is_undecided_is_said_and_can_be_made_to_fail(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": UNDECIDED})
    arguments = ("-d", ".", "--framework", "terraform", "--check", "DDB101", "-o", "json")
    told = run(checkov, tmp_path, *arguments)
    assert (told.returncode, answers(told, 0)) == (0, {})
    assert "1 undecided, which checkov does not print (DDB101 aws_dynamodb_table.orders)" in told.stderr
    strict = run(checkov, tmp_path, *arguments, env={"DYNAVET_CHECKOV_UNKNOWN": "fail"})
    [(outcome, _, record)] = records(strict)
    assert outcome == "fail"
    assert "var.key has no value" in record["check_name"]


# Nothing fails in silence


def rule_ids() -> set[str]:
    return {path.stem[:6].upper() for path in CHECKS.rglob("ddb[0-9]*_*.py")}


EVERY_FORMAT = {
    "main.tf": TABLE,
    "template.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  T:\n    Type: AWS::DynamoDB::Table\n",
    "policy.json": '{"Version": "2012-10-17", "Statement": []}',
}


def failing(ran: subprocess.CompletedProcess[str], message: str) -> dict[str, set[str]]:
    """The rules that fail with a message, by framework."""
    found: dict[str, set[str]] = {}
    for outcome, framework, record in records(ran):
        if outcome == "fail" and message in record["check_name"]:
            found.setdefault(framework, set()).add(record["check_id"])
    return found


def test_a_missing_dependency_fails_every_rule_and_is_named(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, {**EVERY_FORMAT, "path/tree_sitter.py": "raise ImportError('gone')\n"})
    env = {"PYTHONPATH": str(tmp_path / "path")}
    ran = run(checkov, tmp_path, "-d", ".", "-o", "json", env=env)
    found = failing(ran, "tree-sitter cannot be imported")
    assert found == {framework: rule_ids() for framework in ("terraform", "cloudformation", "json")}
    assert ran.returncode == 1


def test_a_missing_engine_fails_every_rule(checkov: Path, tmp_path: Path) -> None:
    checks = engine(tmp_path / "copy")
    (tmp_path / "copy" / "src" / "dynavet" / "checkov_adapter.py").unlink()
    scanned = write(tmp_path / "scanned", EVERY_FORMAT)
    ran = run(checkov, scanned, "-d", ".", "-o", "json", checks=checks)
    assert set(failing(ran, "nothing was checked: ModuleNotFoundError")) == {"terraform", "cloudformation", "json"}


def test_a_crash_of_the_engine_fails_every_rule(checkov: Path, tmp_path: Path) -> None:
    crash = (
        "src/dynavet/engine.py",
        "    found = undiscovered(",
        "    raise ValueError('out of order')\n    found = undiscovered(",
    )
    checks = engine(tmp_path / "copy", [crash])
    scanned = write(tmp_path / "scanned", EVERY_FORMAT)
    ran = run(checkov, scanned, "-d", ".", "-o", "json", checks=checks)
    assert failing(ran, "ValueError: out of order") == dict.fromkeys(("terraform", *FRAMEWORKS[2:]), rule_ids())


def test_a_crash_of_a_rule_fails_that_rule(checkov: Path, tmp_path: Path) -> None:
    rule = "checks/dynavet_checks/table/ddb101_table_customer_managed_key.py"
    crash = (rule, "    configured = single(", "    raise ValueError('out of order')\n    configured = single(")
    checks = engine(tmp_path / "copy", [crash])
    scanned = write(tmp_path / "scanned", {"main.tf": TABLE})
    ran = run(checkov, scanned, "-d", ".", "--framework", "terraform", "-o", "json", checks=checks)
    assert failing(ran, "ValueError: out of order") == {"terraform": {"DDB101"}}
    assert "DDB501" in {record["check_id"] for _, _, record in records(ran)}


def test_a_checkov_that_works_otherwise_fails_every_rule(checkov: Path, tmp_path: Path) -> None:
    checks = engine(tmp_path / "copy", [("src/dynavet/checkov_run.py", '_RUN = "run"', '_RUN = "walk"')])
    scanned = write(tmp_path / "scanned", {"main.tf": TABLE})
    ran = run(checkov, scanned, "-d", ".", "--framework", "terraform", "-o", "json", checks=checks)
    assert failing(ran, "dynavet cannot answer: NotFound") == {"terraform": rule_ids()}


def test_a_broken_configuration_fails_every_rule(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TABLE, "dynavet.toml": "selekt = []\n"})
    ran = run(checkov, tmp_path, "-d", ".", "--framework", "terraform", "-o", "json")
    assert failing(ran, "BadConfiguration") == {"terraform": rule_ids()}


PLANS = ROOT / "tests" / "fixtures" / "plans" / "orders"


@pytest.mark.parametrize("names", [("plan.json",), ("plan.json", "main.tf", "copy")], ids=["alone", "beside"])
@pytest.mark.parametrize("asked", [("-d", "."), ("-f", "plan.json")], ids=["directory", "file"])
def test_a_plan_has_the_answers_of_a_scan(
    names: tuple[str, ...], asked: tuple[str, ...], checkov: Path, tmp_path: Path
) -> None:
    for name in names:
        source = PLANS / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path)
    ran = run(checkov, tmp_path, *asked, "--framework", "terraform_plan", "-o", "json")
    rules = {"DDB101", "DDB112", "DDB201", "DDB501"}
    expected = {key: outcome for key, outcome in ours(tmp_path, 0, asked[1]).items() if key[0] in rules}
    found = {key: outcome for key, outcome in answers(ran, 0).items() if key[0] in rules}
    assert found == expected
    assert found["DDB101", "", "aws_dynamodb_table.orders"] == "pass"
    assert found["DDB112", "", 'aws_dynamodb_table.named["a"]'] == "pass"
    assert ("DDB201", "", "aws_iam_role_policy.hidden") in found or names == ("plan.json",)


def test_a_plan_and_its_code_in_one_run(checkov: Path, tmp_path: Path) -> None:
    shutil.copytree(PLANS, tmp_path, dirs_exist_ok=True)
    ran = run(checkov, tmp_path, "-d", ".", "--framework", "terraform", "terraform_plan", "-o", "json")
    found: dict[str, set[tuple[str, str]]] = {"terraform": set(), "terraform_plan": set()}
    for outcome, framework, record in records(ran):
        if record["check_id"] == "DDB101":
            found[framework].add((re.sub(r"\[[^]]*]", "", record["resource"]), outcome))
    assert ("aws_dynamodb_table.optional", "fail") in found["terraform"]
    assert found["terraform_plan"] == found["terraform"]


def test_what_a_plan_destroys_and_a_broken_plan_are_reported(checkov: Path, tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "DDB112" / "fail_deleted_and_replaced.json", tmp_path / "plan.json")
    write(tmp_path, {"broken.json": '{"format_version": "1.2", "planned_values": {'})
    ran = run(checkov, tmp_path, "-d", ".", "--framework", "terraform_plan", "--check", "DDB000,DDB112", "-o", "json")
    assert answers(ran, 0) == {
        ("DDB000", "", "broken.json"): "fail",
        ("DDB112", "", "aws_dynamodb_table.gone"): "fail",
        ("DDB112", "", "aws_dynamodb_table.moved"): "fail",
        ("DDB112", "", "aws_dynamodb_table.kept"): "pass",
    }


# How it gets there


def test_rules_are_registered_once_however_often_they_are_loaded(checkov: Path) -> None:
    program = """
import sys
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.json_doc.registry import registry
from checkov.terraform.checks.resource.registry import resource_registry
counts = []
for each in (resource_registry, cfn_registry, registry, resource_registry):
    each.load_external_checks(sys.argv[1])
    counts.append(sum(check.id.startswith("DDB") for check in BaseCheckRegistry.get_all_registered_checks()))
print(len(set(counts)), counts[0])
"""
    python = checkov.parent / "python"
    ran = subprocess.run([python, "-c", program, CHECKS], capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["1", str(4 * len(rule_ids()))], ran.stderr
    assert "Cannot load" not in ran.stderr


def test_from_an_installed_package(checkov: Path, install: Install, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    install(checkov.parent / "python", "--no-deps", "--target", str(target), str(ROOT))
    scanned = write(tmp_path / "scanned", {"main.tf": TABLE})
    env = {"PYTHONPATH": str(target)}
    asked: list[str | Path] = [checkov.parent / "python", "-m", "dynavet", "checkov-dir"]
    where = subprocess.run(asked, cwd=scanned, env=env, capture_output=True, text=True, check=True).stdout.strip()
    assert Path(where) == target / "dynavet_checks"
    ran = run(checkov, scanned, "-d", ".", "--check", "DDB101", "-o", "json", checks=Path(where), env=env)
    assert answers(ran, 0) == {("DDB101", "", "aws_dynamodb_table.orders"): "fail"}


@pytest.mark.skipif(not ORDERS, reason="installs two environments; set DYNAVET_CHECKOV_ORDERS=1")
@pytest.mark.parametrize("order", [("checkov", "dynavet"), ("dynavet", "checkov")], ids="-".join)
def test_either_may_be_installed_first(
    order: tuple[str, str], new_environment: Create, install: Install, tmp_path: Path
) -> None:
    python = new_environment(tmp_path / "environment")
    for name in order:
        install(python, str(ROOT) if name == "dynavet" else "checkov")
    programs = python.parent
    scanned = write(tmp_path / "scanned", {"main.tf": TABLE})
    where = subprocess.run([programs / "dynavet", "checkov-dir"], capture_output=True, text=True, check=True).stdout
    ran = run(programs / "checkov", scanned, "-d", ".", "--check", "DDB101", "-o", "json", checks=Path(where.strip()))
    assert answers(ran, 0) == {("DDB101", "", "aws_dynamodb_table.orders"): "fail"}
    alone = subprocess.run([programs / "dynavet", "--select", "DDB101", scanned], check=False, capture_output=True)
    assert alone.returncode == 1
    subprocess.run([python, "-m", "pip", "check"], check=True, capture_output=True)


# The documentation


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / "checkov.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_commands_of_the_page_work(checkov: Path, tmp_path: Path) -> None:
    write(tmp_path, {"infra/main.tf": TABLE})
    (tmp_path / "checks").symlink_to(CHECKS)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "dynavet").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dynavet "$@"\n', "utf-8")
    (programs / "dynavet").chmod(0o755)
    path = os.pathsep.join((str(programs), str(checkov.parent), os.environ["PATH"]))
    env = {"PATH": path, "HOME": str(tmp_path), "LOG_LEVEL": "ERROR", "CKV_FRAMEWORK": "terraform"}
    status = {}
    for block in blocks():
        commands = "\n".join(line for line in block.splitlines() if "pip install" not in line)
        ran = subprocess.run(
            ["sh", "-e", "-c", commands], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert "DDB101" in ran.stdout, ran.stderr
        status[commands] = ran.returncode
    assert list(status.values()) == [1, 1, 0]
    named = re.search(r"pip install (.*)", blocks()[0])
    assert named is not None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(named[1].split()) == {re.split(r"[><=]", each)[0] for each in project["dependencies"]}
