"""What AWS CDK writes into the metadata of resources: the construct, and where the template of a nested stack lies."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from dynavet.model import Entity, Principal, Project
from dynavet.regexes import regex
from dynavet.values import Object
from dynavet_parsers.cloudformation.template import Template, literal, mapping

PATH = "aws:cdk:path"
"""The path of the construct in its app, ``Stack/Orders/Resource``."""

_ASSET = "aws:asset:path"
_PROPERTY = "aws:asset:property"

_MAKERS = tuple(
    (regex(f"/(?:{pattern})(?:/|$)"), purpose)
    for pattern, purpose in (
        (r"@aws-cdk--aws-dynamodb\.ReplicaProvider(?:\.NestedStack)?", "replicas of tables"),
        (r"SourceTableAttached(?:Managed)?Policy-[^/]+/Resource", "replicas of tables"),
        (r"LogRetention[0-9a-f]{32}", "log retention"),
        (r"BucketNotificationsHandler[0-9a-f]{32}", "bucket notifications"),
        (r"Custom::CDKBucketDeployment[0-9A-F]{32}[^/]*(?!.*/DefaultPolicy/)", "bucket deployments"),
        (r"AWS679f53fac002430cb0da5b7982bd2287[^/]*(?!.*/DefaultPolicy/)", "calls of AWS APIs"),
        (r"framework-(?:onEvent|isComplete|onTimeout)(?!.*/DefaultPolicy/)", "custom resources"),
        (r"waiter-state-machine(?!.*/DefaultPolicy/)", "custom resources"),
        (
            r"Custom::(?:S3AutoDeleteObjects|ECRAutoDeleteImages|VpcRestrictDefaultSG|CrossRegionExport(?:Reader|Writer)|"
            r"CrossRegionStringParameterReader|AWSCDKOpenIdConnectProvider|AWSCDKCfnUtilsProvider)CustomResourceProvider",
            "custom resources",
        ),
    )
)
"""Constructs that aws-cdk-lib creates by itself, by their paths as of 2.276, and what for.

A ``DefaultPolicy`` holds what the app grants to a role. Where the app can reach the role, that is the app's
own and not of the framework.
"""

_Made = TypeVar("_Made", bound=Entity)


def with_constructs(project: Project, template: Template) -> None:
    """Name the constructs of all that the template itself declares, and which of them AWS CDK makes by itself."""
    paths = {name: path for name, each in template.resources.items() if (path := _text(each.body, PATH)) is not None}
    if not paths:
        return
    for each in fields(Project):
        entities = getattr(project, each.name)
        if isinstance(entities, list):
            entities[:] = [_named(found, paths) if isinstance(found, Entity) else found for found in entities]


def template_of(body: Object, attribute: str) -> str | None:
    """The path, relative to its template, of the file that AWS CDK uploads for a property of a resource."""
    return _text(body, _ASSET) if _text(body, _PROPERTY) == attribute else None


def made_for(path: str) -> str:
    """Who makes the construct at `path` by itself, and what for; empty if it is one of the app's own."""
    purpose = next((purpose for pattern, purpose in _MAKERS if pattern.search(path)), None)
    return "" if purpose is None else f"AWS CDK, for {purpose}"


def _named(entity: _Made, paths: dict[str, str]) -> _Made:
    path = paths.get(entity.address)
    if path is None:
        return entity
    changes: dict[str, Any] = {"construct": path, "made_by": made_for(path)}
    if isinstance(entity, Principal) and entity.trust is not None:
        changes["trust"] = _named(entity.trust, paths)
    return replace(entity, **changes)


def _text(body: Object, key: str) -> str | None:
    metadata = mapping(body.entries.get("Metadata"))
    return literal(metadata.entries.get(key)) if metadata is not None else None
