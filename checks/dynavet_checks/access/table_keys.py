"""Which keys of the code encrypt a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from dynavet.answers import YES, Answer, undecided
from dynavet.model import Encryption, Key, Project, Table
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, single
from dynavet_checks.access.index_coverage import branches


@lru_cache(maxsize=2)
def encrypted_tables(project: Project) -> tuple[tuple[Table, Key, Answer], ...]:
    """The tables of a project of one world with each key of the code that encrypts them, and whether it does."""
    keys = Keys(project.keys)
    tables = project.tables if project.keys else ()
    return tuple((table, key, encrypts) for table in tables for key, encrypts in keys.of(table))


def encrypted_among(project: Project, named: Collection[str] | None) -> Iterator[tuple[Table, Key, Answer]]:
    """Those of `encrypted_tables` that have one of these addresses; with `None` all of them."""
    entries = encrypted_tables(project)
    if named is None:
        yield from entries
        return
    places = _places_of_tables(project)
    for place in sorted({place for address in named for place in places.get(address, ())}):
        yield entries[place]


@lru_cache(maxsize=2)
def _places_of_tables(project: Project) -> dict[str, list[int]]:
    """Where in `encrypted_tables` the table of an address is."""
    found: dict[str, list[int]] = {}
    for place, (table, _, _) in enumerate(encrypted_tables(project)):
        for address in (table.address, *table.also):
            found.setdefault(address, []).append(place)
    return found


@lru_cache(maxsize=2)
def _keys_of_replicas(project: Project) -> tuple[tuple[Table, Key, Answer], ...]:
    """The replicas of tables that have settings of their own, by table, with the key of the code that each names."""
    keys = Keys(project.keys)
    tables = (*project.tables, *project.replicated) if project.keys else ()
    return tuple(
        (table, key, encrypts)
        for table in tables
        if not table.is_its_replicas
        for replica, doubts in branches(table.replicas, ())
        if isinstance(replica, Known) and replica.value is not None
        for key, encrypts in keys.named((replica.value.key,), doubts, YES)
    )


@dataclass(frozen=True)
class Use:
    """A table that a key may encrypt, or with `replicas` those of its replicas that name the key."""

    table: Table
    answer: Answer
    replicas: bool = False

    def __str__(self) -> str:
        return f"replicas of {self.table.address}" if self.replicas else self.table.address


def uses_of(key: Key, project: Project) -> tuple[Use, ...]:
    """What a key of the code encrypts in one world, or may encrypt."""
    return tuple(_uses(project).get(key.address, ()))


@lru_cache(maxsize=2)
def _uses(project: Project) -> dict[str, list[Use]]:
    """The uses of each key, by its address."""
    found: dict[str, list[Use]] = {}
    for entries, replicas in ((encrypted_tables(project), False), (_keys_of_replicas(project), True)):
        for table, key, answer in entries:
            found.setdefault(key.address, []).append(Use(table, answer, replicas))
    return found


class Keys:
    """The keys of a project of one world, by what code names them with."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._by_address = {address: key for key in keys for address in addresses(key)}
        self._by_alias = {name: key for key in keys for name in _names(key)}

    def of(self, table: Table) -> Iterator[tuple[Key, Answer]]:
        """The keys that the table is encrypted with, and whether it is."""
        for there, doubts in branches((table.exists,), ()):
            reasons = (*doubts, there) if isinstance(there, Unknown) else doubts
            if not isinstance(there, Unknown) and not there.value:
                continue
            for encryption, more in branches((table.encryption,), reasons):
                if not isinstance(encryption, Unknown):
                    yield from self._encrypting(table, encryption.value, more)

    def _encrypting(
        self, table: Table, encryption: Encryption, doubts: tuple[Unknown, ...]
    ) -> Iterator[tuple[Key, Answer]]:
        for enabled, more in branches((encryption.enabled,), doubts):
            on = undecided(enabled) if isinstance(enabled, Unknown) else Answer(enabled.value is True)
            yield from self.named(_named(table, encryption), more, on) if on.truth is not False else ()

    def named(
        self, texts: tuple[Value[Text | None], ...], doubts: tuple[Unknown, ...], on: Answer
    ) -> Iterator[tuple[Key, Answer]]:
        """The keys that are named where encryption is `on`, and whether they encrypt something there."""
        for text, reasons in branches(texts, doubts):
            key = None if isinstance(text, Unknown) or text.value is None else self._declared(text.value)
            if key is not None:
                yield key, on & (undecided(*reasons) if reasons else YES)

    def _declared(self, text: Text) -> Key | None:
        """The key that is meant by id, ARN or alias."""
        referred = (self._by_address.get(reference.target) for reference in text.references)
        found = next((key for key in referred if key is not None), None)
        return found or self._by_alias.get(str(text).rpartition(":")[2])


def _named(table: Table, encryption: Encryption) -> tuple[Value[Text | None], ...]:
    """What the table names as its key; one that is nothing but its replicas names one for each."""
    if not table.is_its_replicas:
        return (encryption.key,)
    replicas = [each for each, _ in branches(table.replicas, ()) if isinstance(each, Known)]
    return tuple(each.value.key for each in replicas if each.value is not None)


def addresses(key: Key) -> set[str]:
    """Those of the key and of its aliases."""
    return {key.address, *key.also, *(alias.address for alias in key.aliases)}


@lru_cache(maxsize=2)
def all_addresses(project: Project) -> frozenset[str]:
    """Those of all keys and their aliases."""
    return frozenset(address for key in project.keys for address in addresses(key))


def _names(key: Key) -> Iterator[str]:
    for alias in key.aliases:
        known = single(alias.name)
        if isinstance(known, Known) and known.value is not None and known.value.literal:
            yield known.value.literal


__all__ = ["Keys", "Use", "addresses", "all_addresses", "encrypted_among", "encrypted_tables", "uses_of"]
