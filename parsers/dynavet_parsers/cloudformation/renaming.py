"""Other names for the parameters and resources of a template, wherever it names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dynavet.regexes import regex
from dynavet.text import closed
from dynavet.values import Data, Known, List, Object, Value
from dynavet_parsers.cloudformation.template import literal, mapping

_VARIABLE = regex(r"\$\{([^}!.]+)(\.[^}]*)?\}")
_ENDS = ("Source", "Destination")


def with_parameters_below(document: Value[Data], prefix: str) -> Value[Data]:
    """The document with its parameters called by their names below `prefix`."""
    root = mapping(document)
    declared = mapping(root.entries.get("Parameters")) if root is not None else None
    if not prefix or declared is None:
        return document
    return _Renaming(prefix, declared.entries).document(document, "Parameters")


def with_resources_below(document: Value[Data], prefix: str, names: Iterable[str]) -> Value[Data]:
    """The document with its resources, `names`, called so below `prefix`."""
    return _Renaming(prefix, names).document(document, "Resources")


class _Renaming:
    def __init__(self, prefix: str, names: Iterable[str]) -> None:
        self.prefix = prefix
        self.names = frozenset(names)

    def document(self, document: Value[Data], section: str) -> Value[Data]:
        """The whole document; the keys of `section` are where the names are declared."""
        root = mapping(self.within(document)) or Object()
        declared = mapping(root.entries[section]) or Object()
        entries = {self.name(key): value for key, value in declared.entries.items()}
        keys = {self.name(key): origin for key, origin in declared.keys.items()}
        renamed = Known(Object(entries, declared.more, keys), root.entries[section].origin)
        return Known(Object({**root.entries, section: renamed}, root.more, root.keys), document.origin)

    def name(self, text: str) -> str:
        return f"{self.prefix}{text}" if text.partition(".")[0] in self.names else text

    def within(self, value: Value[Data]) -> Value[Data]:
        """The value with the names in it replaced where they are names."""
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            return Known(List(tuple(self.within(item) for item in data.items), data.more), value.origin)
        if not isinstance(data, Object):
            return value
        entries = {key: self.entry(key, item, len(data.entries) == 1) for key, item in data.entries.items()}
        return Known(Object(entries, data.more, data.keys), value.origin)

    def entry(self, key: str, value: Value[Data], alone: bool) -> Value[Data]:
        if alone and key == "Ref":
            return self.named(value)
        if alone and key == "Fn::GetAtt":
            return self.first(value, self.attribute)
        if alone and key == "Fn::Sub":
            return self.first(value, self.substituted)
        return self.end(self.within(value)) if key in _ENDS else self.within(value)

    def named(self, value: Value[Data]) -> Value[Data]:
        text = literal(value)
        return self.within(value) if text is None else Known(self.name(text), value.origin)

    def first(self, value: Value[Data], change: Callable[[Value[Data]], Value[Data]]) -> Value[Data]:
        """The argument of a function with its text, or the first of its list, changed."""
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List) and data.items:
            rest = tuple(self.within(item) for item in data.items[1:])
            return Known(List((change(data.items[0]), *rest), data.more), value.origin)
        return change(value)

    def attribute(self, value: Value[Data]) -> Value[Data]:
        name, dot, rest = (literal(value) or "").partition(".")
        return Known(f"{self.name(name)}{dot}{rest}", value.origin) if name else self.within(value)

    def substituted(self, value: Value[Data]) -> Value[Data]:
        text = literal(value)
        if text is None:
            return self.within(value)
        whole = closed(text)
        named = _VARIABLE.sub(lambda f: f"${{{self.name(f[1].strip())}{f[2] or ''}}}", whole)
        return Known(named + text[len(whole) :], value.origin)

    def end(self, value: Value[Data]) -> Value[Data]:
        """The source or destinations of a connector, which name resources as `Id`."""
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            return Known(List(tuple(map(self.end, data.items)), data.more), value.origin)
        if not isinstance(data, Object) or "Id" not in data.entries:
            return value
        return Known(Object({**data.entries, "Id": self.named(data.entries["Id"])}, data.more, data.keys), value.origin)
