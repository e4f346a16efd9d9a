"""What plugins generate that is not read."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.model import MissingSource
from dynavet.values import Object, Origin
from dynavet_parsers.cloudformation.serverless_framework.building import content, entry, is_absent
from dynavet_parsers.cloudformation.serverless_framework.service import Service

STEP_FUNCTIONS = "serverless-step-functions"
PIPES = "serverless-pipes"


def generated_elsewhere(service: Service) -> Iterator[MissingSource]:
    """The roles of state machines, whose statements are made of their tasks, and pipes with their roles."""
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


def _origin(service: Service, section: Object, name: str) -> Origin:
    return section.keys.get(name) or section.entries[name].origin or service.origin
