"""Trees made to stop a scan or to lead it elsewhere: it ends, says what is wrong, and stays inside."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs the special files of POSIX")

TABLE = 'resource "aws_dynamodb_table" "%s" {\n  name = "%s"\n}\n'
NAMED = 'resource "aws_dynamodb_table" "named" {\n  name = %s\n}\n'
TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n"
ELSEWHERE = "only-to-be-read-outside"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A directory to scan, with a table, beside one that must not be read."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text(TABLE % ("outside", ELSEWHERE))
    (tmp_path / "outside" / "secret").write_text(ELSEWHERE)
    (tmp_path / "outside" / "t.yaml").write_text(TEMPLATE + f"    Properties: {{TableName: {ELSEWHERE}}}\n")
    (tmp_path / "scanned" / "ok").mkdir(parents=True)
    (tmp_path / "scanned" / "ok" / "main.tf").write_text(TABLE % ("ok", "ok"))
    return tmp_path / "scanned"


def run(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "dynavet", *command]
    return subprocess.run(arguments, cwd=directory, capture_output=True, text=True, check=False, timeout=60)


def scanned(directory: Path) -> dict[str, Any]:
    """The report, in which the table that is always there must be judged; nothing may have crashed."""
    ran = run(directory, "--format", "json", "--show", "all", "--select", "DDB000,DDB101")
    assert "crashed" not in ran.stderr and "Traceback" not in ran.stderr, ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    assert "aws_dynamodb_table.ok" in {each["resource"] for each in report["results"]}
    assert ran.returncode == (2 if problems(report) else 1)
    return report


def problems(report: dict[str, Any]) -> dict[str, str]:
    return {each["path"]: each["message"] for each in report["results"] if each["rule"] == "DDB000"}


NAMES = ("p.tf", "p.yaml", "p.json", "package.json", "requirements.txt", "terraform.tfvars", ".gitignore")


def test_pipes_are_not_waited_for(here: Path) -> None:
    for name in NAMES:
        os.mkfifo(here / "ok" / name)
    found = problems(scanned(here))
    assert set(found) == {"ok/p.tf", "ok/p.yaml", "ok/p.json", "ok/package.json"}
    assert all("is not a regular file" in each for each in found.values())


def test_special_files_under_names_that_are_looked_for(here: Path) -> None:
    for directory in (here / "links", here / "pipes"):
        directory.mkdir()
    for name in ("dynavet.toml", "pyproject.toml", "cdk.json", "manifest.json", "pom.xml", ".terraform.lock.hcl"):
        (here / "links" / name).symlink_to("/dev/zero")
        os.mkfifo(here / "pipes" / name)
        os.mkfifo(here / name)
    scanned(here)


def test_sockets_are_not_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.yaml")
        assert list(problems(scanned(here))) == ["s.yaml"]


def test_links_to_devices_are_not_read(here: Path) -> None:
    for name in NAMES:
        (here / "ok" / name).symlink_to("/dev/zero")
    assert list(problems(scanned(here))) == ["ok/p.tf"]


def test_links_in_a_circle_end(here: Path) -> None:
    (here / "loop").symlink_to("loop")
    (here / "ok" / "loop.tf").symlink_to("loop.tf")
    (here / "loop.yaml").symlink_to("loop.yaml")
    (here / "up").symlink_to("..")
    (here / "a").mkdir()
    (here / "a" / "main.tf").write_text('module "m" {\n  source = "../loop"\n}\n' + NAMED % 'file("../loop")')
    report = scanned(here)
    assert set(problems(report)) == {"ok/loop.tf", "loop.yaml"}
    assert all("symbolic links" in each for each in problems(report).values())
    assert "aws_dynamodb_table.named" in {each["resource"] for each in report["results"]}


OUTSIDE = (
    'file("../../outside/secret")',
    'file("link")',
    'file("links/secret")',
    'templatefile("../../outside/secret", {})',
    'filebase64("link")',
    'filesha256("link")',
    'tostring(fileset("../../outside", "*"))',
    'tostring(fileset("links", "*"))',
    'file("{parent}/outside/secret")',
)


def test_functions_read_nothing_outside(here: Path) -> None:
    (here / "a").mkdir()
    (here / "a" / "link").symlink_to("../../outside/secret")
    (here / "a" / "links").symlink_to("../../outside")
    for number, expression in enumerate(OUTSIDE):
        text = NAMED.replace("named", f"t{number}") % expression.replace("{parent}", str(here.parent))
        (here / "a" / f"{number}.tf").write_text(text)
    scanned(here)
    (tables,) = [each["tables"] for each in model(here) if each["root"] == "a"]
    names = {each["address"]: each["name"] for each in tables}
    assert len(names) == len(OUTSIDE)
    for number, expression in enumerate(OUTSIDE):
        assert "outside the scanned directory" in names[f"aws_dynamodb_table.t{number}"].get("unknown", ""), expression


def model(directory: Path) -> list[dict[str, Any]]:
    """The projects, in which nothing from outside may be."""
    shown = run(directory, "model").stdout
    assert ELSEWHERE not in shown
    projects: list[dict[str, Any]] = json.loads(shown)["projects"]
    return projects


def test_modules_outside_are_not_read(here: Path) -> None:
    sources = ["../../outside", "./links", "example/m/aws"]
    (here / "a" / ".terraform" / "modules").mkdir(parents=True)
    entries = [{"Key": f"m{number}", "Source": source, "Dir": "../../outside"} for number, source in enumerate(sources)]
    (here / "a" / ".terraform" / "modules" / "modules.json").write_text(json.dumps({"Modules": entries}))
    (here / "a" / "links").symlink_to("../../outside")
    calls = (f'module "m{number}" {{\n  source = "{source}"\n}}\n' for number, source in enumerate(sources))
    (here / "a" / "main.tf").write_text("".join(calls))
    scanned(here)
    (missing,) = [each["missing"] for each in model(here) if each["root"] == "a"]
    assert {each["source"] for each in missing} == set(sources)


def test_templates_outside_are_not_read(here: Path) -> None:
    (here / "link.txt").symlink_to("../outside/t.yaml")
    (here / "links").symlink_to("../outside")
    there = str(here.parent / "outside" / "t.yaml")
    urls = ["../outside/t.yaml", "link.txt", "links/t.yaml", "file:///etc/passwd", there]
    stack = "  N%d:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: '%s'}\n"
    (here / "t.yaml").write_text("Resources:\n" + "".join(stack % pair for pair in enumerate(urls)))
    scanned(here)
    (missing,) = [each["missing"] for each in model(here) if each["root"] == "t.yaml"]
    assert {each["source"] for each in missing} == set(urls)


def test_files_of_a_service_outside_are_not_read(here: Path) -> None:
    (here / "link.yml").symlink_to("../outside/t.yaml")
    (here / "links").symlink_to("../outside")
    parts = "".join(f"\n  - ${{file({each})}}" for each in ("../outside/t.yaml", "link.yml", "links/t.yaml"))
    (here / "serverless.yml").write_text(f"service: s\nprovider: {{name: aws}}\nresources:{parts}\n")
    scanned(here)
    model(here)


def test_names_of_no_file(here: Path) -> None:
    names = ["a" * 5_000, "a\\u0000b", "\\ud800", "a/" * 3_000]
    stack = '  N%d:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: "%s"}\n'
    (here / "t.yaml").write_text(TEMPLATE + "".join(stack % (i, n) for i, n in enumerate(names) if n != "\\ud800"))
    (here / "a").mkdir()
    expected = set()
    for number, name in enumerate(names):
        text = f'module "m{number}" {{\n  source = "./{name}"\n}}\n'
        for function in ("file", "fileexists", "filemd5"):
            expected.add(f"aws_dynamodb_table.{function}{number}")
            text += NAMED.replace("named", f"{function}{number}") % f'"x${{{function}("{name}")}}"'
        (here / "a" / f"{number}.tf").write_text(text)
    assert expected <= {each["resource"] for each in scanned(here)["results"]}


def test_a_tree_deeper_than_names_of_files_go(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    for _ in range(50):
        name = "d" * 200
        Path(name).mkdir()
        os.chdir(name)
    (found,) = problems(scanned(here)).values()
    assert "cannot be read" in found


def test_a_list_of_modules_that_cannot_be_read_is_none(here: Path) -> None:
    contents = ["[" * 100_000, '{"Modules": ' + "1" * 10_000 + "}", "\x00", '{"Modules": {"a": 1}}']
    for number, content in enumerate(contents):
        (here / str(number) / ".terraform" / "modules").mkdir(parents=True)
        (here / str(number) / ".terraform" / "modules" / "modules.json").write_text(content)
        (here / str(number) / "m.tf").write_text('module "m" {\n  source = "example/m/aws"\n}\n')
    scanned(here)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(here: Path) -> None:
    (here / "shut").mkdir()
    (here / "shut.yaml").write_text(TEMPLATE)
    (here / "shut").chmod(0)
    (here / "shut.yaml").chmod(0)
    try:
        assert set(problems(scanned(here))) == {"shut", "shut.yaml"}
    finally:
        (here / "shut").chmod(0o700)
