"""IAM: the evaluation of requests, the action table, glob algebra, conditions, principals.

`evaluate` decides a `Request` by the `Policies` that apply to it, and gives a `Decision`. What
belongs to it is imported when it is first asked for: a scan does without most of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dynavet.iam.applicable_policies import Policies
    from dynavet.iam.decision import Decision, Layer, Outcome, Place, StatementReference
    from dynavet.iam.evaluation import evaluate
    from dynavet.iam.request import (
        ANONYMOUS,
        PrincipalType,
        Request,
        RequestPrincipal,
        federated_principal,
        principal_of,
        service_principal,
    )
    from dynavet.iam.request_values import Context, ContextValue

__all__ = [
    "ANONYMOUS",
    "Context",
    "ContextValue",
    "Decision",
    "Layer",
    "Outcome",
    "Place",
    "Policies",
    "PrincipalType",
    "Request",
    "RequestPrincipal",
    "StatementReference",
    "evaluate",
    "federated_principal",
    "principal_of",
    "service_principal",
]

_MODULES = {
    "applicable_policies": ("Policies",),
    "decision": ("Decision", "Layer", "Outcome", "Place", "StatementReference"),
    "evaluation": ("evaluate",),
    "request": (
        *("ANONYMOUS", "PrincipalType", "Request", "RequestPrincipal"),
        *("federated_principal", "principal_of", "service_principal"),
    ),
    "request_values": ("Context", "ContextValue"),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
