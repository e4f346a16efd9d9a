"""``regex``, ``regexall`` and ``replace``."""

from __future__ import annotations

import re
from typing import Any

from dynavet.text import Hole, Reference, Text, plain
from dynavet.values import Known, Single, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, symbolic
from dynavet_parsers.terraform.functions.signature import ANY, STRING, Function, known, limited, list_of
from dynavet_parsers.terraform.functions.strings import NEVER_IN_A_REFERENCE, glued, hole_of, parts_of
from dynavet_parsers.terraform.regular import Program, compiled

_TEMPLATE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


def _regex(pattern: str, text: str) -> Any:
    program = compiled(pattern)
    _uniform(program)
    match = program.search(text)
    if match is None:
        raise EvaluationError(f"{pattern!r} does not match")
    return _groups(program, match, text)


def _regex_all(pattern: str, text: str) -> list[Any]:
    program = compiled(pattern)
    _uniform(program)
    return [_groups(program, match, text) for match in program.all(text)]


def _uniform(program: Program) -> None:
    if any(program.names) and None in program.names:
        raise EvaluationError("a pattern with named and unnamed groups")


def _groups(program: Program, match: tuple[int | None, ...], text: str) -> Any:
    """The text of the groups: by name, in order, or without any the whole match."""
    pairs = list(zip(match[::2], match[1::2], strict=True))
    texts = [None if start is None or end is None else text[start:end] for start, end in pairs]
    if not program.names:
        return texts[0]
    if program.names[0] is None:
        return texts[1:]
    return dict(zip([str(name) for name in program.names], texts[1:], strict=True))


def _replace(values: list[Single[Any]]) -> Value[Any]:
    """``replace`` over symbolic text replaces within its literal parts."""
    text, wanted = map(known, values[:2])
    by = Text.of(Hole(values[2].reason)) if isinstance(values[2], Unknown) else known(values[2])
    if not isinstance(wanted, str):
        return symbolic(wanted, None)
    origin = values[0].origin
    if len(wanted) < 2 or wanted[0] != "/" or wanted[-1] != "/":
        return glued([Known(_substituted(text, wanted, by), origin)])
    program = compiled(wanted[1:-1])
    for each in (text, by):
        if isinstance(each, Text) and each.literal is None:
            return symbolic(each, None)
    return Known(_substituted_pattern(str(text), program, str(by)), origin)


def _substituted(text: str | Text, old: str, new: str | Text) -> str | Text:
    found: list[Any] = []
    for part in parts_of(text):
        if not isinstance(part, str):
            certain = isinstance(part, Hole) or _never_in(old, part)
            found.append(part if certain else hole_of(part))
            continue
        pieces = part.split(old) if old else ["", *part, ""]
        limited(len(part) + len(pieces) * sum(len(p) for p in parts_of(new) if isinstance(p, str)))
        for number, piece in enumerate(pieces):
            found += [new, piece] if number else [piece]
    return plain(Text.of(*found)) if found else new if not old else ""


_SIMPLE = re.compile(r"(?:^|\.)data\.aws_(?:region|partition|caller_identity)\.")
_OF_SIMPLE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
"""What Regions, partitions and account ids are made of, and so are the fields of an ARN before its resource."""


def _never_in(text: str, reference: Reference) -> bool:
    """Whether the text is not in what the reference stands for, nor begins or ends there."""
    if not NEVER_IN_A_REFERENCE.isdisjoint(text):
        return True
    named = reference.shape.startswith("arn:") and not reference.shape.endswith("*")
    if not named and not _SIMPLE.search(reference.target):
        return False
    return (_OF_SIMPLE | set(reference.shape)).isdisjoint(text[:1] + text[-1:])


def _substituted_pattern(text: str, program: Program, template: str) -> str:
    found, position, size = [], 0, 0
    for match in program.all(text):
        start, end = match[0] or 0, match[1] or 0
        found += [text[position:start], _expanded(template, program, match, text)]
        size += len(found[-1]) + len(found[-2])
        limited(size)
        position = end
    return "".join([*found, text[position:]])


def _expanded(template: str, program: Program, match: tuple[int | None, ...], text: str) -> str:
    """``$1``, ``$name``, ``${name}`` and ``$$``; a group that is not there is empty."""

    def group(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        name = found[2] or found[3]
        number = int(name) if name.isdigit() else program.names.index(name) + 1 if name in program.names else -1
        if not 0 <= number <= len(program.names):
            return ""
        start, end = match[2 * number], match[2 * number + 1]
        return "" if start is None or end is None else text[start:end]

    return _TEMPLATE.sub(group, template)


FUNCTIONS: dict[str, Function] = {
    "regex": Function(_regex, (STRING, STRING)),
    "regexall": Function(_regex_all, (STRING, STRING), gives=list_of(ANY)),
    "replace": Function(_replace, (STRING, STRING, STRING), partial=True),
}
