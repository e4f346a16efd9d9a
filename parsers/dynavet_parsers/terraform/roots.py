"""Terraform roots to projects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.values import Known
from dynavet_parsers.boundaries import mark_boundaries
from dynavet_parsers.role_users import mark_users
from dynavet_parsers.terraform import access, network, tables, workloads
from dynavet_parsers.terraform.configuration import Configuration
from dynavet_parsers.terraform.inputs import Inputs
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.providers import own_providers
from dynavet_parsers.terraform.resource import Reading, walk
from dynavet_parsers.terraform.root_values import RootValues


def read_roots(
    directories: Mapping[Path, list[Path]], sources: Sources, inputs: Inputs, using: Collection[Path] | None = None
) -> Iterator[Project]:
    """One project for each directory that no other calls as a module.

    `directories` maps each directory with Terraform files to those files. Directories that
    only call each other in a circle are roots as well, so that no file is left out. With
    `using`, only roots that are one of these directories or call one, however indirectly.
    """
    loader = Loader(directories, sources)
    values = RootValues(inputs, sources)
    called = loader.called()
    reached: set[Path] = set()
    told: set[Path] = set()
    for directory in sorted(directories, key=lambda directory: (directory in called, directory)):
        if directory in called and directory in reached:
            continue
        project, seen = _project(directory, loader, values, inputs.workspace, told)
        reached |= seen
        if using is None or not seen.isdisjoint(using):
            told |= seen
            yield project


def _project(
    directory: Path, loader: Loader, values: RootValues, workspace: str | None, told: set[Path]
) -> tuple[Project, set[Path]]:
    """The project of a root and the directories it is made of; those `told` of keep their problems to themselves."""
    configuration = loader.configuration(directory) or Configuration(directory)
    project = Project(root=loader.sources.show(directory), language="terraform")
    loader.missing, loader.described = [], []
    project.variables = sorted(configuration.variables)
    module = root_module(configuration, loader, values, workspace, project)
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


def root_module(
    configuration: Configuration, loader: Loader, values: RootValues, workspace: str | None, project: Project
) -> Module:
    """The root with the values of its variables; the project takes in what is wrong with those."""
    module = Module(configuration, loader, configuration.directory)
    if workspace is not None:
        module.workspace = Known(workspace)
    module.arguments = values.of(module, project)
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
