"""Reading source files: never outside the scanned roots, never a path the user did not name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024

NOT_UTF8 = "is not UTF-8 text (byte {})"


class SourceError(Exception):
    """A file that cannot be read; the message says why, without the path, `line` and `column` where."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class BadInput(Exception):
    """A file of input values that cannot be used; the message says where, and what was expected."""


class Sources:
    """The files under the scanned roots.

    `roots` are existing files or directories. Paths are shown relative to `cwd` with ``/``.
    """

    def __init__(self, roots: Iterable[Path], cwd: Path) -> None:
        self._cwd = cwd.resolve()
        self._roots = tuple(root.resolve() for root in roots)
        self._directories: dict[Path, bool] = {}

    def show(self, path: Path) -> str:
        """The path as the user will see it."""
        return os.path.relpath(os.path.normpath(self._cwd / path), self._cwd).replace(os.sep, "/")

    def inside(self, path: Path) -> bool:
        """Whether the real path (links followed) lies in a scanned root."""
        if path.is_symlink() or path.name in ("", ".."):
            return self._within(path.resolve())
        directory = path.parent
        if directory not in self._directories:
            self._directories[directory] = self._within(directory.resolve())
        return self._directories[directory] or path.resolve() in self._roots

    def _within(self, real: Path) -> bool:
        return any(real == root or root in real.parents for root in self._roots)

    def read(self, path: Path) -> bytes:
        """The file's bytes. Raises `SourceError` with the reason."""
        if not self.inside(path):
            raise SourceError("lies outside the scanned directory")
        try:
            if not path.is_file():
                raise SourceError("is not a regular file" if path.exists() else "does not exist")
            if path.stat().st_size > MAX_BYTES:
                raise SourceError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
            data = path.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from error
        return data

    def read_text(self, path: Path) -> str:
        """The file's text, UTF-8 with or without a byte order mark. Raises `SourceError`."""
        data = self.read(path)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceError(NOT_UTF8.format(error.start), *place_of(data, error.start)) from error


def place_of(data: bytes, offset: int) -> tuple[int, int]:
    """The one-based line and column, in characters, of a byte in UTF-8 text."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1
