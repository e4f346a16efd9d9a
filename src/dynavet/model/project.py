"""One project: a Terraform root, a template, or a policy file."""

from __future__ import annotations

from collections import Counter
from dataclasses import field

from dynavet.model.access import Attachment, Policy, Principal
from dynavet.model.backup import BackupPlan, BackupSelection
from dynavet.model.capacity import ScalingPolicy, ScalingTarget
from dynavet.model.credentials import Credential
from dynavet.model.dax import DaxCluster
from dynavet.model.dependencies import NONE, Dependencies
from dynavet.model.detection import ConfigRule, DeliveryChannel, Recorder, Trail
from dynavet.model.endpoint_url import EndpointUrl
from dynavet.model.entity import Entity
from dynavet.model.key import Key
from dynavet.model.network import Client, Endpoint, RouteTable, Routing, Subnet, Vpc
from dynavet.model.roles import Assignment, IdentityPoolRole, Membership, Workload
from dynavet.model.security_groups import IngressRule, SecurityGroup
from dynavet.model.settings import Settings
from dynavet.model.streams import DataStream, StreamConsumer, StreamDestination
from dynavet.model.suppression import Suppression
from dynavet.model.table import Table, TableChange
from dynavet.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProblem(Entity):
    """A file in scope that cannot be read or parsed; `origin` is where, `address` the path."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingSource(Entity):
    """A module or nested template that is not on disk; `address` is of the call."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedModule(Entity):
    """A module that is not on disk but understood from a description of its `versions`, both ends included."""

    source: str
    versions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Entity):
    """An account of which a project says all that there is; `address` is the project's root."""


@dataclass(kw_only=True, eq=False)
class Project:
    """All that one root, template or policy file declares, addresses relative to it.

    `root` is its path as the user will see it; `language` is ``terraform``,
    ``cloudformation`` or ``policy``. `files` are the paths that were read for it. `settings`
    are the user's, `dependencies` what the applications around it use. `variables` names
    what the user may decide from outside (Terraform's root variables, the parameters of
    templates), `errors` what is wrong with what the user decided so. `workloads` do not repeat
    `clients`. `plans` are those of `files` that are plans of the deployment. `replicated` are
    tables that are declared elsewhere, of which there are replicas here; nothing else is known
    of them.
    """

    root: str
    language: str
    files: list[str] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    replicated: list[Table] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    principals: list[Principal] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    vpcs: list[Vpc] = field(default_factory=list)
    subnets: list[Subnet] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)
    route_tables: list[RouteTable] = field(default_factory=list)
    routings: list[Routing] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    security_groups: list[SecurityGroup] = field(default_factory=list)
    ingress_rules: list[IngressRule] = field(default_factory=list)
    dax_clusters: list[DaxCluster] = field(default_factory=list)
    workloads: list[Workload] = field(default_factory=list)
    identity_pool_roles: list[IdentityPoolRole] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)
    backup_plans: list[BackupPlan] = field(default_factory=list)
    backup_selections: list[BackupSelection] = field(default_factory=list)
    trails: list[Trail] = field(default_factory=list)
    recorders: list[Recorder] = field(default_factory=list)
    delivery_channels: list[DeliveryChannel] = field(default_factory=list)
    config_rules: list[ConfigRule] = field(default_factory=list)
    endpoint_urls: list[EndpointUrl] = field(default_factory=list)
    table_changes: list[TableChange] = field(default_factory=list)
    data_streams: list[DataStream] = field(default_factory=list)
    stream_destinations: list[StreamDestination] = field(default_factory=list)
    stream_consumers: list[StreamConsumer] = field(default_factory=list)
    scaling_targets: list[ScalingTarget] = field(default_factory=list)
    scaling_policies: list[ScalingPolicy] = field(default_factory=list)
    missing: list[MissingSource] = field(default_factory=list)
    described: list[DescribedModule] = field(default_factory=list)
    problems: list[SourceProblem] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    dependencies: Dependencies = NONE

    def counts(self) -> Counter[str]:
        """How much was seen: files, tables, policies, statements."""
        return Counter(
            files=len(self.files),
            tables=sum(table.times for table in self.tables),
            policies=sum(policy.times for policy in self.policies),
            statements=sum(policy.times * len(policy.statements) for policy in self.policies),
        )


__all__ = ["Account", "DescribedModule", "Entity", "MissingSource", "Project", "SourceProblem"]
