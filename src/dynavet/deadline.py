"""The time that a scan may take, and what it left out for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from dynavet.findings import Skipped

T = TypeVar("T")


class Deadline:
    """Passed after so many seconds from now, or never. It is asked between files, projects and rules.

    `unread` are the files and directories that were not read, `unjudged` the projects on which not
    all rules were tried; both as the user sees them, in the order in which they were left out.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.unread: dict[str, None] = {}
        self.unjudged: dict[str, None] = {}
        self._end = None if seconds is None else monotonic() + seconds

    def again(self) -> Deadline:
        """The same deadline, by which nothing was left out yet."""
        same = Deadline(None)
        same.seconds, same._end = self.seconds, self._end
        return same

    def take_in(self, other: Deadline) -> None:
        """Count what was left out by a deadline that is the same."""
        self.unread.update(other.unread)
        self.unjudged.update(other.unjudged)

    def passed(self) -> bool:
        return self._end is not None and monotonic() >= self._end

    def judging(self, rules: Iterable[T], project: str) -> Iterator[T]:
        """The rules for which there is time."""
        for rule in rules:
            if self.passed():
                self.unjudged[project] = None
                return
            yield rule

    def left_out(self, read: Iterable[str]) -> list[Skipped]:
        """All that was left out, once it is known what was read after all."""
        names = set(read)
        unread = [Skipped(path, f"not read within {self.seconds:g} s") for path in self.unread if path not in names]
        return unread + [Skipped(path, f"not wholly judged within {self.seconds:g} s") for path in self.unjudged]
