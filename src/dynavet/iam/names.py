"""Names of actions and condition keys that AWS does not have, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.actions import SERVICES, actions_of, expand, find, service_prefixes
from dynavet.iam.globs import has_wildcard, match
from dynavet.iam.patterns import as_written, at_most, undecided_parts
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Origin

OPERATIONS = {
    "TransactGetItems": ("GetItem",),
    "TransactWriteItems": ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
    "ExecuteStatement": ("PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"),
    "BatchExecuteStatement": ("PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"),
    "ExecuteTransaction": ("PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"),
}
"""Operations of the DynamoDB API that are no actions, each with the actions that authorise it.

Source: DynamoDB Developer Guide, "Using IAM with DynamoDB transactions" and "IAM security policies with PartiQL
for DynamoDB".
"""

_SAME_VERB = {"Create": "Put", "Add": "Put", "Insert": "Put", "Write": "Put", "Read": "Get", "Remove": "Delete"}
"""Verbs that other databases have for those of DynamoDB's items."""

_ALIKE = 0.8
"""How alike a prefix must be to that of DynamoDB to be taken for a misspelling of it."""


def intended_service(prefix: str) -> str | None:
    """``dynamodb`` or ``dax`` if the prefix is it, in any case, or no service's prefix and much like it.

    A prefix with a wildcard, and one that holds a host name as those of identity providers do, is neither.

    >>> intended_service("dynamo"), intended_service("DynamoDB"), intended_service("s3")
    ('dynamodb', 'dynamodb', None)
    """
    lowered = prefix.strip().lower()
    if lowered in SERVICES:
        return lowered
    if lowered in service_prefixes() or has_wildcard(lowered) or "." in lowered.removesuffix(".amazonaws.com"):
        return None
    if "/" in lowered or "$" in lowered:
        return None
    from difflib import SequenceMatcher

    alike = SequenceMatcher(None, "dynamodb", lowered).ratio() >= _ALIKE
    if "dynamo" in lowered or lowered == "ddb" or alike:
        return "dynamodb"
    return "dax" if lowered in ("amazondax", "dax.amazonaws.com") else None


def is_action(pattern: Text, origin: Origin | None = None) -> Answer | None:
    """Whether an action pattern that is meant for DynamoDB or DAX matches an action of theirs; `None` for others."""
    upper = at_most(pattern)
    prefix, colon, _ = upper.partition(":")
    if not colon or intended_service(prefix) is None:
        return None
    if not expand(upper):
        return NO
    return YES if expand(as_written(pattern)) else undecided(*undecided_parts(pattern, origin))


def has_open_prefix(pattern: Text) -> bool:
    """Whether nothing decides of which service the action is."""
    first = pattern.parts[0] if pattern.parts else ""
    return pattern.literal is None and ":" not in (first if isinstance(first, str) else "")


def nearest(name: str, names: Collection[str]) -> str | None:
    """The one of the names that is most like this one, without regard to case; `None` if none is like it.

    >>> nearest("GetItems", ["PutItem", "GetItem"])
    'GetItem'
    """
    from difflib import get_close_matches

    by_lower = {each.lower(): each for each in names}
    found = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


@dataclass(frozen=True, slots=True)
class Replacement:
    """The actions for a name that is none; a `guess` is only alike, the others are sure to be what is needed."""

    actions: tuple[str, ...]
    guess: bool = False


def instead_of(pattern: str) -> Replacement | None:
    """What to write instead of an action pattern that is meant for DynamoDB or DAX and matches none."""
    prefix, _, name = pattern.partition(":")
    service = intended_service(prefix) or "dynamodb"
    name = name.strip()
    operations = [each for each in OPERATIONS if match(name.lower(), each.lower())]
    if operations:
        actions = (f"dynamodb:{action}" for each in operations for action in OPERATIONS[each])
        return Replacement(tuple(dict.fromkeys(actions)))
    for other in (service, *SERVICES):
        action = find(f"{other}:{name}")
        if action is not None:
            return Replacement((action.id,))
        if has_wildcard(name) and expand(f"{other}:{name}"):
            return Replacement((f"{other}:{name}",))
    found = _nearest_action(service, name.replace("*", "").replace("?", ""))
    return Replacement((found,), guess=True) if found else None


def _nearest_action(service: str, name: str) -> str | None:
    for verb, other in _SAME_VERB.items():
        action = find(f"{service}:{other}{name[len(verb) :]}") if name.lower().startswith(verb.lower()) else None
        if action is not None:
            return action.id
    found = nearest(name, [action.name for action in actions_of(service)])
    return f"{service}:{found}" if found else None
