"""Judgements of several worlds as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from dynavet.records import dataclass
from dynavet.rule import Fail, Judgement, Pass, Undecided
from dynavet.values import Unknown, World


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule says in one world in which its subject exists; `None`: it does not apply there."""

    world: World
    judgement: Judgement | None


def merge(trials: Sequence[Trial], defaults: Mapping[str, str]) -> Judgement | None:
    """One judgement for all worlds; `None` if the rule applies in none.

    `defaults` are the labels that hold unless somebody chooses otherwise: a failure there is
    a failure, but a pass there does not outweigh a failure elsewhere. If it is undecided whether
    something gives failures another severity than the rule's own, nothing does; of several others
    the least severe counts.
    """
    judged = [trial for trial in trials if trial.judgement is not None]
    if not judged:
        return None
    usual = [trial for trial in trials if all(trial.world[name] == label for name, label in defaults.items())]
    for worlds in (usual, trials) if usual else (trials,):
        failures = [trial.judgement for trial in worlds if isinstance(trial.judgement, Fail)]
        if failures and len(failures) == len(worlds):
            return min(failures, key=_severity)
    passes = [trial.judgement for trial in trials if isinstance(trial.judgement, Pass)]
    if len(passes) == len(trials):
        return passes[0]
    if len(judged) == len(trials) and all(isinstance(trial.judgement, Undecided) for trial in trials):
        return _undecided_everywhere(trials)
    if not any(isinstance(trial.judgement, (Fail, Undecided)) for trial in trials):
        return passes[0]
    return _mixed(trials)


def _severity(fail: Fail) -> tuple[bool, int]:
    return fail.severity is not None, fail.severity or 0


def _undecided_everywhere(trials: Sequence[Trial]) -> Undecided:
    each = [trial.judgement for trial in trials if isinstance(trial.judgement, Undecided)]
    return Undecided(reasons=_unique(each), at=each[0].at, message=each[0].message)


def _unique(judgements: Sequence[Undecided]) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(reason for judgement in judgements for reason in judgement.reasons))


def _mixed(trials: Sequence[Trial]) -> Undecided:
    """The conditions on which it depends, and what would be wrong under them."""
    deciding = _deciding(trials)
    open_inputs = tuple(Unknown(f"{condition} is undecided") for condition in deciding)
    reasons = _unique([trial.judgement for trial in trials if isinstance(trial.judgement, Undecided)])
    for trial in trials:
        if isinstance(trial.judgement, Fail):
            where = " and ".join(f"{condition} is {trial.world[condition] or 'empty'}" for condition in deciding)
            return Undecided(
                reasons=tuple(dict.fromkeys((*open_inputs, *reasons))),
                at=trial.judgement.at,
                message=f"Where {where}: {trial.judgement.message}",
            )
    first = next(trial.judgement for trial in trials if isinstance(trial.judgement, Undecided))
    return Undecided(reasons=tuple(dict.fromkeys((*reasons, *open_inputs))), at=first.at, message=first.message)


def _deciding(trials: Sequence[Trial]) -> list[str]:
    """The conditions that alone can change the outcome; all of them if none can alone."""
    names = list(trials[0].world)
    found = set()
    for one, other in combinations(trials, 2):
        if type(one.judgement) is not type(other.judgement):
            differing = [name for name in names if one.world[name] != other.world[name]]
            if len(differing) == 1:
                found.add(differing[0])
    return [name for name in names if name in found] or names
