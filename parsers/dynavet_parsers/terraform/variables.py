"""Variable declarations: their types and defaults.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from typing import Any

from dynavet.text import Text
from dynavet.values import Known, List, Object, Unknown, Value, concatenate
from dynavet_parsers.terraform.data import EvaluationError, NotPlain
from dynavet_parsers.terraform.expressions import (
    Block,
    Call,
    Conditional,
    Expression,
    ListExpression,
    Literal,
    Name,
    ObjectExpression,
    Operation,
    Template,
)
from dynavet_parsers.terraform.operators import operate
from dynavet_parsers.terraform.type_conversion import convert
from dynavet_parsers.terraform.types import ANY, PRIMITIVES, Type

MAX_DEPTH = 50


def declared_default(block: Block) -> Expression | None:
    argument = block.arguments.get("default")
    return argument.value if argument is not None else None


def converted(value: Value[Any], block: Block) -> Value[Any]:
    """The value as the variable's type makes it.

    One that Terraform would refuse is unknown, with the reason.
    """
    argument = block.arguments.get("type")
    if argument is None:
        return value
    try:
        return convert(value, constraint(argument.value))
    except EvaluationError as error:
        return Unknown(f"var.{block.labels[0]} does not have its type: {error}", value.origin)


def constraint(expression: Expression, depth: int = 0) -> Type:
    """A type constraint; any for what is none."""
    if depth > MAX_DEPTH:
        return ANY
    if isinstance(expression, Name):
        return _named(expression.name)
    if isinstance(expression, Literal):
        return _named(str(expression.value))  # Terraform 0.11 wrote the type as text
    if not isinstance(expression, Call) or not expression.arguments:
        return ANY
    inner = expression.arguments[0]
    if expression.name in ("list", "set", "map"):
        return Type(expression.name, constraint(inner, depth + 1))
    if expression.name == "tuple" and isinstance(inner, ListExpression):
        return Type("tuple", items=tuple(constraint(item, depth + 1) for item in inner.items))
    if expression.name == "object" and isinstance(inner, ObjectExpression):
        return _object(inner, depth)
    return constraint(inner, depth + 1) if expression.name == "optional" else ANY


def _named(name: str) -> Type:
    if name in ("list", "map", "set"):
        return Type(name, ANY)
    return PRIMITIVES.get(name, ANY)


def _object(expression: ObjectExpression, depth: int) -> Type:
    attributes: dict[str, Type] = {}
    optional: dict[str, Value[Any]] = {}
    for key, member in expression.items:
        name = str(getattr(key, "value", ""))
        attributes[name] = constraint(member, depth + 1)
        if isinstance(member, Call) and member.name == "optional":
            optional[name] = constant(member.arguments[1]) if len(member.arguments) > 1 else Known(None)
    return Type("object", attributes=tuple(sorted(attributes.items())), optional=tuple(optional.items()))


def constant(expression: Expression) -> Value[Any]:
    """The value of an expression without names and functions: the default in ``optional(type, default)``.

    Unknown for what Terraform would reject there.
    """
    try:
        return _constant(expression)
    except EvaluationError as error:
        return Unknown(f"a default cannot be evaluated: {error}", expression.at)
    except NotPlain as error:
        return error.unknown


def _constant(expression: Expression) -> Value[Any]:
    if isinstance(expression, Literal):
        return Known(expression.value, expression.at)
    if isinstance(expression, ListExpression):
        return Known(List(tuple(_constant(item) for item in expression.items)), expression.at)
    if isinstance(expression, ObjectExpression):
        entries = {str(_text(key)): _constant(item) for key, item in expression.items}
        return Known(Object(entries), expression.at)
    if isinstance(expression, Template):
        parts = [Known(part) if isinstance(part, str) else _constant(part) for part in expression.parts]
        return concatenate([Known(""), *parts], expression.at)
    if isinstance(expression, Operation):
        return operate(expression, [_constant(operand) for operand in expression.operands])
    if isinstance(expression, Conditional):
        condition = _constant(expression.condition)
        truth = isinstance(condition, Known) and condition.value is True
        return _constant(expression.then if truth else expression.otherwise)
    raise EvaluationError(f"{type(expression).__name__.lower()} in a constant")


def _text(key: Expression) -> str | Text:
    value = _constant(key)
    if isinstance(value, Known) and isinstance(value.value, (str, int)):
        return str(value.value)
    raise EvaluationError("a key that is not text")
