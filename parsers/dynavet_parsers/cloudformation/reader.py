"""Templates to projects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dynavet.model import MissingSource, Project, SourceProblem
from dynavet.sources import SourceError, Sources
from dynavet.values import ABSENT, Known, Object, OneOf, Origin, Unknown
from dynavet_parsers.cloudformation import (
    clients,
    network,
    policies,
    principals,
    sam,
    sam_connectors,
    sam_graphql,
    tables,
)
from dynavet_parsers.cloudformation.document import DocumentError, has_marks, looks_like_template, parse_document
from dynavet_parsers.cloudformation.foreach import with_loops
from dynavet_parsers.cloudformation.intrinsics import Evaluator
from dynavet_parsers.cloudformation.serverless_framework import as_cloudformation
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.template import Template, as_template, literal, mapping
from dynavet_parsers.cloudformation.texts import shown

LANGUAGE = "cloudformation"

_READERS: dict[str, Callable[[Stack, Resource], None]] = {
    "AWS::DAX::Cluster": clients.read_dax_cluster,
    "AWS::DynamoDB::GlobalTable": tables.read_global_table,
    "AWS::DynamoDB::Table": tables.read_table,
    "AWS::EC2::Instance": clients.read_instance,
    "AWS::EC2::Subnet": network.read_subnet,
    "AWS::EC2::VPC": network.read_vpc,
    "AWS::EC2::VPCEndpoint": network.read_endpoint,
    "AWS::ECS::Service": clients.read_service,
    "AWS::Events::EventBusPolicy": policies.read_event_bus_policy,
    "AWS::IAM::Group": principals.read_group,
    "AWS::IAM::GroupPolicy": principals.read_named_policy,
    "AWS::IAM::ManagedPolicy": principals.read_attached_policy,
    "AWS::IAM::Policy": principals.read_attached_policy,
    "AWS::IAM::Role": principals.read_role,
    "AWS::IAM::RolePolicy": principals.read_named_policy,
    "AWS::IAM::User": principals.read_user,
    "AWS::IAM::UserPolicy": principals.read_named_policy,
    "AWS::Lambda::Function": clients.read_function,
    "AWS::Organizations::Policy": policies.read_organization_policy,
    "AWS::SSO::PermissionSet": principals.read_permission_set,
    "AWS::Serverless::Connector": sam_connectors.read_connector,
    "AWS::Serverless::Function": sam.read_serverless_function,
    "AWS::Serverless::GraphQLApi": sam_graphql.read_graphql_api,
    "AWS::Serverless::SimpleTable": tables.read_simple_table,
    "AWS::Serverless::StateMachine": sam.read_generated_role,
    "AWS::Serverless::WebFunction": sam.read_generated_role,
}
_NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}


def read_template(path: Path, sources: Sources) -> Project | None:
    """What a template declares; `None` for a file that is no template.

    A file that is meant as a template and cannot be read or parsed gives a project with the
    problem. Never raises for anything that a file may contain.
    """
    name = sources.show(path)
    try:
        data = sources.read(path)
    except SourceError as error:
        return _problem(name, f"the file {error}", Origin(name, 1, 1, 1, 1))
    if not looks_like_template(data):
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8-sig", "replace")
        return _not_utf8(name, data, error.start) if has_marks(text) else None
    try:
        return _template(text, name)
    except DocumentError as error:
        if not has_marks(text):
            return None
        return _problem(name, error.message, Origin(name, error.line, error.column, error.line, error.column + 1))
    except RecursionError:
        return _problem(name, "expected a template with less nesting", Origin(name, 1, 1, 1, 1))


def _template(text: str, name: str) -> Project | None:
    document = parse_document(text, name)
    framework = as_cloudformation(document)
    if framework is not None:
        document = framework[0]
    template = as_template(document, name)
    if template is None:
        return None
    expanded, left = with_loops(document, Evaluator(template).evaluate)
    project = _project(template if expanded is document else as_template(expanded, name) or template)
    for source, place in framework[1] if framework is not None else ():
        reason_given = "files that the Serverless Framework includes are not followed"
        origin = place or template.origin
        project.missing.append(MissingSource(address=source, origin=origin, source=source, reason=reason_given))
    for key, reason in left.items():
        origin = reason.origin or template.origin
        project.missing.append(MissingSource(address=key, origin=origin, source=key, reason=reason.reason))
    return project


def _project(template: Template) -> Project:
    project = Project(root=template.path, language=LANGUAGE, files=[template.path])
    stack = Stack(template, Evaluator(template), project)
    for resource in stack.resources():
        policies.read_policies_of(stack, resource)
        reader = _READERS.get(resource.type)
        if reader is not None:
            reader(stack, resource)
        sam_connectors.read_embedded_connectors(stack, resource)
        if resource.type in _NESTED:
            project.missing.append(_nested(resource))
    project.missing += _inserted(template)
    return project


def _nested(resource: Resource) -> MissingSource:
    location = resource.get(_NESTED[resource.type])
    if isinstance(location, Known) and isinstance(location.value, Object):
        location = location.value.get("ApplicationId")
    source = shown(location) if isinstance(location, Unknown) else ""
    if isinstance(location, Known) and location != ABSENT:
        source = shown(location.value)
    elif isinstance(location, OneOf):
        source = f"one of several, by {location.condition}"
    return MissingSource(
        address=resource.logical_id,
        origin=location.origin or resource.origin,
        exists=resource.exists,
        source=source,
        reason="nested templates are not followed",
    )


def _inserted(template: Template) -> list[MissingSource]:
    """A macro among the resources, which adds others at deployment."""
    section = mapping(template.sections.entries.get("Resources")) or Object()
    value = section.entries.get("Fn::Transform")
    if value is None:
        return []
    origin = section.keys.get("Fn::Transform") or value.origin or template.origin
    name = mapping(value) or Object()
    source = literal(name.entries.get("Name")) or "Fn::Transform"
    return [MissingSource(address="Fn::Transform", origin=origin, source=source, reason="is resolved at deployment")]


def _not_utf8(name: str, data: bytes, offset: int) -> Project:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8-sig", "replace")) + 1
    origin = Origin(name, line, column, line, column + 1)
    return _problem(name, f"expected UTF-8 text, found the byte 0x{data[offset]:02x}", origin)


def _problem(name: str, message: str, origin: Origin) -> Project:
    problem = SourceProblem(address=name, origin=origin, message=message)
    return Project(root=name, language=LANGUAGE, files=[name], problems=[problem])
