"""Reading source files: never outside the scanned roots, never a path the user did not name."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

MIB = 1024 * 1024
MAX_BYTES = 64 * MIB

PIECE = 64 * 1024
"""Bytes of a file that are read at once where its size is not what was said."""

_WITHOUT_WAITING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_ITSELF = _WITHOUT_WAITING | getattr(os, "O_NOFOLLOW", 0)

NOT_UTF8 = "is not UTF-8 text (byte {})"


class SourceError(Exception):
    """A file that cannot be read; the message says why, without the path, `line` and `column` where."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class TooLarge(SourceError):
    """A file above the limit; `beginning` are its first bytes, which may tell what it is."""

    def __init__(self, limit: int, beginning: bytes) -> None:
        super().__init__(f"is larger than {limit // 1024 // 1024} MiB")
        self.beginning = beginning


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
        self._tops = tuple(map(os.fspath, self._roots))
        self._directories: dict[str, bool] = {}

    def show(self, path: str | Path) -> str:
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
        return self._directory_lies_inside(directory) or path.resolve() in self._roots

    def _directory_lies_inside(self, directory: str) -> bool:
        """Whether the real path of a directory does; what is in such a one, and no link, does. See `inside`."""
        path = [directory]
        while path[-1] not in self._directories and self._may_lie_below(path[-1]):
            path.append(path[-1].rpartition(os.sep)[0])
        inside = False
        for step in reversed(path):
            if step not in self._directories:
                below = inside and not _is_link(step)
                self._directories[step] = below or self._within(Path(step or os.sep).resolve())
            inside = self._directories[step]
        return inside

    def _may_lie_below(self, directory: str) -> bool:
        """Whether the path of a directory, as it is written, is one of an entry below a root."""
        around, _, name = directory.rpartition(os.sep)
        return name not in ("", "..") and around.startswith(self._tops)

    def _within(self, real: Path) -> bool:
        return any(real == root or root in real.parents for root in self._roots)

    def read(self, path: str | Path) -> bytes:
        """The file's bytes. Raises `SourceError` with the reason.

        A link that takes the file's place after it was looked at is not followed.
        """
        directory, _, name = os.fspath(path).rpartition(os.sep)
        if self._directories.get(directory) and name not in ("", ".."):
            try:
                return read_regular(path, follow=False)
            except SourceError:
                if not os.path.islink(path):  # noqa: PTH114 (it takes what can be the name of no file)
                    raise
        return self._read_real(Path(path))

    def _read_real(self, path: Path) -> bytes:
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


def read_regular(path: str | Path, limit: int = MAX_BYTES, *, follow: bool = True) -> bytes:
    """The bytes of a regular file; unless `follow`, of no link to one. Raises `SourceError` with the reason.

    A pipe or device is not opened, and one that takes the file's place meanwhile is not waited for.
    """
    try:
        if not stat.S_ISREG(os.stat(path, follow_symlinks=follow).st_mode):  # noqa: PTH116
            raise SourceError("is not a regular file")
        descriptor = os.open(path, _WITHOUT_WAITING if follow else _ITSELF)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SourceError("is not a regular file")
            whole = min(limit + 1, MIB) if status.st_size > limit else limit + 1
            data = _read_up_to(descriptor, whole, status.st_size)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise SourceError("does not exist") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > limit or status.st_size > limit:
        raise TooLarge(limit, data[:MIB])
    return data


def _read_up_to(descriptor: int, limit: int, expected: int) -> bytes:
    """As many bytes, or all there are; so many are `expected` at first."""
    data = os.read(descriptor, min(limit, expected + 1))
    if 0 < len(data) == expected or len(data) == limit:
        return data
    parts = [data]
    left = limit - len(data)
    while left and (part := os.read(descriptor, min(left, PIECE))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def place_of(data: bytes, offset: int) -> tuple[int, int]:
    """The one-based line and column, in characters, of a byte in UTF-8 text."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1
