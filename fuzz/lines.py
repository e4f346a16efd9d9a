"""Mutation of HCL, TOML and comments by lines, blocks and tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w-]+|\s+|\$\{|%\{|<<-?\w+|=>|==|[<>!]=|&&|\|\||\.\.\.|.', re.DOTALL)
VALUE = re.compile(r"^[^=\n#]*[^=!<>\n#]=[ \t]*(?=[^=>\s])", re.MULTILINE)
MAX_TEXT = 60_000

Change: TypeAlias = Callable[[str, Random, Sequence[str], str], str]


def mutate_lines(text: str, random: Random, words: Sequence[str], donor: str) -> str:
    """The text with a few changes; `donor` is another text that gives parts, `words` are pieces of the language."""
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        text = random.choice(CHANGES)(text, random, words, donor)[:MAX_TEXT]
    return text


def _some_lines(text: str, random: Random) -> tuple[list[str], int, int]:
    lines = text.splitlines(keepends=True) or [""]
    start = random.randrange(len(lines))
    return lines, start, min(len(lines), start + random.choice((1, 1, 1, 2, 4, 12)))


def _cut(text: str, random: Random, _: Sequence[str], __: str) -> str:
    lines, start, end = _some_lines(text, random)
    return "".join(lines[:start] + lines[end:])


def _double(text: str, random: Random, _: Sequence[str], __: str) -> str:
    lines, start, end = _some_lines(text, random)
    return "".join(lines[:start] + lines[start:end] * random.choice((2, 2, 3, 40)) + lines[end:])


def _move(text: str, random: Random, _: Sequence[str], __: str) -> str:
    lines, start, end = _some_lines(text, random)
    rest = lines[:start] + lines[end:]
    to = random.randrange(len(rest) + 1)
    return "".join(rest[:to] + lines[start:end] + rest[to:])


def _insert(text: str, random: Random, _: Sequence[str], donor: str) -> str:
    given, start, end = _some_lines(donor, random)
    lines, at, _end = _some_lines(text, random)
    return "".join(lines[:at] + given[start:end] + lines[at:])


def _insert_block(text: str, random: Random, _: Sequence[str], donor: str) -> str:
    lines, at, _end = _some_lines(text, random)
    return "".join([*lines[:at], _block(donor, random), *lines[at:]])


def _block(text: str, random: Random) -> str:
    """The lines from one that opens a brace to the one that closes it."""
    lines = text.splitlines(keepends=True)
    opening = [number for number, line in enumerate(lines) if line.rstrip().endswith("{")]
    if not opening:
        return ""
    start = end = random.choice(opening)
    depth = 0
    for end in range(start, len(lines)):
        depth += lines[end].count("{") - lines[end].count("}")
        if depth <= 0:
            break
    return "".join(lines[start : end + 1])


def _token(text: str, random: Random, words: Sequence[str], donor: str) -> str:
    """Another token in place of one, before it, or none."""
    tokens = TOKEN.findall(text) or [""]
    at = random.randrange(len(tokens))
    given = random.choice(
        (random.choice(words), random.choice(TOKEN.findall(donor) or [""]), random.choice(tokens), "")
    )
    tokens[at : at + random.choice((0, 1, 1, 1, 2))] = [given]
    return "".join(tokens)


def _value(text: str, random: Random, words: Sequence[str], donor: str) -> str:
    """Another value behind an equals sign: a word, one of the donor's, or the old one within something."""
    places = list(VALUE.finditer(text))
    if not places:
        return text
    start = random.choice(places).end()
    end = text.find("\n", start) % (len(text) + 1)
    given = list(VALUE.finditer(donor))
    at = random.choice(given).end() if given else 0
    other = donor[at : donor.find("\n", at) % (len(donor) + 1)]
    old = text[start:end]
    wrapped = random.choice(WRAPPINGS).replace("@", old).replace("%1", other).replace("%2", random.choice(words))
    return text[:start] + random.choice((other, random.choice(words), wrapped, wrapped)) + text[end:]


def _nest(text: str, random: Random, _: Sequence[str], __: str) -> str:
    """A value nested deeply."""
    places = list(VALUE.finditer(text))
    if not places:
        return text
    at = random.choice(places).end()
    before, after = random.choice(NESTINGS)
    depth = random.choice((3, 20, 100, 600, 3_000))
    end = text.find("\n", at) % (len(text) + 1)
    return text[:at] + before * depth + "1" + after * depth + text[end:]


WRAPPINGS = (
    "[@]", "[@, %1]", "{a = @}", "(@)", "%2(@)", "%2(@, %1)", "%2(%1, @)", "%2(@...)", '"${@}"', '"a${@}b${%1}"',
    "@ == %1", "@ ? %1 : @", "true ? @ : %1", "var.undeclared ? @ : %1", "-@", "!@", "@ + %1", "@[0]", "@[*]", "@.a",
    "@.*.a", '@["a"]', "[for x in @ : x]", "{for k, v in @ : k => v}", "{for k, v in @ : k => v...}", "jsonencode(@)",
    "[for x in @ : %1 if x]", "try(@, %1)", "can(@)", "jsondecode(jsonencode(@))", "toset(@)", "merge(@, %1)",
    "<<EOT\n${@}\nEOT", "<<-EOT\n  %{ for x in @ ~}\n  ${x}\n  %{ endfor ~}\n  EOT", '"%{ if @ }a%{ else }b%{ endif }"',
    "concat(@, %1)", "lookup(@, %1, %2)", "replace(@, %1, %2)", 'regex("(a+)+$", @)', "templatefile(@, %1)", "file(@)",
    'format("%s%999d%v", @)', "@ % 0", "@ / 0", "range(@)", "range(0, 1e9)", "setproduct(@, @, @, @, @, @)", "each.key",
    "local.self", "var.undeclared", "data.aws_iam_policy_document.d.json", "element(@, -1)", "substr(@, 0, -1)",
)  # fmt: skip
NESTINGS = (
    ("[", "]"), ("(", ")"), ("{a=", "}"), ('"${', '}"'), ("upper(", ")"), ("1+", ""), ("!", ""), ("-", ""),
    ("true ? 1 : ", ""), ("[for x in ", " : x]"), ("{ a.", "}"), ("a[", "]"), ("jsonencode([", "])"), ("[[", ""),
)  # fmt: skip

CHANGES: Sequence[Change] = (
    *(_cut, _double, _move, _insert, _insert, _insert_block, _insert_block),
    *(_token, _token, _token, _value, _value, _value, _nest),
)
