"""``Fn::ForEach`` among resources: the loop of the language extensions transform, written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.template import literal, mapping

LOOP = "Fn::ForEach::"
MAX_TURNS = 2000
"""Loops that take more turns than this, nested ones counted, are not expanded further."""

_MAX_NESTING = 5


def with_loops(
    document: Value[Data], evaluate: Callable[[Value[Data]], Value[Data]]
) -> tuple[Value[Data], dict[str, Unknown]]:
    """The document with the loops in its `Resources` expanded, and why others were not, by their key.

    `evaluate` gives the value of a loop's collection.
    """
    root = mapping(document)
    section = root.entries.get("Resources") if root is not None else None
    resources = mapping(section)
    if root is None or section is None or resources is None or not any(k.startswith(LOOP) for k in resources.entries):
        return document, {}
    loops = _Loops(evaluate)
    entries = {**root.entries, "Resources": Known(loops.expand(resources), section.origin)}
    return Known(Object(entries, root.more, root.keys), document.origin), loops.left


class _Loops:
    def __init__(self, evaluate: Callable[[Value[Data]], Value[Data]]) -> None:
        self.evaluate = evaluate
        self.left: dict[str, Unknown] = {}
        self.turns = 0

    def expand(self, resources: Object, nesting: int = 0) -> Object:
        entries: dict[str, Value[Data]] = {}
        keys: dict[str, Origin] = {}
        for key, value in resources.entries.items():
            if not key.startswith(LOOP):
                entries[key] = value
                if key in resources.keys:
                    keys[key] = resources.keys[key]
                continue
            bodies = self.bodies(key, value, nesting)
            if isinstance(bodies, Unknown):
                self.left[key] = Unknown(bodies.reason, resources.keys.get(key) or value.origin)
                continue
            for body in bodies:
                inner = self.expand(body, nesting + 1)
                entries.update(inner.entries)
                keys.update(inner.keys)
        return Object(entries, resources.more, keys)

    def bodies(self, key: str, value: Value[Data], nesting: int) -> list[Object] | Unknown:
        """The body of a loop, once per member of its collection."""
        content = value.value if isinstance(value, Known) else None
        arguments = content.items if isinstance(content, List) else ()
        name = literal(arguments[0]) if len(arguments) == 3 else None
        body = mapping(arguments[2]) if name is not None else None
        if name is None or body is None or nesting >= _MAX_NESTING:
            return Unknown(f"{key} is not a loop that can be expanded")
        words = self.words(arguments[1])
        if isinstance(words, Unknown):
            return words
        self.turns += len(words)
        if self.turns > MAX_TURNS:
            return Unknown(f"{key} is not expanded: the loops take more than {MAX_TURNS} turns")
        return [_with_member(body, name, word) for word in words]

    def words(self, collection: Value[Data]) -> list[str] | Unknown:
        """The members of a loop's collection."""
        value = self.evaluate(collection)
        if isinstance(value, Unknown):
            return value
        content = value.value if isinstance(value, Known) else None
        words = [literal(item) for item in content.items] if isinstance(content, List) else [None]
        if any(word is None for word in words):
            return Unknown("the collection of the loop is undecided")
        return [word for word in words if word is not None]


def _with_member(body: Object, name: str, word: str) -> Object:
    texts = {f"${{{name}}}": word, f"&{{{name}}}": word}
    return mapping(_replaced(Known(body), texts, name, word)) or Object()


def _replaced(value: Value[Data], texts: Mapping[str, str], name: str, word: str) -> Value[Data]:
    if not isinstance(value, Known):
        return value
    data = value.value
    if isinstance(data, str):
        return Known(_text(data, texts), value.origin)
    if isinstance(data, List):
        items = tuple(_replaced(item, texts, name, word) for item in data.items)
        return Known(List(items, data.more), value.origin)
    if not isinstance(data, Object):
        return value
    if len(data.entries) == 1 and literal(data.entries.get("Ref")) == name:
        return Known(word, value.origin)
    entries = {_text(key, texts): _replaced(item, texts, name, word) for key, item in data.entries.items()}
    keys = {_text(key, texts): origin for key, origin in data.keys.items()}
    return Known(Object(entries, data.more, keys), value.origin)


def _text(text: str, texts: Mapping[str, str]) -> str:
    for pattern, word in texts.items():
        text = text.replace(pattern, word)
    return text
