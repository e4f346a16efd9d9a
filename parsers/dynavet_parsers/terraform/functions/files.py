"""Functions that read files: only below the scanned directory."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dynavet.sources import SourceError
from dynavet.text import Text
from dynavet.values import Known, Origin, Single, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, NotPlain, symbolic
from dynavet_parsers.terraform.functions.encoding import with_document
from dynavet_parsers.terraform.functions.file_patterns import matching_files
from dynavet_parsers.terraform.functions.hashing import ALGORITHMS, as_base64, digest
from dynavet_parsers.terraform.functions.mappings import mapping
from dynavet_parsers.terraform.functions.sequences import decided
from dynavet_parsers.terraform.functions.signature import ANY, STRING, TEXTS, Function, set_of
from dynavet_parsers.terraform.type_conversion import convert

if TYPE_CHECKING:
    from dynavet_parsers.terraform.evaluate import Scope

Run = Callable[[list[Single[Any]], "Scope"], Value[Any]]


def _path(value: Value[Any], scope: Scope) -> tuple[str, Path]:
    """The path as written, and where it is. Raises `NotPlain` for an undecided one."""
    name = str(decided(value))
    return name, scope.module.root_directory / name


def _file(values: list[Single[Any]], scope: Scope) -> Value[Any]:
    name, path = _path(values[0], scope)
    shown = scope.module.sources.show(path)
    try:
        text = scope.module.sources.read_text(path)
    except SourceError as error:
        return Unknown(f'file("{name}") {error}')
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    lines = text.split("\n")
    origin = Origin(shown, 1, 1, len(lines), len(lines[-1]) + 1)
    return Known(with_document(text, shown, 1, 1), origin)


def _of_bytes(function: str, encode: Callable[[bytes], str]) -> Run:
    def run(values: list[Single[Any]], scope: Scope) -> Value[Any]:
        name, path = _path(values[0], scope)
        try:
            return Known(encode(scope.module.sources.read(path)))
        except SourceError as error:
            return Unknown(f'{function}("{name}") {error}')

    return run


def _hexadecimal(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: digest(algorithm, data).hex()


def _base64(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: as_base64(digest(algorithm, data))


def _template_file(values: list[Single[Any]], scope: Scope) -> Value[Any]:
    name = str(decided(values[0]))
    variables = mapping(values[1])
    source = _file(values[:1], scope)
    if not isinstance(source, Known):
        return source
    at = source.origin or Origin(name, 1, 1, 1, 1)
    text = source.value
    return scope.module.render_template(str(text), at, variables)


def _template_string(values: list[Single[Any]], scope: Scope) -> Value[Any]:
    text, variables = values[0], mapping(values[1])
    literal = decided(text)
    at = text.origin or Origin("", 1, 1, 1, 1)
    return convert(scope.module.render_template(str(literal), at, variables), STRING)


def _file_exists(values: list[Single[Any]], scope: Scope) -> Value[Any]:
    _, path = _path(values[0], scope)
    if not scope.module.sources.inside(path):
        return Unknown("fileexists() outside the scanned directory")
    if path.exists() and not path.is_file():
        raise EvaluationError("not a regular file")
    return Known(path.is_file())


def _file_set(values: list[Single[Any]], scope: Scope) -> Value[Any]:
    name, path = _path(values[0], scope)
    pattern = str(decided(values[1]))
    if not scope.module.sources.inside(path):
        return Unknown(f'fileset("{name}") outside the scanned directory')
    found = sorted(matching_files(path, pattern, scope.module.sources))
    return convert(convert(Known(_texts(found)), TEXTS), set_of(STRING))


def _texts(found: list[str]) -> Any:
    from dynavet.values import List

    return List(tuple(Known(each) for each in found))


def _base(path: str) -> str:
    stripped = path.rstrip("/")
    return (posixpath.basename(stripped) or "/") if path else "."


def _directory(path: str) -> str:
    return posixpath.normpath(path.rpartition("/")[0] or ("/" if path.startswith("/") else "."))


def _lexical(function: Callable[[str], str]) -> Function:
    def run(values: list[Single[Any]]) -> Value[Any]:
        value = values[0]
        if isinstance(value, Known) and isinstance(value.value, Text) and value.value.literal is None:
            return symbolic(value.value, value.origin)
        try:
            return Known(function(str(decided(value))))
        except NotPlain as error:
            return error.unknown

    return Function(run, (STRING,), partial=True)


def _reading(run: Run, *more: Any) -> Function:
    return Function(run, (STRING, *more), scoped=True)


FUNCTIONS: dict[str, Function] = {
    "file": _reading(_file),
    "filebase64": _reading(_of_bytes("filebase64", as_base64)),
    **{f"file{name}": _reading(_of_bytes(f"file{name}", _hexadecimal(name))) for name in ALGORITHMS},
    "filebase64sha256": _reading(_of_bytes("filebase64sha256", _base64("sha256"))),
    "filebase64sha512": _reading(_of_bytes("filebase64sha512", _base64("sha512"))),
    "fileexists": _reading(_file_exists),
    "fileset": _reading(_file_set, STRING),
    "templatefile": _reading(_template_file, ANY),
    "templatestring": _reading(_template_string, ANY),
    "basename": _lexical(_base),
    "dirname": _lexical(_directory),
}
