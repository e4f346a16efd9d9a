"""Files with the values of template parameters, in the forms that the AWS tools take."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dynavet.regexes import regex
from dynavet.sources import BadInput, SourceError, Sources
from dynavet.text import as_text
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.document import DocumentError, parse_document
from dynavet_parsers.cloudformation.template import literal, mapping

_ENTRY = "an entry with ParameterKey and ParameterValue, or a text Name=Value"
_FORMS = "a list of parameters, a mapping of names to values, or one with the key Parameters"
_LEGACY = regex(r"ParameterKey=(?P<name>[^,]*),ParameterValue=(?P<value>.*)", re.DOTALL)
_ERROR_PLACE = regex(r" \(at line (?P<line>\d+), column (?P<column>\d+)\)$")


def read_parameters(paths: Sequence[Path], sources: Sources) -> dict[str, Value[Data]]:
    """The values in all files by parameter name, those of a later file before those of an earlier one.

    A file is the list that ``aws cloudformation`` takes (``[{"ParameterKey": ...,
    "ParameterValue": ...}]`` or ``["Name=Value"]``), a mapping with the key ``Parameters`` as
    CodePipeline takes it, a plain mapping, each as JSON or YAML, or a ``samconfig.toml``, of
    which the environment ``default`` counts. A list as a value is joined with commas. With
    ``UsePreviousValue`` the value is unknown. Raises `BadInput`.
    """
    found: dict[str, Value[Data]] = {}
    for path in paths:
        shown = sources.show(path)
        try:
            text = sources.read_text(path)
        except SourceError as error:
            raise BadInput(f"{shown}: the file {error}") from error
        found.update(_of_samconfig(text, shown) if path.suffix == ".toml" else _of_document(text, shown))
    return found


def _of_document(text: str, path: str) -> Iterator[tuple[str, Value[Data]]]:
    try:
        root = parse_document(text, path, may_be_list=True)
    except DocumentError as error:
        raise BadInput(f"{path}:{error.line}:{error.column}: {error.message}") from error
    content = mapping(root)
    inner = mapping(content.entries.get("Parameters")) if content is not None else None
    content = inner if inner is not None else content
    if content is not None:
        for name, value in content.entries.items():
            yield name, _value(value, path)
    elif isinstance(root, Known) and isinstance(root.value, List):
        for item in root.value.items:
            yield _entry(item, path)
    else:
        raise _wrong(root, path, _FORMS)


def _entry(item: Value[Data], path: str) -> tuple[str, Value[Data]]:
    text, content = literal(item), mapping(item)
    if text is not None and "=" in text:
        before, _, after = text.partition("=")
        return before, Known(after, item.origin)
    name = literal(content.entries.get("ParameterKey")) if content is not None else None
    if content is None or name is None:
        raise _wrong(item, path, _ENTRY)
    previous = content.entries.get("UsePreviousValue")
    if isinstance(previous, Known) and as_text(previous.value).literal == "true":
        return name, Unknown(f"parameter {name} has its previous value", item.origin)
    given = content.entries.get("ParameterValue")
    if given is None:
        raise _wrong(item, path, _ENTRY)
    return name, _value(given, path)


def _value(value: Value[Data], path: str) -> Value[Data]:
    data = value.value if isinstance(value, Known) else None
    if isinstance(data, List):
        items = [_value(item, path) for item in data.items]
        return Known(",".join(str(as_text(item.value)) for item in items if isinstance(item, Known)), value.origin)
    if data is None or isinstance(data, Object):
        raise _wrong(value, path, "a text, number, boolean, or a list of these as the value of a parameter")
    return value


def _wrong(value: Value[Data], path: str, expected: str) -> BadInput:
    at = value.origin
    return BadInput(f"{path}:{at.line}:{at.column}: expected {expected}" if at else f"{path}: expected {expected}")


def _of_samconfig(text: str, path: str) -> Iterator[tuple[str, Value[Data]]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _ERROR_PLACE.search(str(error))
        where = f"{path}:{place['line']}:{place['column']}" if place else path
        raise BadInput(f"{where}: expected TOML: {_ERROR_PLACE.sub('', str(error))}") from error
    except RecursionError as error:
        raise BadInput(f"{path}: expected values nested less deeply") from error
    line = next((number for number, each in enumerate(text.split("\n"), 1) if "parameter_overrides" in each), 1)
    origin = Origin(path, line, 1, line, 1)
    for command in ("global", "deploy"):
        overrides: Any = table
        for key in ("default", command, "parameters", "parameter_overrides"):
            overrides = overrides.get(key, {}) if isinstance(overrides, dict) else {}
        for name, value in _overrides(overrides, origin):
            yield name, Known(value, origin)


def _overrides(overrides: Any, origin: Origin) -> Iterator[tuple[str, str]]:
    """The pairs of ``parameter_overrides``: a table, a list, or one text."""
    expected = BadInput(f"{origin.path}:{origin.line}: expected Name=Value in parameter_overrides")
    if isinstance(overrides, dict):
        yield from ((name, _scalar(value)) for name, value in overrides.items())
        return
    try:
        words = shlex.split(overrides) if isinstance(overrides, str) else overrides
    except ValueError as error:
        raise expected from error
    for word in words if isinstance(words, list) else [words]:
        if not isinstance(word, str) or "=" not in word:
            raise expected
        legacy = _LEGACY.fullmatch(word)
        name, _, value = word.partition("=")
        yield (legacy["name"], legacy["value"]) if legacy else (name, value)


def _scalar(value: Any) -> str:
    return ",".join(map(_scalar, value)) if isinstance(value, list) else str(as_text(value))
