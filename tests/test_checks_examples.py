"""The examples on the pages of the rules are true: what is said to fail fails, what is said to pass passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dynavet.engine import Options, scan
from dynavet.model import Settings
from dynavet.rule import Outcome, Rule, Scope
from dynavet_checks import RULES

EXAMPLE = re.compile(
    r"^(?P<language>\w+), (?P<says>fails|passes)[^\n]*:\n\n```(?P<fence>\w+)\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
FILES = {
    "Terraform": ("terraform", "main.tf"),
    "CloudFormation": ("yaml", "template.yaml"),
    "JSON": ("json", "policy.json"),
    "Plan": ("json", "plan.json"),
}
ONLY_IN_PLANS = {"DDB112"}
"""Rules about what Terraform is going to do, which nothing but a plan says."""

NOTHING_TO_PASS = {"DDB000", "DDB001"}
"""What these look for is only ever wrong."""

ALONGSIDE = {"DDB004": ("DDB101",)}
"""Rules that must run too for a rule to say anything."""

BESIDE = {
    ("DDB111", "fails"): {"requirements.txt": "boto3\n"},
    ("DDB111", "passes"): {"requirements.txt": "boto3\ndynamodb-encryption-sdk\n"},
}
"""Other files that the page speaks of."""

CONFIGURED = {"DDB502": Settings(tag_values={"Environment": ("prod", "stage", "dev")})}
"""What a rule needs to say anything, as its page says."""


def examples(rule: Rule) -> list[re.Match[str]]:
    return list(EXAMPLE.finditer(rule.doc))


ALL = [
    pytest.param(rule, found, id=f"{rule.id}-{found['language']}-{found['says']}")
    for rule in RULES
    for found in examples(rule)
]


@pytest.mark.parametrize(("rule", "example"), ALL)
def test_example(rule: Rule, example: re.Match[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fence, name = FILES[example["language"]]
    assert example["fence"] == fence
    (tmp_path / name).write_text(example["code"], encoding="utf-8")
    for beside, text in BESIDE.get((rule.id, example["says"]), {}).items():
        (tmp_path / beside).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    alongside = ALONGSIDE.get(rule.id, ())
    report = scan([Path()], Options(select=(rule.id, *alongside), settings=CONFIGURED.get(rule.id, Settings())))
    assert report.files == 1
    outcomes = {each.outcome for each in report.findings if each.rule == rule.id}
    if example["says"] == "fails":
        assert outcomes == {Outcome.FAIL}
    else:
        assert outcomes == (set() if rule.id in NOTHING_TO_PASS else {Outcome.PASS})
    assert {each.rule for each in report.findings} <= {rule.id, *alongside}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_page_shows_both_sides_in_every_language(rule: Rule) -> None:
    shown = [(found["language"], found["says"]) for found in examples(rule)]
    languages = ["Plan"] if rule.id in ONLY_IN_PLANS else ["Terraform", "CloudFormation"]
    languages += ["JSON"] if any(language == "JSON" for language, _ in shown) else []
    assert shown == [(language, says) for language in languages for says in ("fails", "passes")]
    assert rule.doc.count("```") == 2 * len(shown)


ABOUT_MORE_THAN_POLICIES = {"DDB213", "DDB216"}
"""Rules about statements that need to know the principal, or the code of the tables, which raw JSON does not have."""
ABOUT_STATEMENTS = [
    rule
    for rule in RULES
    if rule.id.startswith("DDB2")
    and {Scope.STATEMENT, Scope.HELD_STATEMENT} & rule.checks.keys()
    and rule.id not in ABOUT_MORE_THAN_POLICIES
]


@pytest.mark.parametrize("rule", ABOUT_STATEMENTS, ids=lambda rule: rule.id)
def test_pages_about_policies_show_raw_json(rule: Rule) -> None:
    assert "JSON" in {found["language"] for found in examples(rule)}
