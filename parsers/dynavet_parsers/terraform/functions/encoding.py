"""Encoding functions; ``jsonencode`` remembers the value that its text stands for."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import urllib.parse
from typing import Any

from dynavet.text import Hole, Text, plain
from dynavet.values import Known, List, Object, OneOf, Unknown, Value, apply
from dynavet_parsers.iam_json.symbolic import parse_symbolic
from dynavet_parsers.terraform.data import EvaluationError, symbolic
from dynavet_parsers.terraform.functions.conversion import Function, plainly


def with_document(text: str | Text, path: str, line: int, column: int) -> str | Text:
    """Text that looks like a policy, with the JSON it holds and where that stands.

    The text begins at (`line`, `column`), and every further line of it at that column, as
    the lines of a ``<<-`` heredoc do.
    """
    symbolic_text = text if isinstance(text, Text) else Text.of(text)
    literals = [part for part in symbolic_text.parts if isinstance(part, str)]
    if symbolic_text.document is not None or not any("Statement" in part for part in literals):
        return text
    margin = "\n" + " " * (column - 1)
    indented = Text(tuple(p.replace("\n", margin) if isinstance(p, str) else p for p in symbolic_text.parts))
    document = parse_symbolic(indented, path, line, column)
    return text if isinstance(document, Unknown) else Text(symbolic_text.parts, document)


def parse_document(data: Any) -> Value[Any]:
    """The value that policy text encodes; absent for no text."""
    if isinstance(data, Text) and data.document is not None:
        return data.document  # type: ignore[no-any-return]
    if data is None or data == "":
        return Known(None)
    if not isinstance(data, (str, Text)):
        return Unknown("the policy document is not text")
    return parse_symbolic(data if isinstance(data, Text) else Text.of(data), "", 1, 1)


def encode(value: Value[Any]) -> Text:
    """The JSON text of a value; what is unknown stands as a hole where the JSON value belongs."""
    return Text(Text.of(*_encoded(value)).parts, value)


def _encoded(value: Value[Any]) -> list[Any]:
    if isinstance(value, Unknown):
        return [Hole(value.reason)]
    if isinstance(value, OneOf):
        return [Hole(f"{value.condition} is undecided")]
    data = value.value
    if isinstance(data, List):
        items = [_encoded(item) for item in (*data.items, *data.more)]
        return ["[", *_separated(items), "]"]
    if isinstance(data, Object):
        members = [[json.dumps(key), ":", *_encoded(data.entries[key])] for key in sorted(data.entries)]
        members += [['"', *_escaped(key), '":', *_encoded(value)] for key, value, _ in data.symbolic]
        members += [_encoded(unknown) for unknown in data.hidden]
        return ["{", *_separated(members), "}"]
    if isinstance(data, Text):
        return ['"', *_escaped(data), '"']
    if data is None or isinstance(data, (bool, int, float, str)):
        return [json.dumps(data, ensure_ascii=False)]
    return [Hole(f"{data} is known only after deployment")]


def _escaped(text: Text) -> list[Any]:
    return [json.dumps(part, ensure_ascii=False)[1:-1] if isinstance(part, str) else part for part in text.parts]


def _separated(members: list[list[Any]]) -> list[Any]:
    return [part for number, member in enumerate(members) for part in ([","] if number else []) + member]


def _jsonencode(arguments: list[Value[Any]]) -> Value[Any]:
    return Known(encode(arguments[0]), arguments[0].origin)


def _jsondecode(arguments: list[Value[Any]]) -> Value[Any]:
    def run(text: Any) -> Value[Any]:
        if isinstance(text, Text) and text.document is not None:
            return text.document  # type: ignore[no-any-return]
        if not isinstance(text, (str, Text)):
            raise EvaluationError("jsondecode() takes text")
        origin = arguments[0].origin
        at = (origin.path, origin.line, origin.column) if origin is not None else ("", 1, 1)
        return parse_symbolic(text if isinstance(text, Text) else Text.of(text), *at)

    result = apply(run, arguments[0])
    return result.value if isinstance(result, Known) else _unwrapped(result)


def _unwrapped(value: Value[Any]) -> Value[Any]:
    if isinstance(value, OneOf):
        return OneOf(value.condition, tuple((label, _unwrapped(b)) for label, b in value.branches), value.default)
    return value.value if isinstance(value, Known) else value


def _yamldecode(text: str) -> Any:
    import yaml  # takes a tenth of a small scan's time, and is seldom needed

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise EvaluationError("yamldecode(): not YAML") from error


def _yamlencode(data: Any) -> str:
    import yaml

    return str(yaml.safe_dump(data))


def _digest(name: str) -> Function:
    return plainly(lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest())


def _base64decode(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


def _base64encode(arguments: list[Value[Any]]) -> Value[Any]:
    def run(data: Any) -> Any:
        if isinstance(data, Text) and data.literal is None:
            return Text.of(Hole(symbolic(data, None).reason))
        return base64.b64encode(str(plain(data) if isinstance(data, Text) else data).encode()).decode()

    return apply(run, arguments[0])


FUNCTIONS: dict[str, Function] = {
    "jsonencode": _jsonencode,
    "jsondecode": _jsondecode,
    "yamldecode": plainly(_yamldecode),
    "yamlencode": plainly(_yamlencode),
    "base64encode": _base64encode,
    "base64decode": plainly(_base64decode),
    "csvdecode": plainly(lambda text: list(csv.DictReader(io.StringIO(text)))),
    "urlencode": plainly(urllib.parse.quote_plus),
    **{name: _digest(name) for name in ("md5", "sha1", "sha256", "sha512")},
}
