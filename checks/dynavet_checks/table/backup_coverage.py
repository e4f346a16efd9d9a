"""Whether a selection of AWS Backup covers a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from fnmatch import fnmatchcase

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.text_matching import as_literal, matches
from dynavet.model import BackupSelection, Table, TagCondition, Tags
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Unknown, Value, single
from dynavet_checks.access.table_resources import names_table

_TAG_PREFIX = "aws:ResourceTag/"
_SERVICE = 2
"""The field of an ARN that names the service."""


def covers(selection: BackupSelection, table: Table, others: Set[str]) -> Answer:
    """Whether the selection assigns the table to its plan; `others` are the addresses of other tables.

    Resources and the list of tags add up, conditions and excluded resources take away from them.
    """
    by_name = _named(selection.resources, selection.more_resources, table, others)
    any_tag = any_of(_has_tag(slot, table) for slot in (*selection.any_tag, *selection.more_any_tag))
    nothing_named = not (selection.resources or selection.any_tag or by_name.reasons or any_tag.reasons)
    included = YES if nothing_named else by_name | any_tag
    met = all_of(_has_tag(slot, table, absent=YES) for slot in (*selection.all_tags, *selection.more_all_tags))
    return included & met & ~_named(selection.excluded, selection.more_excluded, table, others)


def _named(patterns: Iterable[Value[Text | None]], more: tuple[Unknown, ...], table: Table, others: Set[str]) -> Answer:
    return any_of((*(_matches(single(each), table, others) for each in patterns), *map(undecided, more)))


def _matches(pattern: Known[Text | None] | Unknown, table: Table, others: Set[str]) -> Answer:
    if isinstance(pattern, Unknown):
        return undecided(pattern)
    if pattern.value is None or not _may_be_dynamodb(pattern.value):
        return NO
    if any(reference.target in others for reference in pattern.value.references):
        return NO
    return names_table(pattern.value, table, pattern.origin)


def _may_be_dynamodb(pattern: Text) -> bool:
    """Whether the service of an ARN pattern is DynamoDB, or not told."""
    fields = str(pattern).split(":")
    if fields[0] != "arn" or len(fields) <= _SERVICE or "${" in fields[_SERVICE]:
        return True
    return fnmatchcase("dynamodb", fields[_SERVICE])


def _has_tag(slot: Value[TagCondition | None], table: Table, absent: Answer = NO) -> Answer:
    """Whether the table meets a condition; one that is not there is `absent`."""
    condition = single(slot)
    if isinstance(condition, Unknown):
        return undecided(condition)
    if condition.value is None:
        return absent
    return any_of(_meets(condition.value, tags) for tags in _tags_of(table))


def _tags_of(table: Table) -> Iterator[Tags | Unknown]:
    """The tags of the table; of one that is its replicas, those of each."""
    for tags in _tags_of_replicas(table) if table.is_its_replicas else (single(table.tags),):
        if isinstance(tags, Unknown):
            yield tags
        elif tags.value is not None:
            yield tags.value


def _tags_of_replicas(table: Table) -> Iterator[Known[Tags] | Unknown]:
    for slot in (*table.replicas, *table.more_replicas):
        replica = single(slot)
        if isinstance(replica, Unknown):
            yield replica
        elif replica.value is not None:
            yield single(replica.value.tags)


def _meets(condition: TagCondition, tags: Tags | Unknown) -> Answer:
    key = single(condition.key)
    if isinstance(tags, Unknown) or isinstance(key, Unknown):
        return undecided(*(each for each in (tags, key) if isinstance(each, Unknown)))
    name = key.value.literal if key.value is not None else ""
    if name is None:
        return undecided(Unknown(f"the tag key {key.value} of a backup selection is undecided", key.origin))
    holds = _has_value(condition, tags, name.removeprefix(_TAG_PREFIX))
    return ~holds if "Not" in condition.operator else holds


def _has_value(condition: TagCondition, tags: Tags, name: str) -> Answer:
    entry = single(tags.entries.get(name, ABSENT))
    wanted = single(condition.value)
    if isinstance(entry, Unknown) or isinstance(wanted, Unknown):
        return undecided(*(each for each in (entry, wanted) if isinstance(each, Unknown)))
    if entry.value is None:
        return undecided(*tags.more) if tags.more else NO
    pattern = wanted.value or Text.of("")
    return matches(pattern if "Like" in condition.operator else as_literal(pattern), entry.value, wanted.origin)
