"""One policy, written in six ways, has the same findings in each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dynavet.engine import Options, scan

FORMS = Path(__file__).parent / "fixtures" / "same_policy"

EXPECTED = {
    ("DDB201", "Whole", "fail", "high"),
    ("DDB201", "Tenant", "fail", "high"),
    ("DDB201", "Named", "pass", "high"),
    ("DDB203", "Whole", "fail", "medium"),
    ("DDB203", "Tenant", "pass", "high"),
    ("DDB203", "Named", "fail", "medium"),
}
MESSAGES = {
    ("DDB201", "Whole"): '"dynamodb:*" allows 58 of the 80 DynamoDB actions',
    ("DDB201", "Tenant"): '"DynamoDB:put*" allows dynamodb:PutItem and dynamodb:PutResourcePolicy.',
    ("DDB203", "Named"): "dynamodb:UpdateItem",
}


@pytest.mark.parametrize(
    "form", ["data_source.tf", "jsonencode.tf", "heredoc.tf", "file", "template.yaml", "policy.json"]
)
def test_the_same_findings_in_every_form(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if (FORMS / form).is_dir():
        shutil.copytree(FORMS / form, tmp_path, dirs_exist_ok=True)
    else:
        shutil.copy(FORMS / form, tmp_path)
    monkeypatch.chdir(tmp_path)
    report = scan([Path()], Options(select=("DDB201", "DDB203")))
    assert report.errors == []
    found = {(f.rule, f.statement or "", f.outcome.value, f.severity.label) for f in report.findings}
    assert found == EXPECTED
    for finding in report.findings:
        assert MESSAGES.get((finding.rule, finding.statement or ""), "") in finding.message


def test_the_file_form_reads_the_same_text() -> None:
    assert (FORMS / "file" / "policy.json").read_bytes() == (FORMS / "policy.json").read_bytes()
