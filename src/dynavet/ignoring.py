"""What ``.gitignore`` files exclude, nested ones and those above the scanned directory included."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dynavet.regexes import regex
from dynavet.sources import SourceError, read_regular

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".gitignore"
MAX_BYTES = 1024 * 1024
"""A larger file is no list of patterns."""

MAX_WILDCARDS = 8
"""A pattern with more stars than this excludes nothing: to match it may take for ever."""

_WILDCARDS = regex(r"\[.*\]|\[.*|[*?]")


class Patterns:
    """The rules of one file.

    Most paths are spoken of by none of them, which plain text searches show; where one may
    speak, all of them decide in their order.
    """

    def __init__(self, lines: list[str]) -> None:
        self._lines: list[tuple[str, str]] = []
        self._names: set[str] = set()
        self._needles: set[str] = set()
        for line in lines:
            kept = line.rstrip().removeprefix("!").rstrip("/")
            if line.strip() and line[0] != "#" and line.count("*") <= MAX_WILDCARDS:
                needle = _needle(kept)
                self._lines.append((line, needle))
                (self._names if needle == kept and "/" not in kept else self._needles).add(needle)

    def verdict(self, name: str) -> bool | None:
        """Whether a path relative to the file, a directory's with ``/`` at its end, is excluded."""
        return self._spec_for(name).check_file(name).include if self._may_speak_of(name) else None

    def _may_speak_of(self, name: str) -> bool:
        if not self._names.isdisjoint(name.split("/")):
            return True
        for needle in self._needles:  # noqa: SIM110 (many times as fast, for each entry of each directory)
            if needle in name:
                return True
        return False

    def _spec_for(self, name: str) -> GitIgnoreSpec:
        """Those of the rules that may speak of a path."""
        return _spec(tuple(line for line, needle in self._lines if needle in name))


class Ignoring:
    """The rules that hold in one directory: its own, then those of its parents."""

    def __init__(self, directory: Path, parent: Ignoring | None = None) -> None:
        own = _read(directory / FILE)
        self._rules = [] if own is None else [(f"{directory}/", own)]
        if parent is not None:
            self._rules += parent._rules

    @classmethod
    def above(cls, directory: Path) -> Ignoring | None:
        """The rules that the repository around a directory has for it, unless they exclude it altogether."""
        top = enclosing_repository(directory)
        if top is None or top == directory:
            return None
        rules: Ignoring | None = None
        for ancestor in reversed(directory.parents):
            if ancestor == top or top in ancestor.parents:
                step = directory if ancestor == directory.parent else _child(ancestor, directory)
                rules = cls(ancestor, rules)
                if rules.excludes(step, is_directory=True):
                    return None
        return rules

    def excludes(self, path: str | Path, *, is_directory: bool) -> bool:
        """Whether git would ignore a path directly in the directory; the nearest rule that speaks decides."""
        if not self._rules:
            return False
        name = f"{path}/" if is_directory else str(path)
        for prefix, spec in self._rules:
            verdict = spec.verdict(name.removeprefix(prefix))
            if verdict is not None:
                return verdict
        return False


def enclosing_repository(path: Path) -> Path | None:
    """The nearest directory at or above an absolute path that is the top of a git work tree."""
    # Unlike Path.exists, this one takes a name that is too long for one of no file.
    return next((each for each in (path, *path.parents) if os.path.exists(each / ".git")), None)  # noqa: PTH110


def _child(ancestor: Path, directory: Path) -> Path:
    return ancestor / directory.relative_to(ancestor).parts[0]


def _needle(pattern: str) -> str:
    """Text that is in every path of which a pattern speaks: its longest part without wildcards."""
    if "\\" in pattern:
        return ""
    return max((part.strip("/") for part in _WILDCARDS.split(pattern)), key=len)


@lru_cache(maxsize=1024)
def _spec(lines: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if _is_valid(line))


def _is_valid(line: str) -> bool:
    """Whether the line is a pattern at all; git passes over the others."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _read(path: Path) -> Patterns | None:
    """The rules of one file; `None` if there is no such file, or if it cannot be read.

    A link has none, as for git: https://git-scm.com/docs/gitignore#_notes
    """
    try:
        data = b"" if path.is_symlink() else read_regular(path, MAX_BYTES)
    except (SourceError, OSError):
        return None
    return _patterns(data.decode("utf-8", "surrogateescape")) if data else None


@lru_cache(maxsize=256)
def _patterns(text: str) -> Patterns:
    """Equal files, of which a repository may have hundreds, are one."""
    return Patterns(text.splitlines())
