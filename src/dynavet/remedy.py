"""The edit that a finding asks for: how the example of a rule that passes differs from the one that fails.

Nothing is written twice. Both examples are on the page of the rule, and both are parsed, scanned and
validated by the tests, so what the edit makes is code that is accepted and clean.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from dynavet.regexes import regex
from dynavet.rule import Rule
from dynavet.terraform_files import CONFIGURATION, VARIABLES
from dynavet.values import Known, List, Object

EXAMPLE = regex(
    r"^(?P<language>\w[\w ]*), (?P<says>fails|passes)[^\n]*:\n\n```(?P<fence>\w+)\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
"""An example on the page of a rule."""

BEFORE, AFTER = 2, 1
"""Lines that are shown around a change, besides those that it is inside of."""

LINE = 90
"""Characters of JSON that may stand in one line."""

OF_TERRAFORM = (*CONFIGURATION, *VARIABLES)
OF_POLICIES = (".json", ".tftpl", ".tpl")
"""How files end that Terraform reads a policy from."""


class Language(Enum):
    """What an edit can be written in; the value is how pages call it."""

    TERRAFORM = "Terraform"
    YAML = "CloudFormation"
    JSON = "CloudFormation in JSON"
    POLICY = "JSON"
    CONFIGURATION = "Configuration"


def edit(rule: Rule, language: Language) -> str | None:
    """The lines to take out (``-``) and to put in (``+``) between some that stay; ends without a line break.

    `None` if the rule has none in this language: see `Rule.no_edit` and `Rule.doc`.
    """
    return None if rule.no_edit else _edit(rule.doc, language)


def edits(rule: Rule) -> dict[Language, str]:
    """All edits of a rule."""
    return {language: found for language in Language if (found := edit(rule, language)) is not None}


def examples(doc: str, language: Language) -> tuple[str, str] | None:
    """What fails and what passes in a language. A template in JSON is that in YAML, unless the page has its own."""
    shown = {(each["language"], each["says"]): each["code"] for each in EXAMPLE.finditer(doc)}
    pair = shown.get((language.value, "fails")), shown.get((language.value, "passes"))
    if pair[0] is not None and pair[1] is not None:
        return pair[0], pair[1]
    yaml = examples(doc, Language.YAML) if language is Language.JSON else None
    return None if yaml is None else (as_json(yaml[0]), as_json(yaml[1]))


def language_of(path: str, project: str, *, plan: bool = False) -> Language:
    """The language of the file at `path` in a project of the language `project`, which is empty if nobody knows.

    A policy in a file of its own is JSON wherever it is used. A Terraform `plan` is not edited, but what it was made
    from.
    """
    _, suffix = os.path.splitext(path)  # noqa: PTH122 - asked for each finding, and a Path costs ten times as much
    if suffix == ".toml":
        return Language.CONFIGURATION
    if plan or path.endswith(OF_TERRAFORM):
        return Language.TERRAFORM
    if project == "policy" or (project == "terraform" and suffix in OF_POLICIES):
        return Language.POLICY
    if project == "terraform":
        return Language.TERRAFORM
    if suffix in (".yaml", ".yml"):
        return Language.YAML
    return Language.JSON if suffix == ".json" or _opens_as_json(Path(path)) else Language.YAML


def as_json(template: str) -> str:
    """A template in YAML as JSON, functions in their long form. Raises `ValueError` for what cannot be."""
    from dynavet_parsers.cloudformation.yaml_source import parse_yaml

    return _written(_plain(parse_yaml(template, "template.yaml"))) + "\n"


def _plain(value: Any) -> Any:
    if not isinstance(value, Known):
        raise ValueError(f"no plain data: {value}")
    content = value.value
    if isinstance(content, List):
        return [_plain(item) for item in content.items]
    if isinstance(content, Object):
        return {key: _plain(item) for key, item in content.entries.items()}
    return content


def _written(value: Any, indent: str = "") -> str:
    """JSON as people write it: a function, or a list of plain things, in one line if it is short."""
    flat = json.dumps(value)
    if not isinstance(value, dict | list) or not value or (len(flat) <= LINE and _stays_flat(value)):
        return flat
    deeper = f"{indent}  "
    if isinstance(value, list):
        lines = [_written(each, deeper) for each in value]
    else:
        lines = [f"{json.dumps(key)}: {_written(each, deeper)}" for key, each in value.items()]
    first, last = "[]" if isinstance(value, list) else "{}"
    return "\n".join([first, ",\n".join(deeper + line for line in lines), indent + last])


def _stays_flat(value: dict[str, Any] | list[Any]) -> bool:
    if isinstance(value, dict):
        return all(key == "Ref" or key.startswith("Fn::") for key in value)
    return not any(isinstance(each, dict | list) for each in value)


def _opens_as_json(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    except OSError:  # a file that cannot be read is a finding of its own
        return False


@cache
def _edit(doc: str, language: Language) -> str | None:
    pair = examples(doc, language)
    if pair is None:
        return None
    lines = list(_compared(pair[0].splitlines(), pair[1].splitlines()))
    return "\n".join(_shown(lines)) or None


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """All lines, each marked ``-``, ``+`` or `` ``."""
    from difflib import SequenceMatcher

    keys = [*map(_key, old)], [*map(_key, new)]
    for tag, start, end, at, to in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((" ", line) for line in new[at:to])
        else:
            yield from (("-", line) for line in old[start:end])
            yield from (("+", line) for line in new[at:to])


def _key(line: str) -> str:
    """What counts of a line: how ``=`` is aligned does not, nor the comma after the last of several."""
    text = line.lstrip()
    return line[: len(line) - len(text)] + re.sub(r" +", " ", text).rstrip(", ")


def _settled(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same change with each block that comes or goes as far down as it can be, where it is whole.

    Between two lines ``}`` it is ``} x {`` with the second of them, or ``x { }`` with the first.
    """
    lines = list(lines)
    at = 0
    while at < len(lines):
        start, mark = at, lines[at][0]
        while at < len(lines) and lines[at][0] == mark:
            at += 1
        alone = mark != " " and (start == 0 or lines[start - 1][0] == " ")
        while alone and at < len(lines) and lines[at][0] == " " and _key(lines[at][1]) == _key(lines[start][1]):
            first, next_ = lines[start][1], lines[at][1]
            lines[start], lines[at] = (" ", first if mark == "+" else next_), (mark, next_ if mark == "+" else first)
            start, at = start + 1, at + 1
    return lines


