"""Several things that one resource must be, judged together."""

from __future__ import annotations

from collections.abc import Iterable

from dynavet.answers import Answer
from dynavet.records import dataclass
from dynavet.rule import Fail, Judgement, Pass, Related, Undecided
from dynavet.values import Origin


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that must be so; `lack` says what is wrong otherwise, `word` names it, `at` is what to change."""

    word: str
    lack: str
    met: Answer
    at: Origin | None = None


def judged(demands: Iterable[Demand], subject: str) -> Judgement:
    """A failure that names all that is wrong; it stands at what to change if that is one place."""
    asked = list(demands)
    failed = [each for each in asked if each.met.truth is False]
    if failed:
        places = tuple(Related(each.at, each.lack) for each in failed if each.at is not None)
        alone = len(failed) == 1
        return Fail(
            message=f"{subject} {', '.join(each.lack for each in failed)}.",
            at=failed[0].at if alone else None,
            evidence=tuple(each.word for each in failed),
            related=() if alone else places,
        )
    reasons = tuple(dict.fromkeys(reason for each in asked for reason in each.met.reasons))
    return Undecided(reasons=reasons, at=reasons[0].origin) if reasons else Pass()


__all__ = ["Demand", "judged"]
