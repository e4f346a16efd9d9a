"""What plugins generate that is not read."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.model import MissingSource
from dynavet.values import Object, Origin
from dynavet_parsers.cloudformation.serverless_framework.building import content, entry, is_absent
from dynavet_parsers.cloudformation.serverless_framework.service import Service

STEP_FUNCTIONS = "serverless-step-functions"
PIPES = "serverless-pipes"
AUTOSCALING = "serverless-dynamodb-autoscaling"


def generated_elsewhere(service: Service) -> Iterator[MissingSource]:
    """Roles of state machines, whose statements are made of their tasks, pipes with their roles, and autoscaling."""
    if STEP_FUNCTIONS in service.plugins:
        machines = content(entry(service.variables.get("stepFunctions"), "stateMachines"))
        for name, machine in machines.entries.items():
            if is_absent(entry(machine, "role")):
                yield MissingSource(
                    address=f"stepFunctions.stateMachines.{name}",
                    origin=_origin(service, machines, name),
                    source=STEP_FUNCTIONS,
                    reason="generates a role that is not read",
                )
    if PIPES in service.plugins:
        pipes = content(service.variables.get("pipes"))
        for name in pipes.entries:
            yield MissingSource(
                address=f"pipes.{name}",
                origin=_origin(service, pipes, name),
                source=PIPES,
                reason="generates a pipe and its role, which are not read",
            )
    if AUTOSCALING in service.plugins:
        capacities = entry(service.variables.get("custom"), "capacities")
        if not is_absent(capacities):
            yield MissingSource(
                address="custom.capacities",
                origin=capacities.origin or service.origin,
                source=AUTOSCALING,
                reason="generates autoscaling that is not read",
            )


def _origin(service: Service, section: Object, name: str) -> Origin:
    return section.keys.get(name) or section.entries[name].origin or service.origin
