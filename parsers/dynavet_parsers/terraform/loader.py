"""Finding roots, reading directories once, calling modules."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dynavet.model import DescribedModule, MissingSource
from dynavet.regexes import regex
from dynavet.sources import SourceError, Sources
from dynavet.terraform_files import is_configuration
from dynavet.values import ABSENT, Unknown
from dynavet_parsers.terraform.configuration import Configuration, load, local_source, source_text
from dynavet_parsers.terraform.described import Description, description_of, strange_argument
from dynavet_parsers.terraform.evaluate import evaluate
from dynavet_parsers.terraform.expressions import Block

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module

_INSTANCE_KEY = regex(r'\[(?:"[^"]*"|\d+)\]')

MAX_DEPTH = 32
"""Module calls nested deeper than this are not followed."""

MAX_MODULES = 10_000
"""Instances of modules in one root that are not the same; calls beyond are not followed."""


class Loader:
    """Directories of one scan, each read once.

    `missing` collects the calls whose source is not here, `described` those that are understood without.
    """

    def __init__(self, directories: Mapping[Path, list[Path]], sources: Sources) -> None:
        self.sources = sources
        self.missing: list[MissingSource] = []
        self.described: list[DescribedModule] = []
        self._files = dict(directories)
        self._read: dict[Path, Configuration] = {}
        self._named: set[str] = set()
        self._manifests: dict[Path, dict[str, str]] = {}

    def configuration(self, directory: Path) -> Configuration | None:
        """The configuration of a directory, `None` if it has no Terraform files in scope."""
        directory = Path(os.path.normpath(directory))
        if directory not in self._read:
            files = self._files.get(directory)
            if files is None:
                files = self._unlisted(directory)
            if not files:
                return None
            self._read[directory] = load(directory, files, self.sources)
        return self._read[directory]

    def _unlisted(self, directory: Path) -> list[Path]:
        """A directory that was not named but lies in the scanned root."""
        if not self.sources.inside(directory) or not directory.is_dir():
            return []
        return [path for path in directory.iterdir() if is_configuration(path.name)]

    def relative(self, directory: Path, start: Path) -> str:
        return os.path.relpath(directory, start).replace(os.sep, "/")

    def local_calls(self, configuration: Configuration) -> Iterator[Path]:
        """The directories that a configuration calls as modules, itself left out."""
        for call in configuration.modules.values():
            source = local_source(call)
            if source is not None:
                target = Path(os.path.normpath(configuration.directory / source))
                if target != configuration.directory:
                    yield target

    def called(self) -> set[Path]:
        """Directories that a module call of another directory names."""
        read = [self.configuration(directory) for directory in self._files]
        return {target for each in read if each is not None for target in self.local_calls(each)}

    def called_configuration(self, parent: Module, address: str, block: Block) -> Configuration | Unknown:
        """What a module call names, or why it cannot be had."""
        source = local_source(block)
        directory = parent.configuration.directory / source if source is not None else self._downloaded(parent, address)
        if directory is None:
            return self._elsewhere(parent, address, block)
        if len(parent.calls) >= MAX_DEPTH:
            return self._missing(parent, address, block, f"is nested more than {MAX_DEPTH} calls deep")
        if len(parent.same) >= MAX_MODULES:
            return self._missing(
                parent, address, block, f"is more than {MAX_MODULES} instances of modules into the root"
            )
        if self._is_open(parent, directory):
            return self._missing(parent, address, block, "is part of a circle of calls")
        configuration = self.configuration(directory)
        if configuration is None:
            return self._missing(parent, address, block, "is not in the scanned directory")
        return configuration

    def _elsewhere(self, parent: Module, address: str, block: Block) -> Configuration | Unknown:
        """A module that is not on disk, from its description if there is one."""
        constraint = block.arguments.get("version")
        value = evaluate(constraint.value, parent.scope) if constraint is not None else ABSENT
        found = description_of(block, value)
        if not isinstance(found, Description):
            return self._missing(parent, address, block, found or "is not on disk")
        place = parent.root_directory / ".terraform/modules" / _manifest_key(address)
        configuration = found.configuration(block.at, place)
        strange = strange_argument(block, found, configuration)
        if strange is not None:
            reason = f"is not on disk, and {configuration.described} does not know its argument {strange}"
            return self._missing(parent, address, block, reason)
        source = source_text(block) or ""
        self.described.append(
            DescribedModule(
                address=address, origin=block.at, calls=parent.calls, source=source, versions=found.versions
            )
        )
        return configuration

    def _is_open(self, parent: Module, directory: Path) -> bool:
        """Whether the directory is one of those whose calls led to `parent`, or that of `parent`."""
        files = [call.path for call in parent.calls]
        open_ones = {posixpath.dirname(file) or "." for file in files}
        return self.sources.show(directory) in {*open_ones, self.sources.show(parent.configuration.directory)}

    def _downloaded(self, parent: Module, address: str) -> Path | None:
        """Where ``terraform init`` put a module that is not local, by the manifest that it writes."""
        root = parent.root_directory
        if root not in self._manifests:
            self._manifests[root] = _manifest(root / ".terraform/modules/modules.json", self.sources)
        place = self._manifests[root].get(_manifest_key(address))
        return root / place if place is not None else None

    def _missing(self, parent: Module, address: str, block: Block, reason: str) -> Unknown:
        source = source_text(block) or "its source"
        if not self.missing:
            self._named.clear()
        if address not in self._named:
            self._named.add(address)
            self.missing.append(
                MissingSource(address=address, origin=block.at, calls=parent.calls, source=source, reason=reason)
            )
        return Unknown(f"{address} ({source}) {reason}", block.at)


def _manifest_key(address: str) -> str:
    """The names of the calls that lead to a module, as the manifest writes them."""
    return ".".join(_INSTANCE_KEY.sub("", address).split(".")[1::2])


def _manifest(path: Path, sources: Sources) -> dict[str, str]:
    """Directories by dotted module path; empty without a manifest that can be read."""
    try:
        content = json.loads(sources.read(path))
    except (SourceError, ValueError, RecursionError):
        return {}
    modules = content.get("Modules") if isinstance(content, dict) else None
    entries = [each for each in modules if isinstance(each, dict)] if isinstance(modules, list) else []
    return {str(each["Key"]): str(each["Dir"]) for each in entries if each.get("Key") and each.get("Dir")}
