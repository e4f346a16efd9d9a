"""Template text to a positioned tree, and how a template is told from other YAML and JSON."""

from __future__ import annotations

import json
import re

from dynavet.regexes import regex
from dynavet.values import Data, Origin, Value
from dynavet_parsers.cloudformation.serverless_framework.marks import has_key, has_marks_of_service, looks_like_service
from dynavet_parsers.cloudformation.yaml_source import YamlError, parse_yaml
from dynavet_parsers.iam_json.json_source import JsonError, NoteTwice, parse_json
from dynavet_parsers.spelling import spells_letters

_TYPES = (b"::", b"AWSTemplateFormatVersion", b"Transform")
_NESTING = (b"AWS::CloudFormation::Stack", b"AWS::Serverless::Application")
_TOP_LEVEL = regex(r"""^(?:["']?)Resources["']?[ \t]*:""", re.MULTILINE)
_AWS_TYPE = regex(r"AWS::\w+::\w+")
_JSON_TOKEN = regex(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]', re.DOTALL)


class DocumentError(Exception):
    """Text that is neither JSON nor YAML: what was expected, and the one-based place."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def looks_like_template(data: bytes) -> bool:
    """Whether the bytes may be a template, or a file that one is generated of; a `False` is certain, and quick."""
    template = has_key(data, b"Resources", indented=True) and any(mark in data for mark in _TYPES)
    return template or looks_like_service(data) or spells_letters(data)


def may_nest(data: bytes) -> bool:
    """Whether a template of these bytes may nest others, or be in several files; a `False` is certain."""
    return any(name in data for name in _NESTING) or looks_like_service(data) or spells_letters(data)


def is_other_json(text: str) -> bool:
    """Whether the text is a JSON object without what a template or a file of the framework has at its top.

    A `True` is certain; it comes of the standard parser, which is many times faster than one that keeps positions.
    """
    if not text.lstrip().startswith("{"):
        return False
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return document.keys().isdisjoint({"Resources", "Fn::Transform"}) and not {"service", "provider"} <= document.keys()


def parse_document(text: str, path: str, *, may_be_list: bool = False, twice: NoteTwice | None = None) -> Value[Data]:
    """The positioned tree of a JSON or YAML document, by its first character.

    That of a list is of JSON only if it `may_be_list`. `twice` is told of duplicate keys, of
    which the last counts. Raises `DocumentError`.
    """
    text = text.removeprefix("\ufeff")
    if not text.lstrip().startswith(("{", "[") if may_be_list else "{"):
        return _yaml(text, path, twice)
    found: list[tuple[str, Origin, Origin]] = []
    try:
        value = parse_json(text, path, twice=lambda *each: found.append(each))
    except JsonError as error:
        try:
            return _yaml(text, path, twice)
        except DocumentError:
            raise DocumentError(error.message, error.line, error.column) from error
    if twice is not None:
        for each in found:
            twice(*each)
    return value


def has_marks(text: str) -> bool:
    """Whether text that cannot be parsed is meant as a template: `Resources` at its top, and AWS types."""
    if has_marks_of_service(text):
        return True
    if _AWS_TYPE.search(text) is None:
        return False
    return _has_top_level_key(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else bool(_TOP_LEVEL.search(text))


def _yaml(text: str, path: str, twice: NoteTwice | None) -> Value[Data]:
    try:
        return parse_yaml(text, path, twice)
    except YamlError as error:
        raise DocumentError(error.message, error.line, error.column) from error


def _has_top_level_key(text: str) -> bool:
    """Whether `Resources` is a key of the outermost object of something like JSON."""
    depth = 0
    for found in _JSON_TOKEN.finditer(text):
        token = found[0]
        if token in ("{", "["):
            depth += 1
        elif token in ("}", "]"):
            depth -= 1
        elif depth == 1 and found[1] == "Resources" and found[2]:
            return True
    return False
