"""Policies that only limit: permissions boundaries, managed session policies, guardrails."""

from __future__ import annotations

from dataclasses import replace

from dynavet.model import PolicyKind, Project
from dynavet.text import Text
from dynavet.values import OneOf, Unknown, Value


def mark_boundaries(project: Project) -> None:
    """Give identity policies that only limit, and are attached to nobody, the kind that they act as."""
    limits: dict[str, PolicyKind] = {}
    for principal in project.principals:
        limits |= dict.fromkeys(_targets(principal.boundary), PolicyKind.BOUNDARY)
    attached: set[str] = set()
    for attachment in project.attachments:
        if attachment.acts_as is PolicyKind.IDENTITY:
            attached.update(_targets(attachment.policy))
        else:
            limits |= dict.fromkeys(_targets(attachment.policy), attachment.acts_as)
    project.policies = [
        replace(policy, kind=limits[policy.address])
        if policy.kind is PolicyKind.IDENTITY and policy.address in limits.keys() - attached
        else policy
        for policy in project.policies
    ]


def _targets(value: Value[Text | None]) -> set[str]:
    """The resources that the value refers to in any branch."""
    if isinstance(value, OneOf):
        return {target for _, branch in value.branches for target in _targets(branch)}
    if isinstance(value, Unknown) or value.value is None:
        return set()
    return {reference.target for reference in value.value.references}
