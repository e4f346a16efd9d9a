"""Templates and policies written so that a look at their bytes does not know them: they are judged all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from dynavet.engine import Options, scan

TEMPLATES = {
    "a byte order mark": "\ufeffResources:\n  T:\n    Type: AWS::DynamoDB::Table\n",
    "an anchor": "&a Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n",
    "a tag": "!!str Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n",
    "both": "!!str &a Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n",
    "a marked key": "? Resources\n:\n  T:\n    Type: AWS::DynamoDB::Table\n",
    "a document's beginning": "%YAML 1.1\n--- {Resources: {T: {Type: AWS::DynamoDB::Table}}}\n",
    "letters of the key": '"\\x52esources":\n  T:\n    Type: AWS::DynamoDB::Table\n',
    "letters of the type": 'Resources:\n  T:\n    Type: "\\u0041WS\\x3a:Dynamo\\U00000044B::Table"\n',
    "letters in JSON": '{"\\u0052esources": {"T": {"Type": "\\u0041WS::DynamoDB::Table"}}}',
}
POLICIES = {
    "letters of the elements": '{"\\u0053tatement": [{"E\\u0066fect": "Allow", "Action": "dynamodb:*",'
    ' "Resource": "*"}]}',
    "letters of the action": '{"Statement": [{"Effect": "Allow", "Action": "\\u0064ynamodb:*", "Resource": "*"}]}',
}


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_is_known(text: str, tmp_path: Path) -> None:
    for name in ("t.yaml", "u.template"):
        (tmp_path / name).write_text(text, "utf-8")
    report = scan([tmp_path], Options(select=("DDB101",)))
    assert {(Path(each.place.path).name, each.resource) for each in report.findings} == {
        ("t.yaml", "T"),
        ("u.template", "T"),
    }


@pytest.mark.parametrize("text", POLICIES.values(), ids=POLICIES)
def test_a_policy_is_known(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(text, "utf-8")
    report = scan([tmp_path], Options(select=("DDB201",)))
    assert [Path(each.place.path).name for each in report.findings] == ["p.json"]


@pytest.mark.parametrize(
    "text", ['key: "\\x41"\n', '{"a": "\\u0041"}', '["\\u0041', "a: [\\x41\n", '"\\x41" \\u0041 {']
)
def test_letters_alone_make_nothing_ours(text: str, tmp_path: Path) -> None:
    for name in ("t.yaml", "p.json"):
        (tmp_path / name).write_text(text, "utf-8")
    report = scan([tmp_path])
    assert report.findings == []
    assert {Path(each.path).name for each in report.skipped} == {"t.yaml", "p.json"}
