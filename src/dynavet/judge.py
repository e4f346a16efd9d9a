"""Putting rules to a project: every world of its undecided conditions, one judgement in the end.

A rule's function knows nothing of open conditions. Here each combination of them that
matters to a subject is tried, and the judgements become one: a failure where every world
fails, a pass where every world passes, else undecided, naming the conditions. Conditions
that are too many to combine are taken as unknown instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from dynavet.docket import Case, Conditions, Docket, Surroundings, joined
from dynavet.merging import Trial, merge
from dynavet.model import Entity, Project
from dynavet.records import dataclass
from dynavet.rule import Judgement, Rule, Undecided
from dynavet.subjects import Sight
from dynavet.values import Unknown, worlds

Check: TypeAlias = Callable[[Any, Project], Judgement | None]

UNTOLD = "\0"
"""A label that no condition has: what depends on the condition is unknown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one subject; `sight` is where that stands when the judgement names no place."""

    rule: Rule
    entity: Entity
    sight: Sight
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule that raised instead of judging."""

    rule: Rule
    entity: Entity
    error: Exception

    def __str__(self) -> str:
        origin = self.entity.origin
        problem = f"{type(self.error).__name__}: {self.error}"
        return f"{self.rule.id} crashed on {self.entity.address} ({origin.path}:{origin.line}): {problem}"


def judge(project: Project, rules: Iterable[Rule]) -> Iterator[Verdict | Crash]:
    """All that the rules say of the project; nothing where a rule does not apply."""
    docket = Docket(project)
    for rule in rules:
        for scope, check in rule.checks.items():
            cases = docket.cases(scope)
            if not cases:
                continue
            surroundings = docket.surroundings(rule.reads)
            for case in cases:
                try:
                    verdict = _verdict(rule, check, case, surroundings)
                except Exception as error:
                    yield Crash(rule, case.subject.entity, error)
                else:
                    if verdict is not None:
                        yield verdict


def _verdict(rule: Rule, check: Check, case: Case, surroundings: Surroundings) -> Verdict | None:
    if case.conditions or surroundings.conditions:
        return _verdict_of_worlds(rule, check, case, surroundings)
    seen = case.sight({})
    judgement = check(seen.judged, surroundings.within({})) if seen is not None else None
    if seen is None or judgement is None:
        return None
    return Verdict(rule, case.subject.entity, seen, judgement)


def _verdict_of_worlds(rule: Rule, check: Check, case: Case, surroundings: Surroundings) -> Verdict | None:
    tried, untold = _tried(case, surroundings)
    sights, trials = [], []
    for world in worlds(tried) or ():
        whole = {**dict.fromkeys(untold, UNTOLD), **world}
        seen = case.sight(whole)
        if seen is not None:
            sights.append(seen)
            trials.append(Trial(world, check(seen.judged, surroundings.within(whole))))
    defaults = {name: default for name, (_, default) in tried.items() if default is not None}
    judgement = merge(trials, defaults)
    if judgement is None:
        return None
    reasons = tuple(Unknown(f"{name} is undecided") for name in untold if name in surroundings.conditions)
    if reasons and not isinstance(judgement, Undecided):
        message = "Too many conditions decide what else there is."
        judgement = Undecided(reasons=reasons, at=judgement.at, message=message)
    return Verdict(rule, case.subject.entity, sights[0], judgement)


def _tried(case: Case, surroundings: Surroundings) -> tuple[Conditions, list[str]]:
    """The conditions to combine, and those to leave unknown: none if possible, else the nearest stay."""
    everything = joined(case.conditions, surroundings.conditions)
    for chosen in (everything, case.conditions, case.near):
        if worlds(chosen) is not None:
            return chosen, [name for name in everything if name not in chosen]
    return {}, list(everything)
