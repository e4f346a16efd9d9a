"""``Fn::ForEach``: the loop of the language extensions transform, written out wherever it may stand.

AWS allows it among conditions, resources and outputs, and in the properties of resources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dynavet.regexes import regex
from dynavet.text import as_text
from dynavet.values import Data, Known, List, Object, OneOf, Origin, Unknown, Value
from dynavet_parsers.cloudformation.template import literal, mapping

LOOP = "Fn::ForEach::"
MAX_TURNS = 2000
"""Loops that take more turns than this, nested ones counted, are not expanded further."""

MAX_NODES = 500_000
"""Nor are loops that write out more values than this."""

_SECTIONS = ("Conditions", "Resources", "Outputs")
_MAX_NESTING = 5
_NOT_ALPHANUMERIC = regex("[^0-9A-Za-z]+")


def with_loops(
    document: Value[Data], evaluate: Callable[[Value[Data]], Value[Data]]
) -> tuple[Value[Data], dict[str, Unknown]]:
    """The document with its loops expanded, and why others among its `Resources` were not, by their key.

    `evaluate` gives the value of a loop's collection.
    """
    root = mapping(document)
    if root is None:
        return document, {}
    loops = _Loops(evaluate)
    entries = dict(root.entries)
    for name in _SECTIONS:
        if name in entries:
            entries[name] = loops.within(entries[name])
    left = mapping(entries.get("Resources")) or Object()
    return (
        Known(Object(entries, root.more, root.keys), document.origin),
        {key: reason for key, reason in loops.left.items() if key in left.entries},
    )


class _Loops:
    def __init__(self, evaluate: Callable[[Value[Data]], Value[Data]]) -> None:
        self.evaluate = evaluate
        self.left: dict[str, Unknown] = {}
        self.turns = 0
        self.nodes = 0

    def within(self, value: Value[Data]) -> Value[Data]:
        """The value with the loops at any depth of it expanded."""
        data = value.value if isinstance(value, Known) else None
        if isinstance(data, List):
            items = tuple(self.within(item) for item in data.items)
            changed = any(new is not old for new, old in zip(items, data.items, strict=True))
            return Known(List(items, data.more), value.origin) if changed else value
        if not isinstance(data, Object):
            return value
        content = self.expand(data) if any(key.startswith(LOOP) for key in data.entries) else data
        entries = {key: item if key.startswith(LOOP) else self.within(item) for key, item in content.entries.items()}
        if content is data and all(entries[key] is data.entries[key] for key in entries):
            return value
        return Known(Object(entries, content.more, content.keys), value.origin)

    def expand(self, content: Object, nesting: int = 0) -> Object:
        """The mapping with its own loops expanded, and those that stand right in them."""
        entries: dict[str, Value[Data]] = {}
        keys: dict[str, Origin] = {}
        for key, value in content.entries.items():
            bodies = self.bodies(key, value, nesting) if key.startswith(LOOP) else None
            if isinstance(bodies, list):
                for body in bodies:
                    inner = self.expand(body, nesting + 1)
                    entries.update(inner.entries)
                    keys.update(inner.keys)
                continue
            if bodies is not None:
                self.left[key] = Unknown(bodies.reason, content.keys.get(key) or value.origin)
            entries[key] = value
            if key in content.keys:
                keys[key] = content.keys[key]
        return Object(entries, content.more, keys)

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
        self.nodes += len(words) * _nodes(arguments[2])
        if self.nodes > MAX_NODES:
            return Unknown(f"{key} is not expanded: the loops write out more than {MAX_NODES} values")
        return [_with_member(body, name, word) for word in words]

    def words(self, collection: Value[Data]) -> list[str] | Unknown:
        """The members of a loop's collection."""
        value = self.evaluate(collection)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, OneOf):
            return Unknown(f"{value.condition} is undecided")
        items = value.value.items if isinstance(value.value, List) else None
        if items is None or not isinstance(value.value, List):
            return Unknown("the collection of the loop is not a list")
        if value.value.more:
            return value.value.more[0]
        words = [_word(item) for item in items]
        return next((word for word in words if isinstance(word, Unknown)), [w for w in words if isinstance(w, str)])


def _word(item: Value[Data]) -> str | Unknown:
    if isinstance(item, Unknown):
        return item
    if isinstance(item, OneOf):
        return Unknown(f"{item.condition} is undecided")
    text = None if isinstance(item.value, (List, Object)) else as_text(item.value)
    if text is None or text.literal is None:
        return Unknown(text.holes[0].reason if text is not None and text.holes else "a member of the loop is no text")
    return text.literal


def _nodes(value: Value[Data]) -> int:
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List):
        return 1 + sum(map(_nodes, data.items))
    return 1 + sum(map(_nodes, data.entries.values())) if isinstance(data, Object) else 1


def _with_member(body: Object, name: str, word: str) -> Object:
    texts = {f"${{{name}}}": word, f"&{{{name}}}": _NOT_ALPHANUMERIC.sub("", word)}
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
