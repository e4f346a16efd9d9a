"""Settings that a table, each of its replicas, and a DAX cluster either have or lack."""

from __future__ import annotations

from dynavet.model import DaxCluster, Replica, Table
from dynavet.rule import Fail, Judgement, Pass, Severity, Undecided
from dynavet.values import Known, Unknown, Value, single


def subject(judged: Table | Replica | DaxCluster) -> str:
    """What a message calls the table, replica or cluster."""
    if not isinstance(judged, Replica):
        return "The table" if isinstance(judged, Table) else "The cluster"
    region = judged.region.value if isinstance(judged.region, Known) else None
    if region is None:
        return "The replica"
    return f"The replica in {'a Region that is decided at deployment' if region.holes else region}"


def judge_flag(
    judged: Table | Replica | DaxCluster,
    flag: Value[bool | None],
    lack: str,
    weight: tuple[Severity | None, str] = (None, ""),
) -> Judgement:
    """Whether the flag is true; a failure says that what is judged has `lack`.

    `weight` is how severe that is, and a sentence that says why, as `table_context.severity_of` gives them.
    """
    setting = single(flag)
    at = setting.origin or judged.origin
    if isinstance(setting, Unknown):
        return Undecided(reasons=(setting,), at=at)
    if setting.value is True:
        return Pass(at=at)
    severity, why = weight
    return Fail(message=f"{subject(judged)} has {lack}.{why}", at=at, severity=severity)
