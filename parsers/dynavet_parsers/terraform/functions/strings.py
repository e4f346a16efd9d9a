"""String and number functions."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from dynavet.text import Hole, Part, Text
from dynavet.values import Known, List, Unknown, Value, apply, bind, concatenate
from dynavet_parsers.terraform.data import EvaluationError, NotPlain, symbolic, to_plain
from dynavet_parsers.terraform.functions.conversion import Function, plainly, text_of, to_list


def _join(arguments: list[Value[Any]]) -> Value[Any]:
    """``join(separator, list…)`` keeps symbolic items."""

    def glue(separator: Any, *lists: Any) -> Value[Any]:
        items = [item for each in lists for item in (*to_list(each).items, *to_list(each).more)]
        parts: list[Value[Any]] = []
        for item in items:
            parts += [Known(separator), item] if parts else [item]
        return concatenate([Known(""), *parts])

    return _flat(apply(glue, *arguments))


def _flat(value: Value[Any]) -> Value[Any]:
    return bind(lambda inner: inner, value)


_VERB = re.compile(r"%(%|\[\d+\])?([-+ #0]*)(\d+)?(?:\.(\d+))?([a-zA-Z])?")


def _format(arguments: list[Value[Any]]) -> Value[Any]:
    """``format(spec, …)``; plain ``%s``, ``%v`` and ``%d`` keep symbolic arguments."""

    def run(spec: Any) -> Value[Any]:
        if not isinstance(spec, str):
            return symbolic(spec, None) if isinstance(spec, Text) else Unknown("the format is not text")
        return _formatted(spec, arguments[1:])

    return bind(run, arguments[0])


def _formatted(spec: str, values: list[Value[Any]]) -> Value[Any]:
    parts: list[Value[Any]] = [Known("")]
    position, used = 0, 0
    for match in _VERB.finditer(spec):
        parts.append(Known(spec[position : match.start()]))
        position = match.end()
        if match[1] == "%" or (match[0] == "%%"):
            parts.append(Known("%" + spec[match.start() + 2 : match.end()]))
            continue
        number = int(match[1][1:-1]) - 1 if match[1] else used
        used = number + 1
        if number >= len(values):
            raise EvaluationError("format() has fewer arguments than verbs")
        parts.append(_verb(match, values[number]))
    parts.append(Known(spec[position:]))
    return concatenate(parts)


def _verb(match: re.Match[str], value: Value[Any]) -> Value[Any]:
    verb, decorated = match[5] or "", match[2] or match[3] or match[4]
    if verb in ("s", "v", "d") and not decorated:
        return apply(lambda data: text_of(data) if _scalar(data) else Hole("a compound value in format()"), value)
    try:
        data = to_plain(value)
    except NotPlain as error:
        return error.unknown
    python = "s" if verb in ("v", "s") else verb
    if verb == "q":
        return Known(f'"{data}"')
    if verb in ("d", "x", "X", "o", "e", "f", "g") and isinstance(data, str):
        data = float(data) if "." in data else int(data)
    width = f"%{match[2] or ''}{match[3] or ''}{'.' + match[4] if match[4] else ''}{python}"
    return Known(width % (data,))


def _scalar(data: Any) -> bool:
    return isinstance(data, (bool, int, float, str, Text))


def _format_list(arguments: list[Value[Any]]) -> Value[Any]:
    def run(*data: Any) -> Value[Any]:
        lengths = [len(d.items) for d in data if isinstance(d, List)]
        if any(d.more for d in data if isinstance(d, List)) or not lengths:
            return Unknown("formatlist() over an undecided list")
        rows = [[d.items[i] if isinstance(d, List) else Known(d) for d in data] for i in range(min(lengths))]
        return Known(List(tuple(_format([arguments[0], *row]) for row in rows)))

    return _flat(apply(run, *arguments[1:]))


def _replace(arguments: list[Value[Any]]) -> Value[Any]:
    """``replace`` over symbolic text replaces within its literal parts, with symbolic text too."""
    text, old, new = arguments
    if isinstance(new, Unknown):
        new = Known(Text.of(Hole(new.reason)))

    def run(text: Any, old: Any, new: Any) -> Value[Any]:
        if not isinstance(old, str) or not isinstance(new, (str, Text)):
            return Unknown("replace() with an undecided pattern")
        parts = text.parts if isinstance(text, Text) else (str(text_of(text)),)
        return Known(text_of(Text.of(*(p for part in parts for p in _substituted(part, old, new)))))

    return _flat(apply(run, text, old, new))


def _substituted(part: Part, old: str, new: str | Text) -> list[Part | Text]:
    if not isinstance(part, str):
        return [part]
    is_pattern = len(old) > 1 and old.startswith("/") and old.endswith("/")
    pattern = _regex(old[1:-1] if is_pattern else re.escape(old))
    found: list[Part | Text] = []
    position = 0
    for match in pattern.finditer(part):
        found += [part[position : match.start()], _expand_dollar(match, new) if is_pattern else new]
        position = match.end()
    return [*found, part[position:]]


def _expand_dollar(match: re.Match[str], template: str | Text) -> str | Text:
    if isinstance(template, Text):
        return Text.of(*(_expand_dollar(match, p) if isinstance(p, str) else p for p in template.parts))
    return re.sub(r"\$\{?(\w+)\}?", lambda m: match[int(m[1]) if m[1].isdigit() else m[1]] or "", template)


def _regex(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise EvaluationError(f"invalid pattern {pattern!r}: {error}") from error


def _regex_function(pattern: str, text: str) -> Any:
    match = _regex(pattern).search(text)
    if match is None:
        raise EvaluationError(f"{pattern!r} does not match")
    return _groups(match)


def _groups(match: re.Match[str]) -> Any:
    return match.groupdict() or list(match.groups()) or match[0]


def _substr(text: str, offset: int, length: int) -> str:
    start = offset if offset >= 0 else len(text) + offset
    return text[start:] if length < 0 else text[start : start + length]


FUNCTIONS: dict[str, Function] = {
    "join": _join,
    "format": _format,
    "formatlist": _format_list,
    "replace": _replace,
    "lower": plainly(lambda t: str(t).lower()),
    "upper": plainly(lambda t: str(t).upper()),
    "title": plainly(lambda t: re.sub(r"(^|[^\w'])(\w)", lambda m: m[1] + m[2].upper(), str(t))),
    "split": plainly(lambda separator, t: t.split(separator) if separator else list(t)),
    "substr": plainly(_substr),
    "strrev": plainly(lambda t: unicodedata.normalize("NFC", t)[::-1]),
    "startswith": plainly(lambda t, p: t.startswith(p)),
    "endswith": plainly(lambda t, s: t.endswith(s)),
    "strcontains": plainly(lambda t, s: s in t),
    "regex": plainly(_regex_function),
    "regexall": plainly(lambda p, t: [_groups(m) for m in _regex(p).finditer(t)]),
    "abs": plainly(abs),
    "ceil": plainly(math.ceil),
    "floor": plainly(math.floor),
    "max": plainly(max),
    "min": plainly(min),
    "parseint": plainly(lambda t, base: int(t, base)),
    "pow": plainly(lambda a, b: a**b if abs(a) <= 1e6 and abs(b) <= 64 else math.pow(a, b)),
    "signum": plainly(lambda n: (n > 0) - (n < 0)),
    "log": plainly(lambda n, base: math.log(n, base)),
}
