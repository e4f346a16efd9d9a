"""Keys of KMS."""

from __future__ import annotations

from dynavet.model.access import Policy
from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAlias:
    """Another name of a key: the `address` of what declares it, and ``alias/…``."""

    address: str
    name: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Entity):
    """A customer managed key that the code declares.

    `policies` are its key policy, wherever it stands; without one AWS gives the key its default
    policy, which leaves access to the identity policies of the account. `more` non-empty: a
    policy of the code may be the key's, for these reasons. `spec` is what kind of key it is,
    ``SYMMETRIC_DEFAULT`` if absent; `material` where its material comes from, ``AWS_KMS`` if
    absent. `rotates`: AWS rotates it by itself. A `replica` of a multi-Region key shares all that
    with its primary key.
    """

    policies: tuple[Policy, ...] = ()
    more: tuple[Unknown, ...] = ()
    aliases: tuple[KeyAlias, ...] = ()
    spec: Value[Text | None] = ABSENT
    material: Value[Text | None] = ABSENT
    rotates: Value[bool | None] = ABSENT
    replica: bool = False
