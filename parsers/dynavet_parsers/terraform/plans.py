"""Which configuration a plan was made from, and with which values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from dynavet.model import Project
from dynavet.records import dataclass
from dynavet.sources import SourceError
from dynavet.values import Known, Value
from dynavet_parsers.terraform.configuration import Configuration, problem_at
from dynavet_parsers.terraform.data import NotPlain, to_plain
from dynavet_parsers.terraform.inputs import Inputs
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.plan import Plan, PlanError, as_list, as_object, read_plan
from dynavet_parsers.terraform.plan_view import PlanView


@dataclass(slots=True)
class Placed:
    """Plans by the directory of their configuration, those without one, and those that cannot be read."""

    beside: dict[Path, list[Plan]] = field(default_factory=dict)
    alone: list[Plan] = field(default_factory=list)
    problems: list[Project] = field(default_factory=list)


def place_plans(files: Sequence[Path], directories: Iterable[Path], loader: Loader) -> Placed:
    """Read the plans, and find for each the nearest directory that declares what it was made from."""
    placed = Placed()
    for file in files:
        try:
            plan = read_plan(file, loader.sources)
        except (PlanError, SourceError) as error:
            placed.problems.append(_problem(loader.sources.show(file), error))
            continue
        if plan is not None:
            directory = _configuration_of(plan, directories, loader)
            if directory is None:
                placed.alone.append(plan)
            else:
                placed.beside.setdefault(directory, []).append(plan)
    return placed


def _problem(shown: str, error: PlanError | SourceError) -> Project:
    line, column = (error.line, error.column) if isinstance(error, PlanError) else (1, 1)
    return Project(root=shown, language="terraform", problems=[problem_at(shown, str(error), line, column)])


def _configuration_of(plan: Plan, directories: Iterable[Path], loader: Loader) -> Path | None:
    """The directory of the plan, or the next around it; or else the only one below it, among those scanned."""
    names = set(_declarations(plan))
    if not names:
        return None
    for directory in (plan.file.parent, *plan.file.parent.parents):
        if not loader.sources.inside(directory / plan.file.name):
            break
        if _declares(loader.configuration(directory), names):
            return directory
    below = (directory for directory in directories if plan.file.parent in directory.parents)
    fitting = [directory for directory in below if _declares(loader.configuration(directory), names)]
    return fitting[0] if len(fitting) == 1 else None


def _declarations(plan: Plan) -> Iterator[tuple[str, ...]]:
    """The resources, data sources, module calls, variables and outputs of the plan's root module."""
    for each in as_list(plan.configuration.get("resources")):
        entry = as_object(each)
        mode = "data" if entry.get("mode") == "data" else "resource"
        yield mode, str(entry.get("type")), str(entry.get("name"))
    for kind, key in (("module", "module_calls"), ("variable", "variables"), ("output", "outputs")):
        for name in as_object(plan.configuration.get(key)):
            yield kind, name


def _declares(configuration: Configuration | None, names: set[tuple[str, ...]]) -> bool:
    if configuration is None:
        return False
    named = {"module": configuration.modules, "variable": configuration.variables, "output": configuration.outputs}
    declared: set[tuple[str, ...]] = {(kind, name) for kind, each in named.items() for name in each}
    declared |= {("resource", *labels) for labels in configuration.resources}
    declared |= {("data", *labels) for labels in configuration.data}
    return names <= declared


def planned_arguments(module: Module, view: PlanView, inputs: Inputs) -> Mapping[str, Value[Any]]:
    """The root variables' values that the plan was made with.

    One that the code gives as well stays where that gives it; ``--var`` is the user's last word.
    """
    bare = Module(module.configuration, module.loader, module.root_directory, arguments=module.arguments)
    found: dict[str, Value[Any]] = {}
    for name in module.configuration.variables:
        planned = view.variable(name)
        if planned is None or name in inputs.variables:
            continue
        if not (isinstance(planned, Known) and _same(bare.variable(name), planned)):
            found[name] = planned
    return found


def _same(own: Value[Any], planned: Value[Any]) -> bool:
    try:
        return bool(to_plain(own) == to_plain(planned))
    except NotPlain:
        return False
