"""The tags of a given key."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.model import Settings, Tags
from dynavet.text import Text
from dynavet.values import Single, single


def entries_of(tags: Tags, key: str, settings: Settings) -> Iterator[tuple[str, Single[Text | None]]]:
    """The tags of one world with this key, in any letter case unless it counts: the key as written and the value."""
    compared = str if settings.case_sensitive_tags else str.casefold
    for written, value in tags.entries.items():
        if compared(written) == compared(key):
            yield written, single(value)
