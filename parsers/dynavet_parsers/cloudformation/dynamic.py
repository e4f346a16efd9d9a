"""Dynamic references: ``{{resolve:ssm:name}}`` inside text is decided at deployment."""

from __future__ import annotations

from dynavet.text import Hole, Part, Text

_OPEN = "{{resolve:"


def without_dynamic_references(text: Text) -> Text:
    """The text with every dynamic reference as a hole, also where parts of it are symbolic."""
    if not any(isinstance(part, str) and _OPEN in part for part in text.parts):
        return text
    parts: list[Part] = []
    pending: list[Part] = list(text.parts)
    while pending:
        part = pending.pop(0)
        if not isinstance(part, str) or _OPEN not in part:
            parts.append(part)
            continue
        before, _, rest = part.partition(_OPEN)
        parts.append(before)
        pending = _take([rest, *pending], parts)
    return Text.of(*parts)


def _take(pending: list[Part], parts: list[Part]) -> list[Part]:
    """Append the hole for the reference that `pending` starts inside of; what follows it."""
    shown = _OPEN
    for index, part in enumerate(pending):
        if not isinstance(part, str):
            shown += "${?}"
            continue
        inside, end, after = part.partition("}}")
        shown += inside
        if end:
            parts.append(Hole(f"{shown}}}}} is decided at deployment"))
            return [after, *pending[index + 1 :]]
    parts.append(_OPEN)
    return pending
