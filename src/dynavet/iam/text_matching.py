"""Whether a pattern of a policy matches a text of a request, where both may be partly undecided.

In a pattern, ``*`` and ``?`` are wildcards; `as_literal` turns those of a text into characters
that stand for themselves. References to one property of one resource are one text.
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.globs import has_wildcard, intersects, match, subsumes
from dynavet.iam.patterns import WORD
from dynavet.text import Hole, Reference, Text
from dynavet.values import Origin, Unknown

_STAR, _QUESTION_MARK = "\ue001", "\ue002"
_LITERALS = str.maketrans({"*": _STAR, "?": _QUESTION_MARK})
_FIRST_REFERENCE = 0xF0000


def as_literal(text: Text) -> Text:
    """The text without wildcards: its ``*`` and ``?`` match themselves alone."""
    return Text.of(*(part.translate(_LITERALS) if isinstance(part, str) else part for part in text.parts))


def in_lower_case(text: Text) -> Text:
    """The text for a comparison without case; what is undecided in it stays so, references become holes."""
    return Text.of(*(part.lower() if isinstance(part, str) else _caseless(part) for part in text.parts))


def _caseless(part: Reference | Hole) -> Hole:
    return part if isinstance(part, Hole) else Hole(_reason(part))


def matches(pattern: Text, value: Text, origin: Origin | None = None) -> Answer:
    """Whether the whole of `value`, in which nothing is a wildcard, matches the pattern.

    `origin` is where the pattern stands, for the reasons of an undecided answer.
    """
    pattern, value = _without_common_start(pattern, as_literal(value))
    written, text = pattern.literal, value.literal
    if written is not None and text is not None:
        return Answer(match(written, text))
    if not intersects(_widest(pattern), _widest(value)):
        return NO
    if _surely(pattern, value):
        return YES
    return undecided(*reasons(pattern, origin), *reasons(value))


def _without_common_start(pattern: Text, value: Text) -> tuple[Text, Text]:
    """Both without the parts before and including the last reference that they have in common at the start."""
    ends = 0
    for index, (one, other) in enumerate(zip(pattern.parts, value.parts, strict=False)):
        if one != other or isinstance(one, Hole) or (isinstance(one, str) and has_wildcard(one)):
            break
        if isinstance(one, Reference):
            ends = index + 1
    return Text(pattern.parts[ends:]), Text(value.parts[ends:])


def _widest(text: Text) -> str:
    return "".join(
        part if isinstance(part, str) else part.shape if isinstance(part, Reference) else "*" for part in text.parts
    )


def _surely(pattern: Text, value: Text) -> bool:
    """Whether the pattern matches whatever the undecided parts are; a reference has one value throughout.

    A ``?`` must not match what stands for a reference, so that with one they are only holes.
    """
    marks: dict[Reference, str] = {}
    names = "?" not in _literals(pattern)

    def glob(text: Text, hole: str) -> str:
        pieces = []
        for part in text.parts:
            if isinstance(part, Reference) and names:
                pieces.append(marks.setdefault(part, chr(_FIRST_REFERENCE + len(marks))))
            else:
                pieces.append(part if isinstance(part, str) else hole)
        return "".join(pieces)

    return subsumes(glob(pattern, WORD), glob(value, "*"))


def _literals(text: Text) -> str:
    return "".join(part for part in text.parts if isinstance(part, str))


def reasons(text: Text, origin: Origin | None = None) -> tuple[Unknown, ...]:
    """Why the text is not wholly known."""
    open_parts = (part for part in text.parts if not isinstance(part, str))
    return tuple(Unknown(part.reason if isinstance(part, Hole) else _reason(part), origin) for part in open_parts)


def _reason(reference: Reference) -> str:
    return f"{reference.target}.{reference.attribute} is not known"
