"""The declarations of one template, before anything is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dynavet.records import dataclass
from dynavet.values import Data, Known, Object, Origin, Value

GENERATED_ROLES = {
    "AWS::Serverless::Function": "Role",
    "AWS::Serverless::StateMachine": "Role",
    "AWS::Serverless::WebFunction": "ExecutionRoleArn",
}
"""Types for which a role is generated, unless this property names one."""

REFERABLE = {
    "AWS::Serverless::Api": {"Deployment": "AWS::ApiGateway::Deployment", "Stage": "AWS::ApiGateway::Stage"},
    "AWS::Serverless::Function": {"Alias": "AWS::Lambda::Alias", "Version": "AWS::Lambda::Version"},
    "AWS::Serverless::HttpApi": {"Stage": "AWS::ApiGatewayV2::Stage"},
}
"""What is made for a resource of this type and referred to as ``Function.Alias``, by its own type.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""
IMPLICIT_APIS = {"ServerlessRestApi": "AWS::ApiGateway::RestApi", "ServerlessHttpApi": "AWS::ApiGatewayV2::Api"}
"""What is made for the events of functions that name no API."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A resource as it is written; `origin` is its logical id."""

    logical_id: str
    type: str
    origin: Origin
    body: Object


@dataclass(frozen=True, slots=True)
class Template:
    """The sections that decide values, by name, and the resources by logical id.

    `types` also has the roles that the serverless transform will generate.
    """

    path: str
    origin: Origin
    sections: Object
    parameters: Mapping[str, Value[Data]] = field(default_factory=dict)
    mappings: Mapping[str, Value[Data]] = field(default_factory=dict)
    conditions: Mapping[str, Value[Data]] = field(default_factory=dict)
    resources: Mapping[str, Declaration] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def as_template(document: Value[Data], path: str) -> Template | None:
    """The template that a document is, or `None`.

    A template is a mapping with `Resources`, one of which has a `Type` such as
    ``AWS::S3::Bucket``, or that has a format version or a transform beside it.
    """
    root = document.value if isinstance(document, Known) else None
    if not isinstance(root, Object):
        return None
    resources = root.entries.get("Resources")
    declared = mapping(resources)
    if resources is None or declared is None:
        return None
    found = {name: each for name in declared.entries if (each := _declaration(name, declared, path)) is not None}
    if not found and not {"AWSTemplateFormatVersion", "Transform"} & root.entries.keys():
        return None
    return Template(
        path,
        document.origin or Origin(path, 1, 1, 1, 1),
        root,
        _section(root, "Parameters"),
        _section(root, "Mappings"),
        _section(root, "Conditions"),
        found,
        _types(found),
    )


def literal(value: Value[Data] | None) -> str | None:
    """The text of an unevaluated value, if it is text as such."""
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None


def mapping(value: Value[Data] | None) -> Object | None:
    """The mapping that an unevaluated value is, if it is one."""
    return value.value if isinstance(value, Known) and isinstance(value.value, Object) else None


def _section(root: Object, name: str) -> Mapping[str, Value[Data]]:
    section = mapping(root.entries.get(name))
    return section.entries if section is not None else {}


def _declaration(name: str, declared: Object, path: str) -> Declaration | None:
    body = mapping(declared.entries[name])
    kind = literal(body.entries.get("Type")) if body is not None else None
    if body is None or kind is None or "::" not in kind:
        return None
    origin = declared.keys.get(name) or declared.entries[name].origin or Origin(path, 1, 1, 1, 1)
    return Declaration(name, kind, origin, body)


def _types(declared: Mapping[str, Declaration]) -> dict[str, str]:
    """The types by logical id, also of what the serverless transform makes that can be referred to."""
    serverless = {name: each.type for name, each in declared.items() if each.type.startswith("AWS::Serverless::")}
    generated = dict(IMPLICIT_APIS) if "AWS::Serverless::Function" in serverless.values() else {}
    for name, kind in serverless.items():
        if kind in GENERATED_ROLES:
            generated[f"{name}Role"] = "AWS::IAM::Role"
        generated |= {f"{name}.{word}": made for word, made in REFERABLE.get(kind, {}).items()}
    return generated | {name: each.type for name, each in declared.items()}
