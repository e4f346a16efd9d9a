"""What AWS runs with a role, and the roles of Cognito identity pools."""

from __future__ import annotations

from dynavet.model import IdentityPoolRole, Workload
from dynavet.text import Text
from dynavet.values import ABSENT, Data, Known, Unknown, Value, apply
from dynavet_parsers.cloudformation.links import linked
from dynavet_parsers.cloudformation.paths import places
from dynavet_parsers.cloudformation.readers import boolean, both, never, present, slots, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.workload_roles import PROFILES, ROLES

_POOL = "AWS::Cognito::IdentityPool"


def read_workloads_of(stack: Stack, resource: Resource) -> None:
    """The roles that a resource of a listed type acts with; what leaves several of them open counts once."""
    for table, through_profile in ((ROLES, False), (PROFILES, True)):
        kind, paths = table.get(resource.type, ("", ()))
        undecided: set[Unknown] = set()
        for named in (text(place) for path in paths for _, place in places(resource, path)):
            if isinstance(named, Unknown):
                if named in undecided:
                    continue
                undecided.add(named)
            add_workload(stack, resource, kind, role_of_profile(stack, named) if through_profile else named)


def add_workload(
    stack: Stack, resource: Resource, kind: str, role: Value[Text | None], exists: Value[bool] | None = None
) -> None:
    """Add a workload unless it never has a role; `exists` is of the resource, if not given."""
    there = present(role)
    if not never(there):
        stack.project.workloads.append(
            Workload(
                address=resource.logical_id,
                origin=resource.origin,
                exists=both(resource.exists if exists is None else exists, there),
                kind=kind,
                role=role,
            )
        )


def role_of_profile(
    stack: Stack, profile: Value[Text | None], unnamed: Value[Text | None] = ABSENT
) -> Value[Text | None]:
    """The role in an instance profile that is named by reference, name or ARN; `unnamed` where none is."""
    return linked(stack, profile, "AWS::IAM::InstanceProfile", "instance profile", _role_in, unnamed)


def _role_in(profile: Resource) -> Value[Text | None]:
    """An instance profile holds one role; the property is a list."""
    found, more = slots(profile.get("Roles"))
    return text(found[0]) if found else more[0] if more else ABSENT


def read_pool_roles(stack: Stack, resource: Resource) -> None:
    """``AWS::Cognito::IdentityPoolRoleAttachment``."""
    pool = text(resource.get("IdentityPoolId"))
    guests = linked(stack, pool, _POOL, "identity pool", _allows_guests, Known(False))
    _pool_role(stack, resource, pool, resource.get("Roles", "authenticated"))
    _pool_role(stack, resource, pool, resource.get("Roles", "unauthenticated"), guests)
    for _, place in places(resource, "RoleMappings{}.RulesConfiguration.Rules[].RoleARN"):
        _pool_role(stack, resource, pool, place)


def _pool_role(
    stack: Stack, resource: Resource, pool: Value[Text | None], role: Value[Data], guests: Value[bool] | None = None
) -> None:
    """Add a role that the pool hands out; `guests`, whether it lets them in, for theirs."""
    there = present(role)
    if guests is not None and not never(there):
        there = both(there, guests)
    if not never(there):
        stack.project.identity_pool_roles.append(
            IdentityPoolRole(
                address=resource.logical_id,
                origin=resource.origin,
                exists=both(resource.exists, there),
                pool=pool,
                role=text(role),
                authenticated=guests is None,
            )
        )


def _allows_guests(pool: Resource) -> Value[bool]:
    return apply(bool, boolean(pool.get("AllowUnauthenticatedIdentities")))
