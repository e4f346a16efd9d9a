"""Terraform text that is broken, huge or malicious: a clear problem or a value, never a crash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dynavet.engine import model
from dynavet.model import Project
from dynavet.text import Text
from dynavet.values import Known, Unknown

FIXTURES = sorted((Path(__file__).parent / "fixtures").rglob("*.tf"))
AS_JSON = json.dumps(
    {
        "//": {"metadata": {"stackName": "s"}},
        "variable": {"v": {"type": "map(string)", "default": {"a": "b"}}},
        "locals": {"l": "${[for k, v in var.v : \"${k}-${v}\"]}"},
        "data": {"aws_iam_policy_document": {"d": {"statement": [{"actions": ["*"], "resources": "${local.l}"}]}}},
        "resource": {
            "aws_dynamodb_table": {
                "t": {
                    "for_each": "${var.v}",
                    "name": "%{ if true }a \"${each.key}\"%{ else }b%{ endif }",
                    "dynamic": {"replica": {"for_each": ["x"], "content": {"region_name": "${replica.value}"}}},
                    "lifecycle": {"prevent_destroy": True, "enabled": "${var.v == null}"},
                }
            },
            "aws_iam_policy": {"p": {"policy": "${data.aws_iam_policy_document.d.json}"}},
        },
        "module": {"m": {"source": "./m", "providers": {"aws": "aws.x"}}},
    },
    indent=1,
).encode()  # fmt: skip

PIECES = [b"${", b"%{ if ", b"}", b"{", b"[", b"]", b"(", b")", b'"', b"\\", b"<<X\n", b"\n", b"\r\n", b"\x00", b"\xff"]
PIECES += [
    b"=",
    b"...",
    b"for x in ",
    b" ? ",
    b" : ",
    b"null",
    b"dynamic ",
    b"count = ",
    b"-1",
    b"1e999",
    b"//",
    b"/*",
    b"~",
]


def read(files: dict[str, bytes]) -> list[Project]:
    """The projects; the reader must not have crashed."""
    with tempfile.TemporaryDirectory() as directory, chdir(directory):
        for name, data in files.items():
            Path(name).write_bytes(data)
        projects, errors = model([Path()])
    assert errors == []
    return projects


def problems(files: dict[str, bytes]) -> list[str]:
    found = [each for project in read(files) for each in project.problems]
    return [f"{each.origin.line}:{each.origin.column} {each.message}" for each in found]


def names(files: dict[str, bytes]) -> list[object]:
    tables = [table for project in read(files) for table in project.tables]
    return [table.name.value for table in tables if isinstance(table.name, Known)]


# ------------------------------------------------------------ whatever it is


def mutations(texts: list[bytes]) -> st.SearchStrategy[bytes]:
    """Real text with pieces cut out, doubled, moved and put in."""

    @st.composite
    def mutated(draw: st.DrawFn) -> bytes:
        data = draw(st.sampled_from(texts))
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(data)))
            length = draw(st.integers(0, 30))
            piece = draw(st.sampled_from([b"", data[start : start + length] * 2, *PIECES]))
            to = draw(st.sampled_from([start, start + length]))
            data = data[:start] + piece + data[to:]
        return data

    return mutated()


@settings(max_examples=150, deadline=None)
@given(mutations([path.read_bytes() for path in FIXTURES]))
def test_no_text_makes_the_reader_crash(data: bytes) -> None:
    read({"main.tf": data, "terraform.tfvars": data})


@settings(max_examples=150, deadline=None)
@given(mutations([AS_JSON]))
def test_no_json_makes_the_reader_crash(data: bytes) -> None:
    read({"main.tf.json": data, "terraform.tfvars.json": data})


# ------------------------------------------------------------ bytes

TABLE = b'resource "aws_dynamodb_table" "t" {\n  name = %s\n}\n'


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + TABLE % b'"t"',
        (TABLE % b'"t"').replace(b"\n", b"\r\n"),
        (TABLE % b'"t"').replace(b" ", b"\t"),
        (TABLE % b'"t"').rstrip(b"\n"),
        b"# \xff Latin-1 in a comment\n/* \xfe\xff */" + TABLE % b'"t"',
    ],
)
def test_what_terraform_reads_is_read(data: bytes) -> None:
    assert problems({"main.tf": data}) == []
    assert names({"main.tf": data}) == [Text.of("t")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing\n", b"/* nothing */", b"\xef\xbb\xbf"])
def test_nothing_is_no_problem(data: bytes) -> None:
    assert problems({"main.tf": data}) == []


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("main.tf", TABLE % b'"a\x00"', "2:12 expected "),
        ("main.tf", TABLE % b'"\xc3\xa4\xff"', "2:12 is not UTF-8 text (byte 48)"),
        ("main.tf", b"# \xff\n" + TABLE % b'"\xff"', "3:11 is not UTF-8 text (byte 50)"),
        ("main.tf", "x {}".encode("utf-16"), "1:1 is not UTF-8 text (byte 0)"),
        ("main.tf.json", b'{"locals":\n {"a": "\xc3\xa4\xff"}}', "2:10 is not UTF-8 text (byte 21)"),
        ("main.tf.json", b"", "1:1 expected a JSON value"),
        ("main.tf.json", b"null", "1:1 expected an object or a list of objects"),
        ("main.tf.json", b'{"a": "\x00"}', "1:8 expected no control character"),
        ("main.tf", TABLE % b'"${"', "2:11 expected the end of the text that begins with '${'"),
        ("main.tf", TABLE % b'"a ${upper(b"', "2:21 expected "),
        ("main.tf", TABLE % b"", "2:3 expected "),
        ("main.tf", TABLE[:-2] % b'"t"', "3:1 expected '}'"),
    ],
)
def test_what_cannot_be_read_has_a_place(name: str, data: bytes, problem: str) -> None:
    (found,) = problems({name: data, "other.tf": (TABLE % b'"u"').replace(b'"t"', b'"u"')})
    assert found.startswith(problem)
    assert Text.of("u") in names({name: data, "other.tf": (TABLE % b'"u"').replace(b'"t"', b'"u"')})


# ------------------------------------------------------------ depth


def nested(depth: int) -> Iterator[bytes]:
    yield b"[" * depth + b"]" * depth
    yield b"(" * depth + b"1" + b")" * depth
    yield b"{a=" * depth + b"1" + b"}" * depth
    yield b'"${' * depth + b"1" + b'}"' * depth
    yield b"upper(" * depth + b'"a"' + b")" * depth
    yield b"1+" * depth + b"1"
    yield b"!" * depth + b"true"
    yield b"true ? 1 : " * depth + b"1"
    yield b"a" + b".b" * depth
    yield b"a" + b"[0]" * depth
    yield b"a" + b"[*]" * depth
    yield b"[for x in " * depth + b"[]" + b" : x]" * depth


@pytest.mark.parametrize("depth", [50, 1_000, 5_000])
def test_nesting_ends_in_a_value_or_a_problem_with_a_place(depth: int) -> None:
    for number, expression in enumerate(nested(depth)):
        found = problems({"main.tf": TABLE % expression})
        assert all(each.startswith("2:") for each in found), (number, found)
        assert depth > 50 or not found, (number, found)


def test_deep_blocks_are_a_problem() -> None:
    (found,) = problems({"main.tf": TABLE % (b'"t"\n' + b"a {\n" * 2_000 + b"}\n" * 2_000)})
    assert found.endswith("expected expressions nested less deeply")


def test_a_long_way_from_name_to_name_is_undecided() -> None:
    locals_ = b"".join(b"  l%d = local.l%d\n" % (i, i + 1) for i in range(3_000))
    files = {"main.tf": b'locals {\n%s  l3000 = "x"\n}\n' % locals_ + TABLE % b"local.l0"}
    (table,) = [table for project in read(files) for table in project.tables]
    assert isinstance(table.name, Unknown)
    assert "is nested too deeply" in table.name.reason


def test_deep_json_is_a_problem() -> None:
    text = b'{"resource":{"aws_dynamodb_table":{"t":{"name":%s}}}}'
    (found,) = problems({"main.tf.json": text % (b"[" * 1_000 + b"]" * 1_000)})
    assert "at most 100 levels" in found
    (found,) = problems({"main.tf.json": text % (b'"${' + b"[" * 1_000 + b"]" * 1_000 + b'}"')})
    assert "expected a template" in found
