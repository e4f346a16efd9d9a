"""Tables, their replicas, and what is going to happen to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Origin, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """Encryption at rest.

    `enabled`: absent or false means the AWS owned key. `key` is the key id, ARN, alias name
    or alias ARN; absent with `enabled` true means the AWS managed key. `origin` is the
    block that configures it, if there is one.
    """

    enabled: Value[bool | None] = ABSENT
    key: Value[Text | None] = ABSENT
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Effective tags: those of the resource over defaults of its provider or stack.

    `more` non-empty: there may be further tags, for these reasons. `origin` is the attribute
    that sets them, if there is one.
    """

    entries: Mapping[str, Value[Text | None]] = field(default_factory=dict)
    more: tuple[Unknown, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """A copy of a table in another Region; `region` absent where the code gives none.

    `address` is its own, where it is a resource of its own; otherwise it is the table's.
    """

    region: Value[Text | None]
    origin: Origin
    address: str = ""
    key: Value[Text | None] = ABSENT
    point_in_time_recovery: Value[bool | None] = ABSENT
    deletion_protection: Value[bool | None] = ABSENT
    tags: Value[Tags] = field(default=Known(Tags()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A secondary index of a table, global or `local`.

    A global one has capacity of its own; `reads_scaled` and `writes_scaled` are as of a table.
    """

    name: Value[Text | None]
    origin: Origin
    local: bool = False
    reads_scaled: Value[bool] = field(default=Known(False))
    writes_scaled: Value[bool] = field(default=Known(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Entity):
    """A DynamoDB table, global or not.

    `tags`, `point_in_time_recovery` and `deletion_protection` are of the table itself; for a
    CloudFormation global table, which has them only per replica, they are absent. `replicas` do
    not repeat the table itself, except for a CloudFormation global table, where each Region is
    a replica. `prevent_destroy`: the tool that
    deploys the table refuses to destroy it, whoever may do so otherwise; only Terraform has that.
    `billing_mode` is ``PAY_PER_REQUEST`` or ``PROVISIONED``, the latter if absent. `reads_scaled`
    and `writes_scaled`: the table's declaration itself has autoscaling of its capacity, the reads
    in every Region; only a CloudFormation global table can. `stream_enabled`: it has a DynamoDB stream, whose records
    hold what `stream_view_type` says (``NEW_IMAGE``).
    """

    name: Value[Text | None] = ABSENT
    hash_key: Value[Text | None] = ABSENT
    range_key: Value[Text | None] = ABSENT
    ttl_enabled: Value[bool | None] = ABSENT
    encryption: Value[Encryption] = field(default=Known(Encryption()))
    point_in_time_recovery: Value[bool | None] = ABSENT
    deletion_protection: Value[bool | None] = ABSENT
    tags: Value[Tags | None] = field(default=Known(Tags()))
    replicas: tuple[Value[Replica | None], ...] = ()
    more_replicas: tuple[Unknown, ...] = ()
    prevent_destroy: Value[bool | None] = ABSENT
    indexes: tuple[Value[Index | None], ...] = ()
    more_indexes: tuple[Unknown, ...] = ()
    billing_mode: Value[Text | None] = ABSENT
    stream_enabled: Value[bool | None] = ABSENT
    stream_view_type: Value[Text | None] = ABSENT
    reads_scaled: Value[bool] = field(default=Known(False))
    writes_scaled: Value[bool] = field(default=Known(False))

    @property
    def is_its_replicas(self) -> bool:
        """Whether it has settings only per replica: a CloudFormation global table."""
        return isinstance(self.tags, Known) and self.tags.value is None


class Fate(Enum):
    """What a deployment does to a table."""

    KEPT = "kept"
    """It is created, changed in place, left as it is, or no longer managed."""
    DESTROYED = "destroyed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange(Entity):
    """What a deployment that is worked out already is going to do to a table.

    Found only where there is a Terraform plan. `forced_by` are the arguments whose change
    makes a replacement necessary, `forced_at` where the first of them is set. With `refused`
    the deployment cannot be carried out: the table is protected from being destroyed.
    """

    fate: Value[Fate]
    forced_by: tuple[str, ...] = ()
    forced_at: Origin | None = None
    refused: Value[bool] = field(default=Known(False))
