"""The model that every check reads; no term of a source language survives in it.

Every field of type `Value` may be known, unknown or open; `Known(None)` is absent. `origin`
of an entity is its header (Terraform block header, CloudFormation logical id); the origin
of a field's value is the attribute that sets it.
"""

from dynavet.model.access import (
    Attachment,
    Condition,
    Fault,
    Patterns,
    Policy,
    PolicyKind,
    Principal,
    Principals,
    Statement,
)
from dynavet.model.capacity import ScalingPolicy, ScalingTarget
from dynavet.model.credentials import Credential, CredentialPlace
from dynavet.model.key import Key, KeyAlias
from dynavet.model.network import Client, Endpoint, Subnet, Vpc
from dynavet.model.project import DescribedModule, Entity, MissingSource, Project, SourceProblem
from dynavet.model.roles import Assignment, IdentityPoolRole, Membership, Workload
from dynavet.model.settings import Settings
from dynavet.model.streams import DataStream, StreamDestination
from dynavet.model.suppression import Selection, Suppression, SuppressionState
from dynavet.model.table import Encryption, Fate, Index, Replica, Table, TableChange, Tags

__all__ = [
    "Assignment",
    "Attachment",
    "Client",
    "Condition",
    "Credential",
    "CredentialPlace",
    "DataStream",
    "DescribedModule",
    "Encryption",
    "Endpoint",
    "Entity",
    "Fate",
    "Fault",
    "IdentityPoolRole",
    "Index",
    "Key",
    "KeyAlias",
    "Membership",
    "MissingSource",
    "Patterns",
    "Policy",
    "PolicyKind",
    "Principal",
    "Principals",
    "Project",
    "Replica",
    "ScalingPolicy",
    "ScalingTarget",
    "Selection",
    "Settings",
    "SourceProblem",
    "Statement",
    "StreamDestination",
    "Subnet",
    "Suppression",
    "SuppressionState",
    "Table",
    "TableChange",
    "Tags",
    "Vpc",
    "Workload",
]
