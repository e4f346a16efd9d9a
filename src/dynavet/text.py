"""Text that is partly symbolic: literal parts, references to other resources, holes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import field
from typing import Any, TypeAlias

from dynavet.records import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A property of another resource: ``arn`` or ``name`` or ``id`` … of `target`.

    `target` is the address of the resource in its project. `attribute` is in the neutral
    vocabulary of the model: arn, name, id, stream_arn, or else the source's own word.
    `shape` is a glob that every possible value matches.
    """

    target: str
    attribute: str
    shape: str = field(default="*", compare=False)


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that nothing decides; the reason as in `Unknown`."""

    reason: str


Part: TypeAlias = str | Reference | Hole


@dataclass(frozen=True, slots=True)
class Text:
    """A sequence of literal parts, references and holes; neighbouring literals are one.

    `document` is the value that the text is the JSON encoding of, where the code says so
    (``jsonencode``, ``Fn::ToJsonString``, a policy document data source): it keeps the
    positions that the text itself has lost.
    """

    parts: tuple[Part, ...]
    document: Any = field(default=None, compare=False, repr=False)
    _worked_out: dict[Any, str] | None = field(init=False, default=None, compare=False, repr=False)

    @staticmethod
    def of(*parts: Part | Text) -> Text:
        """Join parts, merging neighbouring literals and dropping empty ones.

        >>> Text.of("a", "b", Hole("x")).parts
        ('ab', Hole(reason='x'))
        """
        if len(parts) == 1:
            part = parts[0]
            return Text(part.parts if isinstance(part, Text) else (part,) if part != "" else ())
        flat = itertools.chain.from_iterable(p.parts if isinstance(p, Text) else (p,) for p in parts)
        joined: list[Part] = []
        for part in flat:
            if isinstance(part, str) and joined and isinstance(joined[-1], str):
                joined[-1] += part
            elif part != "":
                joined.append(part)
        return Text(tuple(joined))

    def once(self, key: Any, work_out: Callable[[], str]) -> str:
        """What is worked out about the text, under a key of those who ask, when it is asked for first."""
        if self._worked_out is None:
            object.__setattr__(self, "_worked_out", {})
        known: dict[Any, str] = self._worked_out  # type: ignore[assignment]
        if key not in known:
            known[key] = work_out()
        return known[key]

    @property
    def literal(self) -> str | None:
        """The text itself if nothing in it is symbolic."""
        if not self.parts:
            return ""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], str) else None

    @property
    def reference(self) -> Reference | None:
        """The reference, if the text is nothing but one."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Reference) else None

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(p for p in self.parts if isinstance(p, Reference))

    @property
    def holes(self) -> tuple[Hole, ...]:
        return tuple(p for p in self.parts if isinstance(p, Hole))

    def __str__(self) -> str:
        """For people: ``${aws_dynamodb_table.t.arn}/index/*``; a hole shows as ``${?}``."""
        return "".join(
            p if isinstance(p, str) else f"${{{p.target}.{p.attribute}}}" if isinstance(p, Reference) else "${?}"
            for p in self.parts
        )


def closed(text: str, end: str = "}") -> str:
    """The text up to its last `end`.

    What is searched for and needs an end is nowhere behind it; without this, a search reads the
    whole rest of the text again from each beginning that it finds there.

    >>> closed("${a} ${b")
    '${a}'
    """
    return text[: text.rfind(end) + 1]


def as_text(data: object) -> Text:
    """Data as text, the way string interpolation writes it.

    >>> as_text(True).literal
    'true'
    """
    if isinstance(data, Text):
        return data
    if isinstance(data, bool):
        return Text.of("true" if data else "false")
    if isinstance(data, float) and data.is_integer():
        return Text.of(str(int(data)))
    return Text.of(str(data))


def plain(text: Text) -> str | Text:
    """The canonical form of text as `Data`: `str` where nothing is symbolic."""
    literal = text.literal
    return text if literal is None or text.document is not None else literal
