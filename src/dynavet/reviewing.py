"""What is kept of a project once it is judged: what the report needs, and can go from process to process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy

from dynavet.catalogue import choose
from dynavet.concern import Concern
from dynavet.dependencies import dependencies_of
from dynavet.discovery import Discovery
from dynavet.findings import Scanned
from dynavet.gathering import Part
from dynavet.judge import Crash, judge
from dynavet.model import Project
from dynavet.options import Options
from dynavet.passing import Passed, add
from dynavet.placement import findings, scanned, standing, where
from dynavet.reading import Log, Task, read_parameters, read_task
from dynavet.records import dataclass
from dynavet.remembering import forget
from dynavet.rule import Pass, Rule
from dynavet.suppressing import Located
from dynavet.values import Origin


@dataclass(slots=True, kw_only=True)
class Review:
    """A project that was judged.

    `problems` are the paths of files that cannot be read, `gaps` where something is not known for want of a source,
    `described` the addresses of module calls that are understood without theirs. What passes is in `passed` instead of
    `located` where it is not kept.
    """

    root: str
    files: Sequence[str]
    plans: Sequence[str]
    variables: Sequence[str]
    problems: Sequence[str]
    gaps: Sequence[Origin]
    described: Sequence[str]
    counts: Counter[str]
    scanned: Scanned | None
    located: Sequence[Located]
    passed: Passed


class Reviewer:
    """Reads and judges what was found, one task after the other. Raises `dynavet.sources.BadInput` at once.

    Documents are the same to it whatever else is found.
    """

    def __init__(self, found: Discovery, options: Options) -> None:
        self.found = found
        self.options = options
        self.rules = choose(options.select, options.ignore, options.settings)
        self._bits = {rule.id: 1 << number for number, rule in enumerate(self.rules)}
        self._concern: Concern | None = None
        self.parameters = read_parameters(options, found)
        self._dependencies = dependencies_of(found)

    def __reduce__(self) -> tuple[type[Reviewer], tuple[Discovery, Options]]:
        return type(self), (self.found, self.options)

    @property
    def concern(self) -> Concern:
        """What of Terraform is reported, once all is found."""
        if self._concern is None:
            self._concern = Concern(self.found)
        return self._concern

    def knowing(self, found: Discovery) -> Reviewer:
        """The same for a discovery that has gone on meanwhile."""
        other = copy(self)
        other.found, other._concern = found, None
        return other

    def part(self, task: Task, log: Log) -> Part[Review]:
        """What the rules say of what the task is about; what goes wrong is in the `log`."""
        return self.of_projects(read_task(task, self.found, self.options, self.parameters, log), log)

    def of_projects(self, projects: Iterable[Project], log: Log) -> Part[Review]:
        return Part([self._review(project, log) for project in projects], log)

    def located(self, project: Project, rules: Iterable[Rule], passed: Passed, log: Log) -> Iterator[Located]:
        """What the rules say of the project; what passes goes into `passed` where it is not kept."""
        try:
            for verdict in judge(project, rules):
                if isinstance(verdict, Crash):
                    log.errors.append(str(verdict))
                elif isinstance(verdict.judgement, Pass) and not self.options.keep_passes:
                    if self.concern.covers(verdict, project):
                        add(passed, where(verdict, project), verdict.sight.statement, self._bits[verdict.rule.id])
                else:
                    origins, reported = standing(verdict), self.concern.covers(verdict, project)
                    for found in findings(verdict, self.concern.anchor(verdict, project), project):
                        yield Located(found, origins, reported, verdict.entity.made_by)
        except Exception as error:
            log.crashed(project.root, error)
        finally:
            # Answers hold much of a project that nobody asks about any more.
            forget()

    def _review(self, project: Project, log: Log) -> Review:
        project.settings, project.dependencies = self.options.settings, self._dependencies
        self.concern.take_in(project.files, project.plans)
        passed: Passed = {}
        return Review(
            root=project.root,
            files=project.files,
            plans=project.plans,
            variables=project.variables,
            problems=[problem.origin.path for problem in project.problems],
            gaps=[origin for each in project.missing for origin in (each.origin, *each.calls)],
            described=[module.address for module in project.described],
            counts=project.counts(),
            scanned=scanned(project) if project.language else None,
            located=list(self.located(project, log.deadline.judging(self.rules, project.root), passed, log)),
            passed=passed,
        )
