"""Condition keys of DynamoDB and DAX: which there are, and which actions carry them.

Source: Service Authorization Reference, and where that is silent the DynamoDB Developer Guide: the partition key
values are carried wherever ``LeadingKeys`` is ("Specifying conditions"), and ``EnclosingOperation`` by the condition
check of a transaction ("Using IAM with DynamoDB transactions").
"""

from __future__ import annotations

from functools import cache

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.actions import SERVICES, Action, condition_keys, expand
from dynavet.iam.conditions import LEADING_KEYS
from dynavet.iam.items import items
from dynavet.iam.names import intended_service, is_action, nearest
from dynavet.iam.patterns import as_written, at_most, undecided_parts
from dynavet.model import Statement
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Text, closed

_VARIABLE = regex(r"\$\{([^}$,]+)(?:,[^}]*)?\}")
_CONDITION_CHECK = "dynamodb:conditioncheckitem", "dynamodb:enclosingoperation"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is meant for DynamoDB or DAX, as `written`; `name` is how AWS spells it, if there is such a key."""

    written: str
    name: str | None

    @property
    def problem(self) -> str:
        """What is wrong with a key that does not exist, and what to write."""
        prefix, _, rest = self.written.partition(":")
        if rest.lower().startswith("resourcetag"):
            return f"{self.written} is no condition key: write aws:{rest} instead"
        service = intended_service(prefix) or "dynamodb"
        found = nearest(f"{service}:{rest}", _names())
        rather = f"; the nearest is {found}" if found else ""
        return f"{self.written} is no condition key of DynamoDB or DAX{rather}"


@cache
def _names() -> tuple[str, ...]:
    return tuple(key for service in SERVICES for key in condition_keys(service) if not key.startswith("aws:"))


def meant_key(key: Text) -> Key | None:
    """The key, if it is meant for DynamoDB or DAX whatever is undecided in it; else `None`.

    >>> meant_key(Text.of("DynamoDB:leadingkeys"))
    Key(written='DynamoDB:leadingkeys', name='dynamodb:LeadingKeys')
    """
    first = key.parts[0] if key.parts and isinstance(key.parts[0], str) else ""
    prefix, colon, rest = first.partition(":")
    if not colon or intended_service(prefix) is None:
        return None
    if key.literal is None:
        return Key(str(key), None) if rest.lower().startswith("resourcetag/") else None
    return Key(key.literal, next((each for each in _names() if each.lower() == key.literal.lower()), None))


def may_be_key(key: Text) -> bool:
    """Whether a partly undecided key may turn out to be meant for DynamoDB or DAX."""
    if key.literal is not None or meant_key(key) is not None:
        return False
    first = key.parts[0] if isinstance(key.parts[0], str) else ""
    prefix, colon, _ = first.partition(":")
    return not colon or intended_service(prefix) is not None


def variables(text: Text) -> tuple[str, ...]:
    """The keys whose values the policy variables in a text stand for.

    >>> variables(Text.of("table/${aws:PrincipalTag/tenant, 'none'}-*"))
    ('aws:PrincipalTag/tenant',)
    """
    literals = (part for part in text.parts if isinstance(part, str))
    return tuple(name.strip() for part in literals for name in _VARIABLE.findall(closed(part)) if ":" in name)


def carries(action: Action, key: str) -> bool:
    """Whether requests for the action can have the key, in AWS's spelling."""
    listed = {each.lower() for each in action.condition_keys}
    if key in LEADING_KEYS:
        return LEADING_KEYS[0].lower() in listed
    return key.lower() in listed or (action.id.lower(), key.lower()) == _CONDITION_CHECK


def carried(statement: Statement, key: str) -> Answer:
    """Whether an action of the statement, which is of one world, carries the key.

    Where none does but a name among them is no action, the answer is yes: that name is the problem.
    """
    named, unknown = items(statement.actions)
    excepted, more = items(statement.not_actions)
    actions = {action for each in named for action in expand(at_most(each.value))}
    if excepted or more:
        actions |= set(expand("*")) - {action for each in excepted for action in expand(as_written(each.value))}
    if any(carries(action, key) for action in actions):
        return YES
    open_names = (reason for each in named for reason in undecided_parts(each.value, each.origin))
    reasons = (*unknown, *more, *open_names)
    if reasons:
        return undecided(*reasons)
    answers = (is_action(each.value, each.origin) for each in named)
    return YES if any(answer is not None and answer.truth is False for answer in answers) else NO
