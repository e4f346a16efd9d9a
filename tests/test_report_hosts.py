"""The formats of code hosts: what they require, and that scanned text cannot steer a log, a page or a terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.findings import Finding, Place, PutAside, RelatedPlace, Report
from dynavet.reporters import FORMATS, Presentation, reporter
from dynavet.reporters.lines import inert, masked
from dynavet.rule import Outcome, Severity

EVERYTHING = frozenset(Outcome)


def finding(**fields: Any) -> Finding:
    line, column, end_line, end_column = fields.pop("at", (2, 3, 2, 7))
    usual: dict[str, Any] = {
        "rule": "DDB101",
        "name": "table-customer-managed-key",
        "outcome": Outcome.FAIL,
        "severity": Severity.MEDIUM,
        "resource": "aws_dynamodb_table.orders",
        "statement": None,
        "place": Place(fields.pop("path", "infra/main.tf"), line, column, end_line, end_column),
        "message": "The key is not right.",
        "fingerprint": "f1",
    }
    return Finding(**usual | fields)


def render(name: str, *findings: Finding, show: frozenset[Outcome] = EVERYTHING, **fields: Any) -> str:
    report = Report(findings=list(findings), **({"files": 1} | fields))
    return reporter(name).render(report, Presentation(show=show))


def everywhere(text: str) -> Report:
    """A report with the text in every place that can hold scanned text."""
    place = Place(text, 1, 1, 1, 2)
    why = PutAside(kind="inline", reason=text, place=place)
    findings = [
        finding(
            outcome=outcome,
            path=text,
            resource=text,
            statement=text,
            message=text,
            related=(RelatedPlace(place, text),),
            instances=(text, text + "2"),
            suppression=why if outcome is Outcome.SUPPRESSED else None,
        )
        for outcome in Outcome
    ]
    return Report(findings=findings, errors=[text], files=1)


EVIL = "\x1b]0;owned\x07\x9b31m\u202e\r\n::error::forged\n##[error]forged\n##vso[task.setvariable]x\u2028\udc80"


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_scanned_text_steer_what_shows_it(name: str) -> None:
    shown = reporter(name).render(everywhere(EVIL), Presentation(show=EVERYTHING))
    assert not set("\x1b\x07\x9b\u202e\r\u2028\udc80") & set(shown)
    assert not re.search(r"##\w*\[", shown)
    commands = [line for line in shown.splitlines() if line.strip().startswith("::")]
    assert all(re.match(r"::(error|warning|notice) (file=[^:]*,)?title|::\w+ file=", line) for line in commands)
    assert not any(line.strip().startswith("::error::") for line in shown.splitlines())
    assert (name == "github") == bool(commands)
    shown.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
@given(text=st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "L", "P", "S")), max_size=20))
def test_machine_formats_stay_well_formed(name: str, text: str) -> None:
    shown = reporter(name).render(everywhere(text), Presentation(show=EVERYTHING))
    if name == "junit":
        ET.fromstring(shown)  # noqa: S314
    elif name in ("json", "sarif", "gitlab", "gitlab-sast"):
        json.loads(shown)


def test_json_keeps_what_it_spells_differently() -> None:
    found = json.loads(render("json", finding(message="a ##[b] ##vso[c] [d]")))
    assert found["results"][0]["message"] == "a ##[b] ##vso[c] [d]"


@pytest.mark.parametrize("name", FORMATS)
def test_only_what_is_asked_for_is_listed(name: str) -> None:
    findings = [finding(outcome=outcome, message=f"message-{outcome.value}") for outcome in Outcome]
    shown = render(name, *findings, show=frozenset({Outcome.FAIL}))
    assert "message-fail" in shown
    assert not re.search("message-(unknown|pass|suppressed)", shown)


# GitHub


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it."""
    head, message = re.fullmatch(r"::(.*?)::(.*)", line).groups()  # type: ignore[union-attr]
    name, _, listed = head.partition(" ")
    properties = dict(each.split("=", 1) for each in listed.split(","))
    escapes = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
    for code, character in escapes:
        properties = {key: value.replace(code, character) for key, value in properties.items()}
    for code, character in (escapes[0], escapes[1], escapes[4]):
        message = message.replace(code, character)
    return name, properties, message


