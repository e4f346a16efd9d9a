"""Terraform's and OpenTofu's built-in functions over values.

https://developer.hashicorp.com/terraform/language/functions
https://opentofu.org/docs/language/functions/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dynavet.values import Origin, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, located
from dynavet_parsers.terraform.functions import (
    addresses,
    arithmetic,
    conversion,
    encoding,
    files,
    formatting,
    hashing,
    mappings,
    patterns,
    providers,
    sequences,
    sets,
    strings,
    times,
    yaml_text,
)
from dynavet_parsers.terraform.functions.encoding import with_document
from dynavet_parsers.terraform.functions.signature import Function
from dynavet_parsers.terraform.type_conversion import text_of, to_bool, to_number, whole_number

if TYPE_CHECKING:
    from dynavet_parsers.terraform.evaluate import Scope

FUNCTIONS: dict[str, Function] = {
    name: function
    for theme in (
        addresses,
        arithmetic,
        conversion,
        encoding,
        files,
        formatting,
        hashing,
        mappings,
        patterns,
        providers,
        sequences,
        sets,
        strings,
        times,
        yaml_text,
    )
    for name, function in theme.FUNCTIONS.items()
}

SPECIAL = ("can", "try")
"""Computed where expressions are, since they decide which of their arguments are."""

NOT_OFFLINE = {
    "abspath": "depends on where Terraform runs",
    "base64gzip": "depends on Terraform's compression",
    "bcrypt": "gives something else each time",
    "pathexpand": "depends on who runs Terraform",
    "plantimestamp": "depends on when Terraform runs",
    "rsadecrypt": "takes a private key",
    "timestamp": "depends on when Terraform runs",
    "uuid": "gives something else each time",
}
"""Functions of which nothing is known before Terraform runs, and why."""


def call(name: str, arguments: list[Value[Any]], scope: Scope, at: Origin) -> Value[Any]:
    """The value of a call; unknown by name for a function that cannot be computed offline.

    Raises `EvaluationError` for a call that Terraform would reject.
    """
    name = name.removeprefix("core::")
    function = FUNCTIONS.get(name)
    if function is None:
        return Unknown(f"{name}() {NOT_OFFLINE.get(name, 'is not computed offline')}", at)
    try:
        return located(function.call(arguments, scope), at)
    except EvaluationError as error:
        raise EvaluationError(f"{name}(): {error}") from error


__all__ = [
    "FUNCTIONS",
    "NOT_OFFLINE",
    "SPECIAL",
    "call",
    "text_of",
    "to_bool",
    "to_number",
    "whole_number",
    "with_document",
]
