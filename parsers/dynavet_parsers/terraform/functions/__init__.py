"""Terraform's built-in functions over values.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dynavet.values import Origin, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, located
from dynavet_parsers.terraform.functions import arns, collections, encoding, files, strings, trimming
from dynavet_parsers.terraform.functions.conversion import text_of, to_bool, to_number, whole_number
from dynavet_parsers.terraform.functions.encoding import with_document

if TYPE_CHECKING:
    from dynavet_parsers.terraform.evaluate import Scope

_FUNCTIONS = {
    **strings.FUNCTIONS,
    **trimming.FUNCTIONS,
    **arns.FUNCTIONS,
    **collections.FUNCTIONS,
    **encoding.FUNCTIONS,
}


def call(name: str, arguments: list[Value[Any]], scope: Scope, at: Origin) -> Value[Any]:
    """The value of a call; unknown by name for a function that cannot be computed offline.

    Raises `EvaluationError` for a call that Terraform would reject.
    """
    name = name.removeprefix("core::")
    if name in files.FUNCTIONS:
        return located(files.FUNCTIONS[name](arguments, scope), at)
    function = _FUNCTIONS.get(name)
    if function is None:
        return Unknown(f"{name}() is not computed offline", at)
    try:
        return located(function(arguments), at)
    except (IndexError, TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise EvaluationError(f"{name}(): {error}") from error


__all__ = ["call", "text_of", "to_bool", "to_number", "whole_number", "with_document"]
