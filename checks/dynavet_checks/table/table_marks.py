"""Whether a table is one of those that the user, or a convention, marks by name or tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dynavet.answers import NO, Answer, undecided
from dynavet.iam.globs import has_wildcard
from dynavet.iam.text_matching import in_lower_case, matches
from dynavet.model import Marks, Settings, Table, Tags
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Unknown, Value, single


@dataclass(frozen=True, slots=True)
class Marked:
    """Whether a table is marked; if it is, `by` says by what (``its tag DataClass is pii``)."""

    answer: Answer
    by: str = ""


def marked(table: Table, marks: Marks, settings: Settings) -> Marked:
    """What the name and the effective tags of a table, of one world, say.

    A table without a name in the code has none that a glob matches. The tags of a table that has them only per
    replica are those of its replicas: the data are the same.
    """
    result = NO
    for found in (*_by_name(table, marks), *_by_tags(table, marks, settings)):
        if found.answer.truth:
            return found
        result = result | found.answer
    return Marked(result)


def _by_name(table: Table, marks: Marks) -> Iterator[Marked]:
    name = single(table.name)
    if isinstance(name, Unknown):
        yield from (Marked(undecided(name)) for _ in marks.names[:1])
    elif name.value is not None:
        yield from _compared("its name", name.value, marks.names, in_lower_case)


def _by_tags(table: Table, marks: Marks, settings: Settings) -> Iterator[Marked]:
    if not marks.tags:
        return
    of_key, of_value = (str, _as_it_is) if settings.case_sensitive_tags else (str.casefold, in_lower_case)
    marking: dict[str, tuple[str, ...]] = {}
    for key, globs in marks.tags.items():
        marking[of_key(key)] = (*marking.get(of_key(key), ()), *globs)
    for tags in _tags(table):
        if isinstance(tags, Unknown):
            yield Marked(undecided(tags))
            continue
        for key, written in tags.entries.items():
            value, globs = single(written), marking.get(of_key(key), ())
            if isinstance(value, Unknown):
                yield from (Marked(undecided(value)) for _ in globs[:1])
            elif value.value is not None:
                yield from _compared(f"its tag {key}", value.value, globs, of_value)
        if tags.more:
            yield Marked(undecided(*tags.more))


def _tags(table: Table) -> Iterator[Tags | Unknown]:
    if not table.is_its_replicas:
        value: Value[Tags | None] = table.tags
        yield from _known(value)
        return
    yield from table.more_replicas
    for slot in table.replicas:
        replica = single(slot)
        if isinstance(replica, Unknown):
            yield replica
        elif replica.value is not None:
            yield from _known(replica.value.tags)


def _known(value: Value[Tags] | Value[Tags | None]) -> Iterator[Tags | Unknown]:
    tags = single(value)
    if isinstance(tags, Unknown):
        yield tags
    elif tags.value is not None:
        yield tags.value


def _compared(what: str, text: Text, globs: Iterable[str], fold: Callable[[Text], Text]) -> Iterator[Marked]:
    folded = fold(text)
    for glob in globs:
        like = "like " if has_wildcard(glob) else ""
        yield Marked(matches(fold(Text.of(glob)), folded), f"{what} is {like}{glob}")


def _as_it_is(text: Text) -> Text:
    return text
