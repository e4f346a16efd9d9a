"""Access keys that are created, and those written into providers, environment variables and user data.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynavet.model import Credential, CredentialPlace
from dynavet.text import Reference, Text
from dynavet.values import ABSENT, Known, Object, OneOf, Origin, Unknown, Value, bind
from dynavet_parsers.credentials import VARIABLES, in_script, in_value, possible
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.functions.encoding import parse_document
from dynavet_parsers.terraform.members import members
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.paths import both, places, some_body
from dynavet_parsers.terraform.resource import EntityFields, Reading, Resource, fields_of, list_of_texts

_KEYS = "aws_iam_access_key"
_PROVIDER = ("access_key", "secret_key")
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
_USER_DATA = {
    "aws_instance": ("user_data", "user_data_base64"),
    "aws_spot_instance_request": ("user_data", "user_data_base64"),
    "aws_launch_configuration": ("user_data", "user_data_base64"),
    "aws_launch_template": ("user_data",),
}


def read(reading: Reading) -> None:
    """Add the credentials of resources to the project."""
    for resource in reading.of(_KEYS):
        _created(reading, resource)
    for kind, paths in _MAPS.items():
        for resource in reading.of(kind):
            for place in (each for path in paths for each in places(resource.body, path)):
                for name, value in _entries(place.value):
                    _variable(reading, resource, name, value, place.at, place.exists)
    for kind, (argument, path) in _DOCUMENTS.items():
        for resource in reading.of(kind):
            _in_document(reading, resource, argument, path)
    for resource in reading.of("aws_codebuild_project"):
        _build_variables(reading, resource)
    for kind, arguments in _USER_DATA.items():
        for resource in reading.of(kind):
            for argument in arguments:
                value = resource.body.text(argument)
                at = value.origin or resource.body.at
                _add(reading, resource.entity, CredentialPlace.USER_DATA, argument, in_script(value, _of_key), at)


def _created(reading: Reading, resource: Resource) -> None:
    user, at = resource.body.text("user"), resource.body.at
    reading.project.credentials.append(
        Credential(**resource.entity, place=CredentialPlace.CREATED, name="", at=at, is_key=Known(True), user=user)
    )


def _in_document(reading: Reading, resource: Resource, argument: str, path: str) -> None:
    """The variables in a JSON document, which may come from another file: then they stand at the resource."""
    whole = resource.body.at
    for entry in members(bind(parse_document, resource.body.raw(argument)), path):
        at = entry.origin if entry.origin is not None and whole.contains(entry.origin) else whole
        _variable(reading, resource, _literal(next(members(entry, "name"))), next(members(entry, "value")), at)


def read_providers(reading: Reading, module: Module) -> None:
    """Add the credentials in the provider configurations of a module; those beside a session token are temporary."""
    for name, block in module.configuration.providers.items():
        body = Body(block, module.scope)
        if name.partition(".")[0] != "aws" or body.value("token") != ABSENT:
            continue
        fields = fields_of(module, f"{module.prefix}provider.{name}", block.at, module.exists)
        for argument in _PROVIDER:
            value = body.text(argument)
            if value != ABSENT:
                is_key = in_value(value, _of_key, named=True)
                at = block.arguments[argument].at
                reading.project.credentials.append(
                    Credential(**fields, place=CredentialPlace.PROVIDER, name=argument, at=at, is_key=is_key)
                )


def _build_variables(reading: Reading, resource: Resource) -> None:
    environment = some_body(resource.body.block_value("environment"))
    for slot in environment.blocks("environment_variable").slots if isinstance(environment, Body) else ():
        block = some_body(slot)
        if isinstance(block, Body) and _literal(block.value("type")) in ("", "PLAINTEXT"):
            there = bind(lambda found: Known(found is not None), slot)
            _variable(reading, resource, _literal(block.value("name")), block.value("value"), block.at, there)


def _variable(
    reading: Reading,
    resource: Resource,
    name: str,
    value: Value[Any],
    at: Origin,
    exists: Value[bool] | None = None,
) -> None:
    found, more = list_of_texts(value, at)
    text: Value[Text | None] = next(iter((*found, *more)), ABSENT)
    if text == ABSENT:
        return
    named = name.upper() in VARIABLES
    is_key = in_value(text, _of_key, named=named)
    fields = resource.entity
    if exists is not None:
        fields["exists"] = both(fields["exists"], exists)
    _add(reading, fields, CredentialPlace.ENVIRONMENT, name, is_key, text.origin or at, named=named)


def _add(
    reading: Reading,
    fields: EntityFields,
    place: CredentialPlace,
    name: str,
    is_key: Value[bool],
    at: Origin,
    *,
    named: bool = False,
) -> None:
    if named or possible(is_key):
        reading.project.credentials.append(Credential(**fields, place=place, name=name, at=at, is_key=is_key))


def _of_key(reference: Reference) -> bool:
    return f"{_KEYS}." in reference.target and reference.attribute in ("id", "secret")


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
