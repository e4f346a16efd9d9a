"""Naming files: what is analysed, what is reported, and that the batches in which files come change nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import chdir
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dynavet.discovery import discover
from dynavet.engine import Options, survey
from dynavet.rule import Outcome

AWS_KEY = '"alias/aws/dynamodb"'
TABLE = """\
resource "aws_dynamodb_table" "%s" {
  name     = "%s"
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = %s
  }
}
"""
TEMPLATE = "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'
ONLY_KEYS = Options(select=("DDB101",))


def table(name: str, key: str = AWS_KEY) -> str:
    return TABLE % (name, name, key)


def call(name: str, source: str, key: str = AWS_KEY) -> str:
    return f'module "{name}" {{\n  source = "{source}"\n  key = {key}\n}}\n'


MODULE = 'variable "key" {}\n' + table("t", "var.key")


def write(top: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = tmp_path / "repository"
    (top / ".git").mkdir(parents=True)
    monkeypatch.chdir(top)
    return top


def failed(*paths: str, options: Options = ONLY_KEYS) -> set[str]:
    """The resources that fail, each with the directory that its finding stands in."""
    report = survey([Path(path) for path in paths], options).report
    assert report.errors == []
    failures = [each for each in report.findings if each.outcome is Outcome.FAIL]
    return {f"{Path(each.place.path).parent}: {one}" for each in failures for one in each.instances}


def test_a_root_is_reported_on_by_itself(repository: Path) -> None:
    write(repository, {"a/main.tf": table("a"), "a/more.tf": table("more"), "b/main.tf": table("b")})
    assert failed("a/main.tf") == {"a: aws_dynamodb_table.a", "a: aws_dynamodb_table.more"}


def test_a_module_is_judged_through_the_roots_that_call_it(repository: Path) -> None:
    write(
        repository,
        {
            "modules/table/main.tf": MODULE,
            "live/main.tf": call("orders", "../modules/table"),
            "test/main.tf": call("orders", "../modules/table", "aws_kms_key.k.arn") + 'resource "aws_kms_key" "k" {}\n',
            "other/main.tf": table("other"),
        },
    )
    assert failed("modules/table/main.tf") == {"live: module.orders.aws_dynamodb_table.t"}


def test_a_module_is_followed_through_other_modules(repository: Path) -> None:
    write(
        repository,
        {
            "modules/table/main.tf": MODULE,
            "modules/service/main.tf": 'variable "key" {}\n' + call("table", "../table", "var.key"),
            "live/main.tf": call("orders", "../modules/service"),
        },
    )
    whole = {"live: module.orders.module.table.aws_dynamodb_table.t"}
    for name in ("modules/table/main.tf", "modules/service/main.tf", "live/main.tf"):
        assert failed(name) == whole


def test_untouched_parts_of_a_calling_root_are_not_blamed(repository: Path) -> None:
    write(
        repository,
        {
            "modules/table/main.tf": MODULE,
            "modules/other/main.tf": MODULE,
            "live/main.tf": call("orders", "../modules/table") + call("other", "../modules/other") + table("own"),
        },
    )
    assert failed("modules/table/main.tf") == {"live: module.orders.aws_dynamodb_table.t"}
    assert failed("live/main.tf") == {
        "live: module.orders.aws_dynamodb_table.t",
        "live: module.other.aws_dynamodb_table.t",
        "live: aws_dynamodb_table.own",
    }


def test_an_effect_on_another_directory_is_seen(repository: Path) -> None:
    """What a module puts out may end up in the root, or in another module."""
    write(
        repository,
        {
            "modules/key/main.tf": f'output "id" {{\n  value = {AWS_KEY}\n}}\n',
            "modules/table/main.tf": MODULE,
            "live/main.tf": 'module "key" {\n  source = "../modules/key"\n}\n'
            + table("own", "module.key.id")
            + call("orders", "../modules/table", "module.key.id")
            + table("unrelated"),
        },
    )
    assert failed("modules/key/main.tf") == {
        "live: aws_dynamodb_table.own",
        "live: module.orders.aws_dynamodb_table.t",
    }


def test_a_variables_file_concerns_its_directory(repository: Path) -> None:
    write(repository, {"a/main.tf": MODULE, "a/terraform.tfvars": f"key = {AWS_KEY}\n", "b/main.tf": table("b")})
    assert failed("a/terraform.tfvars") == {"a: aws_dynamodb_table.t"}


def test_what_a_rule_says_of_a_whole_root_is_reported(repository: Path) -> None:
    """A table in a module makes the root's VPC one that needs an endpoint."""
    write(
        repository,
        {
            "modules/table/main.tf": MODULE,
            "live/main.tf": call("orders", "../modules/table")
            + 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n',
        },
    )
    assert failed("modules/table/main.tf", options=Options(select=("DDB301",))) == {"live: aws_vpc.v"}


