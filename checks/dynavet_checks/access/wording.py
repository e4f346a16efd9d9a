"""Lists of actions for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dynavet.iam.actions import SERVICES, Action, actions_of

SERVICE_NAMES = {"dynamodb": "DynamoDB", "dax": "DAX"}

TELLING = (
    *("PutResourcePolicy", "UpdateAbacStatus", "DeleteTable", "ExportTableToPointInTime", "DeleteBackup"),
    *("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "Scan", "DeleteCluster", "UpdateTable", "GetItem"),
)
"""The actions that show best what a wildcard gives away."""

MAX_NAMED = 4
"""More actions than this are counted, and the most telling ones named."""


def expansion(actions: Collection[Action], after: str = "") -> str:
    """The DynamoDB and DAX actions that a pattern stands for.

    ``dynamodb:GetItem and dynamodb:PutItem``, or ``all 80 DynamoDB actions, among them …``. `after` follows the
    longer form, where the sentence goes on.
    """
    if len(actions) <= MAX_NAMED:
        return listed([action.id for action in actions])
    counted = listed([_count(service, actions) for service in SERVICES if any(a.service == service for a in actions)])
    return f"{counted}, among them {listed(_most_telling(actions))}{after}"


def _most_telling(actions: Collection[Action]) -> list[str]:
    """Three names, each once though two services have it."""
    return list(dict.fromkeys(action.name for action in sorted(actions, key=_weight)))[:3]


def _count(service: str, actions: Collection[Action]) -> str:
    number = sum(action.service == service for action in actions)
    known = len(actions_of(service))
    share = f"all {known}" if number == known else f"{number} of the {known}"
    return f"{share} {SERVICE_NAMES[service]} actions"


def _weight(action: Action) -> tuple[int, int, bool, str]:
    telling = TELLING.index(action.name) if action.name in TELLING else len(TELLING)
    return telling, SERVICES.index(action.service), action.only_reads, action.name


def listed(words: Sequence[str]) -> str:
    """
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
