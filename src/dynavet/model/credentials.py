"""Credentials of AWS that do not expire by themselves."""

from __future__ import annotations

from enum import Enum

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Origin, Value


class CredentialPlace(Enum):
    """Where a credential is."""

    CREATED = "access key"  # the code makes it for a user
    PROVIDER = "provider"  # of the tool that deploys
    ENVIRONMENT = "environment variable"
    USER_DATA = "user data"  # what an instance runs when it starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential(Entity):
    """A place for an access key; the key itself is not in the model.

    `name` is the variable or argument. `is_key`: what stands there is a long-term key or its secret;
    false for a placeholder. `user` is whom it belongs to, for one that the code creates: a
    reference to a `Principal` or a name. `at` is where it is written.
    """

    place: CredentialPlace
    name: str
    at: Origin
    is_key: Value[bool]
    user: Value[Text | None] = ABSENT
