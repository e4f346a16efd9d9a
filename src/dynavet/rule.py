"""What a rule is: data, and a pure function from an entity to a judgement."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any, TypeAlias

from dynavet.model import Attachment, Policy, Principal, Project, Statement
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Origin, Unknown, Value


class Severity(IntEnum):
    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Outcome(Enum):
    FAIL = "fail"
    UNKNOWN = "unknown"
    PASS = "pass"  # noqa: S105
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Related:
    """A further place that belongs to a finding."""

    origin: Origin
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    at: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """`at` is the smallest range that a person must change; without it, the entity's header.

    `evidence` is what makes this finding itself (the patterns, the missing tag keys): it goes
    into the fingerprint. `severity` overrides the rule's own.
    """

    message: str
    at: Origin | None = None
    evidence: tuple[str, ...] = ()
    severity: Severity | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """The code does not decide it; `reasons` say which inputs are missing."""

    reasons: tuple[Unknown, ...]
    at: Origin | None = None
    message: str = ""


Judgement: TypeAlias = Pass | Fail | Undecided


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Holder:
    """An identity with all that acts for it: the policies of the project, and what else is attached."""

    principal: Principal
    policies: tuple[Policy, ...]
    foreign: tuple[Value[Text | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """A statement where it stands: what a rule about statements judges.

    `holders` are the principals with what else acts for them, for rules that ask for it
    (`Scope.HELD_STATEMENT`).
    """

    statement: Statement
    policy: Policy
    principals: tuple[Principal, ...]
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment of an identity policy, with the identities of the code that it is for."""

    attachment: Attachment
    principals: tuple[Principal, ...]


class Scope(Enum):
    """Which entities of a project a rule judges, one by one."""

    SOURCE_PROBLEM = "problems"
    MISSING_SOURCE = "missing"
    SUPPRESSION = "suppressions"
    TABLE = "tables"
    REPLICA = "replicas"
    TABLE_CHANGE = "table_changes"
    POLICY = "policies"
    STATEMENT = "statements"
    HELD_STATEMENT = "statements, with all policies of those that hold them"
    PRINCIPAL = "principals"
    CREDENTIAL = "credentials"
    ATTACHMENT = "attachments"
    KEY = "keys"
    VPC = "vpcs"
    ENDPOINT = "endpoints"
    ENDPOINT_URL = "endpoint_urls"
    CLIENT = "clients"
    TRAIL = "trails"
    RECORDER = "recorders"
    ACCOUNT = "the account, where the project is all there is in it"
    DAX_CLUSTER = "dax_clusters"
    DATA_STREAM = "data_streams"
    STREAM_DESTINATION = "stream_destinations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the catalogue.

    `checks` gives for each scope a pure function ``(entity, project) -> judgement``, or
    `None` where the rule does not apply. The function sees one world: no value in the entity
    is a `OneOf`, and every entity in the project's lists exists. `reads` names the lists of
    the project that the rule looks at besides the entity (``("endpoints", "subnets")``):
    their undecided conditions are enumerated as well. `no_edit` says why the page shows no edit
    for what the rule finds; it is empty where the examples of the page, which fail and pass,
    are the edit (`dynavet.remedy`). A rule that is not a `default` one runs
    when it is selected, or when the user gives the field of `Settings` that `asked_for_by` names.

    The entity is a `SourceProblem`, `MissingSource`, `Suppression`, `Table`, ``(Replica, Table)``,
    `TableChange`, `Policy`, `Grant`, `Attached`, `Holder`,
    ``(Credential, Holder or None)``, `Key`, `Vpc`, `Endpoint`, `EndpointUrl`, `Client`, `Trail`,
    `Recorder`, `DaxCluster`, `DataStream`, `StreamDestination` or `Account`, as the scope says.

    What asks the same elsewhere, or nearly: `peer_ids` are checks of other tools
    (``checkov:CKV_AWS_28``), `security_hub` controls of AWS Security Hub (``DynamoDB.2``),
    `config_rules` managed rules of AWS Config (``dynamodb-pitr-enabled``).
    """

    id: str
    name: str
    severity: Severity
    checks: dict[Scope, Callable[[Any, Project], Judgement | None]]
    practices: tuple[str, ...] = ()
    peer_ids: tuple[str, ...] = ()
    security_hub: tuple[str, ...] = ()
    config_rules: tuple[str, ...] = ()
    default: bool = True
    asked_for_by: str = ""
    reads: tuple[str, ...] = ()
    no_edit: str = ""
    doc: str = ""
