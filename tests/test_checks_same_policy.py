"""One policy, written in many ways, has the same findings in each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dynavet.engine import Options, scan

RULES = (
    *("DDB201", "DDB202", "DDB203", "DDB204", "DDB205", "DDB206", "DDB209"),
    *("DDB214", "DDB215", "DDB216"),
)
FORMS = Path(__file__).parent / "fixtures" / "same_policy"

EXPECTED = {
    ("DDB201", "Whole", "fail", "high"),
    ("DDB201", "Tenant", "fail", "high"),
    ("DDB201", "Named", "pass", "high"),
    ("DDB202", "Whole", "pass", "high"),
    ("DDB202", "Tenant", "pass", "high"),
    ("DDB202", "Named", "pass", "high"),
    ("DDB203", "Whole", "fail", "medium"),
    ("DDB203", "Tenant", "pass", "high"),
    ("DDB203", "Named", "fail", "medium"),
    ("DDB214", "Whole", "pass", "high"),
    ("DDB214", "Tenant", "pass", "high"),
    ("DDB214", "Named", "pass", "high"),
    ("DDB204", "Tenant", "fail", "high"),
    ("DDB206", "Tenant", "pass", "high"),
    ("DDB215", "Whole", "fail", "high"),
}
MESSAGES = {
    ("DDB201", "Whole"): '"dynamodb:*" allows 58 of the 80 DynamoDB actions',
    ("DDB201", "Tenant"): '"DynamoDB:put*" allows dynamodb:PutItem and dynamodb:PutResourcePolicy.',
    ("DDB203", "Named"): "dynamodb:UpdateItem",
    ("DDB204", "Tenant"): "Requests for dynamodb:PutResourcePolicy need not carry",
    ("DDB215", "Whole"): "Statement Never denies dynamodb:DeleteItem",
}


TEXT = 'file("policy.json")'
EXPRESSIONS = {
    "file": TEXT,
    "templatefile": 'templatefile("policy.json.tpl", {})',
    "replace": f'replace({TEXT}, "Orders", "Orders")',
    "trimspace": f"trimspace({TEXT})",
    "chomp": f"chomp({TEXT})",
    "format": f'format("%s", {TEXT})',
    "join": f'join("\\n", split("\\n", {TEXT}))',
    "decoded and encoded": f"jsonencode(jsondecode({TEXT}))",
    "base64": f"base64decode(base64encode({TEXT}))",
    "merged": f"jsonencode(merge(jsondecode({TEXT}), {{}}))",
    "concatenated": f"""jsonencode({{
      Version   = "2012-10-17"
      Statement = concat(
        slice(jsondecode({TEXT}).Statement, 0, 1), [],
        slice(jsondecode({TEXT}).Statement, 1, length(jsondecode({TEXT}).Statement))
      )
    }})""",
    "source document": "data.aws_iam_policy_document.from_text.json",
    "override document": "data.aws_iam_policy_document.over_text.json",
}
"""Terraform expressions for the text of ``policy.json``."""


@pytest.mark.parametrize("form", EXPRESSIONS)
def test_the_same_findings_from_every_expression(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = (FORMS / "policy.json").read_text("utf-8")
    (tmp_path / "policy.json").write_text(policy, "utf-8")
    (tmp_path / "policy.json.tpl").write_text(policy.replace("${", "$${"), "utf-8")
    (tmp_path / "main.tf").write_text(
        f"""
        variable "more" {{
          default = false
        }}
        data "aws_iam_policy_document" "from_text" {{
          source_policy_documents = [{TEXT}]
        }}
        data "aws_iam_policy_document" "over_text" {{
          override_policy_documents = [{TEXT}]
          statement {{
            sid       = "Whole"
            actions   = ["dynamodb:ListTables"]
            resources = ["*"]
          }}
        }}
        resource "aws_iam_policy" "access" {{
          policy = {EXPRESSIONS[form]}
        }}
        """,
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    report = scan([Path("main.tf")], Options(select=RULES))
    assert report.errors == []
    found = {(f.rule, f.statement or "", f.outcome.value, f.severity.label) for f in report.findings}
    assert found == EXPECTED


@pytest.mark.parametrize(
    "form", ["data_source.tf", "jsonencode.tf", "heredoc.tf", "file", "template.yaml", "policy.json"]
)
def test_the_same_findings_in_every_form(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if (FORMS / form).is_dir():
        shutil.copytree(FORMS / form, tmp_path, dirs_exist_ok=True)
    else:
        shutil.copy(FORMS / form, tmp_path)
    monkeypatch.chdir(tmp_path)
    report = scan([Path()], Options(select=RULES))
    assert report.errors == []
    found = {(f.rule, f.statement or "", f.outcome.value, f.severity.label) for f in report.findings}
    assert found == EXPECTED
    for finding in report.findings:
        assert MESSAGES.get((finding.rule, finding.statement or ""), "") in finding.message


def test_the_file_form_reads_the_same_text() -> None:
    assert (FORMS / "file" / "policy.json").read_bytes() == (FORMS / "policy.json").read_bytes()
