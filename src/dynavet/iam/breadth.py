"""How many tables or DAX clusters a resource pattern is about.

Source: Service Authorization Reference, the ARNs of DynamoDB and DAX.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from dynavet.answers import Answer, undecided
from dynavet.iam.globs import has_wildcard
from dynavet.iam.patterns import WORD, glob_of, undecided_parts
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Hole, Text
from dynavet.values import Origin, Unknown

_VARIABLE = "\ue005"
_NAME = regex(r"(?:^|[^\w.])(?:table|cache)/([^/]*)")


class Breadth(IntEnum):
    NAMED = 0
    """One named table or cluster, or those of one value of a policy variable."""
    PREFIX = 1
    """All whose names start in one way."""
    WIDE = 2
    """Whatever the name."""


@dataclass(frozen=True, slots=True)
class ResourceBreadth:
    """How broad a pattern is in any case, and how broad it may be, depending on `reasons`."""

    least: Breadth
    most: Breadth
    reasons: tuple[Unknown, ...] = ()

    def exceeds(self, limit: Breadth) -> Answer:
        """Whether the pattern is broader than that."""
        return Answer(self.least > limit) if self.least > limit or self.most <= limit else undecided(*self.reasons)


def breadth_of(text: Text, origin: Origin | None = None) -> ResourceBreadth:
    """How many tables (with all that belongs to them) or clusters an ARN pattern stands for.

    Wildcards for partition, Region and account do not count, nor do those behind the name. A
    name with a policy variable is named if it does not start with a wildcard.
    """
    least = _breadth(_glob(text, WORD))
    most = _breadth(_glob(text, "*"))
    if most == least:
        return ResourceBreadth(least, most)
    decisive = [hole for hole, alone in _with_one_hole(text) if _breadth(_glob(alone, "*")) > least]
    reasons = tuple(Unknown(hole.reason, origin) for hole in decisive) or undecided_parts(text, origin)
    return ResourceBreadth(least, most, reasons)


def _glob(text: Text, undecided_part: str) -> str:
    return glob_of(text, undecided_part=undecided_part, variable=_VARIABLE)


def _with_one_hole(text: Text) -> Iterator[tuple[Hole, Text]]:
    """Each hole with the text in which it is the only one, the others being words."""
    for index, part in enumerate(text.parts):
        if isinstance(part, Hole):
            yield part, Text.of(*(WORD if isinstance(p, Hole) and i != index else p for i, p in enumerate(text.parts)))


def _breadth(glob: str) -> Breadth:
    found = _NAME.search(glob)
    if found is None:
        return Breadth.WIDE
    name = found[1]
    if not has_wildcard(name):
        return Breadth.NAMED
    if name[0] in "*?":
        return Breadth.WIDE
    return Breadth.NAMED if _VARIABLE in name else Breadth.PREFIX
