"""Files that change while they are scanned: what becomes of them is said, and everything else is judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dynavet.sources import SourceError, Sources

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")

TABLE = 'resource "aws_dynamodb_table" "%s" {\n  name = "t"\n}\n'
TEMPLATE = "Resources:\n  %s:\n    Type: AWS::DynamoDB::Table\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}'
ELSEWHERE = "only-to-be-read-outside"

# Changes the files in the moment between looking for them and reading them.
LAUNCH = """
import dynavet.engine
from dynavet.cli import main

whole = dynavet.engine.look_through

def look_through(*arguments):
    whole(*arguments)
    exec(CHANGE)

dynavet.engine.look_through = look_through
main()
"""

VANISH = "import os\nfor name in names: os.unlink(name)"
BECOME_LINKS = "import os\nfor name in names: os.unlink(name); os.symlink(os.path.abspath('../outside/' + name), name)"
BECOME_PIPES = "import os\nfor name in names: os.unlink(name); os.mkfifo(name)"
BECOME_DIRECTORIES = "import os\nfor name in names: os.unlink(name); os.mkdir(name)"
SHRINK = "import os\nfor name in names: os.truncate(name, 20)"
GROW = "for name in names: open(name, 'a').write(chr(10) * 70_000_000)"
NAMES = ("a/main.tf", "t.yaml", "p.json")


def scanned(directory: Path, change: str) -> tuple[int, dict[str, str], set[str], set[str]]:
    """The status, the problems by file, the files in which something else was found, and those passed over."""
    scanned, outside = directory / "scanned", directory / "outside"
    for top, name in ((scanned, "t"), (outside, ELSEWHERE)):
        (top / "a").mkdir(parents=True)
        (top / "a" / "main.tf").write_text(TABLE % name)
        (top / "t.yaml").write_text(TEMPLATE % name.replace("-", ""))
        (top / "p.json").write_text(POLICY)
    (scanned / "ok").mkdir()
    (scanned / "ok" / "main.tf").write_text(TABLE % "ok")
    (scanned / "ok.yaml").write_text(TEMPLATE % "Ok")
    script = LAUNCH.replace("CHANGE", repr(f"names = {NAMES}\n{change}"))
    command = [sys.executable, "-c", script, "--format", "json", "--select", "DDB000,DDB101,DDB201"]
    ran = subprocess.run(command, cwd=scanned, capture_output=True, text=True, check=False, timeout=120)
    assert "crashed" not in ran.stderr and "Traceback" not in ran.stderr, ran.stderr
    assert ELSEWHERE not in ran.stdout and ELSEWHERE.replace("-", "") not in ran.stdout
    report = json.loads(ran.stdout)
    results: list[dict[str, Any]] = report["results"]
    problems = {each["path"]: each["message"] for each in results if each["rule"] == "DDB000"}
    judged = {each["path"] for each in results if each["rule"] != "DDB000"}
    return ran.returncode, problems, judged, {each["path"] for each in report["skipped"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (VANISH, "does not exist"),
        (BECOME_LINKS, "lies outside the scanned directory"),
        (BECOME_PIPES, "is not a regular file"),
        (BECOME_DIRECTORIES, "is not a regular file"),
        (GROW, "is larger than 64 MiB"),
    ],
)
def test_what_can_no_longer_be_read_is_named(change: str, said: str, tmp_path: Path) -> None:
    status, problems, judged, _ = scanned(tmp_path, change)
    assert status == 2
    assert set(problems) == set(NAMES) and all(said in message for message in problems.values()), problems
    assert judged == {"ok/main.tf", "ok.yaml"}


def test_what_is_there_in_part_is_judged_as_it_is_read(tmp_path: Path) -> None:
    status, problems, judged, passed_over = scanned(tmp_path, SHRINK)
    assert status == 2
    assert set(problems) == {"a/main.tf"}
    assert judged == {"ok/main.tf", "ok.yaml"}
    assert passed_over == {"t.yaml", "p.json"}  # of which too little is left to be one


@pytest.mark.parametrize("before", [0, 1])
def test_a_link_that_comes_after_the_look_is_not_followed(
    before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last moment: after the file was found to be inside, before it is opened; read `before` or not."""
    (tmp_path / "scanned").mkdir()
    (tmp_path / "secret").write_text(ELSEWHERE)
    path = tmp_path / "scanned" / "t.yaml"
    path.write_text("here")
    sources = Sources([tmp_path / "scanned"], tmp_path)
    for _ in range(before):
        assert sources.read(path) == b"here"
    opened = os.open

    def swapped(opening: str | Path, flags: int) -> int:
        if os.fspath(opening) == str(path) and not path.is_symlink():
            path.unlink()
            path.symlink_to(tmp_path / "secret")
        return opened(opening, flags)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(SourceError, match="lies outside the scanned directory"):
        sources.read(path)
