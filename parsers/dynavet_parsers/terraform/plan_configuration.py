"""The configuration that a plan holds, as far as a plan tells: constants, and what expressions refer to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dynavet.sources import Sources
from dynavet.values import Origin, Unknown
from dynavet_parsers.terraform.configuration import Configuration
from dynavet_parsers.terraform.expressions import (
    Argument,
    Block,
    Expression,
    ListExpression,
    Literal,
    ObjectExpression,
    Opaque,
)
from dynavet_parsers.terraform.loader import MAX_DEPTH
from dynavet_parsers.terraform.plan import Plan, as_list, as_object
from dynavet_parsers.terraform.syntax import HclError, parse_expression

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module

_MAX_NESTED = 50


class PlanModules:
    """The modules of a plan; nothing is read from disk."""

    def __init__(self, plan: Plan, sources: Sources) -> None:
        self.plan = plan
        self.sources = sources
        self._at = plan.at("")
        self._parsed: dict[str, Expression | None] = {}
        self._calls: dict[tuple[int, str], Configuration] = {}
        self._bodies: dict[int, Mapping[str, Any]] = {}
        self._paths: dict[int, str] = {}
        self.root = self._configuration(plan.configuration)

    def relative(self, directory: Path, start: Path) -> str:  # noqa: ARG002
        return "."

    def called_configuration(self, parent: Module, address: str, block: Block) -> Configuration | Unknown:
        """The module that a call names."""
        key = id(parent.configuration), block.labels[0]
        if len(parent.calls) >= MAX_DEPTH:
            return Unknown(f"{address} is nested more than {MAX_DEPTH} calls deep", block.at)
        if key not in self._calls:
            calls = as_object(self._bodies[id(parent.configuration)].get("module_calls"))
            body = as_object(as_object(calls.get(block.labels[0])).get("module"))
            path = f"{self._paths[id(parent.configuration)]}module.{block.labels[0]}."
            self._calls[key] = self._configuration(body, path)
        return self._calls[key]

    def _configuration(self, module: Mapping[str, Any], path: str = "") -> Configuration:
        """A module; `path` is what its addresses begin with, without keys."""
        found = Configuration(self.plan.file.parent)
        self._bodies[id(found)], self._paths[id(found)] = module, path
        for each in as_list(module.get("resources")):
            if isinstance(each, dict):
                found.add(self._resource(each, path))
        for name, call in as_object(module.get("module_calls")).items():
            arguments = self._arguments(as_object(call), f"{path}module.{name}")
            found.add(Block("module", (name,), arguments, (), self._at))
        for name, variable in as_object(module.get("variables")).items():
            default = as_object(variable)
            given = {"default": literal(default["default"], self._at)} if "default" in default else {}
            found.add(Block("variable", (name,), self._named(given), (), self._at))
        for name, output in as_object(module.get("outputs")).items():
            value = self._expression(as_object(output).get("expression"), f"output.{name}")
            found.add(Block("output", (name,), self._named({"value": value}), (), self._at))
        return found

    def _resource(self, each: Mapping[str, Any], path: str) -> Block:
        mode = "data" if each.get("mode") == "data" else "resource"
        arguments = self._arguments(each, f"{path}{each.get('address', '')}")
        provider = str(each.get("provider_config_key", "")).rpartition(":")[2]
        if "." in provider:
            arguments["provider"] = Argument("provider", Literal(provider, self._at), self._at)
        return Block(mode, (str(each.get("type", "")), str(each.get("name", ""))), arguments, (), self._at)

    def _arguments(self, each: Mapping[str, Any], address: str) -> dict[str, Argument]:
        """The expressions of a resource or call; what ``count`` and ``for_each`` are made of is not told.

        Not even that they are there is told where they are functions of constants (``toset(["a"])``).
        """
        found = {name: self._expression(value, name) for name, value in as_object(each.get("expressions")).items()}
        for name in ("count", "for_each"):
            if f"{name}_expression" in each:
                expression = self._expression(each[f"{name}_expression"], name)
                hidden = Opaque((), f"{name} is not in the plan", self._at)
                found[name] = hidden if isinstance(expression, Opaque) else expression
            elif self.plan.repeated.get(address) == name:
                found[name] = Opaque((), f"{name} is not in the plan", self._at)
        return self._named(found)

    def _named(self, expressions: Mapping[str, Expression]) -> dict[str, Argument]:
        return {name: Argument(name, each, self._at) for name, each in expressions.items()}

    def _expression(self, data: Any, name: str, depth: int = 0) -> Expression:
        """A constant, blocks, or else what an expression refers to."""
        if isinstance(data, list) and depth < _MAX_NESTED:
            return ListExpression(tuple(self._expression(item, name, depth + 1) for item in data), self._at)
        if isinstance(data, dict) and "constant_value" in data:
            return literal(data["constant_value"], self._at)
        if isinstance(data, dict) and data and "references" not in data and depth < _MAX_NESTED:
            members = ((Literal(key, self._at), self._expression(each, key, depth + 1)) for key, each in data.items())
            return ObjectExpression(tuple(members), self._at)
        read = [self._reference(text) for text in _longest(as_list(as_object(data).get("references")))]
        reason = f"{name} is an expression that the plan does not hold"
        return Opaque(tuple(each for each in read if each is not None), reason, self._at)

    def _reference(self, text: str) -> Expression | None:
        if text not in self._parsed:
            try:
                self._parsed[text] = parse_expression(text, self.plan.path)
            except HclError:
                self._parsed[text] = None
        return self._parsed[text]


def _longest(references: list[Any]) -> list[str]:
    """One entry for each reference; a plan lists ``a.b.c`` and then what it starts with: ``a.b``."""
    found: list[str] = []
    for each in references:
        text = str(each)
        if not found or not (found[-1] != text and found[-1].startswith(text) and found[-1][len(text)] in ".["):
            found.append(text)
    return found


def literal(data: Any, at: Origin, depth: int = 0) -> Expression:
    """Plain data as an expression."""
    if isinstance(data, list) and depth < _MAX_NESTED:
        return ListExpression(tuple(literal(item, at, depth + 1) for item in data), at)
    if isinstance(data, dict) and depth < _MAX_NESTED:
        members = ((Literal(str(key), at), literal(item, at, depth + 1)) for key, item in data.items())
        return ObjectExpression(tuple(members), at)
    return Literal(data if isinstance(data, (str, int, float, bool)) else None, at)
