"""The roles of data sources of an AppSync API, as the framework and ``serverless-appsync-plugin`` make them.

https://www.serverless.com/framework/docs/providers/aws/guide/appsync/data-sources
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dynavet.values import Data, Known, List, Object, Origin, Value
from dynavet_parsers.cloudformation.readers import slots
from dynavet_parsers.cloudformation.serverless_framework.building import (
    allowed,
    attribute,
    content,
    entry,
    is_absent,
    listed,
    made,
    present,
    trust,
)
from dynavet_parsers.cloudformation.serverless_framework.merging import joined
from dynavet_parsers.cloudformation.serverless_framework.roles import Resources
from dynavet_parsers.cloudformation.serverless_framework.service import Service
from dynavet_parsers.cloudformation.template import literal

_TABLE = "AMAZON_DYNAMODB"
_ACTIONS = (
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
)


def generated_data_sources(service: Service) -> Resources:
    """Every data source that is a table or has statements of its own, with its role unless it names one."""
    for name, at, source in _sources(service):
        config = content(entry(source, "config"))
        kind = entry(source, "type")
        own = config.get("iamRoleStatements")
        if literal(kind) != _TABLE and is_absent(own):
            continue
        plain = re.sub("[^a-zA-Z0-9]", "", name)
        role = config.get("serviceRoleArn")
        if is_absent(role):
            logical_id = f"GraphQlDs{plain}Role"
            yield logical_id, _role(name, _statements(config, at) if is_absent(own) else own, at), at
            role = attribute(logical_id, "Arn", at)
        properties = {"Name": name, "Type": kind, "ServiceRoleArn": role}
        if literal(kind) == _TABLE:
            region = config.get("region")
            table = present(TableName=config.get("tableName"), UseCallerCredentials=config.get("useCallerCredentials"))
            table["AwsRegion"] = made({"Ref": "AWS::Region"}, at) if is_absent(region) else region
            properties["DynamoDBConfig"] = made(table, at)
        yield f"GraphQlDs{plain}", made({"Type": "AWS::AppSync::DataSource", "Properties": properties}, at), at


def _sources(service: Service) -> Iterator[tuple[str, Origin, Value[Data]]]:
    """The data sources by name: those that are declared for themselves, and those inside of resolvers."""
    api = content(service.variables.get("appSync"))
    declared = _joined(api.get("dataSources"))
    for name, source in declared.entries.items():
        yield name, declared.keys.get(name) or source.origin or service.origin, source
    for key in ("resolvers", "pipelineFunctions"):
        for name, resolver in _joined(api.get(key)).entries.items():
            yield from _inside(re.sub("[^a-zA-Z_]", "_", name, count=1), resolver, service)


def _inside(name: str, resolver: Value[Data], service: Service) -> Iterator[tuple[str, Origin, Value[Data]]]:
    functions = slots(entry(resolver, "functions"))[0]
    for label, holder in ((name, resolver), *((f"{name}_{index}", each) for index, each in enumerate(functions))):
        source = entry(holder, "dataSource")
        if isinstance(source, Known) and isinstance(source.value, Object):
            yield label, source.origin or service.origin, source


def _joined(value: Value[Data]) -> Object:
    """A mapping, or a list of mappings as one."""
    found = Object()
    data = value.value if isinstance(value, Known) else None
    for part in data.items if isinstance(data, List) else (value,):
        found = joined(found, content(part))
    return found


def _role(name: str, statements: Value[Data], at: Origin) -> Value[Data]:
    items, more = slots(statements)
    document = {"Version": "2012-10-17", "Statement": listed(items, more, at)}
    policy = {"PolicyName": f"AppSync-Datasource-{name}", "PolicyDocument": document}
    properties = {"AssumeRolePolicyDocument": trust("appsync", at), "Policies": [policy]}
    return made({"Type": "AWS::IAM::Role", "Properties": properties}, at)


def _statements(config: Object, at: Origin) -> Value[Data]:
    """What a data source is allowed on its table, unless it says so itself."""
    region, table = config.get("region"), config.get("tableName")
    given = {"Region": {"Ref": "AWS::Region"} if is_absent(region) else region, "Table": table}
    arn = "arn:${AWS::Partition}:dynamodb:${Region}:${AWS::AccountId}:table/${Table}"
    resources = [made({"Fn::Sub": [text, given]}, at) for text in (arn, f"{arn}/*")]
    return made([allowed((f"dynamodb:{action}" for action in _ACTIONS), resources, at)], at)