def _shown(lines: list[tuple[str, str]]) -> Iterator[str]:
    """The changes with what they are inside of, and ``...`` where lines are left out."""
    lines = _settled(lines)
    wanted: set[int] = set()
    for at, (mark, _) in enumerate(lines):
        if mark != " ":
            before = [each for each in range(max(at - BEFORE, 0), at) if lines[each][1].strip(_CLOSING)]
            wanted.update(before, range(at, min(at + AFTER + 1, len(lines))))
            wanted.update(*(_around(lines, each) for each in (*before, at)))
    left_out = 0
    for at, (mark, line) in enumerate(lines):
        if at in wanted:
            if left_out == 1 < at:
                yield _line(*lines[at - 1])
            elif 0 < left_out < at:
                yield f" {line[: len(line) - len(line.lstrip())]}..."
            left_out = 0
            yield _line(mark, line)
        else:
            left_out += 1


def _around(lines: list[tuple[str, str]], at: int) -> Iterator[int]:
    """The lines that stay and that a line is inside of, going by how far each is indented."""
    depth = _depth(lines[at][1])
    for before in range(at - 1, -1, -1):
        mark, other = lines[before]
        if other.strip() and _depth(other) < depth:
            depth = _depth(other)
            if mark == " ":
                yield before


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


_CLOSING = " ]}),"


def _line(mark: str, line: str) -> str:
    return f"{mark}{line}".rstrip()
