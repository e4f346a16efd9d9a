"""What ``.gitignore`` files exclude, nested ones and those above the scanned directory included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".gitignore"


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

    def excludes(self, path: Path, *, is_directory: bool) -> bool:
        """Whether git would ignore a path directly in the directory; the nearest rule that speaks decides."""
        name = f"{path}/" if is_directory else str(path)
        for prefix, spec in self._rules:
            verdict = spec.check_file(name.removeprefix(prefix)).include
            if verdict is not None:
                return verdict
        return False


def enclosing_repository(path: Path) -> Path | None:
    """The nearest directory at or above an absolute path that is the top of a git work tree."""
    return next((each for each in (path, *path.parents) if (each / ".git").exists()), None)


def _child(ancestor: Path, directory: Path) -> Path:
    return ancestor / directory.relative_to(ancestor).parts[0]


def _read(path: Path) -> GitIgnoreSpec | None:
    """The rules of one file; `None` if there is no such file, or if it cannot be read."""
    try:
        lines = path.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
