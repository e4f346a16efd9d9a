"""Functions that read files: only below the scanned directory, only text."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dynavet.sources import SourceError
from dynavet.text import Text
from dynavet.values import Known, Object, Origin, Unknown, Value, apply, bind
from dynavet_parsers.terraform.data import EvaluationError, symbolic
from dynavet_parsers.terraform.functions.encoding import with_document

if TYPE_CHECKING:
    from dynavet_parsers.terraform.evaluate import Scope


def _file(arguments: list[Value[Any]], scope: Scope) -> Value[Any]:
    return bind(lambda name: _read(name, scope), arguments[0])


def _read(name: Any, scope: Scope) -> Value[Any]:
    if not isinstance(name, str):
        return symbolic(name, None) if isinstance(name, Text) else Unknown("file() takes a path")
    path = scope.module.root_directory / name
    shown = scope.module.sources.show(path)
    try:
        text = scope.module.sources.read_text(path)
    except SourceError as error:
        return Unknown(f'file("{name}") {error}')
    lines = text.split("\n")
    origin = Origin(shown, 1, 1, len(lines), len(lines[-1]) + 1)
    return Known(with_document(text, shown, 1, 1), origin)


def _template_file(arguments: list[Value[Any]], scope: Scope) -> Value[Any]:
    def render(name: Any, variables: Any) -> Value[Any]:
        if not isinstance(variables, Object):
            raise EvaluationError("templatefile() takes a map of variables")
        source = _read(name, scope)
        if not isinstance(source, Known):
            return source
        at = source.origin or Origin(name, 1, 1, 1, 1)
        return scope.module.render_template(str(source.value), at, variables)

    return bind(lambda inner: inner, apply(render, *arguments))


def _template_string(arguments: list[Value[Any]], scope: Scope) -> Value[Any]:
    """``templatestring(template, variables)``: the template is a text of the configuration."""

    def render(template: Any, variables: Any) -> Value[Any]:
        if not isinstance(variables, Object):
            raise EvaluationError("templatestring() takes a map of variables")
        if isinstance(template, Text) and template.literal is None:
            return symbolic(template, None)
        if not isinstance(template, (str, Text)):
            raise EvaluationError("templatestring() takes a template")
        text = template if isinstance(template, str) else template.literal or ""
        at = arguments[0].origin or Origin(scope.module.sources.show(scope.module.root_directory), 1, 1, 1, 1)
        return scope.module.render_template(text, at, variables)

    return bind(lambda inner: inner, apply(render, *arguments))


def _file_exists(arguments: list[Value[Any]], scope: Scope) -> Value[Any]:
    def run(name: Any) -> Value[Any]:
        path = scope.module.root_directory / str(name)
        if not isinstance(name, str) or not scope.module.sources.inside(path):
            return Unknown("fileexists() outside the scanned directory")
        return Known(path.is_file())

    return bind(run, arguments[0])


def _on_path(function: Callable[[str], str]) -> Callable[[list[Value[Any]], Scope], Value[Any]]:
    def run(arguments: list[Value[Any]], _: Scope) -> Value[Any]:
        return bind(
            lambda name: Known(function(name)) if isinstance(name, str) else Unknown("an undecided path"),
            arguments[0],
        )

    return run


FUNCTIONS: dict[str, Callable[[list[Value[Any]], Scope], Value[Any]]] = {
    "file": _file,
    "templatefile": _template_file,
    "templatestring": _template_string,
    "fileexists": _file_exists,
    "basename": _on_path(posixpath.basename),
    "dirname": _on_path(lambda name: posixpath.dirname(name) or "."),
    "abspath": lambda _a, _s: Unknown("abspath() depends on where Terraform runs"),
}
