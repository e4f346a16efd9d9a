"""A Terraform plan deletes or replaces a table.

## What it does

Looks at what a plan is going to do to each table. To delete one fails, and so does to replace one: Terraform deletes
the table and creates an empty one in its place, because an argument changed that DynamoDB cannot change (`name`,
`hash_key`, `range_key`, the type of a key, a local secondary index).

A table that is created, changed in place, left as it is or forgotten (a `removed` block with `destroy = false`)
passes. Only a plan says what is going to happen, so this rule says nothing of a configuration alone, nor of
CloudFormation, whose change sets are not read.

## Why it matters

The items of a deleted table are gone, and with them its streams, replicas and grants. What is left of them are
backups, if there are any. In a long plan one line about a replacement is easily missed.

## Example

Plan, fails (a change of the hash key replaces the table):

```json
{
  "format_version": "1.2",
  "terraform_version": "1.11.4",
  "planned_values": {"root_module": {}},
  "resource_changes": [
    {
      "address": "aws_dynamodb_table.orders",
      "mode": "managed",
      "type": "aws_dynamodb_table",
      "name": "orders",
      "change": {
        "actions": ["delete", "create"],
        "before": {"name": "orders", "hash_key": "id"},
        "after": {"name": "orders", "hash_key": "order_id"},
        "replace_paths": [["hash_key"]]
      }
    }
  ]
}
```

Plan, passes:

```json
{
  "format_version": "1.2",
  "terraform_version": "1.11.4",
  "planned_values": {"root_module": {}},
  "resource_changes": [
    {
      "address": "aws_dynamodb_table.orders",
      "mode": "managed",
      "type": "aws_dynamodb_table",
      "name": "orders",
      "change": {
        "actions": ["update"],
        "before": {"name": "orders", "read_capacity": 5},
        "after": {"name": "orders", "read_capacity": 10}
      }
    }
  ]
}
```

## How to fix

Undo the change of the argument that the message names, or create the new table beside the old one, copy the items,
and delete the old one later. A table that was only renamed or moved in the configuration needs a `moved` block. One
that shall leave the configuration and stay in AWS needs a `removed` block with `destroy = false`. With
`lifecycle { prevent_destroy = true }` Terraform refuses such a plan, with `deletion_protection_enabled = true`
DynamoDB refuses to delete the table. If the table is meant to go, suppress the finding for this plan, with the
reason.

## Undecided

The plan puts the table off to a later plan (a deferred change), or ended with an error before it came to the table.

## References

- [Terraform: JSON output format, change representation](https://developer.hashicorp.com/terraform/internals/json-format#change-representation)
- [Terraform: prevent resource destruction](https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy)
- [DynamoDB: deletion protection](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection)
"""

from __future__ import annotations

from dynavet.model import Fate, Project, TableChange
from dynavet.rule import Fail, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.values import Unknown, single


def judge(change: TableChange, _: Project) -> Judgement:
    fate = single(change.fate)
    if isinstance(fate, Unknown):
        return Undecided(reasons=(fate,), at=fate.origin)
    if fate.value is Fate.KEPT:
        return Pass()
    refused = single(change.refused)
    if isinstance(refused, Unknown):
        return Undecided(reasons=(refused,), at=refused.origin)
    if refused.value:
        return Pass()
    return Fail(
        message=_message(change, fate.value), at=change.forced_at, evidence=(fate.value.value, *change.forced_by)
    )


def _message(change: TableChange, fate: Fate) -> str:
    if fate is Fate.DESTROYED:
        return "The plan deletes the table; its items are lost."
    changed = " and ".join(change.forced_by)
    cause = f", because {changed} cannot be changed in place" if changed else ""
    return f"The plan replaces the table by an empty one{cause}; its items are lost."


RULE = Rule(
    id="DDB112",
    name="table-destroyed",
    severity=Severity.HIGH,
    checks={Scope.TABLE_CHANGE: judge},
    no_edit="a plan is not edited, and what to change back is what the message names",
    doc=__doc__,
)
