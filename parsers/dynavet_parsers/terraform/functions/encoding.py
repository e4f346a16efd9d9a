"""Encoding functions; ``jsonencode`` remembers the value that its text stands for."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from typing import Any

from dynavet.regexes import regex
from dynavet.text import Hole, Text, plain
from dynavet.values import Known, List, Object, OneOf, Single, Unknown, Value
from dynavet_parsers.iam_json.symbolic import parse_symbolic
from dynavet_parsers.terraform.data import EvaluationError, from_plain, symbolic
from dynavet_parsers.terraform.functions.csv_text import read_csv
from dynavet_parsers.terraform.functions.signature import ANY, STRING, Function, limited, list_of
from dynavet_parsers.terraform.numeric import parse_number, undecided
from dynavet_parsers.terraform.type_conversion import text_of

MAX_NESTING = 200
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_CONTROL = regex(r"(?<!\\)((?:\\\\)*)\\([bf])")


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


def quoted(text: str) -> str:
    """Text as Terraform writes it in JSON, which escapes what has a meaning in HTML."""
    written = json.dumps(text, ensure_ascii=False).translate(_ESCAPED)
    if "\b" in text or "\f" in text:
        return _CONTROL.sub(lambda m: m[1] + ("\\u0008" if m[2] == "b" else "\\u000c"), written)
    return written


def json_text(data: Any) -> str:
    """Plain data as JSON."""
    return encode(from_plain(data)).literal or ""


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
        members = [[quoted(key), ":", *_encoded(data.entries[key])] for key in sorted(data.entries)]
        members += [['"', *_escaped(key), '":', *_encoded(value)] for key, value, _ in data.symbolic]
        members += [_encoded(unknown) for unknown in data.hidden]
        return ["{", *_separated(members), "}"]
    if isinstance(data, Text):
        return ['"', *_escaped(data), '"']
    if isinstance(data, str):
        return [quoted(data)]
    if data is None or isinstance(data, (bool, int, float)):
        return ["null" if data is None else text_of(data)]
    return [Hole(f"{data} is known only after deployment")]


def _escaped(text: Text) -> list[Any]:
    return [quoted(part)[1:-1] if isinstance(part, str) else part for part in text.parts]


def _separated(members: list[list[Any]]) -> list[Any]:
    return [part for number, member in enumerate(members) for part in ([","] if number else []) + member]


def _jsonencode(values: list[Single[Any]]) -> Value[Any]:
    return Known(encode(values[0]), values[0].origin)


def _jsondecode(values: list[Single[Any]]) -> Value[Any]:
    value = values[0]
    if isinstance(value, Unknown):
        return value
    text: Any = value.value
    if isinstance(text, Text) and text.document is not None:
        return text.document  # type: ignore[no-any-return]
    if isinstance(text, str):
        data = _json_data(text)
        if not isinstance(data, (list, dict)):
            return Known(data, value.origin)
    at = (value.origin.path, value.origin.line, value.origin.column) if value.origin is not None else ("", 1, 1)
    read = parse_symbolic(text if isinstance(text, Text) else Text.of(text), *at)
    if isinstance(text, Text):
        return read
    return _with_numbers(read) if isinstance(read, Known) else from_plain(data, value.origin)


def _with_numbers(value: Value[Any]) -> Value[Any]:
    """The same with the numbers that Terraform would have read."""
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List):
        return Known(List(tuple(map(_with_numbers, data.items)), data.more), value.origin)
    if isinstance(data, Object):
        entries = {key: _with_numbers(item) for key, item in data.entries.items()}
        return Known(Object(entries, data.more, data.keys), value.origin)
    return Known(parse_number(repr(data)), value.origin) if isinstance(data, float) else value


def _json_data(text: str) -> Any:
    try:
        data = json.loads(text, parse_float=parse_number, parse_int=parse_number, parse_constant=_no_number)
    except ValueError as error:
        raise EvaluationError(f"not JSON: {error}") from error
    return _normal(data)


def _no_number(text: str) -> Any:
    raise EvaluationError(f"{text} is not JSON")


def _normal(data: Any) -> Any:
    return _whole_characters(data) if isinstance(data, str) else data


def _whole_characters(text: str) -> str:
    """Normalised, with a half of a surrogate pair replaced, as in any text of Terraform."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text
    return unicodedata.normalize("NFC", text)


