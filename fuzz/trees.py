"""Mutation of JSON and YAML as trees.

A tree is a list, a `Mapping` with its pairs, a `Tagged` value, or a scalar. Pairs may repeat a
key, and YAML's nodes may be shared, which dumps as an alias.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, TypeAlias

import yaml
from yaml.resolver import Resolver

Tree: TypeAlias = Any
Slot: TypeAlias = tuple[list[Any], int]
"""A place in a tree: the list that holds the value, and where in it."""

MAX_SLOTS = 4_000
"""So many places of a tree are looked at."""

MAX_TEXT = 60_000
"""Characters after which a dump ends, wherever it is: what is cut off is one more mutation."""


class Mapping(list[list[Any]]):
    """Pairs of a key and a value."""


class Tagged(list[Any]):
    """One value with a YAML tag."""

    def __init__(self, tag: str, value: Any) -> None:
        super().__init__([value])
        self.tag = tag


class Raw(str):
    """Text that is dumped as it is, such as ``NaN``."""


SCALARS: Sequence[Any] = (
    None, True, False, 0, -1, 1, 3, 4, 15, 35, 36, 1e308, 10**30, -(10**400), 0.1, "", " ", "*", "?", "${", "${}", "$",
    "\0", "\x1b[31m", "\u2028", "\ud7ff\U0010ffff", "é" * 40, "a" * 5_000, "true", "false", "null", "1", "1e5", "0x1F",
    "NaN", "2012-10-17", "2008-10-17", "12:30:45", "2001-01-01", "arn:aws:dynamodb:*:*:table/*", "arn:", "arn:aws:::::",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/t/index/*", "arn:aws:iam::123456789012:root", "123456789012",
    "dynamodb:*", "dynamodb:Get*", "*:*", "dynamodb:", ":", "${aws:username}", "${AWS::Region}", "${!x}", "${A.B.C}",
    "${self:custom.x, 'y'}", "${file(x.yml):a}", "${var.x}", "%{ if true }", "{{resolve:ssm:x}}", "{", "[", "]]", "#",
    '{"Statement": []}', '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}',
)  # fmt: skip
RAW = tuple(map(Raw, ("NaN", "-Infinity", "1e400", "-0", "1" * 5_000, "0." + "1" * 400, "'x'", "", "\ufeff", "1_0")))
FUNCTIONS = (
    "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::If", "Fn::FindInMap", "Fn::ImportValue",
    "Fn::Base64", "Fn::Cidr", "Fn::GetAZs", "Fn::Transform", "Fn::ToJsonString", "Fn::Length", "Fn::ForEach::Loop",
    "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition", "Fn::Unknown", "<<", "Fn::Contains", "Fn::RefAll",
)  # fmt: skip
TAGS = (
    "!Ref", "!GetAtt", "!Sub", "!Join", "!Select", "!Split", "!If", "!FindInMap", "!Condition", "!Equals", "!Not",
    "!And", "!Or", "!Base64", "!Cidr", "!ImportValue", "!Transform", "!Other", "tag:yaml.org,2002:binary",
    "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float", "tag:yaml.org,2002:int", "tag:yaml.org,2002:set",
    "tag:yaml.org,2002:python/object/apply:os.getcwd", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:null", "!",
)  # fmt: skip
DEPTHS = (2, 5, 40, 150, 1_200)


def slots(tree: Tree) -> list[Slot]:
    """The places of a tree, first those near its root; a shared node counts once."""
    found: list[Slot] = []
    seen: set[int] = set()
    waiting: list[Any] = [tree]
    for each in waiting:
        if isinstance(each, list) and id(each) not in seen:
            seen.add(id(each))
            for index, value in enumerate(each):
                found.append((each, index))
                waiting.append(value)
        if len(found) > MAX_SLOTS:
            break
    return found


def mutate_tree(tree: Tree, random: Random, words: Sequence[str], donor: Tree) -> Tree:
    """The tree with a few changes; `donor` is another one that gives parts, `words` are keys and texts."""
    root = [tree]
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        places = slots(root)
        if not places:
            break
        owner, index = random.choice(places)
        random.choice(CHANGES)(owner, index, random, words, [*places, *slots([donor])])
    return root[0] if root else None


Change: TypeAlias = Callable[[list[Any], int, Random, Sequence[str], list[Slot]], None]


def _scalar(owner: list[Any], index: int, random: Random, words: Sequence[str], _: list[Slot]) -> None:
    owner[index] = random.choice(
        (random.choice(SCALARS), random.choice(SCALARS), random.choice(words), random.choice(RAW))
    )


def _word(owner: list[Any], index: int, random: Random, words: Sequence[str], _: list[Slot]) -> None:
    owner[index] = random.choice(words)


def _splice(owner: list[Any], index: int, random: Random, _: Sequence[str], places: list[Slot]) -> None:
    other, at = random.choice(places)
    owner[index] = _copied(other[at]) if random.random() < 0.8 else other[at]


def _swap(owner: list[Any], index: int, random: Random, _: Sequence[str], places: list[Slot]) -> None:
    other, at = random.choice(places)
    owner[index], other[at] = _copied(other[at]), _copied(owner[index])


def _delete(owner: list[Any], index: int, random: Random, _: Sequence[str], __: list[Slot]) -> None:
    if isinstance(owner, Tagged) or random.random() < 0.1:
        owner[index] = None
    else:
        del owner[index]


def _double(owner: list[Any], index: int, random: Random, _: Sequence[str], __: list[Slot]) -> None:
    times = random.choice((1, 1, 2, 30))
    owner[index:index] = [_copied(owner[index]) for _ in range(times)]


def _insert(owner: list[Any], index: int, random: Random, words: Sequence[str], places: list[Slot]) -> None:
    other, at = random.choice(places)
    value = _copied(other[at])
    target = owner[index] if isinstance(owner[index], list) else owner
    target.append([random.choice(words), value] if isinstance(target, Mapping) else value)


def _wrap(owner: list[Any], index: int, random: Random, words: Sequence[str], _: list[Slot]) -> None:
    """Put the value into lists, mappings, intrinsic functions or tags, now and then into many."""
    depth = random.choice(DEPTHS) if random.random() < 0.15 else 1
    name, tag, word = random.choice(FUNCTIONS), random.choice(TAGS), random.choice(words)
    wraps: Sequence[Callable[[Tree], Tree]] = (
        lambda value: [value],
        lambda value: Mapping([[word, value]]),
        lambda value: Mapping([[name, value]]),
        lambda value: Mapping([[name, [word, value, value if depth == 1 else None]]]),
        lambda value: Tagged(tag, value),
    )
    wrap = random.choice(wraps)
    for _step in range(depth):
        owner[index] = wrap(owner[index])


def _text(owner: list[Any], index: int, random: Random, words: Sequence[str], _: list[Slot]) -> None:
    """Put something into a text, or make one of another scalar."""
    value = owner[index]
    if isinstance(value, list):
        return
    text = "" if value is None else str(value)
    at = random.randrange(len(text) + 1)
    piece = random.choice((random.choice(words), str(random.choice(SCALARS)), "${" + random.choice(words) + "}", ""))
    owner[index] = text[:at] + piece + text[at + random.choice((0, 0, 1, 5)) :]


def _as_json(owner: list[Any], index: int, _: Random, __: Sequence[str], ___: list[Slot]) -> None:
    owner[index] = dump_json(owner[index])


CHANGES: Sequence[Change] = (
    *(_scalar, _scalar, _word, _splice, _splice, _splice, _swap, _swap, _delete, _delete, _double),
    *(_insert, _insert, _wrap, _wrap, _wrap, _text, _text, _as_json),
)


def _copied(value: Tree, depth: int = 60) -> Tree:
    """A copy that shares nothing, as far as it is not nested too deeply."""
    if not isinstance(value, list) or depth == 0:
        return value
    inner = [_copied(each, depth - 1) for each in value]
    if isinstance(value, Tagged):
        return Tagged(value.tag, inner[0] if inner else None)
    return type(value)(inner)


# ------------------------------------------------------------ JSON


def load_json(text: str) -> Tree:
    """Raises `ValueError` or `RecursionError`."""
    return json.loads(text, object_pairs_hook=lambda pairs: Mapping(map(list, pairs)))


def dump_json(tree: Tree, indent: str | None = None) -> str:
    """JSON text, or nearly; without recursion."""
    pieces: list[str] = []
    length = 0
    for piece in _json_pieces(tree, indent):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_TEXT:
            break
    return "".join(pieces)


def _json_pieces(tree: Tree, indent: str | None) -> Iterator[str]:
    waiting: list[tuple[bool, Any, int]] = [(False, tree, 0)]
    while waiting:
        written, value, depth = waiting.pop()
        line = "" if indent is None else "\n" + indent * min(depth, 40)
        if written:
            yield value
        elif isinstance(value, Tagged):
            waiting.append((False, Mapping([["Fn::" + value.tag.lstrip("!"), *value]]), depth))
        elif isinstance(value, Mapping):
            yield "{"
            waiting.append((True, line + "}", depth))
            for number, pair in reversed(list(enumerate(value))):
                key, *rest = pair if isinstance(pair, list) and pair else [pair]
                waiting.append((False, rest[0] if rest else None, depth + 1))
                waiting.append((True, (", " if number else "") + line + _json_text(key) + ": ", depth))
        elif isinstance(value, list):
            yield "["
            waiting.append((True, line + "]", depth))
            for number, each in reversed(list(enumerate(value))):
                waiting.append((False, each, depth + 1))
                waiting.append((True, (", " if number else "") + line, depth))
        else:
            yield _json_scalar(value)


def _json_text(key: Any) -> str:
    return json.dumps(key if isinstance(key, str) else "" if isinstance(key, list) else _json_scalar(key))


def _json_scalar(value: Any) -> str:
    return str(value) if isinstance(value, Raw) else json.dumps(value)


# ------------------------------------------------------------ YAML


def load_yaml(text: str) -> Tree:
    """Raises `yaml.YAMLError`, `ValueError` or `RecursionError`."""
    return _from_node(yaml.compose(text, Loader=yaml.CBaseLoader))


def _from_node(node: yaml.Node | None) -> Tree:
    if isinstance(node, yaml.MappingNode):
        value: Tree = Mapping([_from_node(key), _from_node(each)] for key, each in node.value)
    elif isinstance(node, yaml.SequenceNode):
        value = [_from_node(each) for each in node.value]
    elif isinstance(node, yaml.ScalarNode):
        value = node.value if node.style else Raw(node.value)
    else:
        return None
    return Tagged(node.tag, value) if node.tag.startswith("!") else value


def dump_yaml(tree: Tree) -> str:
    """Block style, with an alias for each further occurrence of a shared list or mapping."""
    return str(yaml.serialize(_to_node(tree, {}, 0), Dumper=yaml.CSafeDumper, allow_unicode=True, width=200))[:MAX_TEXT]


def _to_node(value: Tree, known: dict[int, yaml.Node], depth: int) -> yaml.Node:
    if id(value) in known:
        return known[id(value)]
    if depth > 300:
        return yaml.ScalarNode("tag:yaml.org,2002:str", "deep")
    if isinstance(value, Tagged):
        inner = _to_node(value[0] if value else None, {**known}, depth + 1)
        inner.tag = value.tag
        return inner
    if isinstance(value, Mapping):
        node: yaml.Node = yaml.MappingNode("tag:yaml.org,2002:map", [])
        known[id(value)] = node
        for pair in value:
            key, *rest = pair if isinstance(pair, list) and pair else [pair]
            node.value.append((_to_node(key, known, depth + 1), _to_node(rest[0] if rest else None, known, depth + 1)))
    elif isinstance(value, list):
        node = yaml.SequenceNode("tag:yaml.org,2002:seq", [])
        known[id(value)] = node
        node.value.extend(_to_node(each, known, depth + 1) for each in value)
    elif isinstance(value, Raw):
        return yaml.ScalarNode(_resolved(value), str(value))
    elif isinstance(value, str):
        return yaml.ScalarNode("tag:yaml.org,2002:str", value)
    else:
        text = "null" if value is None else str(value).lower()[:5_000]
        return yaml.ScalarNode(_resolved(text), text)
    return node


_RESOLVER: Any = Resolver()


def _resolved(text: str) -> str:
    """The tag that a plain scalar has by itself, so that it is dumped as it is."""
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)))
