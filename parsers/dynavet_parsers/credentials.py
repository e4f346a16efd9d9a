"""What looks like a long-term credential of AWS. Texts go in, and only yes, no or why not comes out.

Source: IAM User Guide, "IAM identifiers": the prefix ``AKIA`` is that of access keys, ``ASIA`` of
temporary ones. A secret is 40 characters long.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from dynavet.regexes import regex
from dynavet.text import Hole, Part, Reference, Text
from dynavet.values import Known, OneOf, Unknown, Value, bind

VARIABLES = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY", "AWS_SECRET_KEY"})
"""The environment variables from which AWS's tools and libraries take them."""

_KEY_ID = regex(r"\bAKIA[A-Z0-9]{16}\b")
_SECRET = regex(r"[A-Za-z0-9/+]{40}")
_NAMES = r"(?:aws_)?(?:access_key_id|secret_access_key)[\"']?(?:\s*[=:]\s*|\s+)[\"']?"
_SET = regex(rf"{_NAMES}[A-Za-z0-9/+]{{40}}(?![A-Za-z0-9/+=])", re.IGNORECASE)
_SET_TO_WHAT_FOLLOWS = regex(rf"{_NAMES}$", re.IGNORECASE)
_NO: Value[bool] = Known(False)
_YES: Value[bool] = Known(True)

OfKey = Callable[[Reference], bool]
"""Whether a reference is the id or the secret of an access key that the code creates."""


def in_value(value: Value[Text | None], of_key: OfKey, *, named: bool) -> Value[bool]:
    """Whether a value is a key or a secret; `named`: it stands where nothing else belongs."""

    def read(text: Text | None) -> Value[bool]:
        if text is None:
            return _NO
        if any(of_key(reference) for reference in text.references):
            return _YES
        literal = text.literal
        if literal is not None:
            return Known(_KEY_ID.fullmatch(literal) is not None or (named and _SECRET.fullmatch(literal) is not None))
        return _undecided(text.parts[0] if len(text.parts) == 1 else text.parts[-1]) if named else _NO

    if isinstance(value, Unknown) and not named:
        return _NO
    return bind(read, value)


def in_script(value: Value[Text | None], of_key: OfKey) -> Value[bool]:
    """Whether a text such as a shell script sets a key or a secret; base64 is looked into."""
    return _NO if isinstance(value, Unknown) else bind(lambda text: _in_script(text, of_key), value)


def _in_script(text: Text | None, of_key: OfKey) -> Value[bool]:
    parts = () if text is None else text.parts
    if len(parts) == 1 and isinstance(parts[0], str):
        parts = (parts[0], *_decoded(parts[0]))
    undecided: Value[bool] = _NO
    for index, part in enumerate(parts):
        if isinstance(part, str):
            if _KEY_ID.search(part) or _SET.search(part):
                return _YES
        elif isinstance(part, Reference) and of_key(part):
            return _YES
        elif index and isinstance(parts[index - 1], str) and _SET_TO_WHAT_FOLLOWS.search(str(parts[index - 1])):
            undecided = _undecided(part)
    return undecided


def _decoded(text: str) -> Iterator[str]:
    try:
        yield base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return


def _undecided(part: Part) -> Value[bool]:
    if isinstance(part, Hole):
        return Unknown(part.reason)
    return Unknown(f"{part.target}.{part.attribute} is not known") if isinstance(part, Reference) else _NO


def possible(is_key: Value[bool]) -> bool:
    """Whether it is one in some branch, or may be."""
    if isinstance(is_key, OneOf):
        return any(possible(branch) for _, branch in is_key.branches)
    return isinstance(is_key, Unknown) or is_key.value


__all__ = ["VARIABLES", "OfKey", "in_script", "in_value", "possible"]
