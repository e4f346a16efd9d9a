"""Port numbers."""

from __future__ import annotations

from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, bind


def port(value: Value[Text | None]) -> Value[int | None]:
    """A number that is written as such or as text."""

    def read(text: Text | None) -> Value[int | None]:
        if text is None:
            return Known(None, value.origin)
        literal = text.literal
        if literal is None:
            reason = text.holes[0].reason if text.holes else f"{text} is known only after deployment"
            return Unknown(reason, value.origin)
        try:
            return Known(int(literal), value.origin)
        except ValueError:
            return Unknown(f"{literal!r} is no port", value.origin)

    return bind(read, value)
