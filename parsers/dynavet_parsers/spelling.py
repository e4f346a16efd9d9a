"""Letters that a file spells out by their number, which hides words from a look at its bytes."""

from __future__ import annotations

import re

_LETTER = re.compile(rb"\\(?:x|u00|U000000)[4-7]")


def spells_letters(data: bytes) -> bool:
    r"""Whether JSON or YAML may spell a letter that needs no spelling, as ``"\u0052esources"``: no tool writes that."""
    return _LETTER.search(data) is not None
