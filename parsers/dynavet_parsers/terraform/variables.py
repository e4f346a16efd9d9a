"""Variable declarations: defaults and the parts of types that change values."""

from __future__ import annotations

from typing import Any

from dynavet.values import Known, List, Object, Value, bind
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.evaluate import Handle
from dynavet_parsers.terraform.expressions import (
    Block,
    Call,
    Expression,
    ListExpression,
    Literal,
    Name,
    ObjectExpression,
    Operation,
)
from dynavet_parsers.terraform.functions import text_of, to_bool, to_number
from dynavet_parsers.terraform.functions.conversion import sorted_set


def declared_default(block: Block) -> Expression | None:
    argument = block.arguments.get("default")
    return argument.value if argument is not None else None


def converted(value: Value[Any], block: Block) -> Value[Any]:
    """The value as the variable's type makes it: defaults of optional attributes, sets, text."""
    argument = block.arguments.get("type")
    return convert(value, argument.value) if argument is not None else value


def convert(value: Value[Any], type_: Expression, depth: int = 0) -> Value[Any]:
    """Convert to a type constraint expression; what does not fit is left as it is."""
    if depth > 50:
        return value
    return bind(lambda data: Known(_converted(data, type_, depth), value.origin), value)


def _converted(data: Any, type_: Expression, depth: int) -> Any:
    if data is None or isinstance(data, Handle):
        return data
    if isinstance(type_, Name):
        return _primitive(data, type_.name)
    if not isinstance(type_, Call) or not type_.arguments:
        return data
    inner = type_.arguments[0]
    if type_.name in ("list", "set") and isinstance(data, List):
        items = List(tuple(convert(item, inner, depth + 1) for item in data.items), data.more)
        return sorted_set(items) if type_.name == "set" else items
    if type_.name == "map" and isinstance(data, Object):
        entries = {key: convert(item, inner, depth + 1) for key, item in data.entries.items()}
        return Object(entries, data.more, data.keys)
    if type_.name == "object" and isinstance(data, Object) and isinstance(inner, ObjectExpression):
        return _object(data, inner, depth)
    return data


def _primitive(data: Any, type_: str) -> Any:
    if type_ == "string" and isinstance(data, (bool, int, float)):
        return text_of(data)
    if type_ not in ("number", "bool") or not isinstance(data, str):
        return data
    try:
        value = to_number(data) if type_ == "number" else to_bool(data)
    except EvaluationError:
        return data
    return value.value if isinstance(value, Known) else data


def _object(data: Object, type_: ObjectExpression, depth: int) -> Object:
    entries: dict[str, Value[Any]] = {}
    for key_expression, member_type in type_.items:
        key = str(getattr(key_expression, "value", ""))
        optional = isinstance(member_type, Call) and member_type.name == "optional"
        declared = member_type.arguments[0] if isinstance(member_type, Call) and optional else member_type
        given = data.get(key)
        if optional and isinstance(member_type, Call) and isinstance(given, Known) and given.value is None:
            given = _default(member_type)
        entries[key] = convert(given, declared, depth + 1)
    return Object(entries, (), data.keys)


def _default(optional: Call) -> Value[Any]:
    return constant(optional.arguments[1]) if len(optional.arguments) > 1 else Known(None)


def constant(expression: Expression) -> Value[Any]:
    """The value of an expression without names, such as the default in ``optional(type, default)``."""
    if isinstance(expression, Literal):
        return Known(expression.value, expression.at)
    if isinstance(expression, ListExpression):
        return Known(List(tuple(constant(item) for item in expression.items)), expression.at)
    if isinstance(expression, ObjectExpression):
        entries = {str(getattr(key, "value", "")): constant(item) for key, item in expression.items}
        return Known(Object(entries), expression.at)
    if isinstance(expression, Operation) and expression.operator == "-":
        number = constant(expression.operands[0])
        return bind(lambda n: Known(-n), number)
    return Known(None, expression.at)
