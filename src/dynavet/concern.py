"""Which findings of a Terraform root concern the files that were named.

Terraform reads a directory as one, so a named file stands for its directory. A root that
uses the directory is analysed as a whole, but only what has to do with the directory is
reported: nobody is to be blamed for the rest of the root.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from dynavet.discovery import Discovery
from dynavet.judge import Verdict
from dynavet.model import Project, SourceProblem
from dynavet.values import Origin


class Concern:
    """What is reported of a scan."""

    def __init__(self, found: Discovery) -> None:
        self._found = found
        self._named = {found.sources.show(directory) for directory in found.by_file}
        self._whole = {found.sources.show(directory) for directory in found.terraform} - self._named
        self._planned: set[str] = set()
        self._anchors: dict[str, str] = {}

    def take_in(self, files: Iterable[str], plans: Collection[str]) -> None:
        """Count the files of a root that plans were made from as named, as the plans were."""
        if plans:
            self._planned.update(files)

    def covers(self, verdict: Verdict, project: Project) -> bool:
        """Whether a verdict on a project is reported.

        Of a root that is analysed for named files, that is what rests on something in their
        directories: the resource itself, a value it has, a module call on the way. What
        concerns the root as a whole is reported as well: a file that cannot be parsed, and
        rules that look at everything that the root declares. A plan is of the root as a whole.
        """
        if project.language != "terraform" or project.root in self._whole or project.plans:
            return True
        if isinstance(verdict.entity, SourceProblem) or verdict.rule.reads:
            return True
        return any(self.lies_in(origin.path) for origin in _origins(verdict))

    def lies_in(self, path: str) -> bool:
        """Whether a path, as the user sees it, was named, or lies below a named directory or beside a named file."""
        beside = (posixpath.dirname(path) or ".") in self._named
        return beside or path in self._planned or self._found.names(path)

    def anchor(self, verdict: Verdict, project: Project) -> str:
        """What tells the verdict's project from others, wherever the scan was started.

        A file that cannot be read is the same problem in every root that uses it.
        """
        is_problem = isinstance(verdict.entity, SourceProblem)
        path = verdict.entity.origin.path if is_problem else project.root
        if path not in self._anchors:
            self._anchors[path] = self._found.anchor(path)
        return self._anchors[path]


def _origins(verdict: Verdict) -> Iterator[Origin]:
    """Everywhere in the source that the verdict, and what it is about, come from."""
    waiting: list[object] = [verdict.judgement, verdict.sight, verdict.entity]
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, str):
            continue
        seen.add(id(thing))
        if isinstance(thing, Origin):
            yield thing
            waiting += thing.via
        elif isinstance(thing, Mapping):
            waiting += thing.values()
        elif isinstance(thing, (tuple, list, set, frozenset)):
            waiting += thing
        elif is_dataclass(thing):
            waiting += (getattr(thing, each.name) for each in fields(thing))
