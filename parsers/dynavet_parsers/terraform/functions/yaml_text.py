"""``yamldecode`` and ``yamlencode``, as the YAML library of Terraform reads and writes.

https://github.com/zclconf/go-cty-yaml
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from dynavet.regexes import regex
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import ANY, STRING, Function, limited
from dynavet_parsers.terraform.numeric import parse_number, undecided
from dynavet_parsers.terraform.type_conversion import text_of

MAX_NODES = 50_000
MAX_DEPTH = 100

_PREFIX = "tag:yaml.org,2002:"
_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
_FLOAT = regex(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?", re.ASCII)
_INFINITE = regex(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BASED = regex(r"0o([0-7]+)|0x([0-9a-fA-F]+)")
_DATE = regex(r"\d{4}-\d\d?-\d\d?(?:[Tt ].*)?", re.ASCII)


def _decode(text: str) -> Any:
    import yaml  # takes a tenth of a small scan's time, and is seldom needed

    try:
        return _Reader(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))).document()
    except yaml.YAMLError as error:
        raise EvaluationError(f"not YAML: {error}") from error


class _Reader:
    """Events of the YAML parser to data."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = iter(events)
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open: set[str] = set()
        self._count = 0

    def document(self) -> Any:
        next(self._events)
        if self._kind(start := next(self._events)) != "DocumentStart":
            raise EvaluationError(f"no YAML document but {self._kind(start)}")
        data = self._node(next(self._events), 0)
        next(self._events)
        if self._kind(next(self._events)) != "StreamEnd":
            raise EvaluationError("more than one YAML document")
        return data

    def _kind(self, event: Any) -> str:
        return type(event).__name__.removesuffix("Event")

    def _node(self, event: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise undecided(f"YAML nested deeper than {MAX_DEPTH} is not read")
        kind = self._kind(event)
        if kind == "Alias":
            return self._alias(event.anchor)
        before = self._count
        self._count += 1
        limited(self._count, MAX_NODES)
        read: dict[str, Callable[[Any, int], Any]] = {
            "Scalar": lambda e, _: _scalar(e),
            "SequenceStart": self._sequence,
            "MappingStart": self._mapping,
        }
        if event.anchor is not None:
            self._open.add(event.anchor)
        data = read[kind](event, depth)
        if event.anchor is not None:
            self._open.discard(event.anchor)
            self._anchors[event.anchor] = data, self._count - before
        return data

    def _alias(self, anchor: str) -> Any:
        if anchor in self._open or anchor not in self._anchors:
            raise EvaluationError(f"*{anchor} refers to what is not complete")
        data, size = self._anchors[anchor]
        self._count += size
        limited(self._count, MAX_NODES)
        return data

    def _sequence(self, event: Any, depth: int) -> list[Any]:
        _expect(event, "seq")
        items = []
        while self._kind(each := next(self._events)) != "SequenceEnd":
            items.append(self._node(each, depth + 1))
        return items

    def _mapping(self, event: Any, depth: int) -> dict[str, Any]:
        _expect(event, "map")
        entries: dict[str, Any] = {}
        while self._kind(each := next(self._events)) != "MappingEnd":
            merge = self._kind(each) == "Scalar" and each.implicit[0] and each.value == "<<"
            key = None if merge else self._node(each, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if merge:
                if not isinstance(value, dict):
                    raise EvaluationError("<< takes a mapping")
                entries |= value
            elif key is None or isinstance(key, (list, dict)):
                raise EvaluationError("a mapping key that is not text")
            else:
                entries[str(text_of(key))] = value
        return entries


def _expect(event: Any, tag: str) -> None:
    if event.tag not in (None, "!", _PREFIX + tag):
        raise EvaluationError(f"a {tag} with the tag {event.tag}")


def _scalar(event: Any) -> Any:
    text, tag = event.value, event.tag
    if tag in (None, "!"):
        return _plain(text) if event.implicit[0] and not event.style else text
    short = tag.removeprefix(_PREFIX)
    if short in ("str", "binary"):
        return text
    if short == "null":
        return None
    data = _plain(text)
    fits = {"int": (int,), "float": (int, float), "bool": (bool,)}.get(short, ())
    if not isinstance(data, fits) or (isinstance(data, bool) and short != "bool"):
        raise EvaluationError(f"{text[:40]!r} is no {short}")
    return data


def _plain(text: str) -> Any:
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    based = _BASED.fullmatch(text)
    if based is not None:
        limited(len(text), 100)
        return int(based[1], 8) if based[1] else int(based[2], 16)
    if _FLOAT.fullmatch(text):
        return parse_number(text)
    if _INFINITE.fullmatch(text):
        raise undecided("an infinite number is not computed")
    return _date(text) if _DATE.fullmatch(text) else text


def _date(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?", text, re.ASCII):
        return text if "T" in text else f"{text}T00:00:00Z"
    raise undecided("a YAML timestamp is not computed")


def _encode(data: Any) -> str:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    events = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False), *_events(data)]
    events += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    text = yaml.emit(events, Dumper=dumper, allow_unicode=True, width=80)
    text = str(text).removesuffix("...\n")
    bare = not isinstance(data, (str, list, dict))
    return f"{text}...\n" if bare else text


def _events(data: Any) -> Iterator[Any]:
    import yaml

    if isinstance(data, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=not data)
        for key in sorted(data):
            yield from _events(key)
            yield from _events(data[key])
        yield yaml.MappingEndEvent()
    elif isinstance(data, list):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=not data)
        for item in data:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    elif isinstance(data, str):
        yield yaml.ScalarEvent(None, None, (True, True), data, style="|" if "\n" in data else '"')
    else:
        yield yaml.ScalarEvent(None, None, (True, True), "null" if data is None else str(text_of(data)))


FUNCTIONS: dict[str, Function] = {
    "yamldecode": Function(_decode, (STRING,)),
    "yamlencode": Function(_encode, (ANY,), null=frozenset({0})),
}