@pytest.mark.parametrize(
    ("severity", "name"),
    list(zip(sorted(Severity, reverse=True), ("error", "error", "warning", "notice", "notice"), strict=True)),
)
def test_annotations_follow_severity(severity: Severity, name: str) -> None:
    assert command(render("github", finding(severity=severity)).splitlines()[0])[0] == name


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.SUPPRESSED, Outcome.PASS])
def test_what_did_not_fail_is_a_notice(outcome: Outcome) -> None:
    shown = render("github", finding(severity=Severity.CRITICAL, outcome=outcome))
    assert command(shown.splitlines()[0])[0] == "notice"


def test_an_annotation_says_where_and_what() -> None:
    resource = 'module.a["x,y:z%3A"].aws_dynamodb_table.t'
    related = (RelatedPlace(Place("vars.tf", 7, 1, 7, 2), "100% from here"),)
    shown = render("github", finding(resource=resource, message="50%, a::b", related=related))
    name, properties, message = command(shown.splitlines()[0])
    assert name == "warning"
    assert properties == {
        "file": "infra/main.tf",
        "line": "2",
        "endLine": "2",
        "col": "3",
        "endColumn": "7",
        "title": f"DDB101 table-customer-managed-key: {resource}",
    }
    assert message == "50%, a::b\nvars.tf:7:1: 100% from here"


def test_a_range_of_several_lines_has_no_end_column() -> None:
    assert "endColumn" not in render("github", finding(at=(2, 3, 4, 7)))


def test_the_worst_annotations_come_first() -> None:
    """GitHub shows only the first few of a step."""
    findings = [
        finding(severity=Severity.LOW),
        finding(outcome=Outcome.UNKNOWN, severity=Severity.CRITICAL),
        finding(severity=Severity.HIGH),
    ]
    shown = render("github", *findings, errors=["it broke"]).splitlines()
    assert [line.split(" ")[0] for line in shown] == ["::error", "::notice", "::notice", "::error", "dynavet:"]
    assert "undecided" in shown[2]


# GitLab


def test_code_quality_issues() -> None:
    findings = [finding(severity=severity, fingerprint=severity.label) for severity in Severity]
    issues = json.loads(render("gitlab", *findings, finding(outcome=Outcome.UNKNOWN, severity=Severity.CRITICAL)))
    assert [each["severity"] for each in issues] == ["info", "minor", "major", "critical", "blocker", "info"]
    assert issues[0]["location"] == {"path": "infra/main.tf", "lines": {"begin": 2, "end": 2}}
    assert issues[0]["check_name"] == "DDB101"
    assert len({each["fingerprint"] for each in issues}) == len(issues)
    assert json.loads(render("gitlab")) == []


def test_sast_vulnerabilities() -> None:
    findings = [finding(severity=severity, fingerprint=severity.label) for severity in Severity]
    report = json.loads(render("gitlab-sast", *findings, finding(outcome=Outcome.UNKNOWN, severity=Severity.HIGH)))
    assert report["scan"]["status"] == "success"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", report["scan"]["start_time"])
    assert report["scan"]["start_time"] <= report["scan"]["end_time"]
    found = report["vulnerabilities"]
    assert [each["severity"] for each in found] == ["Info", "Low", "Medium", "High", "Critical", "Info"]
    assert len({each["id"] for each in found}) == len(found)
    assert found[0]["identifiers"] == [
        {"type": "dynavet_rule", "name": "DDB101 table-customer-managed-key", "value": "DDB101"}
    ]


def test_sast_tells_of_errors() -> None:
    scan = json.loads(render("gitlab-sast", errors=["it broke"]))["scan"]
    assert (scan["status"], scan["messages"]) == ("failure", [{"level": "fatal", "value": "it broke"}])


# JUnit


