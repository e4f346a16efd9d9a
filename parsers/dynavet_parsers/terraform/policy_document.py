"""``data.aws_iam_policy_document``: its blocks as the policy document that it renders.

Semantics of hashicorp/aws 5.100: version 2012-10-17 and effect Allow by default; ``&{…}``
stands for ``${…}`` in resources, principals and condition values, not in actions, Sids or
condition keys; conditions of one test and variable are one list; source documents come
first, then the own statements, then the overrides (see `policy_merging`). ``source_json``
and ``override_json`` are of provider versions before 4: the first and the last of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from dynavet.text import Hole, Text, as_text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Unknown, Value, apply, bind
from dynavet_parsers.iam_json.alignment import aligned
from dynavet_parsers.iam_json.elements import hoist
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.data import located, symbolic
from dynavet_parsers.terraform.functions.encoding import encode
from dynavet_parsers.terraform.policy_merging import Document, document_of, laid_over, newest, repeated

Key = TypeVar("Key", str, Text)

_ELEMENTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def json_of(body: Body, address: str) -> Value[Any]:
    """The ``json`` attribute: text that remembers its document."""
    document = _document(body, address)
    text = encode(document)
    return Known(Text(text.parts or (Hole(f"{address}.json is empty"),), document), body.at)


def _document(body: Body, address: str) -> Value[Any]:
    version = body.value("version")
    if isinstance(version, Known) and version.value is None:
        version = Known("2012-10-17", body.at)
    own = body.blocks("statement")
    itself = Document(version, [bind(_statement, slot) for slot in own.slots], own.more)
    sources = [document_of(body.raw("source_json")), *_documents(body, "source_policy_documents")]
    overrides = [*_documents(body, "override_policy_documents"), document_of(body.raw("override_json"))]

    statements = [slot for source in sources for slot in source.statements]
    more = [*_duplicates(statements, f"{address}: two source documents have a statement")]
    more += _duplicates(itself.statements, f"{address} has two statements")
    statements = laid_over(statements, itself, distinct=True)
    for override in overrides:
        statements = laid_over(statements, override)
    everything = (*sources, itself, *overrides)
    more += (doubt for each in everything for doubt in each.more)
    entries = {
        "Version": newest(each.version for each in everything),
        "Statement": Known(List(tuple(statements), tuple(dict.fromkeys(more))), body.at),
    }
    return Known(Object(entries), body.at)


def _duplicates(slots: Sequence[Value[Any]], who: str) -> list[Unknown]:
    """Terraform refuses such a document; what it would hold is undecided."""
    return [Unknown(f"{who} with the Sid {sid}, which Terraform refuses", at) for sid, at in repeated(slots)]


def _documents(body: Body, name: str) -> list[Document]:
    items, more = _items(body.raw(name))
    return [*map(document_of, items), *(Document(doubt, (), (doubt,)) for doubt in more)]


def _items(value: Value[Any]) -> tuple[Sequence[Value[Any]], tuple[Unknown, ...]]:
    """A list of documents as slots."""
    if isinstance(value, Unknown):
        return (), (value,)
    if isinstance(value, OneOf):
        branches = [(label, _items(branch)) for label, branch in value.branches]
        return aligned(value, [(label, [*found, *more]) for label, (found, more) in branches], value.origin), ()
    return (value.value.items, value.value.more) if isinstance(value.value, List) else ((), ())


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
            value = apply(lambda data: None if data == List() else data, value, origin=value.origin)
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

    def of_blocks(slots: Sequence[Value[Any]]) -> Value[Any]:
        blocks, doubts = _sorted_out(slots, found.more)
        return hoist([block.value("type") for block in blocks], lambda kinds: of_types(blocks, kinds, doubts), _always)

    def of_types(blocks: list[Body], kinds: Sequence[Value[Any]], doubts: list[Unknown]) -> Value[Any]:
        entries: dict[str, Value[Any]] = {}
        for block, kind in zip(blocks, kinds, strict=True):
            if isinstance(kind, Known):
                identifiers = _interpolated(_listed(block, "identifiers"), variables=True)
                _add(entries, str(kind.value), identifiers)
            elif isinstance(kind, Unknown):
                doubts = [*doubts, kind]
        everyone = _only(entries.get("*")) if len(entries) == 1 and not doubts else None
        return (
            Known("*" if everyone == "*" else Object(entries, tuple(doubts)), body.at) if entries or doubts else ABSENT
        )

    return hoist(found.slots, of_blocks, _always)


def _only(value: Value[Any] | None) -> object:
    """The only item of a list."""
    if not isinstance(value, Known) or not isinstance(value.value, List) or value.value.more:
        return None
    items = {item.value if isinstance(item, Known) else None for item in value.value.items}
    return items.pop() if len(items) == 1 else None


def _conditions(body: Body) -> Value[Any] | None:
    found = body.blocks("condition")
    if not found.slots and not found.more:
        return None

    def of_blocks(slots: Sequence[Value[Any]]) -> Value[Any]:
        blocks, doubts = _sorted_out(slots, found.more)
        names = [block.value(name) for block in blocks for name in ("test", "variable")]
        return hoist(names, lambda each: of_names(blocks, each, doubts), _always)

    def of_names(blocks: list[Body], names: Sequence[Value[Any]], doubts: list[Unknown]) -> Value[Any]:
        operators: dict[str, dict[Text, Value[Any]]] = {}
        for block, test, variable in zip(blocks, names[::2], names[1::2], strict=True):
            if not (isinstance(test, Known) and isinstance(variable, Known)):
                doubts = [*doubts, *(each for each in (test, variable) if isinstance(each, Unknown))]
                continue
            values = _interpolated(_listed(block, "values"), variables=True)
            values = located(values, block.at) if values.origin is None else values
            _add(operators.setdefault(str(test.value), {}), as_text(variable.value), values)
        entries = {test: Known(_keyed(keys, body), body.at) for test, keys in operators.items()}
        return Known(Object(entries, tuple(doubts)), body.at)

    return hoist(found.slots, of_blocks, _always)


def _keyed(values: Mapping[Text, Value[Any]], body: Body) -> Object:
    """An object by condition keys, of which some may be symbolic."""
    entries = {key.literal: value for key, value in values.items() if key.literal is not None}
    symbolic_keys = tuple(
        (key, value, symbolic(key, value.origin or body.at)) for key, value in values.items() if key.literal is None
    )
    return Object(entries, tuple(reason for _, _, reason in symbolic_keys), {}, symbolic_keys)


def _sorted_out(slots: Sequence[Value[Any]], more: Sequence[Unknown]) -> tuple[list[Body], list[Unknown]]:
    """The blocks that are there, and why there may be others."""
    blocks = [slot.value for slot in slots if isinstance(slot, Known) and slot.value is not None]
    return blocks, [*more, *(slot for slot in slots if isinstance(slot, Unknown))]


def _always(_: object) -> bool:
    return True


def _add(entries: dict[Key, Value[Any]], key: Key, values: Value[Any]) -> None:
    """Lists of one key are one list: any of their items matches."""
    entries[key] = values if key not in entries else _joined(entries[key], values)


def _joined(first: Value[Any], second: Value[Any]) -> Value[Any]:
    def join(a: Any, b: Any) -> List:
        left, right = (x if isinstance(x, List) else List((Known(x),)) for x in (a, b))
        return List(left.items + right.items, left.more + right.more)

    return apply(join, first, second, origin=first.origin)
