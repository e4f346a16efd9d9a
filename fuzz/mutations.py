"""Changes of an input that know what they change: the nodes of a tree, or the lines and tokens of any other text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import yaml

from fuzz.corpora import seeds, words
from fuzz.lines import mutate_lines
from fuzz.trees import Tree, dump_json, dump_yaml, load_json, load_yaml, mutate_tree

NO_TREE = (yaml.YAMLError, ValueError, RecursionError)
YAML = frozenset({"template"})
"""Harnesses of which the inputs that are not JSON are YAML."""

_JSON = re.compile(rb"\s*[{\[]")


def mutated(harness: str, data: bytes, random: Random) -> bytes:
    """An input of a harness with some changes; what is JSON or YAML stays so, as a rule."""
    known, donor = words(harness), random.choice(seeds(harness))
    is_json = _JSON.match(data) is not None
    if (is_json or harness in YAML) and random.random() < 0.85:
        try:
            return _of_tree(data, random, known, donor, is_json=is_json)
        except NO_TREE:
            pass
    text = mutate_lines(data.decode(errors="surrogateescape"), random, known, donor.decode(errors="replace"))
    return text.encode(errors="surrogateescape")


def _of_tree(data: bytes, random: Random, known: Sequence[str], donor: bytes, *, is_json: bool) -> bytes:
    changed = mutate_tree(_tree(data, is_json=is_json), random, known, _other(donor))
    if is_json or random.random() < 0.05:
        text = dump_json(changed, random.choice((None, " ", "  "))) + random.choice(("", "\n"))
    else:
        text = dump_yaml(changed)
    return text.encode(errors="surrogatepass")


def _tree(data: bytes, *, is_json: bool) -> Tree:
    text = data.decode("utf-8-sig")
    return load_json(text) if is_json else load_yaml(text)


def _other(donor: bytes) -> Tree:
    try:
        return _tree(donor, is_json=_JSON.match(donor) is not None)
    except NO_TREE:
        return None
