"""Tags of the whole stack, which CloudFormation gives to the tables in it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

from __future__ import annotations

from dynavet.values import Data, Known, List, Object, Value
from dynavet_parsers.cloudformation.serverless_framework.building import content, entry, is_absent, made
from dynavet_parsers.cloudformation.serverless_framework.service import Service
from dynavet_parsers.cloudformation.template import literal, mapping

STAGE = "STAGE"
"""The tag that the framework gives to every stack."""

_TABLE = "AWS::DynamoDB::Table"


def with_stack_tags(service: Service, resources: Object) -> Object:
    """The resources, tables among them with the tags of the stack before those of their own, which win."""
    declared = content(entry(service.provider, "stackTags"))
    given: dict[str, Value[Data]] = dict(declared.entries)
    if STAGE.lower() not in (key.lower() for key in given):
        given = {STAGE: service.stage, **given}
    entries = {name: _tagged(resource, given, declared) for name, resource in resources.entries.items()}
    return Object(entries, resources.more, resources.keys)


def _tagged(resource: Value[Data], given: dict[str, Value[Data]], declared: Object) -> Value[Data]:
    body = mapping(resource)
    properties = body.entries.get("Properties") if body is not None else None
    holder = mapping(properties)
    if body is None or holder is None or properties is None or literal(body.entries.get("Type")) != _TABLE:
        return resource
    own = holder.entries.get("Tags", Known(None))
    data = own.value if isinstance(own, Known) else Object()
    if not is_absent(own) and not isinstance(data, List):
        return resource
    items, more = (data.items, data.more) if isinstance(data, List) else ((), ())
    added = tuple(made({"Key": key, "Value": value}, value.origin) for key, value in given.items())
    tags = Known(List((*added, *items), (*more, *declared.more)), own.origin)
    changed = Known(Object({**holder.entries, "Tags": tags}, holder.more, holder.keys), properties.origin)
    return Known(Object({**body.entries, "Properties": changed}, body.more, body.keys), resource.origin)
