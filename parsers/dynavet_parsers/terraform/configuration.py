"""The files of one directory as one configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import TypeVar

from dynavet.model import SourceProblem
from dynavet.records import dataclass
from dynavet.sources import SourceError, Sources
from dynavet.terraform_files import in_order, is_override
from dynavet.values import Origin
from dynavet_parsers.remarks import MARKS
from dynavet_parsers.terraform.expressions import Argument, Block, Literal
from dynavet_parsers.terraform.json_syntax import parse_json_body
from dynavet_parsers.terraform.lifecycle import setting
from dynavet_parsers.terraform.overriding import overridden
from dynavet_parsers.terraform.syntax import HclError, parse_body

META_ARGUMENTS = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
"""Arguments of a module call that are no inputs of the module."""
K = TypeVar("K")
D = TypeVar("D", Block, Argument)

_LABELS = {"resource": 2, "data": 2}


@dataclass(slots=True)
class Configuration:
    """What the files of a directory declare, by name; `files` as the user sees them.

    `remarked`: there may be suppressions in them.
    `described` names what it was read from, where that is not the module itself.
    """

    directory: Path
    files: list[str] = field(default_factory=list)
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    resources: dict[tuple[str, str], Block] = field(default_factory=dict)
    data: dict[tuple[str, str], Block] = field(default_factory=dict)
    modules: dict[str, Block] = field(default_factory=dict)
    providers: dict[str, Block] = field(default_factory=dict)
    problems: list[SourceProblem] = field(default_factory=list)
    remarked: bool = False
    described: str = ""

    def add(self, block: Block, *, override: bool = False) -> None:
        """Take in one top-level block; the types that say nothing about resources are left out.

        A name that is declared twice, and one that only an override file declares, are problems.
        """
        labels = block.labels
        if block.type == "locals":
            for name, argument in block.arguments.items():
                self._put(self.locals, name, argument, f"local.{name}", override)
        elif block.type == "provider" and len(labels) == 1:
            key = provider_key(block)
            absent = override and key == labels[0] and key not in self.providers
            self._put(self.providers, key, block, f"provider {key}", override and not absent)
        elif block.type in ("resource", "data") and len(labels) == 2:
            into = self.resources if block.type == "resource" else self.data
            name = ".".join(labels if block.type == "resource" else ("data", *labels))
            self._put(into, (labels[0], labels[1]), block, name, override)
        elif block.type in self._named and len(labels) == 1:
            self._put(self._named[block.type], labels[0], block, f"{block.type} {labels[0]}", override)
        elif block.type in ("provider", "resource", "data", *self._named):
            self._problem(f"{block.type} has {len(labels)} labels instead of {_LABELS.get(block.type, 1)}", block.at)

    def check(self) -> None:
        """Problems of blocks as they are after all overriding."""
        for block in (*self.resources.values(), *self.data.values(), *self.modules.values()):
            given = [name for name in ("count", "for_each") if name in block.arguments]
            given += [] if setting(block, "enabled") is None else ["lifecycle.enabled"]
            if len(given) > 1:
                self._problem(f"{' and '.join(given)} cannot stand in one block", block.at)

    @property
    def _named(self) -> dict[str, dict[str, Block]]:
        return {"variable": self.variables, "output": self.outputs, "module": self.modules}

    def _put(self, into: dict[K, D], key: K, item: D, name: str, override: bool) -> None:
        earlier = into.get(key)
        if earlier is None and override:
            self._problem(f"{name} is overridden here, and no file that is not an override file declares it", item.at)
        elif earlier is not None and not override:
            place = f"{earlier.at.path}:{earlier.at.line}"
            self._problem(f"{name} is already declared at {place}; only an override file may do so again", item.at)
        elif isinstance(earlier, Block) and isinstance(item, Block):
            into[key] = overridden(earlier, item)
        else:
            into[key] = item

    def _problem(self, message: str, at: Origin) -> None:
        self.problems.append(SourceProblem(address=at.path, origin=at, message=message))


def provider_key(block: Block) -> str:
    """``aws``, or ``aws.alias`` for a provider block with an alias."""
    alias = block.arguments.get("alias")
    return f"{block.labels[0]}.{alias.value.value}" if alias and isinstance(alias.value, Literal) else block.labels[0]


def load(directory: Path, files: Sequence[Path], sources: Sources) -> Configuration:
    """Read the files; one that cannot be read or parsed is a problem, the others still count."""
    configuration = Configuration(directory)
    for path in in_order(files):
        shown = sources.show(path)
        try:
            body, errors = _parsed(path, shown, sources, configuration)
        except SourceError as error:
            configuration.problems.append(problem_at(shown, str(error), error.line, error.column))
            continue
        except HclError as error:
            configuration.problems.append(problem_at(shown, error.message, error.line, error.column))
            continue
        configuration.files.append(shown)
        configuration.problems += (problem_at(shown, error.message, error.line, error.column) for error in errors)
        for block in body.blocks:
            configuration.add(block, override=is_override(path.name))
    configuration.check()
    return configuration


def _parsed(path: Path, shown: str, sources: Sources, configuration: Configuration) -> tuple[Block, list[HclError]]:
    if path.suffix == ".json":
        return parse_json_body(sources.read_text(path), shown)
    data = sources.read(path)
    configuration.remarked = configuration.remarked or MARKS.search(data) is not None
    return parse_body(data, shown), []


def problem_at(path: str, message: str, line: int, column: int) -> SourceProblem:
    """The problem of a file, at a one-based place in it."""
    return SourceProblem(address=path, origin=Origin(path, line, column, line, column + 1), message=message)


def local_source(call: Block) -> str | None:
    """The relative path of a module call's source, if it is local."""
    source = source_text(call)
    return source if source is not None and source.startswith(("./", "../", ".\\", "..\\")) else None


def source_text(call: Block) -> str | None:
    argument = call.arguments.get("source")
    if argument is not None and isinstance(argument.value, Literal) and isinstance(argument.value.value, str):
        return argument.value.value
    return None
