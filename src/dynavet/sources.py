"""Reading source files: never outside the scanned roots, never a path the user did not name."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from io import RawIOBase
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
        self._below = f"{self._cwd}/".replace("//", "/")
        self._roots = tuple(root.resolve() for root in roots)
        self._directories: dict[str, bool] = {}

    def show(self, path: Path) -> str:
        """The path as the user will see it."""
        text = os.fspath(path)
        if text.startswith(self._below) and os.sep == "/" and "/." not in text:
            return text.removeprefix(self._below)
        return os.path.relpath(os.path.normpath(self._cwd / path), self._cwd).replace(os.sep, "/")

    def inside(self, path: Path) -> bool:
        """Whether the real path (links followed) lies in a scanned root; one that cannot exist does not."""
        try:
            return self._lies_inside(path)
        except SourceError:
            return False

    def _lies_inside(self, path: Path) -> bool:
        """See `inside`. Raises `SourceError` for links in a circle and for what can be the name of no file."""
        try:
            return self._real_lies_inside(path)
        except RuntimeError as error:  # so Python before 3.13 says it
            raise SourceError(f"cannot be read: {os.strerror(errno.ELOOP)}") from error
        except (OSError, ValueError) as error:
            raise SourceError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error

    def _real_lies_inside(self, path: Path) -> bool:
        text = os.fspath(path)
        directory, _, name = text.rpartition(os.sep)
        if name in ("", "..") or _is_link(text):
            return self._within(path.resolve())
        if directory not in self._directories:
            self._directories[directory] = self._directory_lies_inside(directory, path.parent)
        return self._directories[directory] or path.resolve() in self._roots

    def _directory_lies_inside(self, directory: str, path: Path) -> bool:
        """Whether the real path of a directory, given both ways, does; what is in such a one, and no link, does."""
        around, _, name = directory.rpartition(os.sep)
        if self._directories.get(around) and name not in ("", "..") and not _is_link(directory):
            return True
        return self._within(path.resolve())

    def _within(self, real: Path) -> bool:
        return any(real == root or root in real.parents for root in self._roots)

    def read(self, path: Path) -> bytes:
        """The file's bytes. Raises `SourceError` with the reason.

        A link that takes the file's place after it was looked at is not followed.
        """
        if not self._lies_inside(path):
            raise SourceError("lies outside the scanned directory")
        try:
            return read_regular(path, follow=False)
        except SourceError:
            if not path.is_symlink():
                raise
        real = path.resolve()
        if not self._within(real):
            raise SourceError("lies outside the scanned directory")
        return read_regular(real, follow=False)

    def read_text(self, path: Path) -> str:
        """The file's text, UTF-8 with or without a byte order mark. Raises `SourceError`."""
        data = self.read(path)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceError(NOT_UTF8.format(error.start), *place_of(data, error.start)) from error


def _is_link(path: str) -> bool:
    """As `Path.is_symlink`. Raises `OSError` for what can be the name of no file."""
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def read_regular(path: Path, limit: int = MAX_BYTES, *, follow: bool = True) -> bytes:
    """The bytes of a regular file; unless `follow`, of no link to one. Raises `SourceError` with the reason.

    A pipe or device is not opened, and one that takes the file's place meanwhile is not waited for.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            raise SourceError("is not a regular file")
        with open(path, "rb", buffering=0, opener=_without_waiting if follow else _itself) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise SourceError("is not a regular file")
            data = _read_up_to(file, limit + 1, status.st_size + 1)
    except FileNotFoundError as error:
        raise SourceError("does not exist") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > limit:
        raise SourceError(f"is larger than {limit // 1024 // 1024} MiB")
    return data


def _read_up_to(file: RawIOBase, limit: int, expected: int) -> bytes:
    """As many bytes, or all there are; room is made for those `expected` at first."""
    parts = []
    left = limit
    while left and (part := file.read(min(left, max(expected, 4096)))):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _itself(path: str, flags: int) -> int:
    return _without_waiting(path, flags | getattr(os, "O_NOFOLLOW", 0))


def place_of(data: bytes, offset: int) -> tuple[int, int]:
    """The one-based line and column, in characters, of a byte in UTF-8 text."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1
