"""The template that the framework deploys for a service: what it generates, and the resources of the file.

https://www.serverless.com/framework/docs/providers/aws/guide/resources
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from dynavet.model import MissingSource, SourceProblem
from dynavet.records import dataclass
from dynavet.sources import Sources
from dynavet.values import Data, Known, List, Object, Origin, Value
from dynavet_parsers.cloudformation.serverless_framework.appsync import generated_data_sources
from dynavet_parsers.cloudformation.serverless_framework.building import content
from dynavet_parsers.cloudformation.serverless_framework.files import Files
from dynavet_parsers.cloudformation.serverless_framework.functions import generated_functions
from dynavet_parsers.cloudformation.serverless_framework.merging import assigned, joined
from dynavet_parsers.cloudformation.serverless_framework.plugins import generated_elsewhere
from dynavet_parsers.cloudformation.serverless_framework.roles import generated_roles
from dynavet_parsers.cloudformation.serverless_framework.service import Service
from dynavet_parsers.cloudformation.serverless_framework.stack_tags import with_stack_tags
from dynavet_parsers.cloudformation.serverless_framework.variables import Variables
from dynavet_parsers.cloudformation.template import literal, mapping

_OTHERS = ("functions", "resources", "frameworkVersion")
_REPLACED = ("Condition", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy")


@dataclass(frozen=True, slots=True)
class Generated:
    """The template of a service, the other files that its resources are in, and what could not be read."""

    document: Value[Data]
    files: list[str]
    missing: list[MissingSource]
    problems: list[SourceProblem]


def as_cloudformation(document: Value[Data], path: Path, sources: Sources) -> Generated | None:
    """The template of the service in a file; `None` for a file that is not one of the framework's for AWS.

    Such a file has ``service`` and ``provider`` at its top.
    """
    root = mapping(document)
    if root is None or not _is_service(root):
        return None
    files = Files(path, sources)
    service = Service(sources.show(path), Variables(root, files))
    provider = service.variables.get("provider")
    if literal(provider) is None:
        service.is_mapping(provider, "provider", root.keys.get("provider", service.origin))
    declared = service.section("resources")
    resources = _resources(service, declared)
    found = _template(declared, with_stack_tags(service, resources), document.origin)
    service.missing += generated_elsewhere(service)
    inside = {path for path in _paths(found) if path in files.read - files.judged}
    return Generated(found, sorted(inside), service.missing, [*service.problems, *files.problems])


def _is_service(root: Object) -> bool:
    if not {"service", "provider"} <= root.entries.keys() or "Resources" in root.entries:
        return False
    provider = root.entries["provider"]
    name = content(provider).entries.get("name") if isinstance(provider, Known) else None
    text = literal(provider) or literal(name)
    return text == "aws" or (text is None and any(key in root.entries for key in _OTHERS)) or "${" in (text or "")


def _template(declared: Object, resources: Object, at: Origin | None) -> Value[Data]:
    version: Value[Data] = Known("2010-09-09", at)
    sections = {key: value for key, value in declared.entries.items() if key != "extensions"}
    return Known(Object({"AWSTemplateFormatVersion": version, **sections, "Resources": Known(resources, at)}), at)


def _resources(service: Service, declared: Object) -> Object:
    """What is generated, joined with the resources of the file, and extended as it says."""
    entries: dict[str, Value[Data]] = {}
    keys: dict[str, Origin] = {}
    for name, resource, at in itertools.chain(
        generated_roles(service), generated_functions(service), generated_data_sources(service)
    ):
        entries[name] = resource
        keys[name] = at or service.origin
    own = _mapping(service, declared, "Resources")
    named = list(service.mappings_of(own, "Resources"))
    own = Object({name: own.entries[name] for name in named}, (), own.keys)
    found = joined(Object(entries, (), keys), own)
    extensions = _mapping(service, declared, "extensions")
    extended = dict(found.entries)
    for name in service.mappings_of(extensions, "resources.extensions"):
        if name in extended:
            extended[name] = _extended(extended[name], content(extensions.entries[name]))
    return Object(extended, (), found.keys)


def _mapping(service: Service, declared: Object, key: str) -> Object:
    value = declared.entries.get(key)
    at = declared.keys.get(key) or (value.origin if value is not None else None) or service.origin
    if value is None or not service.is_mapping(value, f"resources.{key}", at):
        return Object()
    return content(value)


def _extended(resource: Value[Data], extension: Object) -> Value[Data]:
    """A resource with attributes replaced, and with properties that are each taken as a whole."""
    body = content(resource)
    changed = {key: value for key, value in extension.entries.items() if key in _REPLACED}
    for key in ("Properties", "Metadata"):
        if key in extension.entries:
            own = content(body.entries[key]) if key in body.entries else Object()
            changed[key] = Known(assigned(own, content(extension.entries[key])), resource.origin)
    return Known(Object({**body.entries, **changed}, body.more, body.keys), resource.origin)


def _paths(value: Value[Data]) -> Iterator[str]:
    """The files that parts of a value stand in."""
    pending, seen = [value], set()
    while pending:
        each = pending.pop()
        if id(each) in seen or not isinstance(each, Known):
            continue
        seen.add(id(each))
        if isinstance(each.value, (List, Object)) and each.origin is not None:
            yield each.origin.path
        if isinstance(each.value, List):
            pending += each.value.items
        elif isinstance(each.value, Object):
            pending += each.value.entries.values()
