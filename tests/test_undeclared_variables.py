"""A value for a variable that nothing declares is a mistake, and is not passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dynavet.cli.root import command

ROOT = 'variable "environment" {}\n\nvariable "key" {}\n'
MODULE = 'variable "inner" {}\n'
CALL = 'module "m" {\n  source = "../module"\n  inner  = var.key\n}\n'


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"root/main.tf": ROOT + CALL, "module/main.tf": MODULE, "plain/main.tf": ""}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    return tmp_path


def dynavet(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_one_root_that_declares_it_is_enough() -> None:
    assert dynavet(".", "--var", "environment=live", "--var", "key=k").exit_code == 0


@pytest.mark.parametrize(
    ("name", "nearest"), [("enviroment", "environment"), ("keys", "key"), ("Key", "key"), ("inner", "key")]
)
def test_the_nearest_is_named(name: str, nearest: str) -> None:
    for subcommand in ("scan", "model"):
        ran = dynavet(subcommand, ".", "--var", f"{name}=x")
        assert ran.exit_code == 2
        assert f"--var {name}: no Terraform root that was scanned declares this variable" in ran.output
        assert f"did you mean {nearest}?" in ran.output


@pytest.mark.parametrize("path", ["plain", "nothing"])
def test_without_any_variable_there_is_nothing_to_name(tree: Path, path: str) -> None:
    (tree / "nothing").mkdir()
    ran = dynavet(path, "--var", "key=x")
    assert ran.exit_code == 2
    assert "declares this variable" in ran.output
    assert "did you mean" not in ran.output


def test_named_files_show_only_a_part_of_the_repository() -> None:
    assert dynavet("plain/main.tf", "--var", "key=x").exit_code == 0


def test_a_broken_file_may_have_declared_it(tree: Path) -> None:
    (tree / "root" / "more.tf").write_text("variable {")
    ran = dynavet(".", "--var", "missing=x")
    assert ran.exit_code == 2
    assert "DDB000" in ran.output
    assert "--var" not in ran.output
