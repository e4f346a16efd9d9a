"""Environment variables of what AWS runs: functions, containers, jobs, builds, services and apps."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.values import ABSENT, Data, Object, OneOf, Unknown, Value
from dynavet_parsers.cloudformation.paths import places
from dynavet_parsers.cloudformation.readers import member
from dynavet_parsers.cloudformation.stack import Resource
from dynavet_parsers.cloudformation.template import literal

_MAPS = {
    "AWS::Lambda::Function": ("Environment.Variables",),
    "AWS::Serverless::Function": ("Environment.Variables",),
}
_LISTS = {
    "AWS::Amplify::App": ("EnvironmentVariables[]",),
    "AWS::Amplify::Branch": ("EnvironmentVariables[]",),
    "AWS::AppRunner::Service": (
        "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentVariables[]",
        "SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables[]",
    ),
    "AWS::Batch::JobDefinition": ("ContainerProperties.Environment[]",),
    "AWS::CodeBuild::Project": ("Environment.EnvironmentVariables[]",),
    "AWS::ECS::TaskDefinition": ("ContainerDefinitions[].Environment[]",),
}


def variables(resource: Resource) -> Iterator[tuple[str, Value[Data]]]:
    """The variables that a resource sets in plain text, in some branch, with their values."""
    for _, value in (each for path in _MAPS.get(resource.type, ()) for each in places(resource, path)):
        for name in dict.fromkeys(_names(value)):
            yield from _set(name, member(value, name))
    for _, entry in (each for path in _LISTS.get(resource.type, ()) for each in places(resource, path)):
        if _literal(member(entry, "Type")) in ("", "PLAINTEXT"):
            yield from _set(_literal(member(entry, "Name")), member(entry, "Value"))


def _set(name: str, value: Value[Data]) -> Iterator[tuple[str, Value[Data]]]:
    if value != ABSENT:
        yield name, value


def _literal(value: Value[Data]) -> str:
    return literal(value) or ""


def _names(value: Value[Data]) -> Iterator[str]:
    if isinstance(value, OneOf):
        for _, branch in value.branches:
            yield from _names(branch)
    elif not isinstance(value, Unknown) and isinstance(value.value, Object):
        yield from value.value.entries
