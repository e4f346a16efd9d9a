"""What all entities of the model share."""

from __future__ import annotations

from dataclasses import field

from dynavet.records import dataclass
from dynavet.values import Known, Origin, Value


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Entity:
    """A thing with an address in one project.

    `address` is the Terraform address with instance keys, the CloudFormation logical id, after
    those of nested stacks (``Data/Orders``), or the file name of a raw policy. `calls` are the
    module calls (or nested-stack resources) that create it, outermost first. `exists` is open
    where a condition decides about it.
    It stands for `times` instances that are the same in all respects; `also` are the addresses
    of the others, or of very many the first thousand.
    `construct` is where a program that writes the code says that it comes from, such as the path
    of an AWS CDK construct. `made_by` is not empty for what such a program adds by itself, to
    whose settings its users have no access: it says who adds it, and what for.
    """

    address: str
    origin: Origin
    calls: tuple[Origin, ...] = ()
    exists: Value[bool] = field(default=Known(True))
    also: tuple[str, ...] = ()
    times: int = 1
    construct: str = ""
    made_by: str = ""
