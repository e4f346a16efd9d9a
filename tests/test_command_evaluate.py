"""`dynavet evaluate`, as people use it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dynavet.cli.root import command

Run = Callable[[Any], Result]

USER = "arn:aws:iam::111122223333:user/ann"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Scores"
READ = {"Sid": "Read", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE}
GET = {"principal": USER, "action": "dynamodb:GetItem", "resource": TABLE}
PUT = {**GET, "action": "dynamodb:PutItem"}


def document(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command, in this process, on a file with this content."""
    monkeypatch.chdir(tmp_path)

    def run(content: Any) -> Result:
        (tmp_path / "cases.json").write_text(content if isinstance(content, str) else json.dumps(content))
        return CliRunner().invoke(command, ["evaluate", "cases.json"])

    return run


@pytest.mark.parametrize("file", ["-", "cases.json"])
def test_one_case(tmp_path: Path, file: str) -> None:
    case = json.dumps({"request": GET, "policies": {"identity": {"name": "app", "document": document(READ)}}})
    (tmp_path / "cases.json").write_text("" if file == "-" else case)
    arguments = [sys.executable, "-m", "dynavet", "evaluate", file]
    given = case if file == "-" else ""
    ran = subprocess.run(arguments, cwd=tmp_path, input=given, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == {
        "name": "",
        "decision": "allowed",
        "allowed": True,
        "statements": [
            {
                "kind": "identity",
                "level": None,
                "policy": 0,
                "name": "app",
                "statement": "Read",
                "index": 0,
                "effect": "Allow",
            }
        ],
        "lacking": [],
        "undecided": [],
        "reasons": [],
        "expect": None,
        "as_expected": None,
    }


def test_many_cases_with_common_policies(run: Run) -> None:
    none: dict[str, Any] = {"request": GET, "policies": {}}
    ran = run({"policies": {"identity": [document(READ)]}, "cases": [{"request": GET}, {"request": PUT}, none]})
    assert ran.exit_code == 0
    decisions = json.loads(ran.stdout)
    assert [each["decision"] for each in decisions] == ["allowed", "implicit deny", "implicit deny"]
    assert decisions[1]["lacking"] == [{"kind": "identity", "level": None}, {"kind": "resource", "level": None}]


def test_expectations_are_the_status(run: Run) -> None:
    policies = {"identity": document(READ)}
    met = {"name": "reads", "request": GET, "policies": policies, "expect": "allowed"}
    denied = {"name": "writes", "request": PUT, "policies": policies, "expect": "denied"}
    assert run([met, denied]).exit_code == 0
    ran = run([met, {**denied, "expect": "allowed"}, {**denied, "name": "", "expect": "explicit deny"}])
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "writes: expected allowed, found implicit deny",
        "case 2: expected explicit deny, found implicit deny",
    ]
    assert [each["as_expected"] for each in json.loads(ran.stdout)] == [True, False, False]


def test_unknown_input_is_named(run: Run) -> None:
    statement = {**READ, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    request = {**GET, "context": {"aws:SourceVpce": {"unknown": "not deployed yet"}}}
    ran = run({"request": request, "policies": {"identity": document(statement)}})
    decision = json.loads(ran.stdout)
    assert (ran.exit_code, decision["decision"], decision["allowed"]) == (0, "undecided", None)
    reason = "/request/context/aws:SourceVpce is unknown: not deployed yet"
    assert decision["reasons"] == [{"reason": reason, "line": 1, "path": "cases.json"}]
    assert [each["statement"] for each in decision["undecided"]] == ["Read"]


def test_policies_in_files_and_as_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "read.json").write_text(json.dumps(document(READ)))
    ran = run({"request": GET, "policies": {"identity": {"file": "policies/read.json"}}})
    assert [each["name"] for each in json.loads(ran.stdout)["statements"]] == ["policies/read.json"]
    ran = run({"request": GET, "policies": {"identity": json.dumps(document(READ))}})
    assert json.loads(ran.stdout)["decision"] == "allowed"


