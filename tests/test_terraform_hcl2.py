"""The syntax of every .tf file here, read by us and by python-hcl2.

It is installed into ``.venv-hcl2`` once, an environment of its own: it and the one that
checkov brings own the same import name.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dynavet_parsers.terraform.expressions import (
    Block,
    Expression,
    ListExpression,
    Literal,
    ObjectExpression,
    Operation,
    Template,
)
from dynavet_parsers.terraform.syntax import HclError, parse_body

PROGRAM = """
import json, sys
import hcl2
for path in json.load(sys.stdin):
    try:
        with open(path, encoding="utf-8") as file:
            print(json.dumps(hcl2.load(file)))
    except Exception as error:
        print(json.dumps(type(error).__name__))
"""

OPEN = "…"
"""What stands for an expression that is no literal."""


@pytest.fixture(scope="session")
def hcl2(checkout: Path, new_environment: Callable[[Path], Path], install: Callable[..., None]) -> Path:
    """A Python that has python-hcl2."""
    directory = checkout / ".venv-hcl2"
    found = next(directory.glob("*/python"), None)
    python = found if found is not None else new_environment(directory)
    if subprocess.run([python, "-c", "import hcl2"], capture_output=True, check=False).returncode:
        install(python, "--require-hashes", "--requirement", str(checkout / "requirements" / "hcl2.txt"))
    return python


def files_of(checkout: Path) -> list[Path]:
    roots = [checkout / name for name in ("examples", "tests/fixtures", "benchmarks", "docs")]
    return sorted(path for root in roots for path in root.rglob("*.tf"))


Form = tuple[str, tuple[str, ...], dict[str, Any], list[Any]]
"""A block: its type, labels, attributes and blocks."""


def ours(block: Block) -> Form:
    attributes = {name: literal(argument.value) for name, argument in block.arguments.items()}
    return block.type, block.labels, attributes, [ours(each) for each in block.blocks]


def literal(e: Expression) -> Any:
    if isinstance(e, Literal):
        return e.value
    if isinstance(e, ListExpression):
        return [literal(item) for item in e.items]
    if isinstance(e, ObjectExpression):
        return {str(literal(key)): literal(value) for key, value in e.items}
    if isinstance(e, Operation) and e.operator == "-" and len(e.operands) == 1:
        number = literal(e.operands[0])
        return -number if isinstance(number, (int, float)) else OPEN
    if isinstance(e, Template) and e.text_at is None and all(isinstance(part, str) for part in e.parts):
        return "".join(str(part) for part in e.parts)
    return OPEN


def theirs(body: dict[str, Any], type_: str = "", labels: tuple[str, ...] = ()) -> Form:
    attributes: dict[str, Any] = {}
    blocks: list[Form] = []
    for name, value in body.items():
        nested = [each for each in value if has_block(each)] if isinstance(value, list) else []
        if nested:
            blocks += [block for each in nested for block in labelled(name, (), each)]
        elif not name.startswith("__"):
            attributes[name] = plain(value)
    return type_, labels, attributes, blocks


def has_block(value: Any) -> bool:
    """Whether this is a block within as many layers as it has labels."""
    while isinstance(value, dict) and "__is_block__" not in value and len(value) == 1:
        value = next(iter(value.values()))
    return isinstance(value, dict) and "__is_block__" in value


def labelled(type_: str, labels: tuple[str, ...], value: dict[str, Any]) -> Iterator[Form]:
    if "__is_block__" in value:
        yield theirs(value, type_, labels)
    else:
        for label, inner in value.items():
            yield from labelled(type_, (*labels, label.strip('"')), inner)


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(plain(key) if key.startswith('"') else key): plain(item) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    text = value[1:-1] if value[:1] == value[-1:] == '"' else ""
    return text if text and "\\" not in text and "{" not in text and not text.startswith("<<") else OPEN


def differences(a: Form, b: Form, where: str) -> Iterator[str]:
    here = f"{where}/{'.'.join((b[0], *b[1]))}"
    if a[:2] != b[:2]:
        yield f"{here}: {a[:2]}"
    if a[2].keys() != b[2].keys():
        yield f"{here}: attributes {sorted(a[2].keys() ^ b[2].keys())}"
    for name in a[2].keys() & b[2].keys():
        if not alike(a[2][name], b[2][name]):
            yield f"{here}: {name} is {a[2][name]!r}, to them {b[2][name]!r}"
    if Counter(x[:2] for x in a[3]) != Counter(x[:2] for x in b[3]):
        yield f"{here}: blocks {[x[:2] for x in a[3]]}, to them {[x[:2] for x in b[3]]}"
        return
    in_order = (sorted(each[3], key=lambda form: str(form[:2])) for each in (a, b))
    for x, y in zip(*in_order, strict=True):
        yield from differences(x, y, here)


def alike(mine: Any, other: Any) -> bool:
    """What is open to them is not compared."""
    if other == OPEN:
        return True
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(map(alike, mine, other))
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(alike(mine[key], other[key]) for key in mine)
    return type(mine) is type(other) and bool(mine == other)


def test_every_file_has_the_syntax_that_python_hcl2_sees(checkout: Path, hcl2: Path) -> None:
    paths = files_of(checkout)
    names = json.dumps([str(path) for path in paths])
    ran = subprocess.run([hcl2, "-c", PROGRAM], input=names, capture_output=True, text=True, check=True)
    found = []
    for path, line in zip(paths, ran.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        name = path.relative_to(checkout).as_posix()
        try:
            mine = ours(parse_body(path.read_bytes(), name))
        except HclError as error:
            if not isinstance(answer, str):
                found.append(f"{name}: {error.message}, and python-hcl2 reads it")
            continue
        if isinstance(answer, str):
            found.append(f"{name}: python-hcl2 has {answer}")
        else:
            found += differences(mine, theirs(answer), name)
    assert not found


@pytest.mark.parametrize(
    ("text", "other", "difference"),
    [
        ('resource "a" "b" {\n x = 1\n}', {"resource": [{'"a"': {'"b"': {"x": 2, "__is_block__": True}}}]}, "x is 1"),
        ('resource "a" "b" {\n}', {"resource": [{'"a"': {'"c"': {"__is_block__": True}}}]}, "blocks"),
        ('a {\n x = "y"\n}', {"a": [{"__is_block__": True}]}, "attributes ['x']"),
        ('a {\n x = ["y"]\n}', {"a": [{"x": ['"z"'], "__is_block__": True}]}, "x is ['y']"),
    ],
)
def test_a_difference_is_seen(text: str, other: dict[str, Any], difference: str) -> None:
    (found,) = differences(ours(parse_body(text.encode(), "x")), theirs(other), "x")
    assert difference in found
