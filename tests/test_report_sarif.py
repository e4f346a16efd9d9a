"""SARIF: valid for the official schema and for the SARIF multitool, with places that exist and steady fingerprints.

Both validators come with an npm package: `npm ci --prefix tests/node`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from dynavet.engine import scan
from dynavet.findings import Finding, Place, PutAside, RelatedPlace, Report
from dynavet.reporters import Presentation
from dynavet.reporters.sarif import render
from dynavet.rule import Outcome, Severity

MULTITOOL = Path(__file__).parent / "node/node_modules/@microsoft" / f"sarif-multitool-{sys.platform}"
PROJECT = Path(__file__).parent / "golden" / "project"
EVERYTHING = frozenset(Outcome)
needs_multitool = pytest.mark.skipif(not MULTITOOL.is_dir(), reason="needs npm ci --prefix tests/node")


def sarif(report: Report, show: frozenset[Outcome] = EVERYTHING) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render(report, Presentation(show=show)))
    return parsed


def results(report: Report, show: frozenset[Outcome] = EVERYTHING) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif(report, show)["runs"][0]["results"]
    return found


def finding(**fields: Any) -> Finding:
    usual: dict[str, Any] = {
        "rule": "DDB101",
        "name": "table-customer-managed-key",
        "outcome": Outcome.FAIL,
        "severity": Severity.MEDIUM,
        "resource": "aws_dynamodb_table.orders",
        "statement": None,
        "place": Place("main.tf", 2, 3, 2, 7),
        "message": "The key is not right.",
        "fingerprint": "f1",
    }
    return Finding(**usual | fields)


EVIL = "\x1b]0;a\x07\r\n::error::\u202e##[error]##vso[task.x]\udc80<b>|`%0A"
HOSTILE = Report(
    findings=[
        finding(
            outcome=outcome, message=EVIL, resource=EVIL, statement=EVIL, place=Place(f"a b%/{EVIL}.tf", 1, 1, 1, 1)
        )
        for outcome in Outcome
    ],
    errors=[EVIL],
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def valid(tmp_path: Path) -> Callable[[dict[str, Any]], None]:
    """Fails with what the schema or the multitool has against a document; warnings count."""
    schema = json.loads((MULTITOOL / "sarif-2.1.0.json").read_text("utf-8-sig"))
    program = MULTITOOL / "Sarif.Multitool"
    program.chmod(0o755)

    def check(document: dict[str, Any]) -> None:
        jsonschema.validate(document, schema)
        file, log = tmp_path / "report.sarif", tmp_path / "log.sarif"
        file.write_text(json.dumps(document), "utf-8")
        ran = subprocess.run(
            [program, "validate", file, "--output", log, "--log", "ForceOverwrite"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert log.is_file(), ran.stdout + ran.stderr
        found = json.loads(log.read_text("utf-8-sig"))["runs"][0]["results"]
        assert [each["ruleId"] + str(each["message"]) for each in found] == [], ran.stdout

    return check


@needs_multitool
def test_a_real_report_is_valid(project: Path, valid: Callable[[dict[str, Any]], None]) -> None:
    report = scan([project])
    assert {each.outcome for each in report.findings} == EVERYTHING
    valid(sarif(report))


@needs_multitool
@pytest.mark.parametrize("report", [Report(), HOSTILE], ids=["empty", "hostile"])
def test_an_odd_report_is_valid(report: Report, valid: Callable[[dict[str, Any]], None]) -> None:
    valid(sarif(report))


@needs_multitool
def test_the_validators_refuse_what_is_wrong(valid: Callable[[dict[str, Any]], None]) -> None:
    document = sarif(Report(findings=[finding()]))
    with pytest.raises(jsonschema.ValidationError):
        valid(document | {"version": "9"})
    document["runs"][0]["results"][0]["ruleIndex"] = 99
    with pytest.raises(AssertionError):
        valid(document)


def locations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in (*result["locations"], *result.get("relatedLocations", ())):
        yield each["physicalLocation"]


def test_uris_are_relative_and_exist(project: Path) -> None:
    found = [place for result in results(scan([project])) for place in locations(result)]
    assert found
    for place in found:
        artifact, region = place["artifactLocation"], place["region"]
        assert artifact["uriBaseId"] == "%SRCROOT%"
        lines = (project / unquote(artifact["uri"])).read_text().splitlines()
        assert 1 <= region["startLine"] <= region["endLine"] <= len(lines)
        assert 1 <= region["startColumn"] <= len(lines[region["startLine"] - 1]) + 1


def test_what_lies_outside_has_an_absolute_uri(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "infra" / "table")
    artifacts = [place["artifactLocation"] for each in results(scan([project])) for place in locations(each)]
    outside = [each for each in artifacts if "uriBaseId" not in each]
    assert {"uri": (project / "infra" / "main.tf").as_uri()} in outside
    assert {"uri": "main.tf", "uriBaseId": "%SRCROOT%"} in artifacts


def test_names_of_files_are_quoted() -> None:
    (result,) = results(Report(findings=[finding(place=Place("a b/ä#%?.tf", 1, 1, 1, 2))]))
    assert next(locations(result))["artifactLocation"]["uri"] == "a%20b/%C3%A4%23%25%3F.tf"


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "2.0"),
        (Severity.INFO, "note", None),
    ],
)
def test_severities(severity: Severity, level: str, score: str | None) -> None:
    run = sarif(Report(findings=[finding(severity=severity)]))["runs"][0]
    assert run["results"][0]["level"] == level
    assert run["tool"]["driver"]["rules"][0]["properties"].get("security-severity") == score


def test_what_is_undecided_is_no_failure(project: Path) -> None:
    """It is for review, under a rule that has no severity for a code host to block a change with."""
    run = sarif(scan([project]))["runs"][0]
    (result,) = (each for each in run["results"] if "var.key has no value" in each["message"]["text"])
    assert (result["kind"], result["ruleId"], "level" in result) == ("review", "DDB101/undecided", False)
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["defaultConfiguration"]) == ("DDB101/undecided", {"level": "note"})
    assert "security-severity" not in rule["properties"]


def test_rules_carry_their_pages(project: Path) -> None:
    rules = sarif(scan([project]))["runs"][0]["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["help"]["markdown"].startswith(f"# {rule['id'].partition('/')[0]} ")
        assert "## How to fix" in rule["help"]["markdown"]
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024


def test_suppressed_results_are_there_only_when_asked_for(project: Path) -> None:
    report = scan([project])
    usual = results(report, frozenset({Outcome.FAIL, Outcome.UNKNOWN}))
    assert not any("suppressions" in each for each in usual)
    (suppressed,) = (each for each in results(report) if "suppressions" in each)
    (why,) = suppressed["suppressions"]
    assert (why["kind"], why["justification"]) == ("inSource", "holds public data, 100% of it")
    assert why["location"]["physicalLocation"]["region"]["startLine"] == 32


def test_a_suppression_from_elsewhere_is_external() -> None:
    why = PutAside(kind="baseline", reason="known")
    (result,) = results(Report(findings=[finding(outcome=Outcome.SUPPRESSED, suppression=why)]))
    assert result["suppressions"] == [{"kind": "external", "justification": "known"}]


def test_errors_are_notifications() -> None:
    (call,) = sarif(Report(errors=["DDB101 crashed on main.tf"]))["runs"][0]["invocations"]
    assert call["executionSuccessful"] is False
    assert [each["message"]["text"] for each in call["toolExecutionNotifications"]] == ["DDB101 crashed on main.tf"]


def test_an_unreadable_file_makes_the_run_unsuccessful(project: Path) -> None:
    assert sarif(scan([project]))["runs"][0]["invocations"][0]["executionSuccessful"] is True
    (project / "policy.json").write_text('{"Statement": [{"Effect": "Allow"')
    assert sarif(scan([project]))["runs"][0]["invocations"][0]["executionSuccessful"] is False


def fingerprints(report: Report) -> dict[tuple[str, str], str]:
    return {
        (each["ruleId"], each["message"]["text"]): each["partialFingerprints"]["primaryLocationLineHash"]
        for each in results(report)
    }


def test_fingerprints_stay_when_lines_move(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprints(scan([project]))
    assert before and all(before.values())
    main = project / "infra" / "main.tf"
    main.write_text("# more\n" * 50 + main.read_text())
    assert fingerprints(scan([project])) == before
    monkeypatch.chdir(project.parent)
    assert set(fingerprints(scan([project])).values()) == set(before.values())


def test_related_places_are_told() -> None:
    related = (RelatedPlace(Place("vars.tf", 7, 1, 7, 2), "the value comes from here"),)
    (result,) = results(Report(findings=[finding(related=related)]))
    (other,) = result["relatedLocations"]
    assert other["message"]["text"] == "the value comes from here"
    assert other["physicalLocation"]["artifactLocation"]["uri"] == "vars.tf"
