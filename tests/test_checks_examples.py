"""The examples on the pages of the rules are true: what is said to fail fails, what is said to pass passes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from dynavet.catalogue import find
from dynavet.config import configured
from dynavet.engine import Options, scan
from dynavet.findings import Report
from dynavet.model import Settings, Suppression
from dynavet.remedy import EXAMPLE, Language, edits
from dynavet.remedy import examples as both
from dynavet.rule import Outcome, Rule, Scope
from dynavet_checks import RULES

FILES = {
    "Terraform": ("terraform", "main.tf"),
    "CloudFormation": ("yaml", "template.yaml"),
    "CloudFormation in JSON": ("json", "template.json"),
    "JSON": ("json", "policy.json"),
    "Configuration": ("toml", "dynavet.toml"),
    "Plan": ("json", "plan.json"),
}
ONLY_IN_PLANS = {"DDB112"}
"""Rules about what Terraform is going to do, which nothing but a plan says."""

NOTHING_TO_PASS = {"DDB000", "DDB001", "DDB004"}
"""What these look for is only ever wrong."""

TAKEN_AWAY = {"DDB209", "DDB212", "DDB219"}
"""The edit for these may replace what they judge by something that they do not."""

ALONGSIDE = {"DDB002": ("DDB201",), "DDB003": ("DDB101",), "DDB004": ("DDB101",)}
"""Rules that must run too for a rule to say anything."""

IN_CONFIGURATION = {"DDB002": ("DDB201", "fails"), "DDB003": ("DDB101", "fails"), "DDB004": ("DDB101", "passes")}
"""For which example, that of another rule, the configuration on a page is written."""

ALSO = ("CloudFormation in JSON", "JSON", "Configuration")
"""Languages that a page may show; a template in JSON only where it says other things than one in YAML."""


ALLOWS_AT_LAST = {"DDB208", "DDB218"}
"""A statement that is wrong in this way allows nothing; once it is mended, other rules judge it for the first time."""
BESIDE = {
    ("DDB111", "fails"): {"requirements.txt": "boto3\n"},
    ("DDB111", "passes"): {"requirements.txt": "boto3\ndynamodb-encryption-sdk\n"},
}
"""Other files that the page speaks of."""

CONFIGURED = {
    "DDB404": Settings(whole_account=True),
    "DDB502": Settings(tag_values={"Environment": ("prod", "stage", "dev")}),
}
"""What a rule needs to say anything, as its page says."""


def examples(rule: Rule) -> list[re.Match[str]]:
    return list(EXAMPLE.finditer(rule.doc))


ALL = [
    pytest.param(rule, found, id=f"{rule.id}-{found['language']}-{found['says']}")
    for rule in RULES
    for found in examples(rule)
]


def scanned(rule: Rule, language: str, code: str, select: Iterable[str], says: str) -> Report:
    """What these rules find in an example, which fails or passes as it `says`, in the working directory."""
    for beside, text in BESIDE.get((rule.id, says), {}).items():
        Path(beside).write_text(text, encoding="utf-8")
    Path(FILES[language][1]).write_text(code, encoding="utf-8")
    suppressions: Sequence[Suppression] = ()
    if language == "Configuration":
        other, needed = IN_CONFIGURATION[rule.id]
        [beside] = [e["code"] for e in examples(find(other)) if (e["language"], e["says"]) == ("Terraform", needed)]
        Path("main.tf").write_text(beside, encoding="utf-8")
        suppressions = configured([Path()], Path()).options["suppressions"]
    report = scan(
        [Path()], Options(select=tuple(select), suppressions=suppressions, settings=CONFIGURED.get(rule.id, Settings()))
    )
    assert report.files == 1
    assert not report.errors
    return report


@pytest.mark.parametrize(("rule", "example"), ALL)
def test_example(rule: Rule, example: re.Match[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert example["fence"] == FILES[example["language"]][0]
    monkeypatch.chdir(tmp_path)
    alongside = ALONGSIDE.get(rule.id, ())
    report = scanned(rule, example["language"], example["code"], (rule.id, *alongside), example["says"])
    outcomes = {each.outcome for each in report.findings if each.rule == rule.id}
    if example["says"] == "fails":
        assert outcomes == {Outcome.FAIL}
    else:
        judged = {Outcome.PASS} if outcomes or rule.id not in TAKEN_AWAY else set()
        assert outcomes == (set() if rule.id in NOTHING_TO_PASS else judged)
    assert {each.rule for each in report.findings if each.outcome is Outcome.FAIL} <= {rule.id, *alongside}


EDITS = [
    pytest.param(rule, language, id=f"{rule.id}-{language.name}")
    for rule in RULES
    for language in edits(rule)
    if language is not Language.CONFIGURATION
]


@pytest.mark.parametrize(("rule", "language"), EDITS)
def test_what_an_edit_makes_is_clean(
    rule: Rule, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The finding is gone, no rule fails that did not fail before, and nothing is undecided that was not."""
    monkeypatch.chdir(tmp_path)
    pair = both(rule.doc, language)
    assert pair is not None
    select = [each.id for each in RULES if each.default or each is rule]
    before, after = (
        {(each.rule, each.outcome) for each in scanned(rule, language.value, code, select, says).findings}
        for code, says in zip(pair, ("fails", "passes"), strict=True)
    )
    assert (rule.id, Outcome.FAIL) in before
    assert not {(rule.id, Outcome.FAIL), (rule.id, Outcome.UNKNOWN)} & after
    new = {(id_, outcome) for id_, outcome in after - before if outcome in (Outcome.FAIL, Outcome.UNKNOWN)}
    assert not new or rule.id in ALLOWS_AT_LAST


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_page_shows_both_sides_in_every_language(rule: Rule) -> None:
    shown = [(found["language"], found["says"]) for found in examples(rule)]
    languages = ["Plan"] if rule.id in ONLY_IN_PLANS else ["Terraform", "CloudFormation"]
    languages += [each for each in ALSO if any(language == each for language, _ in shown)]
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
