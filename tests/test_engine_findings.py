"""From judgements to findings: where they point, what they are merged with, what makes them the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dynavet.engine import Options, scan
from dynavet.findings import Finding
from dynavet.rule import Outcome

MODULE = """\
variable "key" { default = null }
variable "tables" { default = ["a"] }

resource "aws_dynamodb_table" "t" {
  for_each = toset(var.tables)
  name     = each.key
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}
"""

TWO_CALLS = """\
module "silent" {
  source = "../modules/table"
}

module "explicit" {
  source = "../modules/table"
  tables = ["orders", "carts"]
  key    = "alias/aws/dynamodb"
}
"""

DEFAULTED = """\
variable "key" {
  default = "alias/aws/dynamodb"
}

resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}
"""

POLICIES = """\
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "One", Effect = "Allow", Action = "dynamodb:*", Resource = "*" },
      { Effect = "Allow", Action = "dynamodb:*", Resource = "*" },
    ]
  })
}
"""


def write(files: dict[str, str], into: Path) -> None:
    for name, text in files.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_text(text)


def found(path: Path, rule: str, outcome: Outcome = Outcome.FAIL) -> list[Finding]:
    report = scan([path], Options(select=(rule,)))
    assert report.errors == []
    return [each for each in report.findings if each.rule == rule and each.outcome is outcome]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def called(here: Path) -> dict[str, Finding]:
    write({"modules/table/main.tf": MODULE, "live/main.tf": TWO_CALLS}, here)
    return {each.resource: each for each in found(Path(), "DDB101")}


def test_what_the_caller_supplies_is_the_place_to_edit(called: dict[str, Finding]) -> None:
    finding = called['module.explicit.aws_dynamodb_table.t["carts"]']
    assert (finding.place.path, finding.place.line) == ("live/main.tf", 8)


def test_without_an_argument_the_call_is_the_place_to_edit(called: dict[str, Finding]) -> None:
    finding = called['module.silent.aws_dynamodb_table.t["a"]']
    assert (finding.place.path, finding.place.line) == ("live/main.tf", 1)


def test_the_line_in_the_module_is_related(called: dict[str, Finding]) -> None:
    for finding in called.values():
        assert ("modules/table/main.tf", "in the module") in [(r.place.path, r.message) for r in finding.related]


def test_instances_of_one_cause_are_one_finding(called: dict[str, Finding]) -> None:
    both = tuple(f'module.explicit.aws_dynamodb_table.t["{name}"]' for name in ("carts", "orders"))
    assert called[both[0]].instances == both
    assert both[1] not in called


def test_a_value_from_elsewhere_names_where(here: Path) -> None:
    write({"main.tf": DEFAULTED}, here)
    (finding,) = found(Path(), "DDB101")
    assert finding.place.line == 10
    assert [(each.place.line, each.message) for each in finding.related] == [(2, "the value comes from here")]


def test_statements_are_named_by_sid_or_index(here: Path) -> None:
    write({"main.tf": POLICIES}, here)
    named = {each.place.line: (each.resource, each.statement) for each in found(Path(), "DDB201")}
    assert named == {11: ("aws_iam_role_policy.p", "One"), 12: ("aws_iam_role_policy.p", "1")}


def test_findings_are_in_the_order_of_their_places(here: Path) -> None:
    write({"b/main.tf": POLICIES, "a/main.tf": DEFAULTED}, here)
    places = [(each.place.path, each.place.line, each.place.column) for each in scan([Path("b"), Path("a")]).findings]
    assert places == sorted(places) and {path for path, _, _ in places} == {"a/main.tf", "b/main.tf"}


def fingerprints(path: Path) -> dict[tuple[str, str, str | None], str]:
    return {(each.rule, each.resource, each.statement): each.fingerprint for each in scan([path]).findings}


def test_fingerprints_survive_moved_lines_and_another_directory(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"infra/live/main.tf": POLICIES + DEFAULTED}, here)
    before = fingerprints(Path("infra"))
    write({"infra/live/main.tf": "\n" * 50 + POLICIES + DEFAULTED}, here)
    monkeypatch.chdir(here / "infra")
    assert fingerprints(Path()) == before
    shutil.move(here / "infra", here / "checkout")
    monkeypatch.chdir(here)
    assert fingerprints(here / "checkout") == before


def test_in_a_repository_fingerprints_do_not_depend_on_what_was_named(here: Path) -> None:
    write({"infra/live/main.tf": DEFAULTED, ".git/HEAD": ""}, here)
    whole = fingerprints(Path())
    assert whole
    assert fingerprints(Path("infra/live")) == whole
    assert fingerprints(Path("infra/live/main.tf")) == whole


def test_fingerprints_tell_findings_apart(here: Path) -> None:
    write({"a/main.tf": POLICIES + DEFAULTED, "b/main.tf": POLICIES}, here)
    findings = scan([Path()]).findings
    assert len({each.fingerprint for each in findings}) == len(findings)
