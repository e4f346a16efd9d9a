"""Three-valued questions about action and resource patterns that may be symbolic.

A pattern is looked at twice. *At most* it matches what the glob does in which everything
undecided is ``*``; if that cannot match, the answer is no. *As written* its undecided parts
are words without wildcard or separator, as an account number or a table name would be; if
that matches, the answer is yes. In between the answer is undecided, for the reasons of the
undecided parts. A reference to a resource is such a word in both, in its `shape`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.actions import Action, arn_globs
from dynavet.iam.globs import SEGMENT, intersects, match, subsumes
from dynavet.model import Patterns
from dynavet.text import Hole, Reference, Text, closed
from dynavet.values import Origin, Single, Unknown, Value, single

WORD = "\ue004"
"""Stands for a string of unknown characters without wildcard, ``:`` or ``/``."""

_STAR, _QUESTION_MARK, _HOLE = "\ue001", "\ue002", "\ue003"
_PARTITION = re.compile(r"arn:[\w-]+:")
_VARIABLE = re.compile(r"\$\{([*?$])\}|\$\{[^}]*\}")
_ESCAPES = {"*": _STAR, "?": _QUESTION_MARK, "$": "$"}
_SERVICE_GLOBS = ("arn:*:dynamodb:*", "arn:*:dax:*")


def at_most(text: Text) -> str:
    """The narrowest glob that matches whatever the pattern can; policy variables are ``*``.

    >>> at_most(Text.of("table/${aws:username}-", Hole("var.x has no value")))
    'table/*-*'
    """
    return glob_of(text, undecided_part="*", variable="*")


def as_written(text: Text) -> str:
    """The glob in which undecided parts are words; policy variables are ``*``."""
    return glob_of(text, undecided_part=WORD, variable="*")


def glob_of(text: Text, *, undecided_part: str, variable: str) -> str:
    """The glob of a pattern, with these strings for its undecided parts and its policy variables."""
    if (literal := text.literal) is not None and "${" not in literal:
        return literal
    return text.once((undecided_part, variable), lambda: _glob_of(text, undecided_part, variable))


def _glob_of(text: Text, undecided_part: str, variable: str) -> str:
    joined = "".join(part if isinstance(part, str) else _symbol(part) for part in text.parts)
    whole = closed(joined)
    known = _VARIABLE.sub(lambda found: _ESCAPES.get(found[1], variable), whole) + joined[len(whole) :]
    return known.replace(_HOLE, undecided_part)


def _symbol(part: Reference | Hole) -> str:
    if isinstance(part, Hole) or _is_opaque(part):
        return _HOLE
    return part.shape.replace("*", WORD)


def _is_opaque(reference: Reference) -> bool:
    """Whether the value may be anything, so that not even its form is known."""
    return reference.shape == "*" and reference.attribute != "name"


def has_wildcard(text: Text) -> bool:
    """Whether a ``*`` or ``?`` is written in the pattern (not in a policy variable)."""
    literal = "".join(part for part in text.parts if isinstance(part, str))
    whole = closed(literal)
    plain = _VARIABLE.sub("", whole) + literal[len(whole) :]
    return any(mark in plain for mark in "*?")


def undecided_parts(text: Text, origin: Origin | None = None) -> tuple[Unknown, ...]:
    """Why the pattern is not wholly known."""
    opaque = (r for r in text.references if _is_opaque(r))
    return (
        *(Unknown(hole.reason, origin) for hole in text.holes),
        *(Unknown(f"{r.target}.{r.attribute} is not known", origin) for r in opaque),
    )


def _between(lower: bool, upper: bool, text: Text, origin: Origin | None) -> Answer:
    if not upper:
        return NO
    return YES if lower else undecided(*undecided_parts(text, origin))


def may_be_resource_of(text: Text, action: Action, origin: Origin | None = None) -> Answer:
    """Whether the resource pattern can denote a resource that the action applies to.

    An action without resource types applies to ``*`` alone.
    """
    lower, upper = as_written(text), at_most(text)
    may = _denotes(upper, action)
    return _between(may if lower is upper else _denotes(lower, action), may, text, origin)


def _denotes(glob: str, action: Action) -> bool:
    if any(_overlaps(glob, action.service, kind) for kind in action.resource_types):
        return True
    return action.required == () and match(glob, "*")


@lru_cache(maxsize=4096)
def _overlaps(glob: str, service: str, kind: str) -> bool:
    """Whether the glob matches an ARN of the resource type, whose names hold no ``/`` and ``:``."""
    return intersects(glob, arn_globs(service)[kind].replace("*", SEGMENT))


def is_dynamodb_or_dax(text: Text, origin: Origin | None = None) -> Answer:
    """Whether the resource pattern can denote anything of DynamoDB or DAX."""
    lower, upper = (any(intersects(glob, s) for s in _SERVICE_GLOBS) for glob in (as_written(text), at_most(text)))
    return _between(lower, upper, text, origin)


def covers_all_resources_of(text: Text, action: Action, origin: Origin | None = None) -> Answer:
    """Whether the resource pattern matches every resource that the action applies to.

    A policy variable is a word here: its value covers no more than one. An account lives in
    one partition: the pattern's own.
    """
    lower = glob_of(text, undecided_part=WORD, variable=WORD)
    upper = glob_of(text, undecided_part="*", variable=WORD)
    return _between(_covers(lower, action), _covers(upper, action), text, origin)


def _covers(glob: str, action: Action) -> bool:
    if not action.resource_types:
        return match(glob, "*")
    partition = _PARTITION.match(glob)
    prefix = partition[0] if partition else "arn:*:"
    arns = (arn_globs(action.service)[kind].replace("arn:*:", prefix) for kind in action.resource_types)
    return all(subsumes(glob, arn) for arn in arns)


def applies(resources: Value[Patterns | None], not_resources: Value[Patterns | None], action: Action) -> Answer:
    """Whether a statement with these elements, of one world, can be about a resource of the action.

    Without either element it can.
    """
    wanted, excluded = single(resources), single(not_resources)
    return _any_item(wanted, action) & ~_all_excluded(excluded, action)


def _any_item(resources: Single[Patterns | None], action: Action) -> Answer:
    return ask_any(resources, lambda text, origin: may_be_resource_of(text, action, origin), absent=YES)


def _all_excluded(not_resources: Single[Patterns | None], action: Action) -> Answer:
    return ask_any(not_resources, lambda text, origin: covers_all_resources_of(text, action, origin), absent=NO)


def concern_dynamodb_or_dax(resources: Value[Patterns | None]) -> Answer:
    """Whether a `Resource` element of one world can denote anything of DynamoDB or DAX; absent: yes."""
    return ask_any(single(resources), is_dynamodb_or_dax, absent=YES)


def ask_any(
    patterns: Single[Patterns | None], question: Callable[[Text, Origin | None], Answer], *, absent: Answer
) -> Answer:
    """Whether the answer is yes for one of the patterns of one world; `absent` without the element."""
    if isinstance(patterns, Unknown):
        return undecided(patterns)
    if patterns.value is None:
        return absent
    result = undecided(*patterns.value.more) if patterns.value.more else NO
    for item in patterns.value.items:
        text = single(item)
        result = result | (undecided(text) if isinstance(text, Unknown) else question(text.value, text.origin))
        if result.truth:
            break
    return result


__all__ = [
    "applies",
    "as_written",
    "ask_any",
    "at_most",
    "concern_dynamodb_or_dax",
    "covers_all_resources_of",
    "glob_of",
    "has_wildcard",
    "is_dynamodb_or_dax",
    "may_be_resource_of",
    "undecided_parts",
]
