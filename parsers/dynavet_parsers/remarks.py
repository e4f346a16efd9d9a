"""Comments and metadata that are addressed to the scanner, and what they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from dynavet.ranges import Ranges
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.values import Origin

MARKS = regex(rb"dynavet[\s:_-]*(?:ignore|skip|disable|suppress)|checkov:skip[^\n]*DDB", re.IGNORECASE)
"""What is in a comment that is addressed to the scanner."""

_SNIFF = regex(MARKS.pattern + rb"""|\bdynavet["']?\s*:""", re.IGNORECASE)


def may_have_remarks(data: bytes) -> bool:
    """Whether a file may have such a comment, or such metadata; a `False` is certain, and quick."""
    lowered = data.lower()
    return (b"dynavet" in lowered or b"checkov" in lowered) and _SNIFF.search(data) is not None


@dataclass(frozen=True, slots=True)
class Thing:
    """A block, attribute, property or item with its whole range; `name` is of the resource it belongs to.

    `literal` is the text that it has as its value, if that is a literal.
    """

    name: str
    origin: Origin
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment without its marks, or an entry of metadata as plain data.

    `subject` is what it stands on or directly above; `resource` the block or resource that
    it is inside of.
    """

    content: Any
    origin: Origin
    subject: Thing | None
    resource: Thing | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the source; `alone` if nothing stands before it on its line."""

    text: str
    origin: Origin
    alone: bool


def remarks(comments: Iterable[Comment], things: Iterable[Thing], resources: Iterable[Thing]) -> list[Remark]:
    """Each comment with what it stands on: the outermost thing that begins on its line or, alone, directly below."""
    found = list(comments)
    beginning: dict[int, Thing] = {}
    for thing in things:
        at = thing.origin
        if at.line not in beginning or _outer(at, beginning[at.line].origin):
            beginning[at.line] = thing
    covered = {line for each in found if each.alone for line in range(each.origin.line, each.origin.end_line + 1)}
    blocks = list(resources)
    ranges = Ranges(enumerate(block.origin for block in blocks))

    def around(comment: Comment) -> Thing | None:
        """The first block that it is inside of."""
        return next((blocks[number] for number in ranges.containing(comment.origin)), None)

    return [Remark(each.text, each.origin, beginning.get(_line(each, covered)), around(each)) for each in found]


def marked(found: Iterable[Remark]) -> list[Remark]:
    """The comments among them that are addressed to the scanner."""
    return [each for each in found if MARKS.search(str(each.content).encode())]


def _outer(one: Origin, other: Origin) -> bool:
    return (one.column, -one.end_line, -one.end_column) < (other.column, -other.end_line, -other.end_column)


def _line(comment: Comment, covered: set[int]) -> int:
    """The line on which the comment's subject begins: its own, or the first below that is no comment."""
    line = comment.origin.line
    while comment.alone and line in covered:
        line += 1
    return line
