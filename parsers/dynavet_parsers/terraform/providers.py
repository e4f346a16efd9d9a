"""Provider configurations, as far as resources inherit something from them: default tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dynavet.values import Known, Object, Value, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.expressions import Attribute, Block, Expression, Literal, Name, ObjectExpression

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module


def own_providers(module: Module) -> dict[str, Value[Any]]:
    """Default tags of the provider blocks of this module, by ``aws`` or ``aws.alias``."""
    found: dict[str, Value[Any]] = {}
    for name, block in module.configuration.providers.items():
        found[name] = bind(_tags, Body(block, module.scope).block_value("default_tags"))
    return found


def _tags(block: Body | None) -> Value[Any]:
    return block.raw("tags") if block is not None else Known(Object())


def passed_providers(parent: Module, block: Block) -> dict[str, Value[Any]]:
    """What a called module sees: the default configurations, and those the call hands over."""
    seen = {name: tags for name, tags in parent.providers.items() if "." not in name}
    handed = block.arguments.get("providers")
    if handed is not None and isinstance(handed.value, ObjectExpression):
        for key, value in handed.value.items:
            theirs, ours = provider_name(key), provider_name(value)
            if theirs is not None and ours is not None:
                seen[theirs] = parent.default_tags(ours)
    return seen


def provider_name(expression: Expression) -> str | None:
    """``aws`` or ``aws.alias`` as written in ``provider =`` and ``providers =``."""
    if isinstance(expression, Attribute) and isinstance(expression.subject, Name):
        return f"{expression.subject.name}.{expression.name}"
    if isinstance(expression, Name):
        return expression.name
    return str(expression.value) if isinstance(expression, Literal) else None
