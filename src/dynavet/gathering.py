"""Which files are read when, and the order of what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Generic, Protocol, TypeAlias, TypeVar

from dynavet.deadline import Deadline
from dynavet.discovery import Discovery
from dynavet.options import Options
from dynavet.reading import Log, Task, undeclared
from dynavet.records import dataclass


class Known(Protocol):
    """A project, or what is kept of it."""

    @property
    def root(self) -> str: ...
    @property
    def files(self) -> Sequence[str]: ...
    @property
    def variables(self) -> Sequence[str]: ...
    @property
    def problems(self) -> Sequence[object]: ...


P = TypeVar("P", bound=Known)


@dataclass(slots=True)
class Part(Generic[P]):
    """What came of one task."""

    projects: list[P]
    log: Log


Pending: TypeAlias = Callable[[], Part[P]]
"""Gives what came of a task, working it out or waiting for it."""

Submit: TypeAlias = Callable[[Sequence[Task]], Iterable[Pending[P]]]
"""Takes tasks on, and gives for each of them what is pending."""


def here(work: Callable[[Task, Log], Part[P]], deadline: Deadline) -> Submit[P]:
    """Each task when it is asked for, in this process."""

    def submit(tasks: Sequence[Task]) -> Iterator[Pending[P]]:
        for task in tasks:
            yield lambda task=task: work(task, Log(deadline.again()))  # type: ignore[misc]

    return submit


def gather(found: Discovery, options: Options, parameters: Collection[str], submit: Submit[P], log: Log) -> Iterator[P]:
    """Terraform's projects, then those of templates and policy files. What goes wrong is in the `log`.

    `parameters` are the names of those that the user gives to templates.
    """
    wanted = bool(found.terraform or found.plans or options.variables)
    terraform = list(submit([tuple(found.batches)] if wanted else []))
    outer, others = _documents(found, submit)
    for pending in terraform:
        yield from _taken(pending(), log)
    variables: set[str] = set()
    broken = False
    for part in chain(outer, (pending() for pending in others)):
        variables.update(name for each in part.projects for name in each.variables)
        broken = broken or any(each.problems for each in part.projects)
        yield from _taken(part, log)
    if not log.deadline.unread and not broken:
        nowhere = "--parameters {}: no template that was scanned declares this parameter"
        log.errors += undeclared(parameters, nowhere, variables, found)


def _taken(part: Part[P], log: Log) -> list[P]:
    log.take_in(part.log)
    return part.projects


def _documents(found: Discovery, submit: Submit[P]) -> tuple[list[Part[P]], Iterable[Pending[P]]]:
    """Templates that may nest others, and what is pending of the rest.

    A template that another one nests is part of that, unless it was named itself. Of templates
    that only nest each other in a circle the first one counts, so that no file is left out.
    """
    paths = {id(document): found.sources.show(document.path) for document in found.documents}
    named = {paths[id(document)] for document in found.documents if document.by_name}
    nesting = sorted((each for each in found.documents if each.nests), key=lambda each: len(each.path.parts))
    inner: set[str] = set()
    outer: list[Part[P]] = []
    for document, pending in zip(nesting, submit(nesting), strict=True):
        if paths[id(document)] not in inner - named:
            part = pending()
            inner.update(path for each in part.projects for path in each.files if path != each.root)
            outer.append(part)
    inner -= named
    others = submit([each for each in found.documents if not each.nests and paths[id(each)] not in inner])
    return [Part([each for each in part.projects if each.root not in inner], part.log) for part in outer], others
