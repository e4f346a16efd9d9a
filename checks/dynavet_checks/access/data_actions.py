"""Actions by what they do with the data of tables."""

from __future__ import annotations

from dynavet.iam.actions import Action, find

EXPORT_CLASS = frozenset(
    {
        *("ExportTableToPointInTime", "CreateBackup", "StartAwsBackupJob"),
        *("RestoreTableFromAwsBackup", "RestoreTableFromBackup", "RestoreTableToPointInTime"),
        *("EnableKinesisStreamingDestination", "UpdateKinesisStreamingDestination"),
        *("CreateTableReplica", "CreateGlobalTable", "AssociateTableReplica"),
    }
)
"""They copy a whole table to another place."""

BULK_READS = frozenset({"Scan", "Query", "BatchGetItem", "PartiQLSelect", "GetRecords", "SearchVectors"})
"""They read many items with one request."""

_REPLICATION = frozenset({"ReadDataForReplication", "WriteDataForReplication"})


def reaches_data(action: Action) -> bool:
    """Whether it reads, writes or copies items, through DynamoDB or DAX."""
    if action.service == "dax":
        table_action = find(f"dynamodb:{action.name}")
        return table_action is not None and table_action.data != ""
    return action.data != "" or action.name in EXPORT_CLASS | _REPLICATION | {"GetRecords"}


def is_export(action: Action) -> bool:
    return action.service == "dynamodb" and action.name in EXPORT_CLASS


def is_bulk_read(action: Action) -> bool:
    return action.service == "dynamodb" and action.name in BULK_READS