def _base64decode(text: str) -> str:
    return _utf8(decode_base64(text), "base64decode")


def decode_base64(text: str) -> bytes:
    """Raises `EvaluationError`; line breaks are passed over."""
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvaluationError(f"not base64: {error}") from error


def _utf8(data: bytes, function: str) -> str:
    try:
        return unicodedata.normalize("NFC", data.decode())
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{function}() of what is not UTF-8 text") from error


def _base64gunzip(text: str) -> str:
    """OpenTofu's ``base64gunzip``, of no longer a text than functions give."""
    import zlib

    from dynavet_parsers.terraform.functions.signature import MAX_TEXT

    reader = zlib.decompressobj(wbits=31)
    try:
        data = reader.decompress(decode_base64(text), MAX_TEXT + 1)
    except zlib.error as error:
        raise EvaluationError(f"not gzip: {error}") from error
    limited(len(data))
    if not reader.eof:
        raise EvaluationError("not gzip: it ends too early")
    return _utf8(data, "base64gunzip")


def _base64encode(values: list[Single[Any]]) -> Value[Any]:
    value = values[0]
    if isinstance(value, Unknown):
        return value
    data: Any = value.value
    if isinstance(data, Text) and data.literal is None:
        return Known(Text.of(Hole(symbolic(data, None).reason)), value.origin)
    return Known(base64.b64encode(str(plain(data) if isinstance(data, Text) else data).encode()).decode(), value.origin)


_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "windows-1252": "cp1252",
}
"""Those in which the standard library and Terraform agree on every character."""


def _encoding(name: str) -> str:
    known = _ENCODINGS.get(name.lower())
    if known is None:
        raise undecided(f"the encoding {name[:40]} is not computed")
    return known


def _text_encode(text: str, encoding: str) -> str:
    try:
        return base64.b64encode(text.encode(_encoding(encoding))).decode()
    except UnicodeEncodeError as error:
        raise EvaluationError(f"{encoding} lacks a character") from error


def _text_decode(text: str, encoding: str) -> str:
    try:
        return unicodedata.normalize("NFC", decode_base64(text).decode(_encoding(encoding)))
    except UnicodeDecodeError as error:
        raise EvaluationError(f"not a text in {encoding}") from error


def _url_encode(text: str) -> str:
    import urllib.parse

    return urllib.parse.quote_plus(text)


def _url_decode(text: str) -> str:
    """OpenTofu's ``urldecode``."""
    import urllib.parse

    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise EvaluationError("a percent sign without two digits")
    return _utf8(urllib.parse.unquote_to_bytes(text.replace("+", " ")), "urldecode")


FUNCTIONS: dict[str, Function] = {
    "jsonencode": Function(_jsonencode, (ANY,), partial=True, null=frozenset({0})),
    "jsondecode": Function(_jsondecode, (STRING,), partial=True),
    "base64encode": Function(_base64encode, (STRING,), partial=True),
    "base64decode": Function(_base64decode, (STRING,)),
    "base64gunzip": Function(_base64gunzip, (STRING,)),
    "csvdecode": Function(read_csv, (STRING,), gives=list_of(ANY)),
    "textdecodebase64": Function(_text_decode, (STRING, STRING)),
    "textencodebase64": Function(_text_encode, (STRING, STRING)),
    "urldecode": Function(_url_decode, (STRING,)),
    "urlencode": Function(_url_encode, (STRING,)),
}
