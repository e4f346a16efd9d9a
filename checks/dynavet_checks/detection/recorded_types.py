"""Whether AWS Config records tables, and has rules about them."""

from __future__ import annotations

from collections.abc import Callable

from dynavet.answers import YES, Answer, any_of, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.model import ConfigRule, Recorder, RecordingGroup, Texts
from dynavet.text import Text
from dynavet.values import Origin, Unknown, Value, single

TABLE = "AWS::DynamoDB::Table"
PREFIXES = ("DYNAMODB_", "DAX_")
"""What the identifiers of the managed rules about DynamoDB and DAX start with."""

_INCLUSION, _EXCLUSION = "INCLUSION_BY_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES"


def records_tables(recorder: Recorder) -> Answer:
    group = single(recorder.group)
    if isinstance(group, Unknown):
        return undecided(group)
    return YES if group.value is None else _takes_tables(group.value)


def types_origin(recorder: Recorder) -> Origin | None:
    """Where the types are that the recorder is told to record or to leave out."""
    group = single(recorder.group)
    if isinstance(group, Unknown) or group.value is None:
        return None
    for types in map(single, (group.value.excluded, group.value.included)):
        if not isinstance(types, Unknown) and types.value.items and types.value.origin is not None:
            return types.value.origin
    return group.value.origin


def is_about_tables(rule: ConfigRule) -> Answer:
    """Whether it is a managed rule about DynamoDB, has one, or is limited to types with tables among them."""
    managed = _some(rule.managed, lambda identifier: identifier.startswith(PREFIXES))
    return managed | _some(rule.resource_types, _is_table)


def _takes_tables(group: RecordingGroup) -> Answer:
    strategy = single(group.strategy)
    if isinstance(strategy, Unknown):
        return undecided(strategy)
    word = None if strategy.value is None else strategy.value.literal
    if strategy.value is not None and word is None:
        return undecided(*undecided_parts(strategy.value, strategy.origin))
    included, excluded = _some(group.included, _is_table), _some(group.excluded, _is_table)
    if word is not None:
        return {_INCLUSION: included, _EXCLUSION: ~excluded}.get(word, YES)
    everything = single(group.all_supported)
    if isinstance(everything, Unknown):
        return undecided(everything)
    if everything.value is None:
        limited = _some(group.included, lambda _: True)
        return (~limited | included) & ~excluded
    return YES if everything.value else included


def _some(texts: Value[Texts], question: Callable[[str], bool]) -> Answer:
    """Whether the answer is yes for one of the texts."""
    found = single(texts)
    if isinstance(found, Unknown):
        return undecided(found)
    answers = [_ask(item, question) for item in found.value.items]
    return any_of((*answers, *(undecided(reason) for reason in found.value.more)))


def _ask(value: Value[Text | None], question: Callable[[str], bool]) -> Answer:
    text = single(value)
    if isinstance(text, Unknown):
        return undecided(text)
    if text.value is None:
        return Answer(False)
    if text.value.literal is not None:
        return Answer(question(text.value.literal))
    return undecided(*undecided_parts(text.value, text.origin)) if text.value.holes else Answer(False)


def _is_table(type_: str) -> bool:
    return type_ == TABLE


__all__ = ["TABLE", "is_about_tables", "records_tables", "types_origin"]
