"""``Fn::FindInMap``: with an undecided key one of the entries, together with the conditions on that key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from dynavet.records import dataclass
from dynavet.text import as_text
from dynavet.values import MAX_WORLDS, Data, Known, List, Object, OneOf, Origin, Unknown, Value, bind, same
from dynavet_parsers.cloudformation.inputs import OTHER, Classes, input_name
from dynavet_parsers.cloudformation.template import mapping

Then = Callable[[Value[Data]], Value[Data]]
Branches = list[tuple[str, Value[Data]]]


@dataclass(frozen=True, slots=True)
class Key:
    """An argument as it is written, and what it evaluates to."""

    raw: Value[Data]
    value: Value[Data]


@dataclass(frozen=True, slots=True)
class Search:
    """One call beside its keys: `missing` is the value of its ``DefaultValue``, `at` is where it stands."""

    mappings: Mapping[str, Value[Data]]
    parameters: Collection[str]
    classes: Classes
    missing: Value[Data] | None
    at: Origin | None

    def find(self, name: Key, first: Key, second: Key) -> Value[Data]:
        """The entry under `first` and `second` of the mapping `name`."""

        def of(data: Data) -> Value[Data]:
            text = None if isinstance(data, (List, Object)) else as_text(data).literal
            if text is None or text not in self.mappings:
                return self.lacking(f"mapping {text or '?'} is not declared in this template")
            return self.entry(self.mappings[text], first, text, lambda row: self.entry(row, second, text, self.placed))

        return bind(of, name.value)

    def entry(self, table: Value[Data], key: Key, name: str, then: Then) -> Value[Data]:
        """The entry of `table`, put through `then`; for an undecided key one of all entries."""
        content = mapping(table)
        entries = content.entries if content is not None else {}

        def decided(data: Data) -> Value[Data]:
            text = None if isinstance(data, (List, Object)) else as_text(data).literal
            if text is None:
                return self.one_of(entries, key, then)
            return then(entries[text]) if text in entries else self.lacking(f"mapping {name} has no entry {text}")

        return self.one_of(entries, key, then) if isinstance(key.value, Unknown) else bind(decided, key.value)

    def one_of(self, entries: Mapping[str, Value[Data]], key: Key, then: Then) -> Value[Data]:
        """A branch for each class of the key, and for each entry below the class of other values.

        Where there is neither an entry nor a default nothing is deployed, so there is no branch.
        """
        name = input_name(key.raw, self.parameters)
        undecided = Unknown(f"{name} is undecided", self.at)
        if len(entries) > MAX_WORLDS:
            return undecided
        values = {label: then(value) for label, value in entries.items()}
        if self.missing is not None:
            values.setdefault(OTHER, self.missing)
        constants = self.classes.constants(name)
        rest = [(label, value) for label, value in values.items() if label not in constants]
        if not constants:
            return self.choice(name, rest, undecided)
        others = self.choice(f"{name} otherwise", rest, undecided) if rest else None
        branches: Branches = []
        labels = self.classes.labels(name)
        for label in labels:
            value = values.get(label, self.missing) if label in constants else others
            if value is not None:
                branches.append((label, value))
        return self.choice(name, branches, undecided) if labels else undecided

    def choice(self, condition: str, branches: Branches, undecided: Unknown) -> Value[Data]:
        if not branches:
            return undecided
        if _all_same(value for _, value in branches):
            return branches[0][1]
        return OneOf(condition, tuple(branches), None, self.at)

    def lacking(self, reason: str) -> Value[Data]:
        return self.missing if self.missing is not None else Unknown(reason, self.at)

    def placed(self, value: Value[Data]) -> Value[Data]:
        """An entry where the call stands."""
        if isinstance(value, Known) and self.at is not None:
            return Known(value.value, self.at.through(value.origin))
        return value


def _all_same(values: Iterable[Value[Data]]) -> bool:
    first, *others = values
    return all(same(first, other) for other in others)
