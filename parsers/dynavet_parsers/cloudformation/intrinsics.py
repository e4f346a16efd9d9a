"""Partial evaluation of intrinsic functions: what is unknown stays a hole, what is around it stays known."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from dynavet.regexes import regex
from dynavet.text import Hole, Text, as_text, closed
from dynavet.values import (
    MAX_WORLDS,
    Data,
    Known,
    List,
    Object,
    OneOf,
    Origin,
    Unknown,
    Value,
    apply,
    bind,
    in_branch,
    leaves,
    same,
)
from dynavet_parsers.cloudformation import references
from dynavet_parsers.cloudformation.cidr import cidr_blocks
from dynavet_parsers.cloudformation.conditions import Conditions
from dynavet_parsers.cloudformation.dynamic import without_dynamic_references
from dynavet_parsers.cloudformation.find_in_map import Key, Search
from dynavet_parsers.cloudformation.json_text import json_text
from dynavet_parsers.cloudformation.parameters import is_hidden, parameter_value, passed, pseudo_parameter
from dynavet_parsers.cloudformation.size import Sizes
from dynavet_parsers.cloudformation.template import Template, literal, mapping
from dynavet_parsers.cloudformation.texts import join, join_list, select, shown, split

MAX_DEPTH = 110
"""Values nested deeper than this, functions and conditions counted, are unknown."""

MAX_SIZE = 100_000
"""A choice between values with more parts than this, branch by branch, is unknown."""

_VARIABLE = regex(r"\$\{(!?)([^}]*)\}")
_EXPANDED = ("Fn::Transform", "Fn::ForEach::")

Function = Callable[["Evaluator", Value[Data], "Origin | None"], Value[Data]]
Outputs = Callable[[str, str, "Origin | None"], Value[Data] | None]
Imports = Callable[[str, "Origin | None"], Value[Data] | None]


class Evaluator:
    """Evaluates values of one template.

    `given` holds the values of parameters from files of parameters, `arguments` those that the
    template which nests this one gives; `outputs` gives an attribute of a nested stack by its
    logical id, if that is known, and `imports` what another stack exports by a name.
    """

    def __init__(self, template: Template, given: Mapping[str, Value[Data]] | None = None) -> None:
        self.template = template
        self.given = given or {}
        self.conditions = Conditions(template, self.evaluate, self.revealed)
        self.sizes = Sizes(MAX_SIZE)
        self.arguments: Mapping[str, Value[Data]] = {}
        self.outputs: Outputs = lambda *_: None
        self.imports: Imports = lambda *_: None
        self._depth = 0
        self._reveal = False

    def evaluate(self, raw: Value[Data]) -> Value[Data]:
        """The value with every intrinsic function in it evaluated.

        Members of lists and mappings that are `AWS::NoValue` or null are left out.
        """
        if isinstance(raw, OneOf):
            return bind(lambda data: self.evaluate(Known(data, raw.origin)), raw)
        if not isinstance(raw, Known):
            return raw
        data = raw.value
        if isinstance(data, str):
            return self._text(data, raw)
        if not isinstance(data, (List, Object)):
            return raw
        if self._depth >= MAX_DEPTH:
            return Unknown("the template is nested too deeply", raw.origin)
        self._depth += 1
        try:
            return self._list(data, raw) if isinstance(data, List) else self._object(data, raw)
        finally:
            self._depth -= 1

    def revealed(self, raw: Value[Data]) -> Value[Data]:
        """Like `evaluate`, with the values of parameters that have `NoEcho`: for nothing that is shown."""
        self._reveal = True
        try:
            return self.evaluate(raw)
        finally:
            self._reveal = False

    def reference(self, name: str, at: Origin | None) -> Value[Data]:
        """``Ref``: a pseudo parameter, parameter or resource."""
        pseudo = pseudo_parameter(name, at)
        if pseudo is not None:
            return pseudo
        parameter = self.template.parameters.get(name)
        if parameter is not None:
            if name in self.arguments and (self._reveal or not is_hidden(parameter)):
                return passed(self.arguments[name], parameter_value(name, parameter, at, reveal=self._reveal), at)
            given = self.arguments.get(name, self.given.get(name))
            return parameter_value(name, parameter, at, given, reveal=self._reveal)
        resource_type = self.template.types.get(name)
        if resource_type is not None:
            return references.ref(name, resource_type, at)
        return Unknown(f"{name} is not declared in this template", at)

    def attribute(self, logical_id: str, name: str, at: Origin | None) -> Value[Data]:
        """``Fn::GetAtt``, or what the serverless transform makes for a function or API."""
        if f"{logical_id}.{name}" in self.template.types:
            return self.reference(f"{logical_id}.{name}", at)
        resource_type = self.template.types.get(logical_id)
        if resource_type is None:
            return Unknown(f"{logical_id} is not declared in this template", at)
        output = self.outputs(logical_id, name, at)
        return output if output is not None else references.attribute(logical_id, resource_type, name, at)

    def _text(self, data: str, raw: Known[Data]) -> Value[Data]:
        if "{{resolve:" not in data:
            return raw
        text = without_dynamic_references(Text.of(data))
        return raw if text.literal is not None else Known(text, raw.origin)

    def _list(self, data: List, raw: Known[Data]) -> Value[Data]:
        items = tuple(self.evaluate(item) for item in data.items)
        if all(a is b for a, b in zip(items, data.items, strict=True)) and not any(map(_absent, items)):
            return raw
        return Known(List(tuple(item for item in items if not _absent(item)), data.more), raw.origin)

    def _object(self, data: Object, raw: Known[Data]) -> Value[Data]:
        if len(data.entries) == 1:
            ((key, argument),) = data.entries.items()
            function = _FUNCTIONS.get(key)
            if function is not None:
                return function(self, argument, raw.origin)
        entries: dict[str, Value[Data]] = {}
        changed = False
        for key, value in data.entries.items():
            new = Known(None) if key.startswith(_EXPANDED) else self.evaluate(value)
            changed = changed or new is not value or _absent(new)
            if not _absent(new):
                entries[key] = new
        if not changed:
            return raw
        return Known(Object(entries, (*data.more, *expansions(data)), data.keys), raw.origin)


def expansions(data: Object) -> tuple[Unknown, ...]:
    """What is inserted into a mapping at deployment: macros, and loops that were not expanded."""
    return tuple(
        Unknown(f"{key} is expanded at deployment", data.keys.get(key) or value.origin)
        for key, value in data.entries.items()
        if key.startswith(_EXPANDED)
    )


def _absent(value: Value[Data]) -> bool:
    return isinstance(value, Known) and value.value is None


def _arguments(raw: Value[Data]) -> tuple[Value[Data], ...]:
    content = raw.value if isinstance(raw, Known) else None
    return content.items if isinstance(content, List) and content.items else (raw,)


def _misused(function: str, at: Origin | None) -> Unknown:
    return Unknown(f"{function} is used with other arguments than it takes", at)


def _ref(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    name = literal(evaluator.evaluate(raw))
    return evaluator.reference(name, at) if name is not None else _misused("Ref", at)


def _get_att(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    text = literal(raw)
    if text is not None:
        logical_id, _, name = text.partition(".")
        return evaluator.attribute(logical_id, name, at)
    names = [literal(evaluator.evaluate(argument)) for argument in _arguments(raw)]
    if len(names) < 2 or names[0] is None or any(name is None for name in names):
        return _misused("Fn::GetAtt", at)
    return evaluator.attribute(names[0], ".".join(name for name in names[1:] if name is not None), at)


def _sub(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    template, *rest = _arguments(raw)
    if isinstance(template, (Unknown, OneOf)) and len(rest) < 2:
        return bind(lambda text: _sub(evaluator, Known(List((Known(text), *rest))), at), template)
    text = template.value if isinstance(template, Known) else None
    if not isinstance(text, (str, Text)) or len(rest) > 1:
        return _misused("Fn::Sub", at)
    given = mapping(rest[0]) if rest else None
    variables = _Once(evaluator, given.entries if given is not None else {})
    parts: list[Value[Data]] = []
    for each in as_text(text).parts:
        parts += _sub_parts(evaluator, each, variables, at) if isinstance(each, str) else [Known(Text((each,)))]
    return join([part for part in parts if part != Known("")] or [Known("")], origin=at)


class _Once(dict[str, Value[Data]]):
    """The variables of one ``Fn::Sub``, each evaluated once however often it stands in the text."""

    def __init__(self, evaluator: Evaluator, raw: Mapping[str, Value[Data]]) -> None:
        super().__init__()
        self.raw = raw
        self._evaluate = evaluator.evaluate

    def __missing__(self, name: str) -> Value[Data]:
        self[name] = self._evaluate(self.raw[name])
        return self[name]


def _sub_parts(evaluator: Evaluator, text: str, variables: _Once, at: Origin | None) -> list[Value[Data]]:
    parts: list[Value[Data]] = []
    last = 0
    for found in _VARIABLE.finditer(closed(text)):
        parts.append(Known(text[last : found.start()]))
        last = found.end()
        name = found[2].strip()
        if found[1]:
            parts.append(Known(f"${{{found[2]}}}"))
        elif name in variables.raw:
            parts.append(variables[name])
        elif "." in name:
            logical_id, _, attribute = name.partition(".")
            parts.append(evaluator.attribute(logical_id, attribute, at))
        else:
            parts.append(evaluator.reference(name, at))
    parts.append(Known(text[last:]))
    return parts


def _join(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    arguments = _arguments(raw)
    separator = literal(arguments[0])
    if len(arguments) != 2 or separator is None:
        return _misused("Fn::Join", at)
    return join_list(evaluator.evaluate(arguments[1]), separator, at)


def _split(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    arguments = _arguments(raw)
    separator = literal(arguments[0])
    if len(arguments) != 2 or separator is None:
        return _misused("Fn::Split", at)
    return split(separator, evaluator.evaluate(arguments[1]), at)


def _select(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    arguments = _arguments(raw)
    if len(arguments) != 2:
        return _misused("Fn::Select", at)
    return select(evaluator.evaluate(arguments[0]), evaluator.evaluate(arguments[1]), at)


def _if(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    arguments = _arguments(raw)
    name = literal(arguments[0])
    if len(arguments) != 3 or name is None:
        return _misused("Fn::If", at)
    condition = evaluator.conditions.named(name)
    if isinstance(condition, Known):
        return evaluator.evaluate(arguments[1] if condition.value else arguments[2])
    when_true, when_false = evaluator.evaluate(arguments[1]), evaluator.evaluate(arguments[2])
    value = _chosen(condition, when_true, when_false)
    if leaves(value) > MAX_WORLDS or not evaluator.sizes.fits(value):
        return Unknown(f"condition {name} and others have too many combinations", at)
    return value


def _chosen(condition: Value[bool], when_true: Value[Data], when_false: Value[Data]) -> Value[Data]:
    """What holds in each branch of the condition, without branches that contradict it."""
    if not isinstance(condition, OneOf):
        return bind(lambda truth: when_true if truth else when_false, condition)
    name = condition.condition
    branches = tuple(
        (label, _chosen(truth, in_branch(when_true, name, label), in_branch(when_false, name, label)))
        for label, truth in condition.branches
    )
    first = branches[0][1]
    if all(same(branch, first) for _, branch in branches):
        return first
    return OneOf(name, branches, condition.default, condition.origin)


def _find_in_map(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    arguments = _arguments(raw)
    if len(arguments) not in (3, 4):
        return _misused("Fn::FindInMap", at)
    fallback = mapping(arguments[3]) if len(arguments) == 4 else None
    default = fallback.entries.get("DefaultValue") if fallback is not None else None
    missing = evaluator.evaluate(default) if default is not None else None
    template, classes = evaluator.template, evaluator.conditions.classes
    name, first, second = (Key(argument, evaluator.evaluate(argument)) for argument in arguments[:3])
    found = Search(template.mappings, template.parameters, classes, missing, at).find(name, first, second)
    if leaves(found) > MAX_WORLDS:
        return Unknown(f"mapping {shown(name.value)} and its keys have too many combinations", at)
    return found


def _import_value(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    value = evaluator.evaluate(raw)
    exported = literal(value)
    found = evaluator.imports(exported, at) if exported is not None else None
    if found is not None:
        return found
    name = "" if isinstance(value, OneOf) else f" {shown(value)}"
    return Unknown(f"Fn::ImportValue{name} is decided outside this template", at)


def _base64(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    def encoded(data: Data) -> Data:
        text = as_text("" if data is None else data)
        if text.literal is None or isinstance(data, (List, Object)):
            return Text((Hole("Fn::Base64 is computed at deployment"),))
        return base64.b64encode(text.literal.encode(errors="replace")).decode()

    return apply(encoded, evaluator.evaluate(raw), origin=at)


def _to_json_string(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    return Known(json_text(evaluator.evaluate(raw)), at)


def _length(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    def length(data: Data) -> Value[Data]:
        if isinstance(data, List) and not data.more and all(isinstance(item, Known) for item in data.items):
            return Known(len(data.items), at)
        return Unknown("Fn::Length is computed at deployment", at)

    return bind(length, evaluator.evaluate(raw))


def _cidr(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
    arguments = _arguments(raw)
    if len(arguments) != 3:
        return Unknown("Fn::Cidr is computed at deployment", at)
    block, count, host_bits = map(evaluator.evaluate, arguments)
    return cidr_blocks(block, count, host_bits, at)


def _at_deployment(function: str) -> Function:
    def unknown(evaluator: Evaluator, raw: Value[Data], at: Origin | None) -> Value[Data]:
        content = mapping(raw)
        name = evaluator.evaluate(content.get("Name")) if content is not None else Known(None)
        shown_name = f" {name.value}" if isinstance(name, Known) and isinstance(name.value, str) else ""
        return Unknown(f"{function}{shown_name} is computed at deployment", at)

    return unknown


_FUNCTIONS: dict[str, Function] = {
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::GetAZs": _at_deployment("Fn::GetAZs"),
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Transform": _at_deployment("Fn::Transform"),
    "Ref": _ref,
}
INTRINSICS = frozenset(_FUNCTIONS)
"""The names of functions that stand for a value; conditions have their own."""