def test_a_broken_file_of_an_analysed_root_is_reported(repository: Path) -> None:
    write(
        repository,
        {
            "modules/table/main.tf": MODULE,
            "modules/broken/main.tf": "resource {",
            "live/main.tf": call("orders", "../modules/table") + call("broken", "../modules/broken"),
            "elsewhere/main.tf": "resource {",
        },
    )
    found = survey([Path("modules/table/main.tf")], ONLY_KEYS).report
    assert {each.place.path for each in found.findings if each.rule == "DDB000"} == {"modules/broken/main.tf"}


@pytest.mark.parametrize(
    "text",
    [
        'module "m" {\n  source = "../module"\n}\n',
        'module "m" {\n  source="../module/"\n}\n',
        'module "m" { source = "./../module" }\n',
        'module "m" {\n  source = "../caller/../module" # it\n}\n',
    ],
)
def test_calls_are_found_however_they_are_written(repository: Path, text: str) -> None:
    write(repository, {"module/main.tf": "", "caller/main.tf": text, "other/main.tf": ""})
    (batch,) = discover([Path("module/main.tf")], repository).batches
    assert set(batch.directories) == {repository / "module", repository / "caller"}


def test_calls_in_json_are_found(repository: Path) -> None:
    write(
        repository,
        {
            "module/main.tf": table("t"),
            "a/main.tf.json": '{"module": {"m": {"source": "../module"}}}',
            "b/main.tf.json": '{"module": {"m": {"source": "..\\/module"}}}',
        },
    )
    (batch,) = discover([Path("module/main.tf")], repository).batches
    assert set(batch.directories) == {repository / "module", repository / "a", repository / "b"}
    assert failed("module/main.tf") == {"a: module.m.aws_dynamodb_table.t", "b: module.m.aws_dynamodb_table.t"}


def test_callers_that_git_ignores_do_not_count(repository: Path) -> None:
    write(repository, {".gitignore": "/scratch/\n", "m/main.tf": MODULE, "scratch/main.tf": call("m", "../m")})
    assert failed("m/main.tf") == set()


def test_what_only_looks_like_a_call_is_not_reported_on(repository: Path) -> None:
    write(
        repository,
        {"m/main.tf": table("t"), "x/main.tf": table("x") + '# module\nlocals {\n  path = "../m"\n}\n'},
    )
    assert failed("m/main.tf") == {"m: aws_dynamodb_table.t"}


def test_modules_outside_a_named_directory_are_read_within_the_repository(repository: Path) -> None:
    write(repository, {"modules/table/main.tf": MODULE, "infra/prod/main.tf": call("orders", "../../modules/table")})
    expected = {"infra/prod: module.orders.aws_dynamodb_table.t"}
    assert failed("infra/prod") == failed("infra") == failed("infra/prod/main.tf") == expected


