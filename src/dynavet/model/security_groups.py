"""Security groups and what they let in."""

from __future__ import annotations

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup(Entity):
    """A security group that the code declares; `default` if it is the one that AWS makes with the VPC.

    `more_ingress` non-empty: it may let in more than the project's ingress rules, for these reasons.
    """

    name: Value[Text | None] = ABSENT
    vpc: Value[Text | None] = ABSENT
    default: bool = False
    more_ingress: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRule(Entity):
    """A rule that lets traffic into `group`, be it written there (it has the group's address) or by itself.

    `group` is a reference to the group, or its id; a reference to a VPC means its default group.
    `protocol` is a name or number, ``-1`` for all, in which case the ports do not matter. The
    ports are the first and the last; absent or -1 for all. An unknown among `cidrs` (IPv4 and
    IPv6), `prefix_lists` and `sources` (other groups) stands for any number of them.
    """

    group: Value[Text | None] = ABSENT
    protocol: Value[Text | None] = ABSENT
    from_port: Value[int | None] = ABSENT
    to_port: Value[int | None] = ABSENT
    cidrs: tuple[Value[Text | None], ...] = ()
    prefix_lists: tuple[Value[Text | None], ...] = ()
    sources: tuple[Value[Text | None], ...] = ()
