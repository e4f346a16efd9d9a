"""``data.aws_iam_policy_document``: its blocks as the policy document that it renders.

Semantics of hashicorp/terraform-provider-aws: version 2012-10-17 and effect Allow by
default; ``&{…}`` stands for ``${…}`` in resources, principals and condition values; source
documents come first, then the own statements, then the overrides, a statement replacing an
earlier one of the same Sid.
"""

from __future__ import annotations

from typing import Any

from dynavet.text import Hole, Text
from dynavet.values import Known, List, Object, OneOf, Unknown, Value, apply, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.data import located
from dynavet_parsers.terraform.functions.encoding import encode, parse_document

_ELEMENTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def json_of(body: Body, address: str) -> Value[Any]:
    """The ``json`` attribute: text that remembers its document."""
    document = _document(body)
    text = encode(document)
    return Known(Text(text.parts or (Hole(f"{address}.json is empty"),), document), body.at)


def _document(body: Body) -> Value[Any]:
    own = _own_statements(body)
    statements = List()
    for source in _documents(body, "source_policy_documents"):
        statements = _merged(statements, source)
    statements = _merged(statements, own)
    for override in _documents(body, "override_policy_documents"):
        statements = _merged(statements, override)
    version = body.value("version")
    if isinstance(version, Known) and version.value is None:
        version = Known("2012-10-17", body.at)
    return Known(Object({"Version": version, "Statement": Known(statements, body.at)}), body.at)


def _documents(body: Body, name: str) -> list[List]:
    value = body.raw(name)
    if isinstance(value, OneOf):
        return [List(more=(Unknown(f"{value.condition} is undecided", value.origin),))]
    if isinstance(value, Unknown):
        return [List(more=(value,))]
    data = value.value
    if not isinstance(data, List):
        return []
    return [_statements_of(item) for item in data.items] + [List(more=(doubt,)) for doubt in data.more]


def _statements_of(text: Value[Any]) -> List:
    document = bind(parse_document, text)
    if isinstance(document, OneOf):
        return List(more=(Unknown(f"{document.condition} is undecided", document.origin),))
    if isinstance(document, Unknown):
        return List(more=(document,))
    if not isinstance(document.value, Object):
        return List()
    statements = document.value.get("Statement")
    if isinstance(statements, Known) and isinstance(statements.value, List):
        return statements.value
    return List((statements,)) if isinstance(statements, Known) and statements.value is not None else List()


def _merged(earlier: List, later: List) -> List:
    items = list(earlier.items)
    places = {sid: number for number, item in enumerate(items) if (sid := _sid(item))}
    for item in later.items:
        sid = _sid(item)
        if sid and sid in places:
            items[places[sid]] = item
        else:
            items.append(item)
    return List(tuple(items), earlier.more + later.more)


def _sid(statement: Value[Any]) -> str:
    if isinstance(statement, Known) and isinstance(statement.value, Object):
        sid = statement.value.get("Sid")
        if isinstance(sid, Known) and isinstance(sid.value, str):
            return sid.value
    return ""


def _own_statements(body: Body) -> List:
    found = body.blocks("statement")
    return List(tuple(bind(_statement, slot) for slot in found.slots), found.more)


def _statement(body: Body | None) -> Value[Any]:
    if body is None:
        return Known(None)
    entries: dict[str, Value[Any]] = {}
    keys = {}
    if "sid" in body.block.arguments:
        entries["Sid"] = body.value("sid")
    effect = body.value("effect")
    entries["Effect"] = Known("Allow", body.at) if isinstance(effect, Known) and effect.value is None else effect
    for name, element in _ELEMENTS.items():
        if name in body.block.arguments:
            value = _interpolated(_listed(body, name), variables="action" not in name)
            if not (isinstance(value, Known) and value.value is None):
                entries[element] = value
                keys[element] = body.block.arguments[name].at
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _principals(body, name)
        if principals is not None:
            entries[element] = principals
    conditions = _conditions(body)
    if conditions is not None:
        entries["Condition"] = conditions
    return Known(Object(entries, (), keys), body.at)


def _listed(body: Body, name: str) -> Value[Any]:
    """A list argument with its items at their own places; an unknown one stands at the argument."""
    raw = body.raw(name)
    return raw if isinstance(raw, Known) and isinstance(raw.value, List) else body.value(name)


def _interpolated(value: Value[Any], *, variables: bool) -> Value[Any]:
    """``&{x}`` to ``${x}`` in every text of a list."""
    if not variables:
        return value

    def change(data: Any) -> Any:
        if isinstance(data, List):
            return List(tuple(apply(change, item, origin=item.origin) for item in data.items), data.more)
        if isinstance(data, str):
            return data.replace("&{", "${")
        if isinstance(data, Text):
            return Text(tuple(p.replace("&{", "${") if isinstance(p, str) else p for p in data.parts))
        return data

    return apply(change, value, origin=value.origin)


def _principals(body: Body, name: str) -> Value[Any] | None:
    found = body.blocks(name)
    if not found.slots and not found.more:
        return None
    entries: dict[str, Value[Any]] = {}
    doubts = list(found.more)
    for slot in found.slots:
        if not isinstance(slot, Known) or slot.value is None:
            doubts.append(_doubt(slot))
            continue
        kind = slot.value.value("type")
        if not isinstance(kind, Known):
            doubts.append(_doubt(kind))
            continue
        identifiers = _interpolated(_listed(slot.value, "identifiers"), variables=True)
        if kind.value == "*":
            return Known("*", slot.value.at)
        before = entries.get(str(kind.value))
        entries[str(kind.value)] = identifiers if before is None else _joined(before, identifiers)
    return Known(Object(entries, tuple(doubts)), body.at)


def _conditions(body: Body) -> Value[Any] | None:
    found = body.blocks("condition")
    if not found.slots and not found.more:
        return None
    operators: dict[str, dict[str, Value[Any]]] = {}
    doubts = list(found.more)
    for slot in found.slots:
        if not isinstance(slot, Known) or slot.value is None:
            doubts.append(_doubt(slot))
            continue
        test, variable = slot.value.value("test"), slot.value.value("variable")
        if not (isinstance(test, Known) and isinstance(variable, Known)):
            doubts.append(_doubt(variable if isinstance(test, Known) else test))
            continue
        values = _interpolated(_listed(slot.value, "values"), variables=True)
        values = located(values, slot.value.at) if values.origin is None else values
        keys = operators.setdefault(str(test.value), {})
        key = str(variable.value)
        # Blocks with one test and one variable become one list: any of their values matches.
        keys[key] = values if key not in keys else _joined(keys[key], values)
    entries = {test: Known(Object(keys), body.at) for test, keys in operators.items()}
    return Known(Object(entries, tuple(doubts)), body.at)


def _joined(first: Value[Any], second: Value[Any]) -> Value[Any]:
    def join(a: Any, b: Any) -> List:
        left, right = (x if isinstance(x, List) else List((Known(x),)) for x in (a, b))
        return List(left.items + right.items, left.more + right.more)

    return apply(join, first, second, origin=first.origin)


def _doubt(value: Value[Any]) -> Unknown:
    if isinstance(value, Unknown):
        return value
    return Unknown(f"{value.condition} is undecided" if isinstance(value, OneOf) else "a block is absent", value.origin)
