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
from dynavet.model.backup import BackupPlan, BackupSelection, TagCondition
from dynavet.model.capacity import ScalingPolicy, ScalingTarget
from dynavet.model.credentials import Credential, CredentialPlace
from dynavet.model.dax import DaxCluster
from dynavet.model.dependencies import Dependencies, Library, Manifest
from dynavet.model.detection import (
    AdvancedEventSelector,
    ConfigRule,
    DataResource,
    DeliveryChannel,
    EventSelector,
    FieldSelector,
    Recorder,
    RecordingGroup,
    Texts,
    Trail,
)
from dynavet.model.endpoint_url import EndpointUrl, UrlPlace
from dynavet.model.key import Key, KeyAlias
from dynavet.model.network import Client, Endpoint, RouteTable, Routing, Subnet, Vpc
from dynavet.model.project import Account, DescribedModule, Entity, MissingSource, Project, SourceProblem
from dynavet.model.roles import Assignment, IdentityPoolRole, Membership, Workload
from dynavet.model.security_groups import IngressRule, SecurityGroup
from dynavet.model.settings import Context, Marks, Settings
from dynavet.model.streams import DataStream, StreamConsumer, StreamDestination
from dynavet.model.suppression import Selection, Suppression, SuppressionState
from dynavet.model.table import Encryption, Fate, Index, Replica, Table, TableChange, Tags

__all__ = [
    "Account",
    "AdvancedEventSelector",
    "Assignment",
    "Attachment",
    "BackupPlan",
    "BackupSelection",
    "Client",
    "Condition",
    "ConfigRule",
    "Context",
    "Credential",
    "CredentialPlace",
    "DataResource",
    "DataStream",
    "DaxCluster",
    "DeliveryChannel",
    "Dependencies",
    "DescribedModule",
    "Encryption",
    "Endpoint",
    "EndpointUrl",
    "Entity",
    "EventSelector",
    "Fate",
    "Fault",
    "FieldSelector",
    "IdentityPoolRole",
    "Index",
    "IngressRule",
    "Key",
    "KeyAlias",
    "Library",
    "Manifest",
    "Marks",
    "Membership",
    "MissingSource",
    "Patterns",
    "Policy",
    "PolicyKind",
    "Principal",
    "Principals",
    "Project",
    "Recorder",
    "RecordingGroup",
    "Replica",
    "RouteTable",
    "Routing",
    "ScalingPolicy",
    "ScalingTarget",
    "SecurityGroup",
    "Selection",
    "Settings",
    "SourceProblem",
    "Statement",
    "StreamConsumer",
    "StreamDestination",
    "Subnet",
    "Suppression",
    "SuppressionState",
    "Table",
    "TableChange",
    "TagCondition",
    "Tags",
    "Texts",
    "Trail",
    "UrlPlace",
    "Vpc",
    "Workload",
]