def test_cases_by_outcome() -> None:
    findings = [finding(outcome=outcome, resource=outcome.value) for outcome in Outcome]
    root = ET.fromstring(render("junit", *findings))  # noqa: S314
    cases = {case.get("name", "").rpartition(" ")[2]: [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {"scan": [], "fail": ["failure"], "unknown": ["skipped"], "suppressed": ["skipped"], "pass": []}
    assert (root.get("tests"), root.get("failures"), root.get("skipped"), root.get("errors")) == ("5", "1", "2", "0")
    for suite in root:
        assert int(suite.get("tests", "")) == len(list(suite.iter("testcase")))


def test_there_is_always_a_case_and_it_has_the_errors() -> None:
    assert len(list(ET.fromstring(render("junit")).iter("testcase"))) == 1  # noqa: S314
    root = ET.fromstring(render("junit", errors=["it <broke>"]))  # noqa: S314
    assert [each.get("message") for each in root.iter("error")] == ["it <broke>"]
    assert root.get("errors") == "1"


# Markdown


def test_markdown_has_a_table_per_severity() -> None:
    shown = render("markdown", *(finding(severity=severity) for severity in Severity), files=2, tables=1)
    headings = [line for line in shown.splitlines() if line.startswith("###")]
    assert headings == [f"### Failed: {severity.label} (1)" for severity in sorted(Severity, reverse=True)]
    assert shown.startswith("## dynavet\n\n**5 failed, 0 undecided, 0 passed**\n")
    assert shown.endswith("Scanned 2 files: 1 table, 0 policies, 0 statements.\n")


@pytest.mark.parametrize("text", ["a | b", "<img src=x>", "[a](http://b)", "*a* _b_ ~~c~~", "`a`", "@all #1", "$x$"])
def test_markdown_shows_text_as_it_is(text: str) -> None:
    row = render("markdown", finding(message=text, resource=text)).splitlines()[6]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    message = row.rpartition(" | ")[2]
    assert not re.search(r"<(?!!-- -->)|(?<!\\)[*_`\[\]]|@|\$|http://|(?<!&)#", message)


def test_a_code_span_holds_backticks() -> None:
    assert "| `` a`b `` |" in render("markdown", finding(resource="a`b")).replace("``a`b``", "`` a`b ``")
    assert "| ``` ``a ``` |" in render("markdown", finding(resource="``a"))


def test_a_long_table_says_what_it_leaves_out() -> None:
    shown = render("markdown", *(finding(at=(line, 1, line, 2)) for line in range(1, 1001)))
    assert "… and 800 more." in shown
    assert "### Failed: medium (1000)" in shown
    assert len(shown) < 1024 * 1024


# Text


@pytest.mark.parametrize(
    ("line", "harmless"),
    [
        ("::error::x", "\\::error::x"),
        ("  ::add-mask::x", "  \\::add-mask::x"),
        ("a ##[group]x", "a #\\#[group]x"),
        ("a ##vso[task]x", "a #\\#vso[task]x"),
        ("arn:aws:dynamodb:::table/x", "arn:aws:dynamodb:::table/x"),
        ("## heading [x]", "## heading [x]"),
    ],
)
def test_commands_of_ci_services_are_made_harmless(line: str, harmless: str) -> None:
    assert inert(line) == harmless


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('access_key = "AKIAIOSFODNN7EXAMPLE"', 'access_key = "********************"'),
        ('secret_key = "abc/def+1"', 'secret_key = "*********"'),
        ('"SecretAccessKey": "abcdef"}', '"SecretAccessKey": "******"}'),
        ("  password: hunter2, a: b", "  password: *******, a: b"),
        ('hash_key = "id"', 'hash_key = "id"'),
        ('kms_key_arn = "alias/aws/dynamodb"', 'kms_key_arn = "alias/aws/dynamodb"'),
    ],
)
def test_credentials_in_source_lines_are_not_shown(source: str, shown: str) -> None:
    assert masked(source) == shown


def test_no_format_prints_a_credential_beside_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text('secret_key = "abcdef123"\n')
    for name in FORMATS:
        assert "abcdef123" not in render(name, finding(path="main.tf", at=(1, 1, 1, 5)))


# All of them


def test_one_run_writes_every_format(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_dynamodb_table" "t" {\n}\n')
    targets = [part for name in FORMATS for part in ("--format", name, "--output", f"report.{name}")]
    ran = subprocess.run(
        [sys.executable, "-m", "dynavet", *targets, "--select", "DDB101"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")
    for name in FORMATS:
        assert "DDB101" in (tmp_path / f"report.{name}").read_text("utf-8"), name


def test_help_names_every_format() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "dynavet", "scan", "--help"], capture_output=True, text=True, check=True
    )
    assert all(name in ran.stdout.replace("\n", "") for name in FORMATS)
