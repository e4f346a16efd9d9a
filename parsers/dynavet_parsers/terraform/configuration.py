"""The files of one directory as one configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dynavet.model import SourceProblem
from dynavet.sources import SourceError, Sources
from dynavet.values import Origin
from dynavet_parsers.remarks import MARKS
from dynavet_parsers.terraform.expressions import Argument, Block, Literal
from dynavet_parsers.terraform.json_syntax import parse_json_body
from dynavet_parsers.terraform.syntax import HclError, parse_body

META_ARGUMENTS = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
"""Arguments of a module call that are no inputs of the module."""


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

    def add(self, block: Block) -> None:
        """Take in one top-level block; the types that say nothing about resources are left out."""
        labels = block.labels
        if block.type == "locals":
            self.locals.update(block.arguments)
        elif block.type in ("resource", "data") and len(labels) == 2:
            into = self.resources if block.type == "resource" else self.data
            into[labels[0], labels[1]] = _overridden(into.get((labels[0], labels[1])), block)
        elif block.type == "provider" and labels:
            name = provider_key(block)
            self.providers[name] = _overridden(self.providers.get(name), block)
        elif len(labels) == 1:
            named = {"variable": self.variables, "output": self.outputs, "module": self.modules}.get(block.type)
            if named is not None:
                named[labels[0]] = _overridden(named.get(labels[0]), block)


def provider_key(block: Block) -> str:
    """``aws``, or ``aws.alias`` for a provider block with an alias."""
    alias = block.arguments.get("alias")
    return f"{block.labels[0]}.{alias.value.value}" if alias and isinstance(alias.value, Literal) else block.labels[0]


def _overridden(earlier: Block | None, later: Block) -> Block:
    """A second block of one name, from an override file: its arguments and block types replace.

    https://developer.hashicorp.com/terraform/language/files/override
    """
    if earlier is None:
        return later
    replaced = {block.type for block in later.blocks}
    kept = tuple(block for block in earlier.blocks if block.type not in replaced)
    return replace(earlier, arguments={**earlier.arguments, **later.arguments}, blocks=kept + later.blocks)


def _is_override(path: Path) -> bool:
    stem = path.name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def load(directory: Path, files: Sequence[Path], sources: Sources) -> Configuration:
    """Read the files; one that cannot be read or parsed is a problem, the others still count."""
    configuration = Configuration(directory)
    for path in sorted(files, key=lambda path: (_is_override(path), path.name)):
        shown = sources.show(path)
        try:
            body = _parsed(path, shown, sources, configuration)
        except SourceError as error:
            configuration.problems.append(problem_at(shown, str(error), 1, 1))
            continue
        except HclError as error:
            configuration.problems.append(problem_at(shown, error.message, error.line, error.column))
            continue
        configuration.files.append(shown)
        for block in body.blocks:
            configuration.add(block)
    return configuration


def _parsed(path: Path, shown: str, sources: Sources, configuration: Configuration) -> Block:
    if path.suffix == ".json":
        return parse_json_body(sources.read_text(path), shown)
    data = sources.read(path)
    configuration.remarked = configuration.remarked or MARKS.search(data) is not None
    return parse_body(data, shown)


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
