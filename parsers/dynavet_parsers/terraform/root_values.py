"""The values of root variables, from the sources that Terraform takes them from, in its order.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from dynavet.model import Project, SourceProblem
from dynavet.records import dataclass
from dynavet.sources import SourceError, Sources
from dynavet.terraform_files import automatic
from dynavet.values import Origin, Unknown, Value
from dynavet_parsers.terraform.configuration import problem_at
from dynavet_parsers.terraform.data import EvaluationError, from_plain, located
from dynavet_parsers.terraform.evaluate import Scope, evaluate
from dynavet_parsers.terraform.expressions import Block, Call, Expression, For, Name
from dynavet_parsers.terraform.functions import to_bool, to_number
from dynavet_parsers.terraform.inputs import VARIABLE, Inputs
from dynavet_parsers.terraform.json_syntax import parse_json_values
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.secrets import is_secret
from dynavet_parsers.terraform.syntax import HclError, parse_body, parse_expression

_PRIMITIVE = {"string": lambda text: text, "number": to_number, "bool": to_bool}
_HINT = "; text stands in double quotes here, because the variable is not of a primitive type"


class RootValues:
    """The inputs of one scan; each file is read once."""

    def __init__(self, inputs: Inputs, sources: Sources) -> None:
        self.inputs = inputs
        self._sources = sources
        self._files: dict[Path, _File] = {}

    def of(self, module: Module, project: Project) -> dict[str, Value[Any]]:
        """The values of a root's variables; what is wrong with them goes to `project`."""
        values = self._texts(self.inputs.environment, VARIABLE, module, project)
        for path in automatic(module.configuration.directory):
            values |= self._of_file(path, module, project)
        for given in self.inputs.given:
            if isinstance(given, Path):
                values |= self._of_file(given, module, project)
            else:
                values |= self._texts(given, "--var ", module, project)
        return values

    def _of_file(self, path: Path, module: Module, project: Project) -> dict[str, Value[Any]]:
        if path not in self._files:
            self._files[path] = _read(path, self._sources)
        file = self._files[path]
        project.problems += (each for each in file.problems if each not in project.problems)
        declared = module.configuration.variables
        return {name: _of(each, module.scope) for name, each in file.values.items() if name in declared}

    def _texts(self, given: Mapping[str, str], option: str, module: Module, project: Project) -> dict[str, Value[Any]]:
        values: dict[str, Value[Any]] = {}
        for name, text in given.items():
            block = module.configuration.variables.get(name)
            if block is not None:
                try:
                    values[name] = _of_text(text, block, f"{option}{name}", module.scope)
                except ValueError as error:
                    why = "the value of a sensitive variable cannot be used" if is_secret(block) else str(error)
                    project.errors.append(f"{option}{name}: {why}")
                    values[name] = Unknown(f"{module.prefix}var.{name} has a value that cannot be used")
        return values


@dataclass(frozen=True, slots=True)
class _File:
    values: Mapping[str, tuple[Expression, Origin] | Unknown]
    problems: tuple[SourceProblem, ...]


def _read(path: Path, sources: Sources) -> _File:
    """A file's values; what is no constant is a problem and unknown."""
    shown = sources.show(path)
    try:
        body = _parsed(path, shown, sources)
    except SourceError as error:
        return _File({}, (problem_at(shown, str(error), error.line, error.column),))
    except HclError as error:
        return _File({}, (problem_at(shown, error.message, error.line, error.column),))
    values: dict[str, tuple[Expression, Origin] | Unknown] = {}
    problems = [
        problem_at(shown, f"expected values of variables, found a block {block.type}", block.at.line, block.at.column)
        for block in body.blocks
    ]
    for name, argument in body.arguments.items():
        found = next(_not_constant(argument.value), None)
        if found is None:
            values[name] = (argument.value, argument.at)
        else:
            message = f"{name}: expected a value without references and functions, found {found[0]}"
            problems.append(problem_at(shown, message, found[1].line, found[1].column))
            values[name] = Unknown(f"{name} has no constant value in {shown}", argument.at)
    return _File(values, tuple(problems))


def _parsed(path: Path, shown: str, sources: Sources) -> Block:
    if path.suffix == ".json":
        return parse_json_values(sources.read_text(path), shown)
    return parse_body(sources.read(path), shown)


def _of(value: tuple[Expression, Origin] | Unknown, scope: Scope) -> Value[Any]:
    return value if isinstance(value, Unknown) else located(evaluate(value[0], scope), value[1])


def _of_text(text: str, block: Block, place: str, scope: Scope) -> Value[Any]:
    """Text for a variable of a primitive type or of none, otherwise an expression. Raises `ValueError`."""
    declared = block.arguments.get("type")
    type_ = declared.value if declared is not None else None
    if type_ is None:
        return from_plain(text)
    if isinstance(type_, Name) and type_.name in _PRIMITIVE:
        try:
            _PRIMITIVE[type_.name](text)
        except EvaluationError:
            raise ValueError(f"expected a {type_.name}, found {text!r}") from None
        return from_plain(text)
    try:
        expression = parse_expression(text, place)
    except HclError:
        raise ValueError(f"expected an expression, found {text!r}{_HINT}") from None
    found = next(_not_constant(expression), None)
    if found is not None:
        raise ValueError(
            f'expected a value without references and functions, found {found[0]}; a text needs quotes ("…")'
        )
    return evaluate(expression, scope)


def _not_constant(thing: Any, bound: tuple[str, ...] = ()) -> Iterator[tuple[str, Origin]]:
    """The references and function calls in an expression, each with its place."""
    if isinstance(thing, Name):
        if thing.name not in bound:
            yield thing.name, thing.at
    elif isinstance(thing, Call):
        yield f"{thing.name}()", thing.at
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _not_constant(each, bound)
    elif is_dataclass(thing) and not isinstance(thing, Origin):
        bound = (*bound, *thing.names) if isinstance(thing, For) else bound
        for each in fields(thing):
            yield from _not_constant(getattr(thing, each.name), bound)
