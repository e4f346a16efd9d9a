"""Terraform roots to projects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.values import Known
from dynavet_parsers.boundaries import mark_boundaries
from dynavet_parsers.role_users import mark_users
from dynavet_parsers.terraform import (
    access,
    backup,
    capacity,
    config_recording,
    credentials,
    dax,
    endpoint_urls,
    endpoints,
    keys,
    network,
    routes,
    security_groups,
    stream_consumers,
    streams,
    tables,
    trails,
    workloads,
)
from dynavet_parsers.terraform.configuration import Configuration
from dynavet_parsers.terraform.inputs import Inputs
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.plan import Plan
from dynavet_parsers.terraform.plan_changes import table_changes
from dynavet_parsers.terraform.plan_configuration import PlanModules
from dynavet_parsers.terraform.plan_view import PlanAlone, PlanView
from dynavet_parsers.terraform.plans import place_plans, planned_arguments
from dynavet_parsers.terraform.providers import own_providers
from dynavet_parsers.terraform.resource import Reading, walk
from dynavet_parsers.terraform.root_values import RootValues

_READERS = (
    *(tables, access, keys, network, routes, endpoints, dax, security_groups, workloads),
    *(credentials, endpoint_urls, trails, config_recording, backup, streams, stream_consumers, capacity),
)


def read_roots(
    directories: Mapping[Path, list[Path]],
    sources: Sources,
    inputs: Inputs,
    using: Collection[Path] | None = None,
    plans: Sequence[Path] = (),
) -> Iterator[Project]:
    """One project for each directory that no other calls as a module.

    `directories` maps each directory with Terraform files to those files. Directories that
    only call each other in a circle are roots as well, so that no file is left out. With
    `using`, only roots that are one of these directories or call one, however indirectly.

    A root that one of the `plans` was made from is read together with it, once for each such
    plan. A plan without its configuration is a project of its own.
    """
    loader = Loader(directories, sources)
    values = RootValues(inputs, sources)
    called = loader.called()
    placed = place_plans(plans, directories, loader)
    yield from placed.problems
    yield from (_alone(plan, sources, inputs) for plan in placed.alone)
    directories = {**directories, **{directory: [] for directory in placed.beside if directory not in directories}}
    reached: set[Path] = set()
    told: set[Path] = set()
    for directory in sorted(directories, key=lambda directory: (directory in called, directory)):
        if directory in called and directory in reached and directory not in placed.beside:
            continue
        for plan in placed.beside.get(directory) or (None,):
            project, seen = _project(directory, loader, values, told, plan)
            reached |= seen
            if using is None or not seen.isdisjoint(using):
                told |= seen
                yield project


def _project(
    directory: Path, loader: Loader, values: RootValues, told: set[Path], plan: Plan | None = None
) -> tuple[Project, set[Path]]:
    """The project of a root and the directories it is made of; those `told` of keep their problems to themselves."""
    configuration = loader.configuration(directory) or Configuration(directory)
    project = Project(root=loader.sources.show(directory), language="terraform")
    loader.missing, loader.described = [], []
    project.variables = sorted(configuration.variables)
    module = root_module(configuration, loader, values, project, plan)
    reading = _read(module, project)
    project.missing += loader.missing
    project.described += loader.described
    found = {each.module.configuration.directory: each.module.configuration for each in reading.by_address.values()}
    reached = _reached(configuration, loader, found)
    for place, each in reached.items():
        project.files += each.files
        if place not in told:
            project.problems += each.problems
    project.files += project.plans
    return project, set(reached)


def root_module(
    configuration: Configuration, loader: Loader, values: RootValues, project: Project, plan: Plan | None = None
) -> Module:
    """The root with the values of its variables; the project takes in what is wrong with those."""
    module = Module(configuration, loader, configuration.directory)
    if values.inputs.workspace is not None:
        module.workspace = Known(values.inputs.workspace)
    module.arguments = values.of(module, project)
    if plan is not None:
        project.plans, module.plan = [plan.path], PlanView(plan)
        module.arguments = {**module.arguments, **planned_arguments(module, module.plan, values.inputs)}
    module.providers = own_providers(module)
    return module


def _read(module: Module, project: Project) -> Reading:
    """Everything that a root declares, put into the project."""
    reading = Reading(project)
    for resource in walk(module):
        reading.add(resource)
    for reader in _READERS:
        reader.read(reading)
    access.read_sessions(reading, module)
    for each in dict.fromkeys((module, *(resource.module for resource in reading.by_address.values()))):
        credentials.read_providers(reading, each)
        endpoint_urls.read_providers(reading, each)
    mark_boundaries(project)
    mark_users(project)
    if module.plan is not None:
        project.table_changes += table_changes(module.plan.plan, reading)
    return reading


def _alone(plan: Plan, sources: Sources, inputs: Inputs) -> Project:
    """The project of a plan without the configuration that it was made from."""
    modules, view = PlanModules(plan, sources), PlanAlone(plan)
    project = Project(root=plan.path, language="terraform", files=[plan.path], plans=[plan.path])
    project.variables = sorted(modules.root.variables)
    module = Module(modules.root, modules, plan.file.parent, plan=view)
    module.arguments = planned_arguments(module, view, inputs)
    _read(module, project)
    return project


def _reached(root: Configuration, loader: Loader, found: dict[Path, Configuration]) -> dict[Path, Configuration]:
    """All directories that the root calls, also those without resources."""
    waiting = [root]
    while waiting:
        configuration = waiting.pop()
        found[configuration.directory] = configuration
        for source in loader.local_calls(configuration):
            target = loader.configuration(source)
            if target is not None and target.directory not in found:
                waiting.append(target)
    return found
