"""The grammar of policy documents: what in one is not as IAM wants it.

Source: IAM User Guide, "Grammar of the IAM JSON policy language". Values are looked at as far as they are decided: what
is undecided is no fault. Element names and values are case-sensitive; a null is an element that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from dynavet.iam.conditions import OPERATORS, QUANTIFIERS, read_operator
from dynavet.iam.demands import Demands, Need
from dynavet.iam.versions import VERSIONS
from dynavet.model import Fault
from dynavet.regexes import regex
from dynavet.text import Reference, Text, as_text
from dynavet.values import Known, List, Object, OneOf, Origin, Unknown, Value

_TOP = ("Version", "Id", "Statement")
_ELEMENTS = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
)
_PRINCIPAL_TYPES = ("AWS", "Federated", "Service", "CanonicalUser", "*")
_EFFECTS = ("Allow", "Deny")
_PLAIN_SID = regex(r"[A-Za-z0-9]*")
_ARN = regex(r"arn:(?:[^:]*:){4}.+|arn:.*\*.*", re.DOTALL)
_PLACEHOLDER = regex(r"\$[\w{(]|[<>%@#]|\{\{|__|(?<![A-Z_])_*[A-Z][A-Z_]+\Z")


def faults(document: Value[Any], demands: Demands) -> Iterator[Fault]:
    """Everything that is wrong with a document, in any branch of what is undecided, in source order."""
    for data, at in _decided(document, None):
        if isinstance(data, Fault):
            yield data
        elif not isinstance(data, Object):
            yield Fault("", kind_of(data), "an object", at)
        else:
            yield from _top(data, at, demands)


def _top(data: Object, at: Origin | None, demands: Demands) -> Iterator[Fault]:
    yield from _unknown_names(data, _TOP, "", at)
    for version, place in _decided(data.get("Version"), at):
        yield from _one_of(version, VERSIONS, "/Version", place)
    if _may_be_missing(data, "Statement"):
        yield Fault("", "no Statement", "the element Statement", at)
    statements = list(_statements(data.get("Statement"), at))
    seen: set[str] = set()
    for statement, pointer, place in statements:
        if not isinstance(statement, Object):
            yield Fault(pointer, kind_of(statement), "an object", place)
            continue
        yield from _statement(statement, pointer, place, demands)
        yield from _sid(statement, pointer, place, demands, seen)
    for value, place in _decided(data.get("Statement"), at):
        if isinstance(value, List) and not value.more and all(_is_absent(item) for item in value.items):
            yield Fault("/Statement", "an empty list", "at least one statement", place)


def _statements(value: Value[Any], at: Origin | None) -> Iterator[tuple[Any, str, Origin | None]]:
    for data, place in _decided(value, at):
        if not isinstance(data, List):
            yield data, "/Statement", place
            continue
        for index, item in enumerate(data.items):
            for statement, where in _decided(item, place):
                yield statement, f"/Statement/{index}", where


def _statement(data: Object, pointer: str, at: Origin | None, demands: Demands) -> Iterator[Fault]:
    yield from _unknown_names(data, _ELEMENTS, pointer, at)
    if _may_be_missing(data, "Effect"):
        yield Fault(pointer, "no Effect", '"Effect": "Allow" or "Deny"', at)
    for effect, place in _decided(data.get("Effect"), at):
        yield from _one_of(effect, _EFFECTS, f"{pointer}/Effect", place)
    yield from _pair(data, "Action", Need.REQUIRED, pointer, at)
    yield from _pair(data, "Resource", demands.resource, pointer, at)
    yield from _pair(data, "Principal", demands.principal, pointer, at)
    for element in ("Action", "NotAction", "Resource", "NotResource"):
        for text, where, place in _strings(data.get(element), f"{pointer}/{element}", at):
            yield from _item(element, text, where, place, demands)
    for element in ("Principal", "NotPrincipal"):
        for principal, place in _decided(data.get(element), at):
            yield from _principal(principal, f"{pointer}/{element}", place)
    for condition, place in _decided(data.get("Condition"), at):
        yield from _condition(condition, f"{pointer}/Condition", place)


def _pair(data: Object, name: str, need: Need, pointer: str, at: Origin | None) -> Iterator[Fault]:
    """An element and its opposite, of which only one may be there."""
    other = f"Not{name}"
    here = [each for each in (name, other) if each in data.entries and not _is_absent(data.entries[each])]
    if len(here) == 2:
        yield Fault(f"{pointer}/{other}", f"{name} and {other}", f"only one of {name} and {other}", at)
    if need is Need.REQUIRED and _may_be_missing(data, name) and _may_be_missing(data, other):
        yield Fault(pointer, f"no {name}", f"the element {name} or {other}", at)
    if need is Need.FORBIDDEN:
        for each in here:
            why = "an identity policy acts for what it is attached to" if name == "Principal" else "the role is meant"
            yield Fault(
                f"{pointer}/{each}", f"the element {each}", f"no {each}: {why}", data.entries[each].origin or at
            )


def _item(element: str, text: Any, pointer: str, at: Origin | None, demands: Demands) -> Iterator[Fault]:
    if isinstance(text, (List, Object)):
        yield Fault(pointer, kind_of(text), "a string or a list of strings", at)
        return
    parts = as_text(text).parts or ("",)
    if demands.raw and any(isinstance(part, str) and _PLACEHOLDER.search(part) for part in parts):
        return
    if element.endswith("Action"):
        yield from _action(parts, pointer, at)
    elif demands.arns:
        yield from _resource(parts, pointer, at)


def _action(parts: tuple[Any, ...], pointer: str, at: Origin | None) -> Iterator[Fault]:
    if all(isinstance(part, str) for part in parts):
        literal = "".join(parts)
        service, colon, name = literal.partition(":")
        if literal != "*" and not (service and colon and name):
            yield Fault(pointer, _quoted(literal), '"*" or a service and an action, such as "dynamodb:GetItem"', at)


def _resource(parts: tuple[Any, ...], pointer: str, at: Origin | None) -> Iterator[Fault]:
    first = parts[0]
    wanted = '"*" or an ARN'
    if isinstance(first, Reference) and first.attribute == "name":
        yield Fault(pointer, f"the name of {first.target}", wanted, at)
    elif isinstance(first, str):
        whole = first if len(parts) == 1 else ""
        beginning = first[:4] == "arn:"[: len(first)] if len(parts) > 1 else first == "*" or bool(_ARN.fullmatch(first))
        if not beginning:
            yield Fault(pointer, _quoted(whole or str(Text(parts))), wanted, at)


def _principal(data: Any, pointer: str, at: Origin | None) -> Iterator[Fault]:
    wanted = '"*" or an object by AWS, Service or Federated'
    if isinstance(data, Object):
        yield from _unknown_names(data, _PRINCIPAL_TYPES, pointer, at)
        for kind, value in data.entries.items():
            for text, where, place in _strings(value, f"{pointer}/{kind}", at):
                if isinstance(text, (List, Object)):
                    yield Fault(where, kind_of(text), "a string or a list of strings", place)
    elif isinstance(data, List):
        yield Fault(pointer, kind_of(data), wanted, at)
    else:
        literal = as_text(data).literal
        if literal is not None and literal != "*":
            yield Fault(pointer, _quoted(literal), wanted, at)


def _condition(data: Any, pointer: str, at: Origin | None) -> Iterator[Fault]:
    if not isinstance(data, Object):
        yield Fault(pointer, kind_of(data), "an object by operators", at)
        return
    for operator, value in data.entries.items():
        where = f"{pointer}/{_escaped(operator)}"
        for keys, place in _decided(value, at):
            if read_operator(operator) is None:
                yield Fault(where, f'the operator "{operator}"', _nearest(operator, _operators()), place)
            elif not isinstance(keys, Object):
                yield Fault(where, kind_of(keys), "an object by condition keys", place)
            else:
                yield from _keys(keys, where, place)


def _keys(data: Object, pointer: str, at: Origin | None) -> Iterator[Fault]:
    for key, value in data.entries.items():
        where = f"{pointer}/{_escaped(key)}"
        for texts, place in _decided(value, at):
            if ":" not in key:
                yield Fault(
                    where, f'the key "{key}"', 'a condition key with its prefix, such as "aws:SourceVpc"', place
                )
            for text, which, there in _strings(Known(texts, place), where, place, may_be_empty=True):
                if isinstance(text, (List, Object)):
                    yield Fault(which, kind_of(text), "a value or a list of values", there)


def _sid(data: Object, pointer: str, at: Origin | None, demands: Demands, seen: set[str]) -> Iterator[Fault]:
    for sid, place in _decided(data.get("Sid"), at):
        if isinstance(sid, (List, Object)):
            yield Fault(f"{pointer}/Sid", kind_of(sid), "a string", place)
            continue
        literal = as_text(sid).literal
        if literal is None:
            continue
        if demands.plain_sid and not _PLAIN_SID.fullmatch(literal):
            yield Fault(f"{pointer}/Sid", _quoted(literal), "letters and digits", place)
        if demands.own_sid and literal and literal in seen:
            yield Fault(f"{pointer}/Sid", f'"{literal}", as another statement has', "a Sid of its own", place)
        seen.add(literal)


def _one_of(data: Any, allowed: Collection[str], pointer: str, at: Origin | None) -> Iterator[Fault]:
    wanted = " or ".join(f'"{each}"' for each in allowed)
    if isinstance(data, (List, Object)):
        yield Fault(pointer, kind_of(data), wanted, at)
        return
    literal = as_text(data).literal
    if literal is not None and literal not in allowed:
        yield Fault(pointer, _quoted(literal), wanted, at)


def _unknown_names(data: Object, names: tuple[str, ...], pointer: str, at: Origin | None) -> Iterator[Fault]:
    for name, value in data.entries.items():
        if name not in names and not _is_absent(value):
            place = data.keys.get(name) or value.origin or at
            yield Fault(f"{pointer}/{_escaped(name)}", f'the element "{name}"', _nearest(name, names), place)


def _nearest(name: str, names: Collection[str]) -> str:
    from difflib import get_close_matches

    by_lower = {each.lower(): each for each in names}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return f'"{by_lower[found[0]]}"' if found else ", ".join(each for each in names if len(names) < 10) or "an operator"


def _operators() -> tuple[str, ...]:
    return (*OPERATORS, *(f"{quantifier}:{name}" for quantifier in QUANTIFIERS for name in OPERATORS if name != "Null"))


def _strings(
    value: Value[Any], pointer: str, at: Origin | None, *, may_be_empty: bool = False
) -> Iterator[tuple[Any, str, Origin | None]]:
    """The items of a string or a list of strings; a list in the place of a string for one that is empty."""
    for data, place in _decided(value, at):
        is_empty = isinstance(data, List) and not data.more and all(_is_absent(item) for item in data.items)
        if not isinstance(data, List) or (is_empty and not may_be_empty):
            yield data, pointer, place
        else:
            for index, item in enumerate(data.items):
                for text, where in _decided(item, place):
                    yield text, f"{pointer}/{index}", where


def _decided(value: Value[Any], at: Origin | None) -> Iterator[tuple[Any, Origin | None]]:
    """What a value may be, as far as it is decided, without what is absent; it stands where it stands, or `at`."""
    if isinstance(value, OneOf):
        for _, branch in value.branches:
            yield from _decided(branch, value.origin or at)
    elif isinstance(value, Known) and value.value is not None:
        inner = value.value
        if isinstance(inner, (Known, Unknown, OneOf)):
            yield from _decided(inner, value.origin or at)
        else:
            yield inner, value.origin or at


def _may_be_missing(data: Object, name: str) -> bool:
    value = data.get(name)
    if isinstance(value, OneOf):
        return any(_is_absent(branch) for branch in _branches(value))
    return _is_absent(value)


def _branches(value: Value[Any]) -> Iterator[Value[Any]]:
    if isinstance(value, OneOf):
        for _, branch in value.branches:
            yield from _branches(branch)
    else:
        yield value


def _is_absent(value: Value[Any]) -> bool:
    return isinstance(value, Known) and value.value is None


def kind_of(data: Any) -> str:
    """What a person would call the data."""
    if isinstance(data, List):
        return "a list" if data.items or data.more else "an empty list"
    if isinstance(data, Object):
        return "an object"
    if isinstance(data, bool):
        return "a boolean"
    return "a number" if isinstance(data, (int, float)) else _quoted(str(as_text(data)))


def _quoted(text: str) -> str:
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def _escaped(name: str) -> str:
    """A key in a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
