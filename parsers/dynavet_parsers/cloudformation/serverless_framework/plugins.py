"""What plugins generate that is not read."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.model import MissingSource
from dynavet_parsers.cloudformation.serverless_framework.building import content, entry, is_absent
from dynavet_parsers.cloudformation.serverless_framework.service import Service

STEP_FUNCTIONS = "serverless-step-functions"


def generated_elsewhere(service: Service) -> Iterator[MissingSource]:
    """The roles of state machines, whose statements ``serverless-step-functions`` makes of their tasks."""
    if STEP_FUNCTIONS not in service.plugins:
        return
    machines = content(entry(service.variables.get("stepFunctions"), "stateMachines"))
    for name, machine in machines.entries.items():
        if is_absent(entry(machine, "role")):
            yield MissingSource(
                address=f"stepFunctions.stateMachines.{name}",
                origin=machines.keys.get(name) or machine.origin or service.origin,
                source=STEP_FUNCTIONS,
                reason="generates a role that is not read",
            )
