"""Which URLs requests are sent to, where the code says so."""

from __future__ import annotations

from enum import Enum

from dynavet.model.entity import Entity
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Origin, Value


class UrlPlace(Enum):
    """Where a URL is."""

    PROVIDER = "provider"  # of the tool that deploys
    ENVIRONMENT = "environment variable"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointUrl(Entity):
    """A URL that requests to DynamoDB or DAX go to in place of AWS's own.

    `name` is the variable or argument, `at` where it is written. `url` is as much of it as tells
    where requests go, scheme and host: absent where it is no URL. `every_service`: requests to
    other services go there as well.
    """

    place: UrlPlace
    name: str
    at: Origin
    url: Value[Text | None]
    every_service: bool = False
