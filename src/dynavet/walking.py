"""Walking a directory tree: the files in scope whose names matter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import field
from pathlib import Path

from dynavet.assembly import MANIFEST, is_assembly, is_asset, is_bookkeeping
from dynavet.ignoring import FILE as IGNORE_FILE
from dynavet.ignoring import Ignoring
from dynavet.records import dataclass

PASSED_BY = frozenset({".aws-sam", ".git", ".serverless", ".terraform", "node_modules"})
"""Directories of other tools; those of SAM and the Serverless Framework hold copies of what is scanned already."""


@dataclass(slots=True)
class Walk:
    """A walk for files of which `matters` says so by name; in the end, what it did not see.

    `ignored` counts the files and directories that a ``.gitignore`` excludes; `unreadable`
    are directories, with the reason.
    """

    matters: Callable[[str], bool]
    ignored: int = 0
    unreadable: list[tuple[Path, str]] = field(default_factory=list)

    def files(self, directory: Path) -> Iterator[str]:
        """The paths of the files below a directory. Links to directories are not followed."""
        waiting = [(os.fspath(directory), Ignoring.above(directory))]
        while waiting:
            here, parent = waiting.pop()
            try:
                entries = sorted(os.scandir(here), key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable.append((Path(here), f"cannot be read: {error.strerror}"))
                continue
            names = {entry.name for entry in entries}
            ignoring = Ignoring(Path(here), parent) if parent is None or IGNORE_FILE in names else parent
            assembly = MANIFEST in names and is_assembly(Path(here))
            for entry in entries:
                if assembly and (is_asset(entry.name) or is_bookkeeping(entry.name)):
                    continue
                is_directory = entry.is_dir(follow_symlinks=False)
                if not (self._enters(here, entry) if is_directory else self._takes(entry)):
                    continue
                if ignoring.excludes(entry.path, is_directory=is_directory):
                    self.ignored += 1
                elif is_directory:
                    waiting.append((entry.path, ignoring))
                else:
                    yield entry.path

    def _enters(self, parent: str, entry: os.DirEntry[str]) -> bool:
        return entry.name not in PASSED_BY and not _is_asset(parent, entry.name)

    def _takes(self, entry: os.DirEntry[str]) -> bool:
        return self.matters(entry.name) and not _leads_to_directory(entry)


def _leads_to_directory(entry: os.DirEntry[str]) -> bool:
    """Whether a link leads to a directory; one that leads nowhere is a file, which reading then finds out about."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_asset(parent: str, name: str) -> bool:
    """Whether a directory holds what the CDK, or the CDK for Terraform, uploads for a stack."""
    if name == "assets":
        return Path(parent).parts[-3:-1] == ("cdktf.out", "stacks")
    return name.startswith("asset.") and Path(parent).name == "cdk.out"
