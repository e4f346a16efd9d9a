"""What rules judge: the entities of a project one by one, as the scope of a rule says."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dynavet.iam.principals import Attachments, attachments_of
from dynavet.model import (
    Account,
    Attachment,
    Credential,
    EndpointUrl,
    Entity,
    Policy,
    PolicyKind,
    Principal,
    Project,
    Replica,
    Statement,
    Table,
)
from dynavet.records import dataclass
from dynavet.remembering import remembered
from dynavet.rule import Attached, Grant, Holder, Scope
from dynavet.values import Known, Origin, Unknown, Value, World, assume, single

DEPLOYED = ("terraform", "cloudformation")
"""The languages whose projects are deployed to an account."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to judge, its undecided conditions still in it.

    `entity` has the address. `slot` is the replica or statement of it that is in question; an
    unknown slot stands for whatever may be there. `identity` has the policies of a principal.
    """

    entity: Entity
    slot: Value[Any] | None = None
    principals: tuple[Principal, ...] = ()
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """A subject in one world: what the rule's function is given, its address and its header.

    `statement` is the name of the statement; `part` tells apart what has one address.
    """

    judged: Any
    address: str
    origin: Origin
    statement: str | None = None
    part: str = ""


def subjects(project: Project, scope: Scope) -> Iterator[Subject]:
    """Everything in the project that rules of this scope judge, in the project's order."""
    if scope is Scope.REPLICA:
        for table in (*project.tables, *project.replicated):
            for slot in (*table.replicas, *table.more_replicas):
                yield Subject(table, slot)
    elif scope in (Scope.STATEMENT, Scope.HELD_STATEMENT):
        attachments = attachments_of(project)
        for policy in project.policies:
            principals = attachments.principals_of(policy)
            holders = _holders(principals, attachments) if scope is Scope.HELD_STATEMENT else ()
            for statement in (*policy.statements, *policy.more):
                yield Subject(policy, statement, principals, holders)
    elif scope is Scope.PRINCIPAL:
        attachments = attachments_of(project)
        for principal in project.principals:
            yield Subject(principal, holders=_holders((principal,), attachments))
    elif scope is Scope.CREDENTIAL:
        attachments = attachments_of(project)
        for credential in project.credentials:
            users = attachments.meant(credential.user, "user")
            yield Subject(credential, holders=_holders(tuple(users[:1]), attachments))
    elif scope is Scope.ATTACHMENT:
        attachments = attachments_of(project)
        for attachment in project.attachments:
            if attachment.acts_as is PolicyKind.IDENTITY:
                yield Subject(attachment, principals=attachments.principals_named(attachment))
    elif scope is Scope.ACCOUNT:
        if project.settings.whole_account and project.language in DEPLOYED:
            yield Subject(_account(project))
    else:
        for entity in getattr(project, scope.value):
            yield Subject(entity)


def _account(project: Project) -> Account:
    """The account of a project, which stands at the beginning of the first file of the root."""
    beside = (path for path in project.files if (posixpath.dirname(path) or ".") == project.root)
    path = next(beside, project.files[0] if project.files else project.root)
    return Account(address=project.root, origin=Origin(path, 1, 1, 1, 1))


MAX_POLICIES = 1000
"""Policies of one identity that are looked at together; AWS allows fewer."""


def _holders(principals: tuple[Principal, ...], attachments: Attachments) -> tuple[Holder, ...]:
    """The principals with all that acts for them."""
    return tuple(_holder(attachments)(principal) for principal in principals)


@remembered
def _holder(attachments: Attachments) -> Callable[[Principal], Holder]:
    def holder(principal: Principal) -> Holder:
        policies, foreign = attachments.policies_of(principal), attachments.foreign_policies_of(principal)
        if len(policies) > MAX_POLICIES:
            reason = f"more than {MAX_POLICIES:,} policies act for {principal.address}"
            return Holder(principal, policies[:MAX_POLICIES], (*foreign, Unknown(reason, principal.origin)))
        return Holder(principal, policies, foreign)

    return remembered(holder)


def sight(subject: Subject, entity: Entity, world: World) -> Sight | None:
    """The subject in a world, of which `entity` is the subject's own; `None` if it does not exist there."""
    if not exists(entity):
        return None
    if isinstance(entity, Credential):
        held = _held(subject, world)
        return Sight((entity, held[0] if held else None), entity.address, entity.origin, part=entity.name)
    if isinstance(entity, Principal):
        return Sight(_held(subject, world)[0], entity.address, entity.origin)
    if isinstance(entity, Attachment):
        policy = single(entity.policy)
        attached = Attached(entity, _existing(subject, world))
        return Sight(attached, entity.address, entity.origin, part=str(getattr(policy, "value", "")))
    if subject.slot is None:
        return Sight(entity, entity.address, entity.origin, part=_part(entity))
    slot = single(assume(subject.slot, world) if world else subject.slot)
    if isinstance(slot, Known) and slot.value is None:
        return None
    if isinstance(entity, Table):
        replica = unknown_replica(slot, entity) if isinstance(slot, Unknown) else slot.value
        return Sight((replica, entity), replica.address or entity.address, replica.origin, part=_region(replica))
    if not isinstance(entity, Policy):
        raise TypeError(f"{type(entity).__name__} has no slots")
    statement = unknown_statement(slot, entity) if isinstance(slot, Unknown) else slot.value
    held = tuple(holder for holder in _held(subject, world) if exists(holder.principal))
    grant = Grant(statement, entity, _existing(subject, world), held)
    return Sight(grant, entity.address, statement.origin, statement.name or None, entity.label)


def _part(entity: Entity) -> str:
    """What tells apart entities of one address."""
    if isinstance(entity, Policy):
        return entity.label
    return entity.name if isinstance(entity, EndpointUrl) else ""


def _existing(subject: Subject, world: World) -> tuple[Principal, ...]:
    principals = assume(subject.principals, world) if world else subject.principals
    return tuple(filter(exists, principals))


def _held(subject: Subject, world: World) -> tuple[Holder, ...]:
    """The holders, each with the policies that are there."""
    holders = assume(subject.holders, world) if world else subject.holders
    return tuple(map(_with_existing, holders))


@remembered
def _with_existing(holder: Holder) -> Holder:
    return replace(holder, policies=tuple(filter(exists, holder.policies)))


def _region(replica: Replica) -> str:
    region = single(replica.region)
    return "" if isinstance(region, Unknown) or region.value is None else str(region.value)


def exists(entity: Entity) -> bool:
    """Whether the entity is there, in a world where all conditions about that are decided."""
    present = single(entity.exists)
    return isinstance(present, Unknown) or present.value


def unknown_replica(reason: Unknown, table: Table) -> Replica:
    """A replica of which nothing is known, not even that it is there."""
    return Replica(
        region=reason,
        origin=reason.origin or table.origin,
        key=reason,
        point_in_time_recovery=reason,
        deletion_protection=reason,
        tags=reason,
    )


def unknown_statement(reason: Unknown, policy: Policy) -> Statement:
    """A statement of which nothing is known, not even that it is there."""
    return Statement(
        name="",
        index=-1,
        origin=reason.origin or policy.origin,
        sid=reason,
        effect=reason,
        actions=reason,
        not_actions=reason,
        resources=reason,
        not_resources=reason,
        principals=reason,
        not_principals=reason,
        more_conditions=(reason,),
    )
