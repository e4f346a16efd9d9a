"""The functions that the framework generates of ``functions``.

https://www.serverless.com/framework/docs/providers/aws/guide/functions
"""

from __future__ import annotations

from dynavet.values import Data, Known, Object, Value
from dynavet_parsers.cloudformation.serverless_framework.building import (
    content,
    entry,
    function_id,
    is_absent,
    made,
    present,
)
from dynavet_parsers.cloudformation.serverless_framework.events import mappings
from dynavet_parsers.cloudformation.serverless_framework.merging import assigned
from dynavet_parsers.cloudformation.serverless_framework.roles import Resources, role_of
from dynavet_parsers.cloudformation.serverless_framework.service import Function, Service


def generated_functions(service: Service) -> Resources:
    """Every function with the streams that it reads."""
    for function in service.functions:
        yield function_id(function.name), _function(service, function), function.at
        for name, mapping in mappings(function):
            yield name, mapping, mapping.origin


def _function(service: Service, function: Function) -> Value[Data]:
    at = function.at
    name = function.get("name")
    if is_absent(name):
        name = made({"Fn::Join": ["-", [service.name, service.stage, function.name]]}, at)
    variables = _both(service, function, "environment")
    tags = _both(service, function, "tags")
    key = function.get("kmsKeyArn")
    properties = present(
        FunctionName=name,
        Role=role_of(service, function),
        Handler=function.get("handler"),
        Runtime=function.get("runtime"),
        VpcConfig=_network(service, function),
        KmsKeyArn=entry(service.provider, "kmsKeyArn") if is_absent(key) else key,
    )
    if variables.entries or variables.more:
        properties["Environment"] = made({"Variables": Known(variables, at)}, at)
    if tags.entries:
        properties["Tags"] = made([{"Key": key, "Value": value} for key, value in tags.entries.items()], at)
    resource = {
        "Type": "AWS::Lambda::Function",
        "Properties": properties,
        **present(Condition=function.get("condition")),
    }
    return made(resource, at)


def _both(service: Service, function: Function, key: str) -> Object:
    """What the provider gives to all functions, and the function's own over it."""
    return assigned(content(entry(service.provider, key)), content(function.get(key)))


def _network(service: Service, function: Function) -> Value[Data]:
    """Where a function runs, if in a VPC; one that sets ``vpc`` to nothing runs in none."""
    own = function.get("vpc")
    if "vpc" in function.body.entries and (is_absent(own) or own == Known(False)):
        return Known(None)
    shared = entry(service.provider, "vpc")
    found = {}
    for name, key in (("SecurityGroupIds", "securityGroupIds"), ("SubnetIds", "subnetIds")):
        value = entry(own, key)
        found[name] = entry(shared, key) if is_absent(value) else value
    if any(is_absent(value) for value in found.values()):
        return Known(None)
    return made(found, own.origin or shared.origin)
