"""Which JSON files hold policies, and what these are."""

from __future__ import annotations

from pathlib import Path

import pytest

from dynavet.model import Policy, PolicyKind, Project
from dynavet.sources import SourceError, Sources
from dynavet.values import Known
from dynavet_parsers.iam_json import looks_like_policy, read_policies

FOLDER = Path(__file__).parent / "fixtures" / "iam" / "find"


def read(name: str) -> Project | None:
    return read_policies(FOLDER / name, Sources([FOLDER], FOLDER))


def policies(name: str) -> list[Policy]:
    project = read(name)
    assert project is not None
    assert project.problems == []
    return project.policies


def sids(policy: Policy) -> list[str]:
    return [slot.value.name for slot in policy.statements if isinstance(slot, Known) and slot.value is not None]


def test_bare_document() -> None:
    project = read("bare.json")
    assert project is not None
    assert (project.root, project.language, project.files) == ("bare.json", "policy", ["bare.json"])
    (policy,) = project.policies
    assert (policy.address, policy.label, policy.kind) == ("bare.json", "", PolicyKind.DOCUMENT)
    assert sids(policy) == ["Read"]
    assert policy.statements[0].origin is not None
    assert (policy.statements[0].origin.line, policy.statements[0].origin.column) == (4, 5)


def test_wrapped_documents_have_labels_of_their_own() -> None:
    found = policies("wrapped.json")
    assert [sids(policy) for policy in found] == [["A"], ["B"], ["C"]]
    assert {policy.address for policy in found} == {"wrapped.json"}
    assert found[0].label == "reader"
    assert len({policy.label for policy in found}) == 3


def test_document_in_a_string_stands_where_the_string_does() -> None:
    policy = policies("wrapped.json")[2]
    assert policy.statements[0].origin is not None
    assert (policy.statements[0].origin.line, policy.statements[0].origin.column) == (4, 14)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("trust.json", PolicyKind.TRUST),
        ("table-policy.json", PolicyKind.RESOURCE),
        ("bucket-policy.json", PolicyKind.OTHER_RESOURCE),
    ],
)
def test_document_with_principals_says_where_it_acts(name: str, kind: PolicyKind) -> None:
    assert [policy.kind for policy in policies(name)] == [kind]


@pytest.mark.parametrize("name", ["commented.json", "template.json", "other.json", "empty.json"])
def test_other_files_are_passed_over(name: str) -> None:
    assert read(name) is None


@pytest.mark.parametrize(
    ("name", "line", "column", "message"),
    [
        ("broken.json", 3, 48, 'expected "," or "}", found a string'),
        ("constant.json", 1, 46, 'expected a JSON value, found "NaN"'),
    ],
)
def test_broken_policy_is_a_problem(name: str, line: int, column: int, message: str) -> None:
    project = read(name)
    assert project is not None
    (problem,) = project.problems
    assert (problem.address, problem.origin.line, problem.origin.column) == (name, line, column)
    assert problem.message == message


def test_policy_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes(b'{"Statement": [{"Effect": "Allow", "Sid": "\xe9"}]}')
    project = read_policies(path, Sources([tmp_path], tmp_path))
    assert project is not None
    assert [problem.message for problem in project.problems] == ["is not UTF-8 text (byte 43)"]


@pytest.mark.parametrize("text", ['{"Policy":' * 50_000, "[" * 50_000])
def test_deep_nesting_is_a_problem(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deep.json"
    path.write_text(text + '"Statement" "Effect"')
    project = read_policies(path, Sources([tmp_path], tmp_path))
    assert project is not None
    assert ["at most 100 levels" in problem.message for problem in project.problems] == [True]


def test_missing_file_is_an_error() -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read("missing.json")


def test_signs_of_a_policy() -> None:
    assert looks_like_policy(b'{"Statement": [{"Effect": 1}]}')
    assert looks_like_policy(rb'"{\"Statement\": [{\"Effect\": 1}]}"')
    assert not looks_like_policy(b'{"Statement": []}')
    assert not looks_like_policy(b'{"Effect": "Statement of work"}')
