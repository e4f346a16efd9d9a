"""What the manifests of a project's applications say about the libraries that they use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from dynavet.records import dataclass
from dynavet.values import Origin


@dataclass(frozen=True, slots=True)
class Library:
    """A library in the terms of its `ecosystem`: ``Python``, ``Java``, ``JavaScript``, ``.NET``, ``Rust`` or ``Go``.

    `name` is in the form in which that ecosystem compares names (``group:artifact`` for Java).
    """

    ecosystem: str
    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file that lists libraries; with a `problem` it is not known which, and that says why."""

    path: str
    libraries: tuple[Library, ...] = ()
    problem: str = ""


class Dependencies:
    """The manifests that belong to what is scanned. They are read when somebody asks for them."""

    def __init__(self, read: Callable[[], Iterable[Manifest]] = tuple) -> None:
        self._read = read

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        return tuple(self._read())


NONE = Dependencies()
"""What nobody has looked for."""
