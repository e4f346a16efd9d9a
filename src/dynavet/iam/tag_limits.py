"""Conditions that limit a statement to resources with certain tags.

Source: DynamoDB Developer Guide, "Using attribute-based access control"; IAM User Guide, "IAM JSON
policy elements: Condition operators".
"""

from __future__ import annotations

import re

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.conditions import conditions_of, read_operator
from dynavet.iam.patterns import as_written, at_most, has_wildcard, undecided_parts
from dynavet.model import Condition, Statement
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Origin, Single, Unknown, single

_KEY = "aws:resourcetag/"
_COMPARING = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike"})
_CHOSEN_BY_CALLER = regex(r"\$\{\s*aws:(?:RequestTag/|ResourceTag/|TagKeys|UserAgent|Referer)", re.IGNORECASE)


def limited_by_tags(statement: Statement) -> Answer:
    """Whether a statement of one world allows only resources with a tag of fixed values, or of the caller's own.

    A tag that the caller names in the request does not limit, nor do wildcards under `StringLike`, negated
    operators, ``…IfExists`` and ``ForAllValues``, which resources without tags meet.
    """
    known, unknown = conditions_of(statement)
    further = undecided(*unknown) if unknown else NO
    return any_of((*(_limits(condition) for condition in known), further))


def _limits(condition: Condition) -> Answer:
    operator = read_operator(condition.operator)
    if operator is None or operator.name not in _COMPARING or operator.holds_without_key:
        return NO
    return _is_resource_tag(condition.key, condition.origin) & _all_fixed(condition, operator.name != "StringLike")


def _all_fixed(condition: Condition, literally: bool) -> Answer:
    """Whether each value stands for one tag value that the caller cannot choose; `literally`: without wildcards."""
    values = single(condition.values)
    if isinstance(values, Unknown):
        return YES if literally else undecided(values)
    further = undecided(*values.value.more) if values.value.more and not literally else YES
    return all_of((*(_is_fixed(single(item), literally) for item in values.value.items), further))


def _is_resource_tag(key: Text, origin: Origin | None) -> Answer:
    if as_written(key).lower().startswith(_KEY):
        return YES
    start = at_most(key).lower()[: len(_KEY)].partition("*")[0]
    return undecided(*undecided_parts(key, origin)) if undecided_parts(key) and _KEY.startswith(start) else NO


def _is_fixed(value: Single[Text], literally: bool) -> Answer:
    """An input of the code is one value, whichever it is."""
    if isinstance(value, Unknown):
        return YES if literally else undecided(value)
    text = value.value
    if any(isinstance(part, str) and _CHOSEN_BY_CALLER.search(part) for part in text.parts):
        return NO
    if not literally and has_wildcard(text):
        return NO
    return undecided(*undecided_parts(text, value.origin)) if text.holes and not literally else YES
