"""Mutations that know what they change: the nodes of JSON, or the lines and tokens of any other text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

INTERESTING: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**63, 10**400, 1e308, 0.1, "", " ", "*", "?"),
    *("${", "${a.b}", "${aws:PrincipalTag/x}", "dynamodb:*", "arn:aws:dynamodb:*:*:table/t", "arn:aws:iam::1:root"),
    *("Fn::If", "\0", "\x1b[31m", "\u202e", "é" * 9, [], {}, [[]], [None], {"": None}),
    *({"Ref": "AWS::NoValue"}, {"Fn::Sub": "${T.Arn}/index/*"}, {"Fn::GetAtt": "T.Arn"}),
)
FUNCTIONS = (
    *("Ref", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::GetAtt", "Fn::Select"),
    *("Fn::Split", "Fn::FindInMap", "Fn::ForEach::X"),
)
SNIPPETS = (
    *("${", "}", "%{if true}", "%{endif}", "<<EOT\nx\nEOT\n", "[*]", "[0]", ".*", "...", "for x in ", " : ", " ? "),
    *('"', "'", "#", "/*", "*/", "\\", "\\u", "null", "true", "0x1", "1e9", "each.value", "var.x", "local.x", "data."),
    *("count = 2\n", 'for_each = toset(["a"])\n', "dynamic "),
    *("&a ", "*a", "<<: ", "!Sub ", "!If ", "- ", "? ", "|\n", ">-\n", "---\n", "\t", "\r\n", "\ufeff"),
    *("until=2027-01-31", 'reason="', "DDB101", "DDB999", ",", "=", ":", "[[ignore]]\n"),
    *("\0", "\x1b]0;x\x07", "\u2028"),
)
_TOKEN = re.compile(r'\s+|[A-Za-z_$][\w:-]*|"(?:\\.|[^"\\\n])*"|\d+|.', re.DOTALL)


def mutated(data: bytes, random: Random, words: Sequence[str]) -> bytes:
    """The text with one to four changes; what is JSON stays JSON, as a rule."""
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(random.randint(1, 4)):
        text = _of_json(text, random, words) if text.lstrip()[:1] in ("{", "[") else _of_text(text, random, words)
    return text.encode("utf-8", "surrogateescape")


def _of_json(text: str, random: Random, words: Sequence[str]) -> str:
    try:
        root = json.loads(text)
    except (ValueError, RecursionError):
        return _of_text(text, random, words)
    holders = _holders(root)
    if not holders or random.random() < 0.05:
        return _of_text(text, random, words)
    random.choice(_NODE_CHANGES)(random.choice(holders), holders, random, words)
    try:
        return json.dumps(root, ensure_ascii=random.random() < 0.5, indent=random.choice((None, None, 1)))
    except (ValueError, RecursionError):
        return text


def _holders(root: Any) -> list[dict[str, Any] | list[Any]]:
    """All objects and lists that have something in them, the root included."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list) and node:
            found.append(node)
            waiting += node.values() if isinstance(node, dict) else node
    return found


def _any_key(holder: Any, random: Random) -> Any:
    return random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))


def _delete(holder: Any, _: list[Any], random: Random, __: Sequence[str]) -> None:
    del holder[_any_key(holder, random)]


def _replace(holder: Any, _: list[Any], random: Random, words: Sequence[str]) -> None:
    word = random.choice(words) if words and random.random() < 0.4 else random.choice(INTERESTING)
    holder[_any_key(holder, random)] = word


def _transplant(holder: Any, holders: list[Any], random: Random, _: Sequence[str]) -> None:
    """A copy, as a node may not be in itself."""
    other = random.choice(holders)
    holder[_any_key(holder, random)] = json.loads(json.dumps(other[_any_key(other, random)]))


def _wrap(holder: Any, _: list[Any], random: Random, __: Sequence[str]) -> None:
    key = _any_key(holder, random)
    inner = holder[key]
    holder[key] = random.choice(([inner], [inner, inner], {random.choice(FUNCTIONS): inner}, {"x": inner}))


def _rename(holder: Any, holders: list[Any], random: Random, words: Sequence[str]) -> None:
    objects = [each for each in holders if isinstance(each, dict)]
    chosen = holder if isinstance(holder, dict) else random.choice(objects or [{"": None}])
    key = random.choice(list(chosen))
    chosen[random.choice(words) if words else "x"] = chosen.pop(key)


_NODE_CHANGES: list[Callable[[Any, list[Any], Random, Sequence[str]], None]] = [
    _delete,
    _replace,
    _replace,
    _transplant,
    _wrap,
    _rename,
]


def _of_text(text: str, random: Random, words: Sequence[str]) -> str:
    parts = text.splitlines(keepends=True) if random.random() < 0.5 else _TOKEN.findall(text)
    if not parts:
        return random.choice(SNIPPETS)
    at = random.randrange(len(parts))
    change = random.randrange(6)
    if change == 0:
        del parts[at]
    elif change == 1:
        parts.insert(at, parts[random.randrange(len(parts))])
    elif change == 2:
        other = random.randrange(len(parts))
        parts[at], parts[other] = parts[other], parts[at]
    elif change == 3 and words:
        parts[at] = random.choice(words)
    elif change == 4:
        parts.insert(at, random.choice(SNIPPETS))
    else:
        parts[at] = " " * random.randrange(9) + parts[at].lstrip(" ")
    return "".join(parts)
