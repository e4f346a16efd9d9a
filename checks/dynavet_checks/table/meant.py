"""Which resource of the code a name or an ARN means."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.globs import intersects
from dynavet.iam.patterns import at_most, undecided_parts
from dynavet.model import Entity
from dynavet.text import Hole, Part, Text
from dynavet.values import Unknown, Value, single


def means(named: Value[Text | None], entity: Entity, name: Value[Text | None], segment: int = -1) -> Answer:
    """Whether a reference, a name, or the `segment` of an ARN between slashes is of the resource with this name."""
    text = single(named)
    if isinstance(text, Unknown):
        return undecided(text)
    if text.value is None:
        return NO
    if text.value.references:
        here = {entity.address, *entity.also}
        if any(reference.target in here for reference in text.value.references):
            return YES
    found = list(segments(text.value))
    if not -len(found) <= segment < len(found):
        return undecided(*undecided_parts(text.value, text.origin)) if text.value.holes else NO
    return is_name(found[segment], name)


def is_name(written: Text, name: Value[Text | None]) -> Answer:
    """Whether two names are one: both may have parts that are undecided, the same or others."""
    own = single(name)
    wanted = Text.of(Hole(own.reason)) if isinstance(own, Unknown) else own.value
    if written == wanted:
        return YES
    if wanted is None or written.references:
        return NO
    reasons = (*undecided_parts(written, None), *undecided_parts(wanted, own.origin))
    return undecided(*reasons) if reasons and intersects(at_most(written), at_most(wanted)) else NO


def segments(text: Text) -> Iterator[Text]:
    """The parts of a text between the slashes that are written out."""
    kept: list[Part] = []
    for part in text.parts:
        pieces = part.split("/") if isinstance(part, str) else [part]
        for number, piece in enumerate(pieces):
            if number:
                yield Text.of(*kept)
                kept = []
            kept.append(piece)
    yield Text.of(*kept)


__all__ = ["is_name", "means", "segments"]
