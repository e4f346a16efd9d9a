"""What a request carries: its context keys, each absent, known, or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Single, Unknown, Value

ContextValue: TypeAlias = "Value[tuple[Value[Text], ...] | None]"
"""The values of a context key; absent if the request does not carry it, unknown if it may."""


@dataclass(frozen=True, slots=True)
class Context:
    """The context keys of a request, whose names compare without case.

    `others` says what holds of a key that is not among `keys`: absent, or unknown.
    """

    keys: Mapping[str, ContextValue] = field(default_factory=dict)
    others: Value[None] = ABSENT

    @staticmethod
    def of(keys: Mapping[str, str | list[str]], others: Unknown | None = None) -> Context:
        """A context of known keys with a value or a list of them.

        >>> Context.of({"aws:SourceVpce": "vpce-1"}).value("AWS:sourceVpce").value[0].value.literal
        'vpce-1'
        """
        values = {key: [given] if isinstance(given, str) else given for key, given in keys.items()}
        known: dict[str, ContextValue] = {
            key: Known(tuple(Known(Text.of(each)) for each in given)) for key, given in values.items()
        }
        return Context(known, ABSENT if others is None else others)

    def value(self, key: str) -> Single[tuple[Value[Text], ...] | None]:
        """The values of a key; a key without any value is absent."""
        for name, given in self.keys.items():
            if name.lower() == key.lower():
                return _single_or_absent(given)
        return _single_or_absent(self.others)

    def single_value(self, key: str) -> Single[Text | None]:
        """What a policy variable of this name stands for; a key with several values stands for nothing."""
        found = self.value(key)
        if isinstance(found, Unknown):
            return found
        if found.value is None or len(found.value) != 1:
            return ABSENT
        (only,) = found.value
        return _must_be_single(only)

    def with_derived(self, derived: Mapping[str, ContextValue]) -> Context:
        """With what follows from the rest of the request; what is given goes first."""
        given = {key.lower() for key in self.keys}
        more = {key: value for key, value in derived.items() if key.lower() not in given}
        return Context({**self.keys, **more}, self.others)


def _must_be_single(value: Value[Text]) -> Single[Text | None]:
    if isinstance(value, (Known, Unknown)):
        return value
    raise TypeError(f"{value.condition} is still open")


def _single_or_absent(value: ContextValue | Value[None]) -> Single[tuple[Value[Text], ...] | None]:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Known):
        return value if value.value else ABSENT
    raise TypeError(f"{value.condition} is still open")
