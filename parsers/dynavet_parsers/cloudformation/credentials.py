"""Access keys that are created, and those written into environment variables and user data."""

from __future__ import annotations

from functools import partial

from dynavet.model import Credential, CredentialPlace
from dynavet.text import Reference, Text
from dynavet.values import ABSENT, Data, Known, Origin, Value
from dynavet_parsers.cloudformation.environment import variables
from dynavet_parsers.cloudformation.readers import text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.template import mapping
from dynavet_parsers.credentials import VARIABLES, in_script, in_value, possible

_KEYS = "AWS::IAM::AccessKey"
_USER_DATA = {
    "AWS::AutoScaling::LaunchConfiguration": ("UserData",),
    "AWS::EC2::Instance": ("UserData",),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "UserData"),
}


def read_credentials_of(stack: Stack, resource: Resource) -> None:
    """Add what a resource has of credentials."""
    if resource.type == _KEYS:
        user = text(resource.get("UserName"))
        _add(stack, resource, CredentialPlace.CREATED, "", Known(True), resource.origin, user)
    for name, value in variables(resource):
        _variable(stack, resource, name, value)
    if resource.type in _USER_DATA:
        script = text(_script(resource, _USER_DATA[resource.type]))
        is_key = in_script(script, partial(_of_key, stack))
        if possible(is_key):
            _add(stack, resource, CredentialPlace.USER_DATA, "UserData", is_key, script.origin or resource.origin)


def _variable(stack: Stack, resource: Resource, name: str, value: Value[Data]) -> None:
    named = name.upper() in VARIABLES
    is_key = in_value(text(value), partial(_of_key, stack), named=named)
    if named or possible(is_key):
        _add(stack, resource, CredentialPlace.ENVIRONMENT, name, is_key, value.origin or resource.origin)


def _add(
    stack: Stack,
    resource: Resource,
    place: CredentialPlace,
    name: str,
    is_key: Value[bool],
    at: Origin,
    user: Value[Text | None] = ABSENT,
) -> None:
    stack.project.credentials.append(
        Credential(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            place=place,
            name=name,
            at=at,
            is_key=is_key,
            user=user,
        )
    )


def _of_key(stack: Stack, reference: Reference) -> bool:
    return stack.target(Known(Text((reference,))), _KEYS) is not None


def _script(resource: Resource, path: tuple[str, ...]) -> Value[Data]:
    """The property without the ``Fn::Base64`` around it, which would hide the text around what is undecided."""
    raw = resource.properties
    for step in path:
        found = mapping(raw)
        raw = found.entries.get(step, ABSENT) if found is not None else ABSENT
    call = mapping(raw)
    if call is not None and list(call.entries) == ["Fn::Base64"]:
        return resource.evaluator.evaluate(call.entries["Fn::Base64"])
    return resource.get(path[0], *path[1:])
