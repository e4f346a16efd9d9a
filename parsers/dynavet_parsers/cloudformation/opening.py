"""From the file of a template to its declarations, with what evaluates their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from dynavet.model import MissingSource, SourceProblem
from dynavet.records import dataclass
from dynavet.sources import SourceError, Sources
from dynavet.values import Data, Origin, Value
from dynavet_parsers.cloudformation.document import (
    DocumentError,
    has_marks,
    is_other_json,
    looks_like_template,
    parse_document,
)
from dynavet_parsers.cloudformation.foreach import LOOP, with_loops
from dynavet_parsers.cloudformation.include import INCLUDE, Includes
from dynavet_parsers.cloudformation.intrinsics import Evaluator
from dynavet_parsers.cloudformation.renaming import with_parameters_below, with_resources_below
from dynavet_parsers.cloudformation.serverless_framework.document import as_cloudformation
from dynavet_parsers.cloudformation.serverless_framework.fragment import may_be_fragment, with_variables_undecided
from dynavet_parsers.cloudformation.template import Template, as_template

Given = Mapping[str, Value[Data]]
Arguments = Callable[[Template], Given]


@dataclass(slots=True)
class Opened:
    """A template, the other files that it is in, what is wrong with them, and what is in files that are not read."""

    template: Template
    evaluator: Evaluator
    files: list[str] = field(default_factory=list)
    problems: list[SourceProblem] = field(default_factory=list)
    missing: list[MissingSource] = field(default_factory=list)


def open_template(
    path: Path,
    sources: Sources,
    given: Given | None = None,
    *,
    prefix: str = "",
    arguments: Arguments = lambda _: {},
) -> Opened | SourceProblem | None:
    """The template in a file; `None` for a file that is none, the problem of one that is meant as one.

    `given` holds the values of parameters from files of parameters. Parameters and resources get
    names below `prefix`, which is empty or ends in ``/``; `arguments` are the values that the
    template which nests this one gives to its parameters, by those names.
    """
    name = sources.show(path)
    try:
        data = sources.read(path)
    except SourceError as error:
        return problem(name, f"the file {error}", Origin(name, 1, 1, 1, 1))
    if not looks_like_template(data):
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8-sig", "replace")
        return _not_utf8(name, data, error.start) if has_marks(text) else None
    if is_other_json(text):
        return None
    try:
        problems: list[SourceProblem] = []
        document = parse_document(text, name, twice=lambda *each: problems.append(_twice(name, *each)))
        includes = Includes(path, sources)
        if INCLUDE in text:
            document = includes.into(document)
        service = as_cloudformation(document, path, sources)
        if service is not None:
            document = service.document
        elif may_be_fragment(text):
            document = with_variables_undecided(document)
        opened = _opened(document, name, prefix, LOOP in text, lambda found: _evaluator(found, given or {}, arguments))
    except DocumentError as error:
        if not has_marks(text):
            return None
        return problem(name, error.message, Origin(name, error.line, error.column, error.line, error.column + 1))
    if opened is not None:
        opened.files += includes.files
        opened.problems += [*problems, *includes.problems]
    if opened is not None and service is not None:
        opened.files += service.files
        opened.problems += service.problems
        opened.missing += service.missing
    return opened


def _opened(
    document: Value[Data], name: str, prefix: str, loops: bool, evaluator: Callable[[Template], Evaluator]
) -> Opened | None:
    document = with_parameters_below(document, prefix)
    template = as_template(document, name)
    if template is None:
        return None
    expanded, left = with_loops(document, evaluator(template).evaluate) if loops else (document, {})
    if expanded is not document:
        template = as_template(expanded, name) or template
    if prefix:
        template = as_template(with_resources_below(expanded, prefix, template.types), name) or template
    opened = Opened(template, evaluator(template))
    for key, reason in left.items():
        origin = reason.origin or template.origin
        opened.missing.append(MissingSource(address=f"{prefix}{key}", origin=origin, source=key, reason=reason.reason))
    return opened


def _evaluator(template: Template, given: Given, arguments: Arguments) -> Evaluator:
    evaluator = Evaluator(template, given)
    evaluator.arguments = arguments(template)
    return evaluator


def _twice(name: str, key: str, later: Origin, earlier: Origin) -> SourceProblem:
    message = f'expected each key once, found "{key}" again after line {earlier.line}; only the last one is read'
    return problem(name, message, later)


def _not_utf8(name: str, data: bytes, offset: int) -> SourceProblem:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8-sig", "replace")) + 1
    origin = Origin(name, line, column, line, column + 1)
    return problem(name, f"expected UTF-8 text, found the byte 0x{data[offset]:02x}", origin)


def problem(name: str, message: str, origin: Origin) -> SourceProblem:
    return SourceProblem(address=name, origin=origin, message=message)
