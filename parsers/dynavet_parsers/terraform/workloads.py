"""What AWS runs with a role, and the roles of Cognito identity pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dynavet.model import IdentityPoolRole, Workload
from dynavet.text import Text
from dynavet.values import ABSENT, Known, OneOf, Origin, Unknown, Value, apply, bind
from dynavet_parsers.terraform.functions.encoding import parse_document
from dynavet_parsers.terraform.members import members
from dynavet_parsers.terraform.paths import THERE, Place, both, places
from dynavet_parsers.terraform.resource import Reading, Resource, list_of_texts
from dynavet_parsers.terraform.workload_roles import DOCUMENTS, PROFILES, ROLES

_GUESTS = "allow_unauthenticated_identities"


def read(reading: Reading) -> None:
    """Add workloads and the roles of identity pools to the project."""
    for resource_type, (kind, paths) in ROLES.items():
        for resource in reading.of(resource_type):
            for place, role in _named(resource, paths):
                _add(reading, resource, kind, role, place.exists)
    for resource_type, (kind, paths) in PROFILES.items():
        for resource in reading.of(resource_type):
            for place, profile in _named(resource, paths):
                _add(reading, resource, kind, role_of_profile(reading, profile), place.exists)
    for resource_type, (kind, documents) in DOCUMENTS.items():
        for resource in reading.of(resource_type):
            for role in _in_documents(resource, documents):
                there = apply(lambda found: found is not None, role) if isinstance(role, OneOf) else THERE
                _add(reading, resource, kind, role, there)
    for resource in reading.of("aws_cognito_identity_pool_roles_attachment"):
        reading.project.identity_pool_roles += _pool_roles(reading, resource)


def role_of_profile(
    reading: Reading, profile: Value[Text | None], unnamed: Value[Text | None] = ABSENT
) -> Value[Text | None]:
    """The role in an instance profile that is named by reference, ARN or name; `unnamed` where none is."""

    def role(text: Text | None) -> Value[Text | None]:
        if text is None:
            return unnamed
        name = Text.of(text.literal.rpartition("/")[2]) if text.literal is not None else text
        found = reading.find("aws_iam_instance_profile", name)
        if found is None:
            return Unknown(f"instance profile {text} is not in this code", profile.origin)
        return found.body.text("role")

    return bind(role, profile)


def _named(resource: Resource, paths: tuple[str, ...]) -> Iterator[tuple[Place, Value[Text | None]]]:
    for path in paths:
        for place in places(resource.body, path):
            found, more = list_of_texts(place.value, place.at)
            yield from ((place, each) for each in (*found, *more))


def _add(reading: Reading, resource: Resource, kind: str, role: Value[Text | None], exists: Value[bool]) -> None:
    if role != ABSENT:
        fields = resource.entity
        fields["exists"] = both(fields["exists"], exists)
        reading.project.workloads.append(Workload(**fields, kind=kind, role=role))


def _in_documents(resource: Resource, documents: Mapping[str, tuple[str, ...]]) -> Iterator[Value[Text | None]]:
    """The roles in JSON documents; what leaves several of them open comes once."""
    undecided: set[Unknown] = set()
    for argument, paths in documents.items():
        document = bind(parse_document, resource.body.raw(argument))
        for path in paths:
            for value in members(document, path):
                role = _one_text(value, resource.body.at)
                if not isinstance(role, Unknown) or role not in undecided:
                    yield role
                if isinstance(role, Unknown):
                    undecided.add(role)


def _entry(value: Value[Any], key: str, at: Origin) -> Value[Text | None]:
    """One entry of an object, as text."""
    return _one_text(next(members(value, key)), at)


def _one_text(value: Value[Any], at: Origin) -> Value[Text | None]:
    found, more = list_of_texts(value, at)
    return next(iter((*found, *more)), ABSENT)


def _pool_roles(reading: Reading, resource: Resource) -> Iterator[IdentityPoolRole]:
    pool = resource.body.text("identity_pool_id")
    roles = resource.body.raw("roles")
    guests = both(resource.entity["exists"], _allows_guests(reading, pool))
    for key, authenticated, exists in (
        ("authenticated", True, resource.entity["exists"]),
        ("unauthenticated", False, guests),
    ):
        role = _entry(roles, key, resource.body.at)
        if role != ABSENT:
            fields = resource.entity
            fields["exists"] = exists
            yield IdentityPoolRole(**fields, pool=pool, role=role, authenticated=authenticated)
    for place, role in _named(resource, ("role_mapping.mapping_rule.role_arn",)):
        fields = resource.entity
        fields["exists"] = both(fields["exists"], place.exists)
        yield IdentityPoolRole(**fields, pool=pool, role=role, authenticated=True)


def _allows_guests(reading: Reading, pool: Value[Text | None]) -> Value[bool]:
    def allows(text: Text | None) -> Value[bool]:
        found = reading.find("aws_cognito_identity_pool", text)
        if found is None:
            return Unknown(f"identity pool {text} is not in this code", pool.origin)
        return bind(lambda flag: Known(bool(flag)), found.body.flag(_GUESTS))

    return bind(allows, pool)


__all__ = ["read", "role_of_profile"]
