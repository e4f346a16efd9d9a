"""Every action with every condition key: DDB207 says what the table of actions says, and no more."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from dynavet.engine import Options, scan

SERVICES: dict[str, Any] = json.loads((files("dynavet.iam") / "data" / "actions.json").read_text("utf-8"))["services"]
PARTITION_KEYS = tuple(f"dynamodb:{nth}PartitionKeyValues" for nth in ("First", "Second", "Third", "Fourth"))


def carries(service: str, action: str, key: str) -> bool:
    """What the data says, and the two things on which it is silent and the DynamoDB Developer Guide is not."""
    keys = SERVICES[service]["actions"][action]["keys"]
    if key in PARTITION_KEYS:
        return "dynamodb:LeadingKeys" in keys
    silent = ("dynamodb", "ConditionCheckItem", "dynamodb:EnclosingOperation")
    return key in keys or (service, action, key) == silent


PAIRS = {
    f"{service}{action}{key.replace(':', '')}": (service, action, key)
    for service, data in SERVICES.items()
    if service in ("dynamodb", "dax")
    for action in data["actions"]
    for key in SERVICES["dynamodb"]["keys"]
    if key.startswith("dynamodb:")
}


def test_every_action_with_every_key_is_as_in_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Action": f"{service}:{action}",
            "Resource": "*",
            "Condition": {"ForAnyValue:StringEquals": {key: "x"}},
        }
        for sid, (service, action, key) in PAIRS.items()
    ]
    (tmp_path / "policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    monkeypatch.chdir(tmp_path)
    report = scan([Path()], Options(select=("DDB207",)))
    assert report.errors == []
    outcomes = {each.statement: each.outcome.value for each in report.findings}
    assert outcomes == {sid: "pass" if carries(*pair) else "fail" for sid, pair in PAIRS.items()}
