"""IAM: the evaluation of requests, the action table, glob algebra, conditions, principals.

`evaluate` decides a `Request` by the `Policies` that apply to it, and gives a `Decision`.
"""

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
