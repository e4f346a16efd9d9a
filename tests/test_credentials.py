"""Keys of AWS in the code: the forms in which they are found, and that their values go nowhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.engine import Options, scan
from dynavet.reporters import FORMATS
from dynavet.text import Hole, Reference, Text
from dynavet.values import Known, Unknown, Value
from dynavet_parsers.credentials import in_script, in_value, possible

FIXTURES = Path(__file__).parent / "fixtures" / "checks" / "DDB212"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def of_key(reference: Reference) -> bool:
    return reference.target == "key"


def text(*parts: str | Reference | Hole) -> Value[Text | None]:
    return Known(Text.of(*parts))


@pytest.mark.parametrize("command", [["model"], *(["scan", "--show", "all", "--format", name] for name in FORMATS)])
@pytest.mark.parametrize("fixture", ["fail_written.tf", "fail_written.yaml", "pass_written.tf"])
def test_the_value_of_a_key_is_never_shown(command: list[str], fixture: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "dynavet", *command, fixture], cwd=FIXTURES, capture_output=True, text=True, check=False
    )
    assert fixture in ran.stdout, ran.stderr
    for value in (KEY, SECRET, KEY[:12], SECRET[:12]):
        assert value not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("value", "named", "is_key"),
    [
        (text(KEY), True, True),
        (text(KEY), False, True),
        (text(SECRET), True, True),
        (text(SECRET), False, False),
        (text("test"), True, False),
        (text(KEY.replace("AKIA", "ASIA")), True, False),
        (text(Reference("key", "secret")), False, True),
        (text(Reference("table", "name")), False, False),
        (Unknown("var.x has no value"), False, False),
        (Known(None), True, False),
    ],
)
def test_values_of_variables(value: Value[Text | None], named: bool, is_key: bool) -> None:
    assert in_value(value, of_key, named=named) == Known(is_key)


@pytest.mark.parametrize("value", [Unknown("var.x has no value"), text(Hole("var.x has no value"))])
def test_a_named_variable_without_a_value_is_undecided(value: Value[Text | None]) -> None:
    assert in_value(value, of_key, named=True) == Unknown("var.x has no value")


@pytest.mark.parametrize(
    ("value", "is_key"),
    [
        (text(f"export AWS_ACCESS_KEY_ID={KEY}"), True),
        (text(f"export AWS_SECRET_ACCESS_KEY='{SECRET}'"), True),
        (text(f"aws_secret_access_key = {SECRET}\n"), True),
        (text(f"aws configure set aws_secret_access_key {SECRET}"), True),
        (text(f'{{"secret_access_key": "{SECRET}"}}'), True),
        (text("echo ", Reference("key", "secret")), True),
        (text(f"sha1 {SECRET}"), False),
        (text("echo $AWS_SECRET_ACCESS_KEY"), False),
        (text("echo ", Hole("var.x has no value")), False),
        (Unknown("var.x has no value"), False),
    ],
)
def test_scripts(value: Value[Text | None], is_key: bool) -> None:
    assert in_script(value, of_key) == Known(is_key)


def test_a_script_that_sets_what_has_no_value_is_undecided() -> None:
    script = text("export AWS_SECRET_ACCESS_KEY=", Hole("var.x has no value"), "\n")
    assert in_script(script, of_key) == Unknown("var.x has no value")
    assert possible(in_script(script, of_key))


@given(script=st.text(), named=st.booleans())
def test_any_text_is_decided(script: str, named: bool) -> None:
    assert isinstance(in_script(text(script), of_key), Known)
    assert isinstance(in_value(text(script), of_key, named=named), Known)


def test_a_key_in_text_from_another_file_is_placed_at_the_resource(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    containers = [{"name": "orders", "environment": [{"name": "UPLOAD_KEY", "value": KEY}]}]
    (tmp_path / "containers.json").write_text(json.dumps(containers), "utf-8")
    task = 'resource "aws_ecs_task_definition" "orders" {\n  container_definitions = file("containers.json")\n}\n'
    (tmp_path / "main.tf").write_text(task, "utf-8")
    monkeypatch.chdir(tmp_path)
    (found,) = scan([Path()], Options(select=("DDB212",))).findings
    assert (found.place.path, found.place.line) == ("main.tf", 1)
