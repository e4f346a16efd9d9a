"""Policy variables: ``${aws:username}``, ``${aws:PrincipalTag/team, 'none'}``, ``${*}``.

Source: IAM User Guide, "IAM policy elements: Variables and tags" and "IAM JSON policy elements:
Version". A document of version 2008-10-17, or without a version, has no variables. A variable
without a value or default matches nothing. Only a key with a single value can be one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dynavet.answers import Answer, undecided
from dynavet.iam.text_matching import as_literal, reasons
from dynavet.model import Policy
from dynavet.regexes import regex
from dynavet.text import Hole, Part, Reference, Text, closed
from dynavet.values import Single, Unknown, single

VERSION_WITH_VARIABLES = "2012-10-17"

Lookup = Callable[[str], Single[Text | None]]
"""The value that the request has for a context key."""

_VARIABLE = regex(r"\$\{([^}]*)\}")
_DEFAULT = regex(r"(?P<key>[^,]*)(?:,\s*'(?P<default>[^']*)'\s*)?")
_ESCAPED = ("*", "?", "$")
_FIRST_PART = 0xF0000
_COLONS_BEFORE_RESOURCE = 5


def has_variables(policy: Policy) -> Answer:
    """Whether ``${…}`` means something in the document of one world."""
    version = single(policy.version)
    if isinstance(version, Unknown):
        return undecided(version)
    if version.value is None:
        return Answer(False)
    literal = version.value.literal
    if literal is None:
        return undecided(*reasons(version.value, version.origin))
    return Answer(literal == VERSION_WITH_VARIABLES)


def substitute(text: Text, lookup: Lookup, has_variables: Answer, *, in_arn: bool = False) -> Text | None:
    """The pattern with its variables replaced; `None` if one has no value, so that it matches nothing.

    Wildcards outside of variables stay wildcards; a variable's value has none. With `in_arn`, a
    variable before the fifth colon is not one: it stands there as it is written.
    """
    if has_variables.truth is False:
        return text
    pieces: list[Part | Text] = []
    for part in _pieces(text):
        if not isinstance(part, re.Match):
            pieces.append(part)
        elif in_arn and not _in_resource_part(pieces):
            pieces.append(part[0])
        elif has_variables.truth is None:
            pieces.append(Hole(has_variables.reasons[0].reason))
        else:
            value = _value(part[1], lookup)
            if value is None:
                return None
            pieces.append(value)
    return Text.of(*pieces)


def _pieces(text: Text) -> Iterator[Part | re.Match[str]]:
    """The parts of the text, the variables in them apart; one with an undecided name is a hole."""
    symbols: dict[str, Reference | Hole] = {}
    joined = ""
    for part in text.parts:
        if isinstance(part, str):
            joined += part
        else:
            mark = chr(_FIRST_PART + len(symbols))
            symbols[mark] = part
            joined += mark
    end = 0
    for found in _VARIABLE.finditer(closed(joined)):
        yield from _plain(joined[end : found.start()], symbols)
        named_by = next((symbols[character] for character in found[1] if character in symbols), None)
        yield found if named_by is None else Hole(reasons(Text.of(named_by))[0].reason)
        end = found.end()
    yield from _plain(joined[end:], symbols)


def _plain(text: str, symbols: dict[str, Reference | Hole]) -> Iterator[Part]:
    start = 0
    for index, character in enumerate(text):
        if character in symbols:
            yield text[start:index]
            yield symbols[character]
            start = index + 1
    yield text[start:]


def _in_resource_part(before: list[Part | Text]) -> bool:
    """Whether five colons stand before; a hole may hold them."""
    parts = Text.of(*before).parts
    if any(isinstance(part, Hole) for part in parts):
        return True
    known = (part if isinstance(part, str) else part.shape for part in parts if not isinstance(part, Hole))
    return sum(part.count(":") for part in known) >= _COLONS_BEFORE_RESOURCE


def _value(inside: str, lookup: Lookup) -> Text | Hole | None:
    if inside in _ESCAPED:
        return as_literal(Text.of(inside))
    found = _DEFAULT.fullmatch(inside)
    if found is None:
        return None
    value = lookup(found["key"].strip())
    if isinstance(value, Unknown):
        return Hole(value.reason)
    if value.value is not None:
        return as_literal(value.value)
    return None if found["default"] is None else as_literal(Text.of(found["default"]))
