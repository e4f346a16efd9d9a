"""URLs of DynamoDB and DAX in providers and environment variables.

Arguments of hashicorp/aws 5.100 (`terraform providers schema -json`).
"""

from __future__ import annotations

from dynavet.model import EndpointUrl, UrlPlace
from dynavet_parsers.endpoint_urls import EVERY_SERVICE, matters, says_where, where
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.environment import variables
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.paths import both, places
from dynavet_parsers.terraform.resource import Reading, fields_of, list_of_texts

_SERVICES = ("dynamodb", "dax")


def read(reading: Reading) -> None:
    """Add the URLs in environment variables to the project."""
    for variable in variables(reading):
        if not says_where(variable.name, variable.value):
            continue
        url = where(variable.value)
        if matters(url):
            reading.project.endpoint_urls.append(
                EndpointUrl(
                    **variable.entity,
                    place=UrlPlace.ENVIRONMENT,
                    name=variable.name,
                    at=variable.at,
                    url=url,
                    every_service=variable.name.upper() == EVERY_SERVICE,
                )
            )


def read_providers(reading: Reading, module: Module) -> None:
    """Add the URLs in the provider configurations of a module."""
    for name, block in module.configuration.providers.items():
        if name.partition(".")[0] != "aws":
            continue
        for service in _SERVICES:
            for place in places(Body(block, module.scope), f"endpoints.{service}"):
                found, more = list_of_texts(place.value, place.at)
                url = where(next(iter((*found, *more))))
                there = both(module.exists, place.exists)
                fields = fields_of(module, f"{module.prefix}provider.{name}", block.at, there)
                if matters(url):
                    reading.project.endpoint_urls.append(
                        EndpointUrl(**fields, place=UrlPlace.PROVIDER, name=service, at=place.at, url=url)
                    )
