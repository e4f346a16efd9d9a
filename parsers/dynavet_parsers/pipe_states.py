"""Whether a pipe of Amazon EventBridge is meant to run.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html
"""

from __future__ import annotations

from dynavet.text import Text
from dynavet.values import Known, Unknown, Value, bind


def runs(state: Value[Text | None]) -> Value[bool]:
    """A pipe runs unless its desired state is ``STOPPED``."""

    def read(text: Text | None) -> Value[bool]:
        if text is not None and text.holes:
            return Unknown(text.holes[0].reason, state.origin)
        return Known(text is None or text.literal != "STOPPED", state.origin)

    return bind(read, state)
