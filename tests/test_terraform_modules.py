"""Modules: each call is judged by what it supplies, and what is the same is read once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dynavet.engine import Options, scan, survey
from dynavet.findings import Finding, Report
from dynavet.rule import Outcome

TABLE = """\
variable "key" {
  default = null
}

resource "aws_dynamodb_table" "t" {
  name     = "orders"
  hash_key = "id"
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}
"""
KEY = 'resource "aws_kms_key" "k" {}\n'
ONLY_KEYS = Options(select=("DDB101",))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def call(name: str, source: str, arguments: str = "") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n  {arguments}\n}}\n'


def failures(report: Report) -> list[Finding]:
    return [each for each in report.findings if each.outcome is Outcome.FAIL]


def places(report: Report) -> dict[str, tuple[str, int]]:
    return {each.resource: (each.place.path, each.place.line) for each in failures(report)}


def test_two_calls_of_one_module_fail_only_where_both_are_bad_each_at_its_caller() -> None:
    write({"table/main.tf": TABLE, "main.tf": KEY + call("a", "./table") + call("b", "./table")})
    assert places(scan([Path()], ONLY_KEYS)) == {
        "module.a.aws_dynamodb_table.t": ("main.tf", 2),
        "module.b.aws_dynamodb_table.t": ("main.tf", 6),
    }
    write({"main.tf": KEY + call("a", "./table") + call("b", "./table", "key = aws_kms_key.k.arn")})
    assert places(scan([Path()], ONLY_KEYS)) == {"module.a.aws_dynamodb_table.t": ("main.tf", 2)}


def test_the_place_is_the_argument_that_supplies_the_bad_value_and_the_module_is_related() -> None:
    write({"table/main.tf": TABLE, "main.tf": call("a", "./table", 'key = "alias/aws/dynamodb"')})
    (finding,) = failures(scan([Path()], ONLY_KEYS))
    assert (finding.place.path, finding.place.line) == ("main.tf", 3)
    assert [(each.place.path, each.place.line) for each in finding.related] == [("table/main.tf", 10)]


def test_instances_of_a_call_that_are_the_same_are_one_finding_with_all_addresses() -> None:
    write({"table/main.tf": TABLE, "main.tf": call("a", "./table", "count = 3")})
    report = scan([Path()], ONLY_KEYS)
    (finding,) = failures(report)
    assert finding.instances == tuple(f"module.a[{i}].aws_dynamodb_table.t" for i in range(3))
    assert report.tables == 3


def test_each_of_them_has_a_fingerprint_of_its_own() -> None:
    """So a baseline of two instances does not hide a third."""
    write({"table/main.tf": TABLE, "main.tf": call("a", "./table", "count = 2")})
    known = frozenset(each.fingerprint for each in survey([Path()], ONLY_KEYS).findings)
    write({"main.tf": call("a", "./table", "count = 3")})
    (finding,) = failures(scan([Path()], Options(select=("DDB101",), baseline=known)))
    assert finding.instances == ("module.a[2].aws_dynamodb_table.t",)


def chain(length: int) -> dict[str, str]:
    """Modules that each call the next one twice with the same arguments."""
    middle = 'variable "key" {\n  default = null\n}\n'
    files = {"main.tf": call("a", "./m1") + call("b", "./m1")}
    for number in range(1, length):
        following = f"../m{number + 1}"
        calls = call("a", following, "key = var.key") + call("b", following, "key = var.key")
        files[f"m{number}/main.tf"] = middle + calls
    return files | {f"m{length}/main.tf": TABLE}


def test_a_chain_of_doubled_calls_is_read_once_for_each_module() -> None:
    write(chain(30))
    report = scan([Path()], ONLY_KEYS)
    assert [(each.place.path, each.place.line) for each in failures(report)] == [("main.tf", 1), ("main.tf", 5)]
    assert report.tables == 2**30


def test_a_short_chain_lists_every_address() -> None:
    write(chain(3))
    names = {each for finding in failures(scan([Path()], ONLY_KEYS)) for each in finding.instances}
    assert names == {f"module.{x}.module.{y}.module.{z}.aws_dynamodb_table.t" for x in "ab" for y in "ab" for z in "ab"}


def test_a_suppression_on_one_call_does_not_cover_the_same_call_beside_it() -> None:
    files = chain(2)
    files["m1/main.tf"] = files["m1/main.tf"].replace(
        'module "b"', '# dynavet:ignore DDB101 reason="public data"\nmodule "b"'
    )
    write(files)
    assert {each for finding in failures(scan([Path()], ONLY_KEYS)) for each in finding.instances} == {
        "module.a.module.a.aws_dynamodb_table.t",
        "module.b.module.a.aws_dynamodb_table.t",
    }


def test_what_a_same_instance_gives_is_linked_to_what_it_declares() -> None:
    """The VPC's endpoint is found through the outputs of whichever of the two calls."""
    network = """
    resource "aws_vpc" "v" {}
    output "id" { value = aws_vpc.v.id }
    """
    stack = call("one", "../network") + call("two", "../network")
    stack += """
    resource "aws_dynamodb_table" "t" {}
    resource "aws_vpc_endpoint" "one" {
      vpc_id       = module.one.id
      service_name = "com.amazonaws.eu-west-1.dynamodb"
    }
    resource "aws_vpc_endpoint" "two" {
      vpc_id       = module.two.id
      service_name = "com.amazonaws.eu-west-1.dynamodb"
    }
    """
    write({"network/main.tf": network, "stack/main.tf": stack, "main.tf": call("s", "./stack")})
    report = scan([Path()], Options(select=("DDB301",), show=frozenset(Outcome)))
    assert {each.outcome for each in report.findings if each.rule == "DDB301"} == {Outcome.PASS}
