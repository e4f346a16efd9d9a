"""Every rule on its fixtures, through the real parsers: which resource fails, passes or stays undecided, and where.

``tests/fixtures/checks/<ID>/expected.toml`` has a table for each fixture, a file or a folder. In it each resource
(with the Sid of the statement, for rules about statements) has its outcome, or the list of them. What is not named
there must have none. A long form adds what else must hold: ``severity``, ``line``, and ``names``, a part of the
message. A ``dynavet.toml`` beside it configures the scans of all fixtures, one in a folder those of this folder.
"""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dynavet.config import configured
from dynavet.engine import Options, scan
from dynavet.findings import Finding, Report
from dynavet.rule import Rule
from dynavet_checks import RULES

FIXTURES = Path(__file__).parent / "fixtures" / "checks"
SUFFIXES = {".tf": "Terraform", ".yaml": "CloudFormation", ".json": "JSON"}
NEVER_UNDECIDED = {"DDB000", "DDB001", "DDB002", "DDB003", "DDB004"}
ONLY_IN_PLANS = {"DDB112"}
"""Rules about what Terraform is going to do, which nothing but a plan says."""

ALONGSIDE = {"DDB004": ("DDB101",)}
"""Rules that must run too for a rule to say anything."""


def expected(rule: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((FIXTURES / rule / "expected.toml").read_text(encoding="utf-8"))


def fixtures(rule: str) -> set[str]:
    return {path.name for path in (FIXTURES / rule).iterdir() if path.name not in ("expected.toml", "dynavet.toml")}


def configuration(rule: str) -> Options:
    """What is configured for the rule."""
    file = FIXTURES / rule / "dynavet.toml"
    return Options(**configured([], FIXTURES, file).options) if file.is_file() else Options()


CASES = [(path.name, fixture) for path in sorted(FIXTURES.iterdir()) for fixture in expected(path.name)]


def scan_alone(rule: str, fixture: str, directory: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The fixture as the only thing in the scanned directory, judged by one rule."""
    source = FIXTURES / rule / fixture
    if source.is_dir():
        shutil.copytree(source, directory, dirs_exist_ok=True)
    else:
        shutil.copy(source, directory)
    monkeypatch.chdir(directory)
    own = configured([], directory).options if (directory / "dynavet.toml").is_file() else {}
    report = scan([Path()], replace(configuration(rule), select=(rule, *ALONGSIDE.get(rule, ())), **own))
    assert report.errors == []
    return report


@pytest.mark.parametrize(("rule", "fixture"), CASES, ids=lambda value: value)
def test_fixture(rule: str, fixture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = scan_alone(rule, fixture, tmp_path, monkeypatch)
    findings = [each for each in report.findings if each.rule == rule]
    wanted = {resource: _listed(value) for resource, value in expected(rule)[fixture].items()}
    outcomes = Counter((name, each.outcome.value) for each in findings for name in _names(each))
    assert outcomes == Counter((name, want["outcome"]) for name, wants in wanted.items() for want in wants)
    for name, wants in wanted.items():
        for want in wants:
            assert any(_is_as(want, each) for each in findings if name in _names(each)), (name, want, findings)
    assert [each for each in report.findings if each.rule not in (rule, *ALONGSIDE.get(rule, ()))] == []


def _listed(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [{"outcome": each} if isinstance(each, str) else each for each in values]


def _names(finding: Finding) -> list[str]:
    suffix = f" {finding.statement}" if finding.statement is not None else ""
    return [f"{instance}{suffix}" for instance in finding.instances]


def _is_as(want: dict[str, Any], finding: Finding) -> bool:
    return (
        finding.outcome.value == want["outcome"]
        and finding.severity.label == want.get("severity", finding.severity.label)
        and finding.place.line == want.get("line", finding.place.line)
        and want.get("names", "") in finding.message
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_fixture_has_expectations_and_its_name_says_which(rule: Rule) -> None:
    wanted = expected(rule.id)
    assert set(wanted) == fixtures(rule.id)
    for fixture, resources in wanted.items():
        outcomes = {want["outcome"] for value in resources.values() for want in _listed(value)}
        named = fixture.partition("_")[0]
        assert named in {"fail", "pass", "unknown"}
        assert named in outcomes or (named == "pass" and not outcomes), fixture


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_outcome_is_there_in_terraform_and_cloudformation(rule: Rule) -> None:
    needed = {"fail", "pass"} if rule.id in NEVER_UNDECIDED else {"fail", "pass", "unknown"}
    for suffix in (".json",) if rule.id in ONLY_IN_PLANS else (".tf", ".yaml"):
        covered = {
            fixture.partition("_")[0]
            for fixture in expected(rule.id)
            if fixture.endswith(suffix) or list((FIXTURES / rule.id / fixture).glob(f"*{suffix}"))
        }
        assert needed <= covered, SUFFIXES[suffix]


@pytest.mark.parametrize(
    "rule",
    [
        *("DDB201", "DDB202", "DDB203", "DDB204", "DDB205", "DDB206", "DDB207", "DDB208", "DDB209"),
        *("DDB210", "DDB211", "DDB214", "DDB215", "DDB217", "DDB218"),
    ],
)
def test_rules_about_policies_read_raw_json(rule: str) -> None:
    """In raw JSON nothing is open, so nothing is undecided."""
    assert {"fail", "pass"} <= {f.partition("_")[0] for f in expected(rule) if f.endswith(".json")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_same_case_has_the_same_outcomes_in_every_language(rule: Rule) -> None:
    """Cases of the same name: statements by their Sid, resources by how many have which outcome."""
    by_case: dict[str, list[Counter[tuple[str, str]]]] = {}
    for fixture, resources in expected(rule.id).items():
        outcomes = Counter(
            (resource.partition(" ")[2], want["outcome"])
            for resource, value in resources.items()
            for want in _listed(value)
        )
        by_case.setdefault(fixture.partition(".")[0], []).append(outcomes)
    for case, versions in by_case.items():
        kinds = [set(version) for version in versions]
        sids = [{sid for sid, _ in kind} - {""} for kind in kinds]
        common = set.intersection(*sids) if sids else set()
        compared = [{(sid, outcome) for sid, outcome in kind if sid in common or not sid} for kind in kinds]
        assert all(kind == compared[0] for kind in compared), case
