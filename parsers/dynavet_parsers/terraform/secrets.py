"""Values that the code declares to be secret: they are not looked at, so that nothing can show them."""

from __future__ import annotations

from typing import Any

from dynavet.text import Hole, Text
from dynavet.values import Compound, Known, OneOf, Unknown, Value
from dynavet_parsers.terraform.expressions import Block


def is_secret(block: Block) -> bool:
    """Whether the value of a variable or output is not to be shown.

    https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output
    """
    marks = (block.arguments.get(name) for name in ("sensitive", "ephemeral"))
    return any(mark is not None and getattr(mark.value, "value", None) in (True, "true") for mark in marks)


def kept_secret(value: Value[Any], name: str) -> Value[Any]:
    """The value of `name` without what it says: no more than the resources that it refers to are left of it."""
    if isinstance(value, OneOf):
        branches = tuple((label, kept_secret(branch, name)) for label, branch in value.branches)
        return OneOf(value.condition, branches, value.default, value.origin)
    if isinstance(value, Unknown) or value.value is None:
        return value
    reason = f"{name} is sensitive"
    if isinstance(value.value, Text) and value.value.references and value.value.document is None:
        parts = (Hole(reason) if isinstance(part, str) else part for part in value.value.parts)
        return Known(Text(tuple(parts)), value.origin)
    if isinstance(value.value, (bool, int, float, str, Text, Compound)):
        return Unknown(reason, value.origin)
    return value
