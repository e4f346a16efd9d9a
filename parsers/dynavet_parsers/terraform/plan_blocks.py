"""Blocks made of planned values, for a plan without the configuration beside it.

What the configuration does not set is left out, as it is absent there: AWS or the provider
computes it. The configuration in a plan does not show ``dynamic`` blocks, so a list of
objects that it does not have is taken to come from one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dynavet.values import Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.terraform.expressions import (
    Argument,
    Block,
    Call,
    Expression,
    ListExpression,
    Literal,
    ObjectExpression,
    Opaque,
)
from dynavet_parsers.terraform.plan_settle import is_sensitive
from dynavet_parsers.terraform.plan_values import Attributes

_DOCUMENTS = ("policy", "policies", "policy_document", "policy_documents", "content")
"""How arguments that hold documents end."""

_PARTS = {"resources", "not_resources", "values"}
"""Arguments whose items are often made of a reference and more text."""

_META = {"count", "for_each", "provider"}


def planned_block(block: Block, planned: Attributes, at: Origin) -> Block:
    """The block of one instance."""
    configured = {name: argument.value for name, argument in block.arguments.items()}
    found = {name: configured[name] for name in _META if name in configured}
    existing = planned.instance.existing
    for name in dict.fromkeys((*configured, *planned.instance.values)):
        if name not in _META:
            value = _merged(configured.get(name), planned.get(name), name, at, existing)
            if value is not None:
                found[name] = value
    if "tags_all" in planned.instance.values or "tags_all" in planned.instance.unknown:
        found["tags"] = _tags(found.get("tags"), planned.get("tags_all"), at)
    arguments = {name: Argument(name, value, at) for name, value in found.items()}
    return Block(block.type, block.labels, arguments, (), at)


def _tags(own: Expression | None, everything: Value[Any], at: Origin) -> Expression:
    """All tags, those that the provider adds included."""
    whole = _of(everything, (), "tags_all", at)
    return Call("merge", (own, whole), False, at) if own is not None and isinstance(everything, Unknown) else whole


def _merged(own: Expression | None, value: Value[Any], name: str, at: Origin, existing: bool) -> Expression | None:
    """A planned value with what its expression refers to; `None` for what the configuration does not set."""
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List) and any(_object(item) is not None for item in data.items):
        return _blocks(own, data, at, existing)
    if isinstance(data, Object) and isinstance(own, ObjectExpression):
        return _block(_members(own), data, at, existing)
    if own is None:
        return None
    if isinstance(value, Unknown) and not is_sensitive(value) and isinstance(own, (ListExpression, ObjectExpression)):
        return own
    references = own.references if isinstance(own, Opaque) else ()
    if isinstance(value, Unknown) and name.endswith("_documents"):
        each: list[tuple[Expression, ...]] = [(reference,) for reference in references] or [()]
        return ListExpression(tuple(_of(value, read, name, at) for read in each), at)
    return _of(value, references, name, at)


def _blocks(own: Expression | None, data: List, at: Origin, existing: bool) -> Expression:
    listed = own.items if isinstance(own, ListExpression) else (own,) if isinstance(own, ObjectExpression) else ()
    members = [_members(each) if isinstance(each, ObjectExpression) else None for each in listed]
    if len(members) != len(data.items):
        members = [None] * len(data.items)
    made = []
    for index, item in enumerate(data.items):
        inner = _object(item)
        known = _own(members, inner, index) if inner is not None else None
        made.append(_block(known, inner, at, existing) if inner is not None else _of(item, (), "block", at))
    return ListExpression(tuple(made), at)


def _own(
    members: Sequence[Mapping[str, Expression] | None], planned: Object, index: int
) -> Mapping[str, Expression] | None:
    """The configured block that a planned one is: a set has an order of its own in the plan, so constants tell."""
    alike = [each for each in members if each is not None and _agrees(each, planned)]
    if len(alike) == 1:
        return alike[0]
    return members[index] if any(members[index] is each for each in alike) else None


def _agrees(own: Mapping[str, Expression], planned: Object) -> bool:
    constants = ((planned.get(name), each.value) for name, each in own.items() if isinstance(each, Literal))
    return all(not isinstance(value, Known) or _word(value.value) == _word(constant) for value, constant in constants)


def _word(data: object) -> str:
    return str(data).lower()


def _block(own: Mapping[str, Expression] | None, data: Object, at: Origin, existing: bool) -> ObjectExpression:
    """A nested block; without its expressions, what AWS may have computed in an existing one is unknown."""
    items: list[tuple[Expression, Expression]] = []
    for name in dict.fromkeys((*(own or ()), *data.entries)):
        value = data.get(name)
        if own is not None:
            expression = _merged(own.get(name), value, name, at, existing)
        elif existing and isinstance(value, Known) and str(value.value).startswith("arn:"):
            expression = Opaque((), f"{name} may be configured or computed by AWS, the plan does not tell", at)
        else:
            expression = _of(value, (), name, at)
        if expression is not None:
            items.append((Literal(name, at), expression))
    return ObjectExpression(tuple(items), at)


def _of(value: Value[Any], references: tuple[Expression, ...], name: str, at: Origin) -> Expression:
    """A planned value as an expression; where it has none, what the references lead to."""
    if not isinstance(value, Known):
        reason = value.reason if isinstance(value, Unknown) else value.condition
        if is_sensitive(value):
            return Opaque((), reason, at)
        document = name.endswith(_DOCUMENTS)
        return Opaque(references, reason, at, document=document, part=name in _PARTS)
    data = value.value
    if isinstance(data, List):
        return ListExpression(tuple(_items(data, references, name, at)), at)
    if isinstance(data, Object):
        members = ((Literal(key, at), _of(each, references, name, at)) for key, each in data.entries.items())
        return ObjectExpression(tuple(members), at)
    if isinstance(data, str) and references:
        return Opaque(references, "", at, literal=data)
    return Literal(data, at)


def _items(data: List, references: tuple[Expression, ...], name: str, at: Origin) -> list[Expression]:
    """Items; if as many are unknown as there are references, each is taken to be made of one."""
    waiting = sum(isinstance(item, Unknown) for item in data.items)
    each = list(references) if waiting == len(references) else []
    made = []
    for item in data.items:
        unknown = isinstance(item, Unknown)
        own = (each.pop(0),) if unknown and each else references
        made.append(_of(item, own, name, at))
    return made


def _object(item: Value[Any]) -> Object | None:
    return item.value if isinstance(item, Known) and isinstance(item.value, Object) else None


def _members(own: ObjectExpression) -> dict[str, Expression]:
    return {str(key.value): value for key, value in own.items if isinstance(key, Literal)}
