"""The forms that AWS recommends pass every rule: own rows, some attributes, keys through DynamoDB, replication."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dynavet.engine import scan

FORMS = Path(__file__).parent / "fixtures" / "recommended"
FINE_GRAINED = ("own_rows_and_attributes", "read_only_index", "some_attributes", "tenant", "tenant_table")


def test_no_recommended_form_fails_or_is_undecided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FORMS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    report = scan([Path()])
    assert report.errors == []
    assert [(each.rule, each.resource, each.message) for each in report.findings if each.outcome.value != "pass"] == []
    passed = {(each.rule, each.resource) for each in report.findings}
    assert {("DDB203", f"{name}.json") for name in FINE_GRAINED} <= passed
    assert {("DDB203", "aws_iam_role_policy.player"), ("DDB204", "tenant.json"), ("DDB206", "tenant.json")} <= passed
    assert {("DDB205", f"{name}.json") for name in ("own_rows_and_attributes", "some_attributes")} <= passed
    assert {("DDB202", "tagged_tables.json"), ("DDB202", "aws_vpc_endpoint.dynamodb")} <= passed
    assert {("DDB210", "aws_dynamodb_resource_policy.scores"), ("DDB220", "aws_iam_role.player")} <= passed
