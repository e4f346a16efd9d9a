"""The managed rules in the template of a conformance pack of AWS Config.

https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dynavet.model import Texts
from dynavet.text import Hole, Text
from dynavet.values import Known, Origin, Unknown

_KEY = "SourceIdentifier"
_OPEN = "\ue005"
"""Stands for what is undecided in the text of a template."""


def managed_rules(template: Text, origin: Origin | None) -> Texts:
    """The identifiers of the rules that a template in YAML or JSON declares."""
    import yaml  # takes a tenth of a small scan's time, and is seldom needed

    if template.literal is None and all(isinstance(part, Hole) for part in template.parts):
        return unseen(template.holes[0].reason, origin)
    written = "".join(part if isinstance(part, str) else _OPEN for part in template.parts)
    try:
        events = list(yaml.parse(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError:
        return unseen("the template of the conformance pack is no YAML", origin)
    reason = next((hole.reason for hole in template.holes), "the template of the conformance pack is not all here")
    found = list(_identifiers(events))
    more = (Unknown(reason, origin),) if any(_OPEN in each for each in found) else ()
    literal = (each for each in found if _OPEN not in each)
    return Texts(items=tuple(Known(Text.of(each), origin) for each in literal), more=more, origin=origin)


def unseen(reason: str, origin: Origin | None) -> Texts:
    """The rules of a template that is not in the code."""
    return Texts(more=(Unknown(reason, origin),), origin=origin)


def _identifiers(events: Sequence[object]) -> Iterator[str]:
    """The scalars that stand after the key of an identifier; one by an intrinsic function counts as undecided."""
    for event, following in pairwise(events):
        if getattr(event, "value", None) == _KEY:
            tag = str(getattr(following, "tag", None) or "")
            yield _OPEN if tag.startswith("!") else str(getattr(following, "value", _OPEN))


__all__ = ["managed_rules", "unseen"]
