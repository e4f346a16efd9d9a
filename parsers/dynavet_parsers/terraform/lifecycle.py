"""The ``lifecycle`` block of a resource or a module call.

https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
https://opentofu.org/docs/language/meta-arguments/enabled/
"""

from __future__ import annotations

from typing import Any

from dynavet.values import Known, Unknown, Value, bind, choose
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.evaluate import Scope, evaluate
from dynavet_parsers.terraform.expressions import (
    Argument,
    Attribute,
    Block,
    Expression,
    Index,
    ListExpression,
    Literal,
    Name,
)
from dynavet_parsers.terraform.functions import to_bool

ALL = "*"


def setting(block: Block, name: str) -> Argument | None:
    """An argument of the block's ``lifecycle``."""
    found = (each.arguments.get(name) for each in block.of_type("lifecycle"))
    return next((argument for argument in found if argument is not None), None)


def enabled(block: Block, scope: Scope, address: str) -> Value[bool] | None:
    """OpenTofu's ``enabled``: whether the resource or module is there; `None` if nothing is said of it.

    What is undecided is open under a condition of its own.
    """
    argument = setting(block, "enabled")
    if argument is None:
        return None
    name = f"enabled of {address}"
    value = _flag(argument, scope, name)
    return choose(value, Known(True), Known(False), scope.module.prefix + name) if isinstance(value, Unknown) else value


def prevent_destroy(block: Block, scope: Scope) -> Value[bool | None]:
    """Whether a plan that would destroy the resource is refused; absent if nothing is said of it."""
    argument = setting(block, "prevent_destroy")
    return Known(None) if argument is None else _flag(argument, scope, "prevent_destroy")


def ignored_changes(block: Block) -> tuple[str, ...]:
    """The arguments whose values in the code count at creation only; `ALL` stands for every one."""
    argument = setting(block, "ignore_changes")
    if argument is None:
        return ()
    if not isinstance(argument.value, ListExpression):
        return (ALL,) if _name(argument.value) == "all" else ()
    return tuple(ALL if name == "*" else name for item in argument.value.items if (name := _name(item)) is not None)


def _flag(argument: Argument, scope: Scope, name: str) -> Value[bool]:
    def read(data: Any) -> Value[bool]:
        try:
            return to_bool(data)
        except EvaluationError as error:
            return Unknown(f"{name}: {error}", argument.at)

    return bind(read, evaluate(argument.value, scope))


def _name(expression: Expression) -> str | None:
    """The argument that a reference like ``replica[0].kms_key_arn``, or its text, begins with."""
    while isinstance(expression, (Attribute, Index)):
        expression = expression.subject
    if isinstance(expression, Name):
        return expression.name
    text = expression.value if isinstance(expression, Literal) else None
    return text.partition(".")[0].partition("[")[0] if isinstance(text, str) else None
