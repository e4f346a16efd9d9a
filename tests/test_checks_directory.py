"""The rule files: what hosts demand of them, and what readers may rely on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import dynavet_checks
from dynavet.rule import Rule, Severity
from dynavet_checks import RULES

PACKAGE = Path(dynavet_checks.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
RULE_FILES = [path for path in MODULES if re.match(r"ddb\d", path.stem)]

CATALOGUE = {
    "DDB000": "unparsable-source",
    "DDB001": "unresolved-module",
    "DDB002": "invalid-suppression",
    "DDB003": "expired-suppression",
    "DDB004": "unused-suppression",
    "DDB101": "table-customer-managed-key",
    "DDB102": "replica-customer-managed-key",
    "DDB103": "key-rotation",
    "DDB104": "key-policy-open",
    "DDB105": "point-in-time-recovery",
    "DDB106": "deletion-protection",
    "DDB107": "backup-plan",
    "DDB108": "dax-encryption-at-rest",
    "DDB109": "dax-encryption-in-transit",
    "DDB110": "stream-destination-encryption",
    "DDB111": "client-side-encryption",
    "DDB112": "table-destroyed",
    "DDB201": "wildcard-action",
    "DDB202": "wildcard-resource",
    "DDB203": "missing-fine-grained-conditions",
    "DDB204": "leading-keys-escape",
    "DDB205": "attribute-filter-incomplete",
    "DDB206": "condition-operator",
    "DDB207": "unknown-condition-key",
    "DDB208": "unknown-action",
    "DDB209": "not-action-or-not-resource",
    "DDB210": "public-resource-policy",
    "DDB211": "cross-account-access",
    "DDB212": "long-term-credentials",
    "DDB213": "administrative-actions",
    "DDB214": "data-exfiltration-path",
    "DDB215": "partiql-side-door",
    "DDB216": "index-not-covered",
    "DDB217": "policy-version",
    "DDB218": "invalid-policy",
    "DDB219": "broad-managed-policy",
    "DDB220": "federated-trust",
    "DDB221": "key-permission-missing",
    "DDB301": "vpc-endpoint-missing",
    "DDB302": "endpoint-policy-open",
    "DDB303": "endpoint-not-routed",
    "DDB304": "access-outside-endpoint",
    "DDB305": "insecure-transport",
    "DDB306": "dax-network-exposure",
    "DDB401": "cloudtrail-management-events",
    "DDB402": "cloudtrail-kms-events",
    "DDB403": "cloudtrail-data-events",
    "DDB404": "stream-monitoring",
    "DDB405": "config-recorder",
    "DDB406": "config-rules",
    "DDB501": "required-tags",
    "DDB502": "tag-values",
    "DDB503": "capacity",
}
"""Every id there is or will be, with its name: never reused, never renamed."""

HEADINGS = ["What it does", "Why it matters", "Example", "How to fix", "Undecided", "References"]
PRACTICES = {*(f"D{n}" for n in range(1, 7)), *(f"P{n}" for n in range(1, 7)), *(f"I{n}" for n in range(1, 4))}

rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
modules = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# What a host that loads each file by its bare name demands


def test_no_two_files_share_a_name() -> None:
    stems = [path.stem for path in MODULES]
    assert sorted(stems) == sorted(set(stems))


def test_no_file_or_folder_shadows_the_standard_library_or_an_installed_package() -> None:
    names = {path.stem for path in MODULES} | {path.name for path in PACKAGE.rglob("*") if path.is_dir()}
    assert not names & sys.stdlib_module_names
    assert not names & {
        "dynavet",
        "dynavet_parsers",
        "dynavet_checks",
        "click",
        "rich",
        "yaml",
        "jsonschema",
        "checkov",
    }


def test_there_are_no_data_files() -> None:
    allowed = {".py", ".pyc", ".typed"}
    assert not [
        path for path in PACKAGE.rglob("*") if path.is_file() and path.name != "py.typed" and path.suffix not in allowed
    ]


def test_every_folder_is_a_package() -> None:
    for path in MODULES:
        assert (path.parent / "__init__.py").is_file(), path.parent


def test_the_root_itself_is_no_package(checkout: Path) -> None:
    assert not (checkout / "checks" / "__init__.py").exists()


@modules
def test_imports_are_absolute(path: Path) -> None:
    assert not [node for node in ast.walk(syntax(path)) if isinstance(node, ast.ImportFrom) and node.level]


@modules
def test_checks_import_no_parser(path: Path) -> None:
    for node in ast.walk(syntax(path)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not [name for name in names if name.split(".")[0] == "dynavet_parsers"]


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_importing_a_rule_only_defines_things(path: Path) -> None:
    for node in syntax(path).body:
        constant = isinstance(node, ast.Assign | ast.AnnAssign) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        assert constant or isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef), ast.dump(
            node
        )


def test_a_rule_file_runs_under_its_bare_name() -> None:
    """As a host does that knows nothing of the package around it."""
    program = """
