"""Files, texts and numbers that are too large, and bytes that are no text: named, with all else judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dynavet.engine import ExitStatus, Options, exit_status, model, scan
from dynavet.findings import Report
from dynavet.values import Known, Unknown
from dynavet_parsers.terraform.syntax import MAX_BYTES

COUNTED = 'resource "aws_dynamodb_table" "t" {\n  count = %s\n  name = "t"\n}\n'
CAPACITY = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  read_capacity = %s\n}\n'
JSON = '{"resource": {"aws_dynamodb_table": {"t": {"name": %s}}}}'
SERVICE = "service: s\nprovider: {name: aws}\ncustom: %s\n"
TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = %s\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: %s\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": [%s, "*"]}]}'
RESOURCE = '{"address": "aws_dynamodb_table.p", "mode": "managed", "type": "aws_dynamodb_table", "name": "p"%s}'
PLAN = (
    '{"format_version": "1.2", "planned_values": {"root_module": {"resources": ['
    + RESOURCE % ', "values": {"name": %s}'
    + ']}}, "configuration": {"root_module": {"resources": ['
    + RESOURCE % ""
    + "]}}}"
)
MANY = 100_000


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to scan with a table that must be judged whatever else is there."""
    (tmp_path / "ok").mkdir()
    (tmp_path / "ok" / "main.tf").write_text(TABLE % '"ok"')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scanned(here: Path, files: dict[str, bytes]) -> Report:
    for name, content in files.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_bytes(content)
    report = scan([Path()], Options(select=("DDB101", "DDB201")))
    assert not report.errors
    assert "ok/main.tf" in {each.place.path for each in report.findings}
    assert (exit_status(report, Options()) is ExitStatus.INCOMPLETE) is bool(problems(report))
    return report


def problems(report: Report) -> dict[str, str]:
    return {each.place.path: each.message for each in report.findings if each.rule == "DDB000"}


def judged(report: Report) -> set[str]:
    return {each.place.path for each in report.findings if each.rule != "DDB000"}


def test_more_of_hcl_than_a_parser_has_memory_for(here: Path) -> None:
    files = {
        "string/m.tf": (TABLE % ('"' + "x" * MAX_BYTES + '"')).encode(),
        "brackets/m.tf": (TABLE % ("[" * MAX_BYTES)).encode(),
        "values/terraform.tfvars": b"\n" * (MAX_BYTES + 1),
        "marks/m.tf": b'# dynavet:ignore DDB101 reason="x"\n' * (MAX_BYTES // 30) + (TABLE % '"t"').encode(),
        "values/m.tf": (TABLE % '"t"').encode(),
    }
    found = problems(scanned(here, files))
    assert set(found) == files.keys() - {"values/m.tf"}
    assert set(found.values()) == {"expected at most 4 MiB of HCL"}


def test_many_comments_that_are_no_text(here: Path) -> None:
    report = scanned(here, {"a/m.tf": b"#\xff\n" * MANY + (TABLE % '"t"').encode()})
    assert "a/m.tf" in judged(report)
    found = problems(scanned(here, {"a/m.tf": b"#\xff\n" * MANY + (TABLE % '"').encode() + b"\xff"}))
    assert found == {"a/m.tf": f"is not UTF-8 text (byte {len('#x') * MANY + MANY + len(TABLE % chr(34))})"}


def test_files_larger_than_what_is_read(here: Path) -> None:
    """They have no contents on the disk."""
    report = scanned(here, dict.fromkeys(("a/m.tf", "a/t.yaml", "a/p.json", "b/terraform.tfvars"), b""))
    (here / "b" / "m.tf").write_text(TABLE % '"t"')
    for path in (*(here / "a").iterdir(), here / "b" / "terraform.tfvars"):
        with path.open("r+b") as file:
            file.truncate(2**36)
    report = scanned(here, {})
    named = set(problems(report)) | {each.path for each in report.skipped}
    assert named == {"a/m.tf", "a/t.yaml", "a/p.json", "b/terraform.tfvars"}


HUGE = "1" * 5_000


@pytest.mark.parametrize("number", [HUGE, "-" + HUGE, "1e308", "1e999999999", "1" + "0" * MANY, "0x" + "f" * 5_000])
def test_numbers_of_any_size(number: str, here: Path) -> None:
    """Python refuses to write, and to read, integers of more than 4300 digits."""
    value = number.replace("0x", "")
    expressions = (value, f'"${{{value}}}"', f"{value} * {value}", f"tostring({value})", f"pow({value}, {value})")
    files = {f"e{index}/m.tf": (TABLE % each).encode() for index, each in enumerate(expressions)}
    files |= {"count/m.tf": (COUNTED % value).encode(), "capacity/m.tf": (CAPACITY % value).encode()}
    files |= {"j/m.tf.json": (JSON % value).encode()}
    files |= {"t.yaml": (TEMPLATE % number).encode(), "p.json": (POLICY % value).encode()}
    files |= {"r.yaml": (TEMPLATE % "t" + f"      ProvisionedThroughput: {{ReadCapacityUnits: {number}}}\n").encode()}
    files |= {"plan.json": (PLAN % value).encode(), "f/serverless.yml": (SERVICE % number).encode()}
    report = scanned(here, files)
    named = judged(report) | set(problems(report)) | {each.path for each in report.skipped}
    hidden = {"count/m.tf", "f/serverless.yml"}
    assert files.keys() - hidden <= named


def test_a_power_that_no_memory_holds_is_undecided(here: Path) -> None:
    (here / "ok" / "main.tf").write_text(TABLE % '"${pow(10, 99999999)}-${10 % 3}"')
    (project,), _ = model([here / "ok"])
    name = project.tables[0].name
    assert isinstance(name, Unknown) or (isinstance(name, Known) and "${?}" in str(name.value))


TEXTS = {
    "NUL": "a\x00b",
    "surrogates": "\\ud800\\udc00\\udfff",
    "directions": "a\u202eb\u2066c",
    "zero width": "a\u200bb\ufeff",
    "combining": "a" + "\u0301" * 1_000,
    "beyond": "\U0010ffff",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_characters_of_every_kind(text: str, here: Path) -> None:
    files = {
        "a/m.tf": TABLE % f'"{text}"',
        "j/m.tf.json": json.dumps({"resource": {"aws_dynamodb_table": {"t": {"name": text}}}}),
        "t.yaml": TEMPLATE % f'"{text}"',
        "t.json": json.dumps({"Resources": {text: {"Type": "AWS::DynamoDB::Table"}}}),
        "p.json": POLICY % json.dumps(text),
    }
    report = scanned(here, {name: each.encode() for name, each in files.items()})
    named = judged(report) | set(problems(report)) | {each.path for each in report.skipped}
    assert files.keys() <= named


ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "latin-1", "utf-8-sig", "utf-7"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_files_in_any_encoding(encoding: str, here: Path) -> None:
    """UTF-8 with a mark is read; of others each is named, or is no file of ours as it stands."""
    files = {"a/m.tf": TABLE % '"tä"', "t.yaml": TEMPLATE % '"tä"', "p.json": POLICY % '"tä"'}
    report = scanned(here, {name: text.encode(encoding) for name, text in files.items()})
    assert files.keys() <= judged(report) | set(problems(report)) | {each.path for each in report.skipped}
    if encoding == "utf-8-sig":
        assert files.keys() <= judged(report)
    if encoding != "utf-7":
        assert ("a/m.tf" in problems(report)) is (encoding != "utf-8-sig")