def in_policy(statement: dict[str, Any], kind: str = "identity", **more: Any) -> dict[str, Any]:
    return {"request": GET, "policies": {kind: {**document(statement), **more}}}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", 'cases.json:1:2: expected a key in double quotes or "}", found the end of the text'),
        ('{"cases": [], "cases": []}', 'cases.json:1:15: the key "cases" stands in line 1 already'),
        ([{"request": GET}], 'cases.json:1:2: /0: the key "policies" is missing'),
        ({"cases": {}}, "/cases: expected a list, found an object"),
        ({"request": {**GET, "action": "GetItem"}, "policies": {}},
         '/request/action: expected an action such as "dynamodb:GetItem", found "GetItem"'),
        ({"request": {**GET, "principal": TABLE}, "policies": {}}, "/request/principal: expected the ARN of a user"),
        ({"request": {**GET, "principal": {"type": "robot"}}, "policies": {}},
         "/request/principal/type: expected one of user, role, federated user, root user"),
        ({"request": {**GET, "resource_account": 111122223333}, "policies": {}},
         "/request/resource_account: expected a string, found the number 111122223333"),
        ({"request": {**GET, "who": 1}, "policies": {}},
         "/request/who: no such key; expected one of principal, action"),
        ({"request": {**GET, "context": {"a:b/c": {}}}, "policies": {}},
         "/request/context/a:b~1c: expected a string, a number or a boolean, found an object"),
        ({"request": {**GET, "context": {"a:b": "1", "A:B": "1"}}, "policies": {}},
         "/request/context/A:B: the key stands here twice"),
        ({"request": {**GET, "context": {"SourceVpce": "1"}}, "policies": {}},
         '/request/context/SourceVpce: expected a context key such as "aws:SourceVpce"'),
        ({"request": {**GET, "other_context": True}, "policies": {}}, "/request/other_context: expected a string"),
        ({"request": GET, "policies": {"scp": []}}, "/policies/scp: no such key; expected one of identity"),
        ({"request": GET, "policies": {"service_control": document(READ)}},
         "/policies/service_control: expected a list of levels"),
        ({"request": GET, "policies": {"identity": "{"}}, "cases.json: /policies/identity:1:2: expected a key"),
        ({"request": GET, "policies": {"identity": {"file": "no.json"}}},
         "/policies/identity/file: no.json cannot be read"),
        ({"request": GET, "policies": {}, "expect": "maybe"}, '/expect: expected one of allowed, denied'),
        (in_policy({**READ, "Effect": "allow"}),
         '/policies/identity/Statement/0/Effect: expected one of Allow, Deny, found "allow"'),
        (in_policy({**READ, "Actions": "x"}), "/policies/identity/Statement/0/Actions: no such key"),
        (in_policy({"Effect": "Allow", "Resource": "*"}), '"Action" or "NotAction" is missing'),
        (in_policy({"Effect": "Allow", "Action": "*"}), '"Resource" or "NotResource" is missing'),
        (in_policy({"Effect": "Allow", "Action": "dynamodb:*", "Principal": "*"}, "resource"),
         '"Resource" or "NotResource" is missing'),
        (in_policy({**READ, "NotAction": "x"}), "either Action or NotAction, not both"),
        (in_policy({**READ, "Action": [1]}), "/Statement/0/Action/0: expected a string, found the number 1"),
        (in_policy({**READ, "Principal": "*"}), "a policy of this kind (identity) has no Principal"),
        (in_policy(READ, "resource"), '/policies/resource/Statement/0: the key "Principal" is missing'),
        (in_policy({**READ, "Principal": USER}, "resource"), '/Principal: expected "*" or an object'),
        (in_policy({**READ, "NotPrincipal": {"AWS": USER}}, "resource"), "/NotPrincipal: NotPrincipal is for Deny"),
        (in_policy({**READ, "Condition": {"StringEqual": {}}}), "/Condition/StringEqual: no such operator"),
        (in_policy(READ, Version="2012"), "/policies/identity/Version: expected one of 2012-10-17, 2008-10-17"),
        ({"request": GET, "policies": {"identity": {}}}, '/policies/identity: the key "Statement" is missing'),
    ],
)  # fmt: skip
def test_bad_input_is_named_by_its_place(run: Run, content: Any, error: str) -> None:
    ran = run(content)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: cases.json:")
    assert error in ran.stderr


def test_no_such_file(tmp_path: Path) -> None:
    ran = CliRunner().invoke(command, ["evaluate", str(tmp_path / "none.json")])
    assert ran.exit_code == 2
    assert ran.stderr.endswith("none.json cannot be read: No such file or directory\n")


def test_the_page_shows_a_case_that_holds(run: Run, checkout: Path) -> None:
    page = (checkout / "docs" / "evaluate.md").read_text()
    shown = page.partition("```json\n")[2].partition("```")[0]
    ran = run(shown)
    assert ran.exit_code == 0
    assert [each["decision"] for each in json.loads(ran.stdout)] == ["allowed"]