def test_nothing_is_read_outside_of_the_repository(repository: Path) -> None:
    write(repository.parent, {"modules/table/main.tf": MODULE, "p.json": POLICY})
    (repository / "linked").symlink_to(repository.parent / "modules/table", target_is_directory=True)
    write(
        repository,
        {
            "infra/main.tf": call("out", "../../modules/table")
            + call("linked", "../linked")
            + 'resource "aws_iam_policy" "p" {\n  policy = file("../../p.json")\n}\n'
        },
    )
    for path in ("infra", "infra/main.tf"):
        report = survey([Path(path)]).report
        assert {each.resource for each in report.findings if each.rule == "DDB001"} == {"module.out", "module.linked"}
        assert all(each.outcome is not Outcome.FAIL for each in report.findings if "aws_iam_policy" in each.resource)


def test_without_a_repository_nothing_is_read_outside_of_a_named_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"modules/table/main.tf": MODULE, "infra/main.tf": call("orders", "../modules/table")})
    assert failed("infra") == failed("infra/main.tf") == set()
    assert failed(".") == {"infra: module.orders.aws_dynamodb_table.t"}


def test_a_directory_takes_precedence_over_files_in_it(repository: Path) -> None:
    write(repository, {"a/main.tf": table("a"), "b/main.tf": table("b"), "b/m/main.tf": table("m")})
    assert failed("a/main.tf", "b", "b/main.tf") == {
        "a: aws_dynamodb_table.a",
        "b: aws_dynamodb_table.b",
        "b/m: aws_dynamodb_table.m",
    }


def test_circles_of_calls_end(repository: Path) -> None:
    calls = 'variable "key" {}\n' + "".join(call(f"{name}{i}", f"../{name}") for name in "ab" for i in range(3))
    write(repository, {"a/main.tf": calls, "b/main.tf": calls + table("t")})
    assert failed("b/main.tf") == {f"a: module.b{i}.aws_dynamodb_table.t" for i in range(3)}
    report = survey([Path("a/main.tf")]).report
    (circle,) = {each.message for each in report.findings if each.resource == "module.a0"}
    assert "is part of a circle of calls" in circle


DIRECTORIES = tuple(f"d{i}" for i in range(5))


@st.composite
def repositories(draw: st.DrawFn) -> dict[str, str]:
    """Directories that call each other in all ways, circles included, beside templates and policies."""
    files = {"t.yaml": TEMPLATE, "p.json": POLICY, "values.yaml": "replicas: 3\n"}
    for here in DIRECTORIES:
        called = draw(st.lists(st.sampled_from(DIRECTORIES), unique=True, max_size=2))
        key = draw(st.sampled_from((AWS_KEY, "var.key")))
        files[f"{here}/calls.tf"] = "".join(call(f"to_{name}", f"../{name}", key) for name in called)
        files[f"{here}/main.tf"] = 'variable "key" {}\n' + table(here, draw(st.sampled_from((AWS_KEY, "var.key"))))
        if draw(st.booleans()):
            files[f"{here}/terraform.tfvars"] = f"key = {AWS_KEY}\n"
    if draw(st.booleans()):
        files["d0/broken.tf"] = "resource {"
    return files


def seen(names: Iterable[str]) -> set[tuple[object, ...]]:
    found = survey([Path(name) for name in names])
    assert found.report.errors == []
    return {
        (
            each.rule,
            each.outcome,
            each.severity,
            each.resource,
            each.place,
            each.message,
            each.related,
            each.fingerprint,
        )
        for each in found.findings
    }


@settings(max_examples=25)
@given(files=repositories(), data=st.data())
def test_the_result_does_not_depend_on_batches(files: dict[str, str], data: st.DataObject) -> None:
    names = data.draw(st.permutations(sorted(files)))
    named = names[: data.draw(st.integers(1, len(names)))]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(named)), max_size=3)))
    parts = [named[a:b] for a, b in zip([0, *cuts], [*cuts, len(named)], strict=True) if a < b]
    with tempfile.TemporaryDirectory() as top, chdir(top):
        Path(".git").mkdir()
        write(Path(), files)
        assert seen(named) == set[tuple[object, ...]]().union(*map(seen, parts))


@settings(max_examples=15)
@given(files=repositories())
def test_all_files_give_what_the_directory_gives(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as top, chdir(top):
        Path(".git").mkdir()
        write(Path(), files)
        assert seen(files) == seen(["."])
