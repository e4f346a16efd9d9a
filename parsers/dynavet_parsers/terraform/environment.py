"""Environment variables of what AWS runs: functions, containers, jobs, builds, services and apps.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Object, OneOf, Origin, Unknown, Value, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.functions.encoding import parse_document
from dynavet_parsers.terraform.members import members
from dynavet_parsers.terraform.paths import THERE, both, places, some_body
from dynavet_parsers.terraform.resource import EntityFields, Reading, Resource, list_of_texts

_CODE = "source_configuration.code_repository.code_configuration.code_configuration_values"
_IMAGE = "source_configuration.image_repository.image_configuration"
_MAPS = {
    "aws_lambda_function": ("environment.variables",),
    "aws_apprunner_service": (f"{_CODE}.runtime_environment_variables", f"{_IMAGE}.runtime_environment_variables"),
    "aws_amplify_app": ("environment_variables",),
    "aws_amplify_branch": ("environment_variables",),
}
_DOCUMENTS = {
    "aws_ecs_task_definition": ("container_definitions", "[].environment.[]"),
    "aws_batch_job_definition": ("container_properties", "environment.[]"),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that is set in some branch: where, and as far as it is known to what."""

    resource: Resource
    name: str
    value: Value[Text | None]
    at: Origin
    exists: Value[bool]

    @property
    def entity(self) -> EntityFields:
        """The fields of an entity that stands for the variable."""
        fields = self.resource.entity
        fields["exists"] = both(fields["exists"], self.exists)
        return fields


def variables(reading: Reading) -> Iterator[Variable]:
    """All environment variables that resources set in plain text."""
    for kind, paths in _MAPS.items():
        for resource in reading.of(kind):
            for place in (each for path in paths for each in places(resource.body, path)):
                for name, value in _entries(place.value):
                    yield from _variable(resource, name, value, place.at, place.exists)
    for kind, (argument, path) in _DOCUMENTS.items():
        for resource in reading.of(kind):
            yield from _in_document(resource, argument, path)
    for resource in reading.of("aws_codebuild_project"):
        yield from _of_build(resource)


def _variable(
    resource: Resource, name: str, value: Value[Any], at: Origin, exists: Value[bool] = THERE
) -> Iterator[Variable]:
    found, more = list_of_texts(value, at)
    text: Value[Text | None] = next(iter((*found, *more)), ABSENT)
    if text != ABSENT:
        yield Variable(resource, name, text, text.origin or at, exists)


def _in_document(resource: Resource, argument: str, path: str) -> Iterator[Variable]:
    """The variables in a JSON document, which may come from another file: then they stand at the resource."""
    whole = resource.body.at
    for entry in members(bind(parse_document, resource.body.raw(argument)), path):
        at = entry.origin if entry.origin is not None and whole.contains(entry.origin) else whole
        yield from _variable(resource, _literal(next(members(entry, "name"))), next(members(entry, "value")), at)


def _of_build(resource: Resource) -> Iterator[Variable]:
    environment = some_body(resource.body.block_value("environment"))
    for slot in environment.blocks("environment_variable").slots if isinstance(environment, Body) else ():
        block = some_body(slot)
        if isinstance(block, Body) and _literal(block.value("type")) in ("", "PLAINTEXT"):
            there = bind(lambda found: Known(found is not None), slot)
            yield from _variable(resource, _literal(block.value("name")), block.value("value"), block.at, there)


def _literal(value: Value[Any]) -> str:
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else ""


def _entries(value: Value[Any]) -> Iterator[tuple[str, Value[Any]]]:
    """The entries of an object by name, those of any branch."""
    for name in dict.fromkeys(_names(value)):
        yield name, next(members(value, name))


def _names(value: Value[Any]) -> list[str]:
    if isinstance(value, OneOf):
        return [name for _, branch in value.branches for name in _names(branch)]
    data = None if isinstance(value, Unknown) else value.value
    return list(data.entries) if isinstance(data, Object) else []
