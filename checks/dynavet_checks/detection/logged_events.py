"""Which events a trail logs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.text_matching import as_literal, matches
from dynavet.model import AdvancedEventSelector, EventSelector, FieldSelector, Table, Texts, Trail
from dynavet.text import Text
from dynavet.values import Origin, Unknown, Value, single
from dynavet_checks.access.table_resources import names_table

TABLE = "AWS::DynamoDB::Table"
KMS = "kms.amazonaws.com"

Selector = EventSelector | AdvancedEventSelector
Matcher = Callable[[Text, Origin | None], Answer]
"""Whether a pattern, in which nothing but `ANY` is a wildcard, matches a field of an event."""

ANY = "*"
_NAMED_ONLY = {"ReadOnly": "true", "WriteOnly": "false"}
_POSITIVE = {"Equals": ("", ""), "StartsWith": ("", ANY), "EndsWith": (ANY, "")}
"""What may stand before and after the text that each operator is given."""


def logs_management(trail: Trail, *, reads: bool, source: str | None = None) -> Answer:
    """Whether the trail logs management events that read, or else that write; of one event source, or of some."""
    read_only = "true" if reads else "false"
    event = {"eventCategory": _is("Management"), "readOnly": _is(read_only)}
    event |= {} if source is None else {"eventSource": _is(source)}

    def selects(selector: Selector) -> Answer:
        if isinstance(selector, AdvancedEventSelector):
            return _advanced(selector, event)
        excluded = NO if source is None else _any(selector.excluded, _is(source))
        return ~_is_false(selector.management) & _read_write(selector.read_write, read_only) & ~excluded

    chosen = list(_selectors(trail))
    return any_of(undecided(each) if isinstance(each, Unknown) else selects(each) for each in chosen) if chosen else YES


def logs_items(trail: Trail, table: Table | None = None) -> Answer:
    """Whether the trail logs some data events of the table, or else of some table."""
    resource = _any_table if table is None else _table(table)
    event: dict[str, Matcher] = {
        "eventCategory": _is("Data"),
        "resources.type": _is(TABLE),
        "resources.ARN": resource,
        "eventSource": _is("dynamodb.amazonaws.com"),
    }

    def selects(selector: Selector) -> Answer:
        if isinstance(selector, AdvancedEventSelector):
            return _advanced(selector, event)
        kinds = [undecided(reason) for reason in selector.more_data]
        for slot in map(single, selector.data):
            if isinstance(slot, Unknown):
                kinds.append(undecided(slot))
            elif slot.value is not None:
                every = _any(slot.value.values, _all_tables)
                kinds.append(_text(slot.value.type, _is(TABLE)) & (every | _any(slot.value.values, resource)))
        return any_of(kinds)

    return any_of(undecided(each) if isinstance(each, Unknown) else selects(each) for each in _selectors(trail))


def _selectors(trail: Trail) -> Iterator[Selector | Unknown]:
    """The selectors that there are, and why there may be others."""
    for slot in map(single, trail.selectors):
        if isinstance(slot, Unknown):
            yield slot
        elif slot.value is not None:
            yield slot.value
    yield from trail.more_selectors


def _advanced(selector: AdvancedEventSelector, event: Mapping[str, Matcher]) -> Answer:
    """Whether all fields of the event are as the selector asks; of what is not said of the event, some are."""
    answers = [undecided(reason) for reason in selector.more_fields]
    for slot in map(single, selector.fields):
        if isinstance(slot, Unknown):
            answers.append(undecided(slot))
        elif slot.value is not None:
            answers += _field(slot.value, event)
    return all_of(answers)


def _field(asked: FieldSelector, event: Mapping[str, Matcher]) -> Iterator[Answer]:
    named = single(asked.field)
    if isinstance(named, Unknown):
        yield undecided(named)
        return
    is_like = event.get(str(named.value))
    if is_like is None:
        return
    given = {name: texts for name, texts in asked.operators.items() if texts.items or texts.more}
    positive = [_any(texts, is_like, *_POSITIVE[name]) for name, texts in given.items() if name in _POSITIVE]
    if positive:
        yield any_of(positive)
    for name, texts in given.items():
        if name not in _POSITIVE:
            yield ~_any(texts, is_like, *_POSITIVE[name.removeprefix("Not")])


def _any(texts: Texts, is_like: Matcher, before: str = "", after: str = "") -> Answer:
    """Whether one of the texts, with something before or after it, is like the field."""

    def like(text: Text, origin: Origin | None) -> Answer:
        return is_like(Text.of(before, as_literal(text), after), origin)

    return any_of((*(_text(item, like) for item in texts.items), *(undecided(reason) for reason in texts.more)))


def _text(value: Value[Text | None], is_like: Matcher) -> Answer:
    text = single(value)
    if isinstance(text, Unknown):
        return undecided(text)
    return NO if text.value is None else is_like(text.value, text.origin)


def _is(word: str) -> Matcher:
    return lambda pattern, origin: matches(pattern, Text.of(word), origin)


def _table(table: Table) -> Matcher:
    return lambda pattern, origin: names_table(pattern, table, origin)


def _any_table(_pattern: Text, _origin: Origin | None) -> Answer:
    return YES


def _all_tables(value: Text, origin: Origin | None) -> Answer:
    """``arn:aws:dynamodb`` stands for all tables; the ARN of a resource is longer."""
    if value.reference is not None and value.reference.attribute == "arn":
        return NO
    return matches(Text.of("arn:*:dynamodb"), value, origin)


def _is_false(value: Value[bool | None]) -> Answer:
    flag = single(value)
    return undecided(flag) if isinstance(flag, Unknown) else Answer(flag.value is False)


def _read_write(value: Value[Text | None], read_only: str) -> Answer:
    """Whether a basic selector takes events that are read-only, or else those that are not."""
    others = [word for word, kind in _NAMED_ONLY.items() if kind != read_only]
    return ~any_of(_text(value, _is(word)) for word in others)


def origins_of(selectors: Iterable[Value[Selector | None]]) -> Iterator[Origin]:
    """Where selectors stand."""
    for slot in map(single, selectors):
        if not isinstance(slot, Unknown) and slot.value is not None:
            yield slot.value.origin


__all__ = ["KMS", "logs_items", "logs_management", "origins_of"]
