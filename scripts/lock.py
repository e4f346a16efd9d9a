"""The pinned and hashed releases that CI installs, ``requirements/*.txt``, for each supported Python and system.

``python scripts/lock.py`` resolves them anew from pyproject.toml, with ``uv``. ``python scripts/lock.py --check``
says, without any network, whether each file has what pyproject.toml asks for.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parent.parent
DIRECTORY = REPOSITORY / "requirements"
OLDEST = "3.11"


@dataclass(frozen=True)
class Lock:
    """A file, and what of pyproject.toml it is for: groups, an extra, and with `project` what dynavet itself needs.

    `named` are requirements that are not to stand there.
    """

    name: str
    groups: tuple[str, ...] = ()
    extra: str = ""
    project: bool = False
    named: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return DIRECTORY / f"{self.name}.txt"

    def command(self, uv: str) -> list[str]:
        wanted = ["pyproject.toml"] if self.project else []
        wanted += [part for group in self.groups for part in ("--group", f"pyproject.toml:{group}")]
        wanted += ["--extra", self.extra] if self.extra else []
        wanted += ["-"] if self.named else []
        options = ["--universal", "--python-version", OLDEST, "--generate-hashes", "--no-annotate", "--no-header"]
        return [uv, "pip", "compile", *wanted, *options, "--no-emit-index-url", "--upgrade", "-o", str(self.path)]

    def wanted(self, project: dict[str, Any]) -> Iterator[Requirement]:
        """What pyproject.toml names itself."""
        texts = list(project["project"]["dependencies"]) if self.project else []
        texts += [*project["project"]["optional-dependencies"].get(self.extra, []), *self.named]
        for group in self.groups:
            texts += _members(group, project["dependency-groups"])
        yield from map(Requirement, texts)


LOCKS = (
    Lock("pip", groups=("pip",)),
    Lock("dev", groups=("dev", "data"), project=True),
    Lock("test", groups=("test",), project=True),
    Lock("fuzz", groups=("fuzz",), project=True),
    Lock("audit", groups=("audit",)),
    Lock("checkov", extra="checkov", project=True),
    Lock("hcl2", named=("python-hcl2>=7",)),
)
"""`checkov` and `hcl2` never come into one environment; see docs/checkov.md."""


def _members(group: str, groups: dict[str, list[Any]]) -> Iterator[str]:
    for each in groups[group]:
        if isinstance(each, str):
            yield each
        else:
            yield from _members(each["include-group"], groups)


def problems(lock: Lock, project: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a file, as far as it can be seen without resolving anew."""
    if not lock.path.is_file():
        yield f"{lock.path.name} is missing"
        return
    text = lock.path.read_text("utf-8")
    if "://" in text:
        yield f"{lock.path.name} names a place to download from"
    pinned: dict[str, list[Version]] = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        found = re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", entry)
        if found is None or "--hash=sha256:" not in entry:
            yield f"{lock.path.name}: {entry.splitlines()[0]} is not pinned and hashed"
        else:
            pinned.setdefault(canonicalize_name(found[1]), []).append(Version(found[2]))
    for requirement in lock.wanted(project):
        versions = pinned.get(canonicalize_name(requirement.name), [])
        if not any(requirement.specifier.contains(version, prereleases=True) for version in versions):
            yield f"{lock.path.name} has no {requirement}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is stale, and end with 1")
    arguments = parser.parse_args()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    if not arguments.check:
        uv = shutil.which("uv")
        if uv is None:
            raise SystemExit("uv is needed to resolve: https://docs.astral.sh/uv/")
        DIRECTORY.mkdir(exist_ok=True)
        for lock in LOCKS:
            named = "\n".join(lock.named)
            subprocess.run(
                lock.command(uv), cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL, input=named, text=True
            )
    found = [problem for lock in LOCKS for problem in problems(lock, project)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        raise SystemExit("run `python scripts/lock.py`")


if __name__ == "__main__":
    main()
