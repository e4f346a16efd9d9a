"""Terraform roots to projects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from dynavet.model import Project, SourceProblem
from dynavet.sources import SourceError, Sources
from dynavet.values import Value
from dynavet_parsers.boundaries import mark_boundaries
from dynavet_parsers.role_users import mark_users
from dynavet_parsers.terraform import access, network, tables, workloads
from dynavet_parsers.terraform.configuration import Configuration, problem_at
from dynavet_parsers.terraform.data import from_plain, located
from dynavet_parsers.terraform.evaluate import evaluate
from dynavet_parsers.terraform.expressions import Name
from dynavet_parsers.terraform.inputs import Inputs
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.providers import own_providers
from dynavet_parsers.terraform.resource import Reading, walk
from dynavet_parsers.terraform.syntax import HclError, parse_body, parse_expression


def read_roots(
    directories: Mapping[Path, list[Path]], sources: Sources, inputs: Inputs, using: Collection[Path] | None = None
) -> Iterator[Project]:
    """One project for each directory that no other calls as a module.

    `directories` maps each directory with Terraform files to those files. Directories that
    only call each other in a circle are roots as well, so that no file is left out. With
    `using`, only roots that are one of these directories or call one, however indirectly.
    """
    loader = Loader(directories, sources)
    called = loader.called()
    reached: set[Path] = set()
    told: set[Path] = set()
    for directory in sorted(directories, key=lambda directory: (directory in called, directory)):
        if directory in called and directory in reached:
            continue
        project, seen = _project(directory, loader, inputs, told)
        reached |= seen
        if using is None or not seen.isdisjoint(using):
            told |= seen
            yield project


def _project(directory: Path, loader: Loader, inputs: Inputs, told: set[Path]) -> tuple[Project, set[Path]]:
    """The project of a root and the directories it is made of; those `told` of keep their problems to themselves."""
    configuration = loader.configuration(directory) or Configuration(directory)
    project = Project(root=loader.sources.show(directory), language="terraform")
    loader.missing, loader.described = [], []
    project.variables = sorted(configuration.variables)
    module = root_module(configuration, loader, inputs, project.problems)
    reading = Reading(project)
    directories = {directory: configuration}
    for resource in walk(module):
        reading.add(resource)
        directories[resource.module.configuration.directory] = resource.module.configuration
    for reader in (tables, access, network, workloads):
        reader.read(reading)
    access.read_sessions(reading, module)
    mark_boundaries(project)
    mark_users(project)
    project.missing += loader.missing
    project.described += loader.described
    reached = _reached(module, directories)
    for place, each in reached.items():
        project.files += each.files
        if place not in told:
            project.problems += each.problems
    return project, set(reached)


def root_module(configuration: Configuration, loader: Loader, inputs: Inputs, problems: list[SourceProblem]) -> Module:
    """The root with the values of its variables; `problems` takes in those of the files that give them."""
    module = Module(configuration, loader, configuration.directory)
    module.arguments = _arguments(module, inputs, problems)
    module.providers = own_providers(module)
    return module


def _reached(module: Module, found: dict[Path, Configuration]) -> dict[Path, Configuration]:
    """All directories that the root calls, also those without resources."""
    waiting = [module.configuration]
    while waiting:
        configuration = waiting.pop()
        found[configuration.directory] = configuration
        for source in module.loader.local_calls(configuration):
            target = module.loader.configuration(source)
            if target is not None and target.directory not in found:
                waiting.append(target)
    return found


def _arguments(module: Module, inputs: Inputs, problems: list[SourceProblem]) -> dict[str, Value[Any]]:
    """Values of root variables: terraform.tfvars, *.auto.tfvars, then the user's files and values."""
    directory = module.configuration.directory
    automatic = [directory / "terraform.tfvars", *sorted(directory.glob("*.auto.tfvars"))]
    values: dict[str, Value[Any]] = {}
    for path in (*(p for p in automatic if p.is_file()), *inputs.var_files):
        values |= _file_values(path, module, problems)
    for name, text in inputs.variables.items():
        if name in module.configuration.variables:
            values[name] = _given(module, name, text)
    return {name: value for name, value in values.items() if name in module.configuration.variables}


def _file_values(path: Path, module: Module, problems: list[SourceProblem]) -> dict[str, Value[Any]]:
    shown = module.sources.show(path)
    try:
        body = parse_body(module.sources.read(path), shown)
    except SourceError as error:
        problems.append(problem_at(shown, str(error), 1, 1))
        return {}
    except HclError as error:
        problems.append(problem_at(shown, error.message, error.line, error.column))
        return {}
    return {name: located(evaluate(a.value, module.scope), a.at) for name, a in body.arguments.items()}


def _given(module: Module, name: str, text: str) -> Value[Any]:
    """``--var``: text for a variable of a primitive type, otherwise an expression."""
    declared = module.configuration.variables[name].arguments.get("type")
    if declared is None or (isinstance(declared.value, Name) and declared.value.name in ("string", "bool", "number")):
        return from_plain(text)
    try:
        return evaluate(parse_expression(text, f"--var {name}"), module.scope)
    except HclError:
        return from_plain(text)
