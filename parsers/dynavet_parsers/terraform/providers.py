"""Provider configurations, as far as resources inherit something from them: default tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dynavet.values import Known, Object, Unknown, Value, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.evaluate import Scope, evaluate
from dynavet_parsers.terraform.expansion import expand
from dynavet_parsers.terraform.expressions import (
    Attribute,
    Block,
    Expression,
    Index,
    Literal,
    Name,
    ObjectExpression,
    Template,
)
from dynavet_parsers.terraform.stepping import literal_key

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module


def own_providers(module: Module) -> dict[str, Value[Any]]:
    """Default tags of the provider blocks of this module, by ``aws``, ``aws.alias`` or ``aws.alias["key"]``.

    One with a `for_each` (OpenTofu) whose keys are undecided goes by its name without a key.
    """
    found: dict[str, Value[Any]] = {}
    for name, block in module.configuration.providers.items():
        for instance in expand(block, module.scope, f"provider {name}"):
            tags = Body(block, instance.scope).block_value("default_tags")
            found[name + instance.suffix] = bind(_tags, tags)
    return found


def _tags(block: Body | None) -> Value[Any]:
    return block.raw("tags") if block is not None else Known(Object())


def passed_providers(parent: Module, block: Block, scope: Scope) -> dict[str, Value[Any]]:
    """What a called module sees: the default configurations, and those the call hands over."""
    seen = {name: tags for name, tags in parent.providers.items() if "." not in name}
    handed = block.arguments.get("providers")
    if handed is not None and isinstance(handed.value, ObjectExpression):
        for key, value in handed.value.items:
            theirs = provider_name(key, scope)
            if isinstance(theirs, str):
                seen[theirs] = default_tags(parent, provider_name(value, scope))
    return seen


def default_tags(module: Module, provider: str | Unknown) -> Value[Any]:
    """The default tags of a provider configuration that the module sees, as a map."""
    if isinstance(provider, Unknown):
        return provider
    names = (provider, provider.partition("[")[0])
    return next((module.providers[name] for name in names if name in module.providers), Known(Object()))


def provider_name(expression: Expression, scope: Scope) -> str | Unknown:
    """``aws``, ``aws.alias`` or ``aws.alias["key"]`` as written in ``provider =`` and ``providers =``."""
    if isinstance(expression, Template) and len(expression.parts) == 1 and not isinstance(expression.parts[0], str):
        return provider_name(expression.parts[0], scope)
    if isinstance(expression, Index):
        subject = provider_name(expression.subject, scope)
        try:
            key = literal_key(evaluate(expression.key, scope))
        except EvaluationError as error:
            key = Unknown(f"the key of a provider is not text: {error}", expression.at)
        return next((each for each in (subject, key) if isinstance(each, Unknown)), f'{subject}["{key}"]')
    if isinstance(expression, Attribute) and isinstance(expression.subject, Name):
        return f"{expression.subject.name}.{expression.name}"
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return expression.value
    return Unknown("the provider is no provider configuration", expression.at)
