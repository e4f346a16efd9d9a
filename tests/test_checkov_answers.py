"""Looking findings up the way checkov asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dynavet.checkov_answers import Answer, Answers, combined
from dynavet.findings import Finding, Place, PutAside
from dynavet.rule import Outcome, Severity

HERE = Path("/somewhere")


def found(resource: str, outcome: Outcome = Outcome.FAIL, path: str = "main.tf", **changes: object) -> Finding:
    given: dict[str, object] = {
        "rule": "DDB101",
        "name": "table-customer-managed-key",
        "outcome": outcome,
        "severity": Severity.MEDIUM,
        "resource": resource,
        "statement": None,
        "place": Place(path, 1, 1, 1, 1),
        "message": f"{resource} {outcome.value}",
        **changes,
    }
    return Finding(**given)  # type: ignore[arg-type]


def ask(address: str, *findings: Finding, root: str = ".") -> Outcome | None:
    answer = Answers(findings, (), frozenset({"DDB000"}), HERE).terraform("DDB101", HERE / root, address)
    return None if answer is None else answer.outcome


@pytest.mark.parametrize(
    "address",
    ["aws_vpc.a", 'aws_vpc.a["x.y"]', 'aws_vpc.a["b[0]"]', "aws_vpc.a[0]", 'module.m["k"].module.n[1].aws_vpc.a'],
)
def test_a_resource_is_found_by_its_address(address: str) -> None:
    assert ask(address, found(address)) is Outcome.FAIL


@pytest.mark.parametrize(
    ("ours", "asked"),
    [
        ("aws_vpc.a", "aws_vpc.b"),
        ("aws_vpc.a[0]", "aws_vpc.a[1]"),
        ('module.m["a"].aws_vpc.a', 'module.m["b"].aws_vpc.a'),
        ("module.m.aws_vpc.a", "aws_vpc.a"),
        ('aws_vpc.a["x.y"]', 'aws_vpc.a["x.z"]'),
    ],
)
def test_another_resource_is_not(ours: str, asked: str) -> None:
    assert ask(asked, found(ours)) is None


def test_what_one_side_does_not_expand_means_all_instances() -> None:
    instances = (found("aws_vpc.a[0]", Outcome.PASS), found("aws_vpc.a[1]", Outcome.FAIL))
    assert ask("aws_vpc.a", *instances) is Outcome.FAIL
    assert ask("aws_vpc.a[0]", *instances) is Outcome.PASS
    assert ask("aws_vpc.a[7]", found("aws_vpc.a", Outcome.UNKNOWN)) is Outcome.UNKNOWN


def test_one_address_in_two_root_modules_is_two_resources() -> None:
    both = (found("aws_vpc.a", path="dev/main.tf"), found("aws_vpc.a", Outcome.PASS, path="prod/main.tf"))
    assert ask("aws_vpc.a", *both, root="dev") is Outcome.FAIL
    assert ask("aws_vpc.a", *both, root="prod") is Outcome.PASS
    assert ask("aws_vpc.a", *both) is None


def test_a_template_is_asked_by_logical_id() -> None:
    answers = Answers((found("Orders", path="t.yaml"),), (), frozenset(), HERE)
    assert answers.template("DDB101", HERE / "t.yaml", "Orders", "OrdersRole") is not None
    assert answers.template("DDB101", HERE / "t.yaml", "Other") is None
    assert answers.template("DDB201", HERE / "t.yaml", "Orders") is None
    assert answers.template("DDB101", HERE / "u.yaml", "Orders") is None


def test_a_policy_file_goes_by_its_own_path() -> None:
    answers = Answers((found("p/a.json", path="p/a.json"), found("Orders", path="t.json")), (), frozenset(), HERE)
    assert answers.policy("DDB101", HERE / "p/a.json") is not None
    assert answers.policy("DDB101", HERE / "t.json") is None


def test_a_rule_about_files_is_not_about_the_resource_that_a_comment_stands_on() -> None:
    answers = Answers((found("aws_vpc.a", rule="DDB000"),), (), frozenset({"DDB000"}), HERE)
    assert answers.terraform("DDB000", HERE, "aws_vpc.a") is None


def test_several_findings_are_one_answer_of_the_gravest_outcome() -> None:
    low = found("a", statement="Read", message="Too much.", severity=Severity.LOW)
    high = found("a", statement="Write", message="Far too much.", severity=Severity.HIGH)
    assert combined([found("a", Outcome.PASS), low, high, found("a", Outcome.UNKNOWN)]) == Answer(
        Outcome.FAIL,
        "Statement Read: Too much. Statement Write: Far too much.",
        ("Statement Read: Too much.", "Statement Write: Far too much."),
        Severity.HIGH,
    )
    assert combined([]) is None


def test_a_suppressed_finding_gives_its_reason() -> None:
    answer = combined([found("a", Outcome.SUPPRESSED, suppression=PutAside(kind="inline", reason="a known table"))])
    assert answer is not None
    assert answer.message == "a known table"
