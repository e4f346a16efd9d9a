"""URLs of DynamoDB and DAX in environment variables."""

from __future__ import annotations

from dynavet.model import EndpointUrl, UrlPlace
from dynavet_parsers.cloudformation.environment import variables
from dynavet_parsers.cloudformation.readers import text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.endpoint_urls import EVERY_SERVICE, matters, says_where, where


def read_endpoint_urls_of(stack: Stack, resource: Resource) -> None:
    """Add the URLs in the environment of a resource."""
    for name, value in variables(resource):
        found = text(value)
        if not says_where(name, found):
            continue
        url = where(found)
        if matters(url):
            stack.project.endpoint_urls.append(
                EndpointUrl(
                    address=resource.logical_id,
                    origin=resource.origin,
                    exists=resource.exists,
                    place=UrlPlace.ENVIRONMENT,
                    name=name,
                    at=value.origin or resource.origin,
                    url=url,
                    every_service=name.upper() == EVERY_SERVICE,
                )
            )
