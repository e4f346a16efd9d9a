"""Expressions to values, keeping what is known around what is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dynavet.text import Hole, Text
from dynavet.values import (
    Known,
    List,
    Object,
    OneOf,
    Origin,
    Unknown,
    Value,
    apply,
    bind,
    choose,
    concatenate,
    leaves,
    weight,
)
from dynavet_parsers.terraform import functions
from dynavet_parsers.terraform.data import EvaluationError, Handle, NotPlain, located
from dynavet_parsers.terraform.expressions import (
    Attribute,
    Broken,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    ListExpression,
    Literal,
    Name,
    ObjectExpression,
    Opaque,
    Operation,
    Splat,
    Template,
    TemplateIf,
)
from dynavet_parsers.terraform.limits import limited, text_size, within_limits
from dynavet_parsers.terraform.operators import operate
from dynavet_parsers.terraform.render import render
from dynavet_parsers.terraform.scope import Scope as Scope
from dynavet_parsers.terraform.stepping import in_branches, is_scalar, iterate, literal_key, step
from dynavet_parsers.terraform.type_conversion import convert, kind_of
from dynavet_parsers.terraform.types import ListValue, SetValue, Type, type_of, unify

MAX_ITEMS = 10_000
"""A `for` expression over more items than this is not evaluated."""

MAX_LEAVES = 256
"""A value is no longer followed through conditions once they leave more possibilities open."""


def evaluate(expression: Expression, scope: Scope) -> Value[Any]:
    """The value of `expression`. What Terraform would reject is unknown, with the reason."""
    try:
        return evaluate_strictly(expression, scope)
    except EvaluationError as error:
        return Unknown(f"{render(expression)} cannot be evaluated: {error}", expression.at)
    except RecursionError:
        return Unknown(f"{render(expression)[:80]} is nested too deeply", expression.at)


def evaluate_strictly(expression: Expression, scope: Scope) -> Value[Any]:
    """As `evaluate`, raising `EvaluationError` for what Terraform would reject (for ``try``)."""
    try:
        return within_limits(_EVALUATORS[type(expression)](expression, scope))
    except NotPlain as error:
        return located(error.unknown, expression.at)


def _literal(e: Literal, _: Scope) -> Value[Any]:
    return Known(e.value, e.at)


def _template(e: Template, scope: Scope) -> Value[Any]:
    if len(e.parts) == 1 and e.text_at is None and not isinstance(only := e.parts[0], (str, For, TemplateIf)):
        return located(evaluate_strictly(only, scope), e.at)
    values = [Known(p) if isinstance(p, str) else _part(p, scope) for p in e.parts]
    limited(sum(map(text_size, values)))
    value = concatenate(values or [Known("")], e.at)
    if e.text_at is not None:
        line, column = e.text_at
        return apply(lambda text: functions.with_document(text, e.at.path, line, column), value, origin=e.at)
    return value


def _part(e: Expression, scope: Scope) -> Value[Any]:
    value = evaluate_strictly(e, scope)
    return bind(lambda data: Known(data, value.origin) if is_scalar(data) else _not_text(e, data), value)


def _not_text(e: Expression, data: Any) -> Unknown:
    if isinstance(data, Handle):
        return Unknown(f"{render(e)} is not text", e.at)
    raise EvaluationError(f"a {kind_of(data)} is not text")


def _template_if(e: TemplateIf, scope: Scope) -> Value[Any]:
    return _conditional(Conditional(e.condition, e.then, e.otherwise, e.at), scope)


def _list(e: ListExpression, scope: Scope) -> Value[Any]:
    return Known(List(tuple(evaluate_strictly(item, scope) for item in e.items)), e.at)


def _object(e: ObjectExpression, scope: Scope) -> Value[Any]:
    entries: dict[str, Value[Any]] = {}
    keys: dict[str, Origin] = {}
    more: list[Unknown] = []
    symbolic_keys: list[tuple[Text, Value[Any], Unknown]] = []
    for key_expression, value_expression in e.items:
        written = evaluate_strictly(key_expression, scope)
        key = literal_key(written)
        value = evaluate_strictly(value_expression, scope)
        if isinstance(key, Unknown):
            more.append(key)
            if isinstance(written, Known):
                symbolic_keys.append((written.value, value, key))
        else:
            entries[key] = value
            keys[key] = key_expression.at
    return Known(Object(entries, tuple(more), keys, tuple(symbolic_keys)), e.at)


def _broken(e: Broken, _: Scope) -> Value[Any]:
    return Unknown(e.reason, e.at)


def _name(e: Name, scope: Scope) -> Value[Any]:
    if e.name in scope.bindings:
        return located(scope.bindings[e.name], e.at)
    if scope.closed:
        raise EvaluationError(f"the template has no variable {e.name!r}")
    return scope.module.name(e.name, e.at)


def _attribute(e: Attribute, scope: Scope) -> Value[Any]:
    subject = evaluate_strictly(e.subject, scope)
    return located(in_branches(lambda data: step(data, e.name, e), subject, e), e.at)


def _index(e: Index, scope: Scope) -> Value[Any]:
    subject = evaluate_strictly(e.subject, scope)
    key = evaluate_strictly(e.key, scope)

    def look_up(data: Any) -> Value[Any]:
        return bind(lambda k: step(data, k, e), key)

    return located(in_branches(look_up, subject, e), e.at)


def _splat(e: Splat, scope: Scope) -> Value[Any]:
    return _splat_of(e, evaluate_strictly(e.subject, scope), scope)


def _splat_of(e: Splat, subject: Value[Any], scope: Scope) -> Value[Any]:
    def each(data: Any) -> Value[Any]:
        if data is None:
            return Known(List(), e.at)
        if isinstance(data, Handle):
            return bind(each, data.members())
        if not isinstance(data, List):
            return Known(List((take(Known(data, e.at)),)), e.at)
        items = tuple(take(item) for item in data.items)
        if isinstance(data, (ListValue, SetValue)):
            return Known(ListValue(items, data.more, ordered=data.ordered), e.at)
        return Known(List(items, data.more), e.at)

    def take(item: Value[Any]) -> Value[Any]:
        for one in e.each:
            if isinstance(one, Splat):
                item = _splat_of(one, item, scope)
                continue
            key = Known(one) if isinstance(one, str) else evaluate_strictly(one, scope)
            via = Attribute(e.subject, one, e.at) if isinstance(one, str) else e
            item = bind(lambda data, key=key, via=via: bind(lambda k: step(data, k, via), key), item)  # type: ignore[misc]
        return item

    return bind(each, subject)


def _call(e: Call, scope: Scope) -> Value[Any]:
    if e.name in ("try", "can"):
        return _try(e, scope)
    arguments: list[Value[Any]] = [evaluate_strictly(a, scope) for a in e.arguments]
    if scope.budget is not None:
        scope.budget.spend(sum(weight(argument) // 10 + text_size(argument) // 1000 for argument in arguments))
    if e.expand_last and arguments:
        last = arguments.pop()
        return bind(lambda data: _call_expanded(e, arguments, data, scope), last)
    return functions.call(e.name, arguments, scope, e.at)


def _call_expanded(e: Call, arguments: list[Value[Any]], data: Any, scope: Scope) -> Value[Any]:
    if isinstance(data, Handle):
        return bind(lambda members: _call_expanded(e, arguments, members, scope), data.members())
    if not isinstance(data, List):
        raise EvaluationError("only a list can be expanded with ...")
    if len(data.items) > MAX_ITEMS:
        return Unknown(f"{render(e)} has more than {MAX_ITEMS} arguments", e.at)
    if not data.more:
        return functions.call(e.name, [*arguments, *data.items], scope, e.at)
    if e.name.removeprefix("core::") not in _ANY_NUMBER:
        return located(data.more[0], e.at)
    return functions.call(e.name, [*arguments, *data.items, *data.more], scope, e.at)


_ANY_NUMBER = ("concat", "merge", "setunion")
"""Functions to which an unknown argument is any number of arguments."""


def _try(e: Call, scope: Scope) -> Value[Any]:
    for argument in e.arguments:
        try:
            value = evaluate_strictly(argument, scope)
        except EvaluationError:
            continue
        return value if e.name == "try" else apply(lambda _: True, value)
    if e.name == "can":
        return Known(False, e.at)
    raise EvaluationError("no argument of try can be evaluated")


def _operation(e: Operation, scope: Scope) -> Value[Any]:
    return operate(e, [evaluate_strictly(operand, scope) for operand in e.operands])


def _conditional(e: Conditional, scope: Scope) -> Value[Any]:
    condition = bind(functions.to_bool, evaluate_strictly(e.condition, scope))
    if isinstance(condition, Known):
        return located(_chosen(e, scope, truth=condition.value), e.at)
    name = scope.module.prefix + render(e.condition)
    if isinstance(condition, Unknown) and condition.reason.split(" ", 1)[0] not in name:
        name = f"{name} ({condition.reason})"
    if "…" in name:
        name = f"{name} at {e.at.path}:{e.at.line}:{e.at.column}"  # two of these are not known to be one
    values = evaluate(e.then, scope), evaluate(e.otherwise, scope)
    common = _common_type(*values)
    then, otherwise = (_if_convertible(value, common) for value in values)
    value = choose(condition, then, otherwise, name)
    return value if leaves(value) <= MAX_LEAVES else Unknown(f"{name} and other conditions are undecided", e.at)


def _chosen(e: Conditional, scope: Scope, *, truth: bool) -> Value[Any]:
    """The branch, converted to the type that it has in common with the other."""
    value = evaluate_strictly(e.then if truth else e.otherwise, scope)
    other = e.otherwise if truth else e.then
    if not _convertible(value) and not isinstance(other, (ListExpression, ObjectExpression, For)):
        return value
    return convert(value, _common_type(value, evaluate(other, scope)))


def _convertible(value: Value[Any]) -> bool:
    """Whether the other branch of a conditional may give the value another type; text stays text."""
    return isinstance(value, OneOf) or (
        isinstance(value, Known) and isinstance(value.value, (bool, int, float, List, Object))
    )


def _common_type(a: Value[Any], b: Value[Any]) -> Type:
    common = unify([type_of(a), type_of(b)], safe=False)
    if common is None:
        raise EvaluationError("the branches of a conditional have no common type")
    return common


def _if_convertible(value: Value[Any], type_: Type) -> Value[Any]:
    try:
        return convert(value, type_)
    except EvaluationError as error:
        return Unknown(str(error), value.origin)


def _for(e: For, scope: Scope) -> Value[Any]:
    return bind(lambda data: _comprehend(e, scope, data), evaluate_strictly(e.collection, scope))


def _comprehend(e: For, scope: Scope, data: Any) -> Value[Any]:
    if isinstance(data, Handle):
        return bind(lambda members: _comprehend(e, scope, members), data.members())
    members, rest = iterate(data)
    scope = scope.looping()
    if e.condition is not None and not getattr(data, "items", getattr(data, "entries", ())):
        unset = Unknown(f"{e.names[-1]} has no value")
        _wanted(e, scope.bind(**dict.fromkeys(e.names, unset)))  # an error counts also where nothing is asked
    size = 0
    collected: list[tuple[Value[Any] | None, Value[Any]]] = []
    more = list(rest)
    for number, (key, value) in enumerate(members):
        if number >= MAX_ITEMS:
            return Unknown(f"{render(e.collection)} has more than {MAX_ITEMS} items", e.at)
        if scope.budget is not None:
            scope.budget.spend(1)
        inner = scope.bind(**dict(zip(e.names, (key, value) if len(e.names) == 2 else (value,), strict=True)))
        wanted = _wanted(e, inner)
        if isinstance(wanted, Unknown):
            more.append(wanted)
        elif wanted:
            head = evaluate_strictly(e.key, inner) if e.key is not None else None
            item = _part(e.value, inner) if e.text else evaluate_strictly(e.value, inner)
            size += text_size(item)
            limited(size)
            collected.append((head, item))
    return _assembled(e, collected, more)


def _wanted(e: For, scope: Scope) -> bool | Unknown:
    if e.condition is None:
        return True
    value = bind(functions.to_bool, evaluate_strictly(e.condition, scope))
    if isinstance(value, OneOf):
        return Unknown(f"{value.condition} is undecided", value.origin)
    if isinstance(value, Known) and value.value is None:
        raise EvaluationError("the condition of a for expression is null")
    return value if isinstance(value, Unknown) else bool(value.value)


def _assembled(e: For, collected: list[tuple[Value[Any] | None, Value[Any]]], more: list[Unknown]) -> Value[Any]:
    if e.text:
        return concatenate([*(value for _, value in collected), *more] or [Known("")], e.at)
    if e.key is None:
        return Known(List(tuple(value for _, value in collected), tuple(more)), e.at)
    entries: dict[str, Value[Any]] = {}
    for head, value in collected:
        key = literal_key(head) if head is not None else ""
        if isinstance(key, Unknown):
            more.append(key)
        elif e.group:
            group = entries.get(key, Known(List()))
            before = group.value.items if isinstance(group, Known) else ()
            entries[key] = Known(List((*before, value)), e.at)
        elif key in entries:
            raise EvaluationError(f"two items of a for expression have the key {key!r}")
        else:
            entries[key] = value
    return Known(Object(entries, tuple(more)), e.at)


def _opaque(e: Opaque, scope: Scope) -> Value[Any]:
    """What the references lead to, if it is one thing: another resource, or a document."""
    read = [evaluate(reference, scope) for reference in e.references]
    found = dict.fromkeys(v.value for v in read if isinstance(v, Known) and isinstance(v.value, Text))
    if e.literal is not None:
        plan = scope.module.plan
        same = (text for text in found if plan is not None and plan.is_now(text, e.literal))
        return Known(next(same, e.literal), e.at)
    if e.document:
        found = dict.fromkeys(text for text in found if text.document is not None)
    if len(found) != 1:
        return Unknown(e.reason, e.at)
    [text] = found
    return Known(Text.of(text, Hole(e.reason)) if e.part else text, e.at)


_EVALUATORS: dict[type, Callable[[Any, Scope], Value[Any]]] = {
    Literal: _literal,
    Template: _template,
    TemplateIf: _template_if,
    ListExpression: _list,
    ObjectExpression: _object,
    For: _for,
    Name: _name,
    Attribute: _attribute,
    Index: _index,
    Splat: _splat,
    Call: _call,
    Operation: _operation,
    Conditional: _conditional,
    Broken: _broken,
    Opaque: _opaque,
}
