"""dynavet and its peers: where they are, and how each is told what to look at."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from benchmarks.measuring import Program

CHECKOV = ("--framework", "terraform", "cloudformation", "--compact", "--quiet", "--skip-download")
INSTALLED_BY_PIP = ("checkov", "cfn-lint", "parliament")
NAMES = (*INSTALLED_BY_PIP, "trivy")
OURS = re.compile(r"aws_(?:dynamodb|dax|iam)_|AWS::(?:DynamoDB|DAX|IAM)::")
"""The resources that checkov's checks must be about to be of the kind of ours."""


class Kind(Enum):
    """What is in a directory."""

    TERRAFORM = "Terraform"
    TEMPLATES = "templates"
    POLICIES = "policies"
    MIXED = "of everything"


@dataclass(frozen=True)
class Programs:
    """Paths of the programs that are there, and the checks of checkov that are about DynamoDB and IAM."""

    dynavet: str
    peers: dict[str, str]
    checks: tuple[str, ...]

    def for_directory(self, kind: Kind) -> list[Program]:
        """dynavet, and the peers that know what is in the directory they are run in."""
        return [self._dynavet("scan", "."), *self._peers(kind)]

    def for_file(self, name: str) -> list[Program]:
        """For a single Terraform file."""
        return [self._dynavet("scan", name), *self._checkovs("--file", name)]

    def for_version(self) -> list[Program]:
        others = ((name, self.peers[name]) for name in ("checkov", "trivy") if name in self.peers)
        return [self._dynavet("--version"), *(Program(name, (path, "--version")) for name, path in others)]

    def _dynavet(self, *arguments: str) -> Program:
        return Program("dynavet", (self.dynavet, *arguments), done=(0, 1, 2))

    def _peers(self, kind: Kind) -> Iterator[Program]:
        if kind is not Kind.POLICIES:
            yield from self._checkovs("--directory", ".")
            if trivy := self.peers.get("trivy"):
                yield Program("trivy", (trivy, "config", "--quiet", "."))
        if kind is Kind.TEMPLATES and (lint := self.peers.get("cfn-lint")):
            yield Program("cfn-lint", (lint, "**/*.yaml", "**/*.json"), done=tuple(range(16)))
        if kind is Kind.POLICIES and (parliament := self.peers.get("parliament")):
            yield Program("parliament", (parliament, "--directory", "."))

    def _checkovs(self, *target: str) -> Iterator[Program]:
        if checkov := self.peers.get("checkov"):
            yield Program("checkov", (checkov, *target, *CHECKOV))
            checks = ",".join(self.checks)
            yield Program("checkov, DynamoDB and IAM", (checkov, *target, *CHECKOV, "--check", checks))


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dynavet", metavar="PATH", help="default: beside this Python")
    parser.add_argument("--no-peers", action="store_true", help="measure dynavet alone")
    parser.add_argument("--peers-env", type=Path, metavar="DIR", help="install peers here, or find them installed")
    for name in NAMES:
        parser.add_argument(f"--{name}", metavar="PATH", help="default: in --peers-env, or on the PATH")


def found(arguments: argparse.Namespace) -> Programs:
    """What the options say. Raises `SystemExit` if dynavet is not there."""
    dynavet = arguments.dynavet or shutil.which("dynavet", path=str(Path(sys.executable).parent))
    if dynavet is None:
        raise SystemExit("dynavet is not installed beside this Python; run `make scan` first, or give --dynavet PATH")
    given = {name: getattr(arguments, name.replace("-", "_")) for name in NAMES}
    peers: dict[str, str] = {}
    for name in () if arguments.no_peers else NAMES:
        path = given[name] or _installed(name, arguments.peers_env) or shutil.which(name)
        if path:
            peers[name] = str(Path(path).absolute())
    return Programs(str(Path(dynavet).absolute()), peers, _checks(peers.get("checkov")))


def _installed(name: str, directory: Path | None) -> str | None:
    """A peer in an environment of its own: checkov does not go together with everything."""
    if directory is None or name not in INSTALLED_BY_PIP:
        return None
    binary = directory.absolute() / name / "bin" / name
    if not binary.exists():
        print(f"installing {name} in {binary.parent.parent}", file=sys.stderr)
        venv.create(binary.parent.parent, with_pip=True, clear=True)
        subprocess.run([binary.parent / "python", "-m", "pip", "install", "--quiet", name], check=True)
    return str(binary)


def _checks(checkov: str | None) -> tuple[str, ...]:
    """The ids of checkov's own checks that are about DynamoDB, DAX and IAM, as it lists them itself."""
    if checkov is None:
        return ()
    listed = subprocess.run([checkov, "--list"], capture_output=True, text=True, check=False).stdout
    rows = (line for line in listed.splitlines() if OURS.search(line))
    return tuple(sorted({each[0] for row in rows if (each := re.search(r"CKV2?_AWS_\d+", row))}))


def versions(programs: Programs) -> Iterator[str]:
    """Name and version of each program."""
    for name, path in (("dynavet", programs.dynavet), *programs.peers.items()):
        ran = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        number = re.search(r"\d+\.\d+[\w.]*", ran.stdout)
        yield f"{name} {number[0]}" if number else name
