"""What the pages say is so: commands run and print what is shown, options and files exist, links lead somewhere.

A `console` block is run as it stands: ``$ dynavet …`` must print exactly what follows it, and
``$ echo $?`` its exit status.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    page.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "examples/*.md", "benchmarks/*.md")
    for page in sorted(ROOT.glob(pattern))
]

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
INLINE_CODE = re.compile(r"`([^`\n]+)`")
LONG_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
PROJECT = "https://github.com/dynavet/dynavet"

pytestmark = pytest.mark.usefixtures("checkout")


def text_of(page: str) -> str:
    return (ROOT / page).read_text()


def blocks(page: str, language: str) -> list[str]:
    return [body for found, body in BLOCK.findall(text_of(page)) if found == language]


def commands(program: str) -> list[tuple[str, str]]:
    """Each line of a shell block, on any page, that starts `program`."""
    lines = [(page, line) for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()]
    return [(page, line.partition("#")[0].strip()) for page, line in lines if line.split()[:1] == [program]]


def dynavet(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dynavet", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@dataclass
class Step:
    """One command of a console block, and what the page shows as its output."""

    command: str
    shown: list[str] = field(default_factory=list)


def steps(block: str) -> list[Step]:
    found: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Step(line.removeprefix("$ ")))
        else:
            found[-1].shown.append(line)
    return found


@pytest.mark.parametrize(("page", "block"), [(page, block) for page in PAGES for block in blocks(page, "console")])
def test_console_blocks_print_what_they_show(page: str, block: str) -> None:
    status = None
    for step in steps(block):
        if step.command == "echo $?":
            assert step.shown == [str(status)], page
            continue
        program, *arguments = step.command.split()
        assert program == "dynavet", f"{page}: only dynavet is run, not {step.command!r}"
        ran = dynavet(*arguments)
        assert ran.stdout.rstrip("\n").splitlines() == step.shown, f"{page}: {step.command}\n{ran.stderr}"
        status = ran.returncode


@pytest.mark.parametrize(("page", "command"), commands("make"))
def test_make_targets_exist(page: str, command: str) -> None:
    targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
    (target,) = (word for word in command.split()[1:] if "=" not in word)
    assert target in targets, page


@pytest.mark.parametrize(("page", "command"), commands("dynavet"))
def test_options_in_commands_exist(page: str, command: str) -> None:
    """Each subcommand with its own options, as its `--help` tells them."""
    words = command.split()[1:]
    subcommand = words[:1] if words and re.fullmatch(r"[a-z-]+", words[0]) and not words[0].startswith("-") else []
    helped = dynavet(*subcommand, "--help")
    assert helped.returncode == 0, f"{page}: {command}: {helped.stderr}"
    unknown = set(LONG_OPTION.findall(command)) - set(LONG_OPTION.findall(helped.stdout))
    assert not unknown, f"{page}: {command}"


def test_usage_tells_every_option_of_scan() -> None:
    offered = set(LONG_OPTION.findall(dynavet("scan", "--help").stdout)) - {"--help"}
    told = set(LONG_OPTION.findall(text_of("docs/usage.md")))
    assert offered - told == set()


def test_usage_tells_every_command() -> None:
    listing = dynavet("--help").stdout.partition("Commands:")[2]
    offered = set(re.findall(r"^  ([a-z-]+)", listing, re.MULTILINE))
    assert offered
    told = {command.split()[1] for page, command in commands("dynavet") if page == "docs/usage.md"}
    assert offered - told == set()


def test_hook_in_readme_is_the_hook_of_this_repository() -> None:
    (block,) = (found for found in map(yaml.safe_load, blocks("README.md", "yaml")) if "repos" in found)
    (entry,) = block["repos"]
    assert entry["repo"] == PROJECT
    published = {hook["id"] for hook in yaml.safe_load(text_of(".pre-commit-hooks.yaml"))}
    assert {hook["id"] for hook in entry["hooks"]} <= published


def test_action_in_readme_has_inputs_of_this_action() -> None:
    (block,) = (found for found in map(yaml.safe_load, blocks("README.md", "yaml")) if "steps" in found)
    (ours,) = (step for step in block["steps"] if step["uses"].startswith("dynavet/dynavet@"))
    assert set(ours["with"]) <= set(yaml.safe_load(text_of("action.yml"))["inputs"])


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page: str) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(text_of(page)) if "://" not in link]
    missing = [target for target in targets if target and not (ROOT / page).parent.joinpath(target).exists()]
    assert not missing


def test_map_of_the_code_names_what_exists() -> None:
    named = [code for code in INLINE_CODE.findall(text_of("docs/README.md")) if "/" in code and " " not in code]
    assert named
    missing = [path for path in named if not any(ROOT.glob(path.rstrip("/")))]
    assert not missing


def test_examples_page_tells_what_is_found() -> None:
    told = set(re.findall(r"\bDDB\d{3}\b", text_of("examples/README.md")))
    scanned = dynavet("scan", "--show", "fail", "examples")
    assert scanned.returncode == 1, scanned.stderr
    assert told == set(re.findall(r"\bDDB\d{3}\b", scanned.stdout))


@pytest.mark.parametrize(("page", "block"), [(page, block) for page in PAGES for block in blocks(page, "python")])
def test_python_blocks_run(page: str, block: str) -> None:
    ran = subprocess.run([sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{page}: {ran.stderr}"
    assert ran.stdout, page
