"""Which table of the project a resource pattern is about, whichever way it names it."""

from __future__ import annotations

from collections.abc import Sequence

from dynavet.answers import NO, Answer
from dynavet.iam.text_matching import matches
from dynavet.model import Table
from dynavet.text import Part, Reference, Text
from dynavet.values import Known, OneOf, Origin, Value

_COLONS_BEFORE_RESOURCE = 5
_LONGEST_LOGICAL_ID = 24


def names_table(pattern: Text, table: Table, origin: Origin | None = None) -> Answer:
    """Whether the pattern matches the table's ARN, of which Region and account are taken for right."""
    return names_resource(pattern, table, Text.of(""), origin)


def names_resource(pattern: Text, table: Table, suffix: Text, origin: Origin | None = None) -> Answer:
    """Whether the pattern matches what belongs to the table: `suffix` is ``/index/NAME``."""
    name = table_name(table)
    resource = _resource_of(pattern, table, name)
    return NO if resource is None else matches(resource, Text.of("table/", name, suffix), origin)


def table_name(table: Table) -> Text:
    """The table's name; a reference to it where the code does not decide it.

    CloudFormation makes up a name that is not given: stack, logical id, random characters.
    """
    text = _usual(table.name)
    if text is not None and text.literal:
        return text
    generated = isinstance(table.name, Known) and table.name.value is None
    logical_id = table.address.rpartition("/")[2][:_LONGEST_LOGICAL_ID]
    return Text.of(Reference(table.address, "name", f"*-{logical_id}-*" if generated else "*"))


def _usual(value: Value[Text | None]) -> Text | None:
    """The text that holds unless somebody chooses otherwise."""
    if isinstance(value, OneOf):
        return next((_usual(branch) for label, branch in value.branches if label == value.default), None)
    return value.value if isinstance(value, Known) else None


def _resource_of(pattern: Text, table: Table, name: Text) -> Text | None:
    """The last field of the ARN, in which the table has this name; `None` for a resource of something else."""
    own = {table.address, *table.also}
    first = pattern.parts[0] if pattern.parts else ""
    if isinstance(first, Reference):
        if first.attribute != "arn" or first.target not in own:
            return None
        return Text.of("table/", name, *pattern.parts[1:])
    rest = after_colons(pattern.parts) if isinstance(first, str) and first.startswith("arn:") else pattern.parts
    if rest is None:
        return Text.of("*") if str(pattern).endswith("*") else None
    written = Text.of("table/", _usual(table.name) or name).parts
    if len(written) > 1 and _starts_with(rest, written):
        rest = ("table/", *name.parts, str(rest[len(written) - 1])[len(str(written[-1])) :], *rest[len(written) :])
    named = (name if _is_name(part, own) else Text.of(part) for part in rest)
    return Text.of(*named)


def _is_name(part: Part, own: set[str]) -> bool:
    return isinstance(part, Reference) and part.target in own and part.attribute == "name"


def after_colons(parts: Sequence[Part]) -> tuple[Part, ...] | None:
    """What follows the fifth colon of an ARN; `None` if there are fewer, undecided parts having none."""
    seen = 0
    for index, part in enumerate(parts):
        if isinstance(part, str):
            fields = part.split(":", _COLONS_BEFORE_RESOURCE - seen)
            seen += len(fields) - 1
            if seen == _COLONS_BEFORE_RESOURCE:
                return (fields[-1], *parts[index + 1 :])
    return None


def _starts_with(parts: Sequence[Part], start: Sequence[Part]) -> bool:
    """Whether the text starts with another one, whose last part may be the start of a literal one."""
    if tuple(parts[: len(start) - 1]) != tuple(start[:-1]) or len(parts) < len(start):
        return False
    last, wanted = parts[len(start) - 1], start[-1]
    return last.startswith(wanted) if isinstance(last, str) and isinstance(wanted, str) else last == wanted
