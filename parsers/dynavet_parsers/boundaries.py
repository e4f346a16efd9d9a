"""Policies that only limit: permissions boundaries."""

from __future__ import annotations

from dataclasses import replace

from dynavet.model import PolicyKind, Project
from dynavet.values import Known


def mark_boundaries(project: Project) -> None:
    """Give policies that serve as a permissions boundary, and are attached to nobody, that kind."""
    boundaries = {
        reference.target
        for principal in project.principals
        if isinstance(principal.boundary, Known) and principal.boundary.value is not None
        for reference in principal.boundary.value.references
    }
    attached = {
        reference.target
        for attachment in project.attachments
        if isinstance(attachment.policy, Known) and attachment.policy.value is not None
        for reference in attachment.policy.value.references
    }
    project.policies = [
        replace(policy, kind=PolicyKind.BOUNDARY)
        if policy.kind is PolicyKind.IDENTITY and policy.address in boundaries - attached
        else policy
        for policy in project.policies
    ]
