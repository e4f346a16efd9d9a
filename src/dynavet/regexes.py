"""Regular expressions that are compiled when they are first used, since a scan uses a few of those it imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as regex
else:

    class regex:
        """What `re.compile` gives for the same arguments; one that is wrong raises `re.error` on its first use."""

        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self.written = (text, flags)

        def __getattr__(self, name: str) -> Any:
            """Of the compiled expression; kept, so that this is called once for each name."""
            found = getattr(re.compile(*self.written), name)
            setattr(self, name, found)
            return found


__all__ = ["regex"]
