"""Access keys that are created, and those written into providers, environment variables and user data.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`).
"""

from __future__ import annotations

from dynavet.model import Credential, CredentialPlace
from dynavet.text import Reference
from dynavet.values import ABSENT, Known, Origin, Value
from dynavet_parsers.credentials import VARIABLES, in_script, in_value, possible
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.environment import Variable, variables
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.resource import EntityFields, Reading, Resource, fields_of

_KEYS = "aws_iam_access_key"
_PROVIDER = ("access_key", "secret_key")
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
    for variable in variables(reading):
        _in_environment(reading, variable)
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


def _in_environment(reading: Reading, variable: Variable) -> None:
    named = variable.name.upper() in VARIABLES
    is_key = in_value(variable.value, _of_key, named=named)
    place = CredentialPlace.ENVIRONMENT
    _add(reading, variable.entity, place, variable.name, is_key, variable.at, named=named)


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