import importlib.util, sys
for path in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location(path.rpartition("/")[2].removesuffix(".py"), path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    print(module.RULE.id)
"""
    run = subprocess.run(
        [sys.executable, "-c", program, *(path.as_posix() for path in RULE_FILES)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert run.stdout.split() == [path.stem[:6].upper() for path in RULE_FILES], run.stderr


# The registry


def test_every_rule_file_is_registered_once_and_in_order() -> None:
    assert [rule.id for rule in RULES] == sorted({rule.id for rule in RULES})
    assert sorted(path.stem[:6].upper() for path in RULE_FILES) == [rule.id for rule in RULES]


@rules
def test_the_id_is_in_the_catalogue_and_the_name_is_its_name(rule: Rule) -> None:
    assert rule.name == CATALOGUE[rule.id]


@rules
def test_the_file_is_named_by_id_and_name(rule: Rule) -> None:
    stem = f"{rule.id.lower()}_{rule.name.replace('-', '_')}"
    assert stem in {path.stem for path in RULE_FILES}


@rules
def test_a_rule_judges_something_and_serves_known_practices(rule: Rule) -> None:
    assert rule.checks
    assert isinstance(rule.severity, Severity)
    assert set(rule.practices) <= PRACTICES
    assert rule.practices or rule.id.startswith(("DDB0", "DDB105", "DDB106", "DDB107", "DDB112", "DDB216", "DDB503"))


def test_every_id_of_the_catalogue_has_a_rule() -> None:
    assert CATALOGUE.keys() == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", sorted(CATALOGUE))
def test_every_id_of_the_catalogue_has_a_page_and_fixtures_for_each_outcome(rule: str, checkout: Path) -> None:
    assert (checkout / "docs" / "rules" / f"{rule}.md").is_file()
    fixtures = checkout / "tests" / "fixtures" / "checks" / rule
    there = {path.name.partition("_")[0] for path in fixtures.iterdir()}
    outcomes = {"fail", "pass"} if rule.startswith("DDB0") else {"fail", "pass", "unknown"}
    assert outcomes <= there


PEER_IDS = {
    "cdk-nag": r"AwsSolutions-[A-Z]+\d+|[A-Z][A-Za-z]+",
    "cfn-lint": r"[EWI]\d{4}",
    "cfn_nag": r"[FW]\d+",
    "checkov": r"CKV2?_AWS_\d+",
    "cloudsplaining": r"[A-Z][A-Za-z]+",
    "guard": r"[A-Z][A-Z0-9_]+",
    "kics": r"[0-9a-f]{8}",
    "parliament": r"[A-Z_]+",
    "prowler": r"[a-z][a-z0-9_]+",
    "regula": r"FG_R\d{5}",
    "terrascan": r"AC_AWS_\d{4}",
    "trivy": r"AWS-\d{4}",
}

OF_SEVERAL_RULES = {"cdk-nag:AwsSolutions-IAM5"}
"""Checks of others that ask at once what several of our rules ask."""


@rules
def test_what_asks_the_same_elsewhere_is_named_as_it_is_there(rule: Rule) -> None:
    for each in rule.peer_ids:
        tool, colon, name = each.partition(":")
        assert colon
        assert re.fullmatch(PEER_IDS[tool], name), each
    assert all(re.fullmatch(r"DynamoDB\.\d+", each) for each in rule.security_hub)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", each) for each in rule.config_rules)


def test_what_asks_the_same_elsewhere_asks_what_one_rule_asks() -> None:
    counted = Counter(each for rule in RULES for each in (*rule.peer_ids, *rule.security_hub, *rule.config_rules))
    assert {each for each, count in counted.items() if count > 1} == OF_SEVERAL_RULES


@rules
def test_a_rule_has_no_more_tags_than_code_scanning_takes(rule: Rule) -> None:
    """GitHub takes 20; the practices and up to four more are among them."""
    assert 4 + len((*rule.practices, *rule.peer_ids, *rule.security_hub, *rule.config_rules)) <= 20


def test_names_of_the_catalogue_are_unique() -> None:
    assert len(set(CATALOGUE.values())) == len(CATALOGUE)


@modules
def test_no_table_is_called_unencrypted(path: Path) -> None:
    """DynamoDB encrypts every table; the question is with whose key."""
    assert "unencrypted" not in path.read_text(encoding="utf-8").casefold()


# The documentation page


@rules
def test_the_page_is_the_docstring_of_the_rule_file(rule: Rule) -> None:
    [path] = [path for path in RULE_FILES if path.stem.startswith(rule.id.lower())]
    assert ast.get_docstring(syntax(path), clean=False) == rule.doc


@rules
def test_the_page_opens_with_one_sentence(rule: Rule) -> None:
    summary, blank, *_ = rule.doc.splitlines()
    assert re.fullmatch(r"[A-Z][^.!?]*\.", summary)
    assert blank == ""


@rules
def test_the_page_has_its_headings_in_order(rule: Rule) -> None:
    outside = re.sub(r"^```.*?^```", "", rule.doc, flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"^#+ (.*)$", outside, flags=re.MULTILINE) == HEADINGS


@rules
def test_every_section_of_the_page_says_something(rule: Rule) -> None:
    sections = re.split(r"^## .*$", rule.doc, flags=re.MULTILINE)[1:]
    assert all(section.strip() for section in sections)


@rules
def test_references_lead_somewhere(rule: Rule) -> None:
    references = rule.doc.partition("## References")[2]
    assert re.findall(r"^- \[[^]]+\]\(https://[^)\s]+\)$", references, flags=re.MULTILINE)
