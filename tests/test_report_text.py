"""The report for people: what is said where, and that scanned text cannot misuse the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dynavet.findings import Finding, Place, RelatedPlace, Report, Skipped
from dynavet.reporters import Presentation
from dynavet.reporters.lines import safe, underlined
from dynavet.reporters.text import render
from dynavet.rule import Outcome, Severity

EVERYTHING = frozenset(Outcome)
SOURCE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n\tkey  = "näme"\n}\n'


@pytest.fixture(autouse=True)
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(SOURCE, "utf-8")


def finding(**fields: Any) -> Finding:
    line, column, end_line, end_column = fields.pop("at", (2, 3, 2, 7))
    usual: dict[str, Any] = {
        "rule": "DDB101",
        "name": "table-customer-managed-key",
        "outcome": Outcome.FAIL,
        "severity": Severity.MEDIUM,
        "resource": "aws_dynamodb_table.orders",
        "statement": None,
        "place": Place(fields.pop("path", "main.tf"), line, column, end_line, end_column),
        "message": "The key is not right.",
        "instances": ("aws_dynamodb_table.orders",),
    }
    return Finding(**usual | fields)


def text(*findings: Finding, quiet: bool = False, colour: bool = False, width: int | None = None, **fields: Any) -> str:
    report = Report(findings=list(findings), **({"files": 1} | fields))
    return render(report, Presentation(show=EVERYTHING, colour=colour, width=width, quiet=quiet))


def test_a_failure_shows_place_rule_resource_source_and_message() -> None:
    assert text(finding()).startswith(
        "Failed (1)\n\n"
        "main.tf\n"
        "  main.tf:2:3: medium DDB101 table-customer-managed-key  aws_dynamodb_table.orders\n"
        '    2 | name = "orders"\n'
        "      | ^^^^\n"
        "      The key is not right.\n\n"
    )


def test_a_range_of_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    lines = text(finding(at=(1, 1, 4, 2))).splitlines()
    assert '    1 | resource "aws_dynamodb_table" "orders" {' in lines
    assert "      | " + "^" * 40 in lines


def test_statements_related_places_and_instances_are_told() -> None:
    related = (RelatedPlace(Place("vars.tf", 7, 1, 7, 2), "the value comes from here"),)
    shown = text(finding(statement="Read", related=related, instances=("a", "b", "c")))
    assert "aws_dynamodb_table.orders statement Read" in shown
    assert "vars.tf:7:1: the value comes from here" in shown
    assert "also: b, c" in shown


def test_undecided_stands_apart_after_failures_with_its_reason() -> None:
    unknown = finding(outcome=Outcome.UNKNOWN, message="undecided: var.key has no value")
    shown = text(unknown, finding(at=(3, 2, 3, 5)))
    assert shown.index("Failed (1)") < shown.index("DDB101") < shown.index("Undecided (1)")
    assert shown.index("Undecided (1)") < shown.index("undecided: var.key has no value")


def test_rules_that_say_the_same_of_one_place_are_one_block() -> None:
    message = "undecided: var.policy has no value"
    same = [finding(rule=rule, outcome=Outcome.UNKNOWN, message=message) for rule in ("DDB201", "DDB202")]
    shown = text(*same)
    assert shown.count(message) == 1
    assert "medium DDB201, DDB202  aws_dynamodb_table.orders" in shown
    assert "Undecided (2)" in shown


def test_the_summary_counts_what_was_seen() -> None:
    skipped = [Skipped("a.yaml", "empty"), Skipped("b.yaml", "not a template or policy"), Skipped("c.json", "empty")]
    outcomes = [finding(outcome=outcome, message=outcome.value) for outcome in Outcome]
    shown = text(*outcomes, skipped=skipped, ignored=4, files=3, tables=1, policies=2, statements=9)
    assert shown.endswith(
        "Scanned 3 files: 1 table, 2 policies, 9 statements.\n"
        "1 failed (1 medium), 1 undecided, 1 passed, 1 suppressed.\n"
        "3 files passed over (2 empty, 1 not a template or policy); 4 left out by .gitignore.\n"
    )


def test_quiet_is_silent_only_when_there_is_nothing_to_say() -> None:
    assert text(quiet=True) == ""
    assert "Scanned 1 file" in text()
    assert "Scanned 1 file" in text(finding(), quiet=True)
    assert text(quiet=True, errors=["DDB101 crashed"]).startswith("error: DDB101 crashed\n")


def test_nothing_to_scan_is_said() -> None:
    assert text(files=0).startswith("Nothing was found to scan")


def test_colours_only_when_asked() -> None:
    assert "\x1b" not in text(finding())
    coloured = text(finding(), colour=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text(finding())


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_fit_the_terminal(width: int) -> None:
    (Path("main.tf")).write_text("x" * 500)
    shown = text(finding(at=(1, 1, 1, 400), message="word " * 60), width=width)
    block = shown.splitlines()[4:]
    assert max(map(len, block)) <= max(width, 60)
    assert max(len(line) for line in block if "word" in line or "|" in line) <= width


@pytest.mark.parametrize(
    "field", ["message", "resource", "path", "statement", "instances", "related", "skipped", "errors", "source"]
)
def test_control_characters_never_reach_the_terminal(field: str) -> None:
    evil = "\x1b]0;owned\x07\x9b31m\u202e\r\nDDB999"
    fields: dict[str, Any] = {field: evil}
    report: dict[str, Any] = {}
    if field == "instances":
        fields = {"instances": ("a", evil)}
    elif field == "related":
        fields = {"related": (RelatedPlace(Place(evil, 1, 1, 1, 1), evil),)}
    elif field in ("skipped", "errors"):
        fields = {}
        report = {"errors": [evil]} if field == "errors" else {"skipped": [Skipped(evil, "empty")]}
    elif field == "source":
        Path("main.tf").write_text(f"\n{evil}\n", "utf-8")
        fields = {}
    shown = text(finding(**fields), **report)
    assert not set("\x1b\x07\x9b\u202e\r") & set(shown)
    assert not any(line.startswith("DDB999") for line in shown.splitlines())


def test_a_source_that_cannot_be_read_is_left_out() -> None:
    shown = text(finding(path="gone.tf"))
    assert "gone.tf:2:3" in shown and " | " not in shown


@pytest.mark.parametrize(
    ("source", "start", "end", "shown", "carets"),
    [
        ("  name = 1", 3, 7, "name = 1", "^^^^"),
        ("  name = 1", 10, 11, "name = 1", "       ^"),
        ("\tname = 1", 2, 6, "name = 1", "^^^^"),
        ("名前 = 値", 6, 7, "名前 = 値", "       ^^"),
        ("a\tb", 3, 4, "a  b", "   ^"),
        ("name", 9, 12, "name", "    ^"),
        ("", 1, 1, "", "^"),
    ],
)
def test_carets_stand_under_what_they_mean(source: str, start: int, end: int, shown: str, carets: str) -> None:
    assert underlined(source, start, end) == (shown, carets)


def test_ordinary_text_stays_as_it_is() -> None:
    assert safe("Größe 名前 ${x}/*") == "Größe 名前 ${x}/*"
