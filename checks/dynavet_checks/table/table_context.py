"""Tables whose data matters less than the usual."""

from __future__ import annotations

from dynavet.model import Table
from dynavet.values import Known

LOCK_KEY = "LockID"
"""The hash key that Terraform's S3 backend demands of its lock table."""


def lowered(table: Table) -> str | None:
    """Why a finding about the protection of this table's data counts for less, if it does."""
    if isinstance(table.hash_key, Known) and isinstance(table.range_key, Known):
        hash_key = table.hash_key.value
        if hash_key is not None and hash_key.literal == LOCK_KEY and table.range_key.value is None:
            return f"this is a Terraform lock table (hash key {LOCK_KEY})"
    if isinstance(table.ttl_enabled, Known) and table.ttl_enabled.value is True:
        return "the table's items expire (time to live is on)"
    return None
