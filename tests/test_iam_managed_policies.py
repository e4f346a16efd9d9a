"""What the table of AWS managed policies says."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from dynavet.iam.actions import actions_of, expand
from dynavet.iam.managed_policies import everywhere, grants_of, managed_policies_date, managed_policy_name

TABLE: dict[str, Any] = json.loads((files("dynavet.iam") / "data" / "managed_policies.json").read_text("utf-8"))


def names(policy: str) -> set[str]:
    found = grants_of(policy)
    assert found is not None
    return {action.id for action in everywhere(found)}


@pytest.mark.parametrize(
    "policy", ["AdministratorAccess", "PowerUserAccess", "AmazonDynamoDBFullAccess", "AmazonDynamoDBFullAccess_v2"]
)
def test_full_access(policy: str) -> None:
    assert names(policy) == {action.id for service in ("dynamodb", "dax") for action in actions_of(service)}


def test_retired_policies_are_there() -> None:
    assert names("AWSLambdaFullAccess") == {action.id for action in actions_of("dynamodb")}


def test_reading() -> None:
    assert {"dynamodb:Scan", "dynamodb:GetItem", "dax:GetItem"} <= names("AmazonDynamoDBReadOnlyAccess")
    assert "dynamodb:PutItem" not in names("AmazonDynamoDBReadOnlyAccess")


def test_named_resources_and_conditions_are_not_everywhere() -> None:
    assert names("AWSBackupServiceRolePolicyForBackup") == set()
    assert names("AWSMcpServiceActionsFullAccess") == set()


def test_other_policies_allow_nothing_and_unknown_ones_are_unknown() -> None:
    assert grants_of("AWSLambdaBasicExecutionRole") == ()
    assert grants_of("AmazonDynamoDBFullAccess_v99") is None


def test_every_pattern_of_the_table_means_an_action() -> None:
    patterns = {pattern for grants in TABLE["grants"].values() for grant in grants for pattern in grant["actions"]}
    assert {pattern for pattern in patterns if not expand(pattern)} == set()
    assert managed_policies_date() == TABLE["date"]


def test_name() -> None:
    assert managed_policy_name("arn:aws-cn:iam::aws:policy/job-function/DataScientist") == "DataScientist"
    assert managed_policy_name("arn:aws:iam::111122223333:policy/DataScientist") is None
