"""The DynamoDB data sources of GraphQL APIs of the serverless transform.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-graphqlapi-dynamodbdatasource.html
"""

from __future__ import annotations

from dynavet.model import PolicyKind, Principal
from dynavet.text import Text
from dynavet.values import Data, Known, List, Object, Origin, Value, apply, bind
from dynavet_parsers.cloudformation.attachments import attach
from dynavet_parsers.cloudformation.generated import at_deployment, trust
from dynavet_parsers.cloudformation.policies import add_policy
from dynavet_parsers.cloudformation.readers import both, member, never, present, text
from dynavet_parsers.cloudformation.sam_connectors import TO_TABLE, granting
from dynavet_parsers.cloudformation.stack import Resource, Stack, reference
from dynavet_parsers.cloudformation.texts import join
from dynavet_parsers.cloudformation.workloads import add_workload


def read_graphql_api(stack: Stack, resource: Resource) -> None:
    """``AWS::Serverless::GraphQLApi``: each data source has a role of its own, unless it names one."""
    sources = resource.get("DataSources", "DynamoDb")
    data = sources.value if isinstance(sources, Known) else None
    if isinstance(data, Object):
        for name, source in data.entries.items():
            _source(stack, resource, name, source, data.keys.get(name) or source.origin or resource.origin)


def _source(stack: Stack, resource: Resource, name: str, source: Value[Data], at: Origin) -> None:
    address, label = f"{resource.logical_id}{name}DynamoDBDataSourceRole", f"DataSources.DynamoDb.{name}"
    given, generated = text(member(source, "ServiceRoleArn")), reference(address, "arn", at)
    role: Value[Text | None] = bind(lambda own: generated if own is None else Known(own, given.origin), given)
    add_workload(stack, resource, "AppSync data source", role)
    without_role = apply(lambda found: not found, present(given))
    if never(without_role):
        return
    exists = both(resource.exists, without_role)
    policy = add_policy(stack, resource, PolicyKind.TRUST, trust("appsync", at), label, address, exists)
    stack.project.principals.append(Principal(address=address, origin=at, exists=exists, kind="role", trust=policy))
    everything: Value[Data] = Known(List(tuple(Known(word, at) for word in TO_TABLE.actions)), at)
    asked = member(source, "Permissions")
    permissions = bind(lambda found: everything if found is None else asked, asked)
    granted = granting(TO_TABLE, permissions, _table_arn(source, at), at)
    add_policy(stack, resource, PolicyKind.IDENTITY, granted, label, exists=exists)
    own = reference(address, "name", at)
    attach(stack, resource, resource.ref(), own, both(exists, present(granted)), label, "role")


def _table_arn(source: Value[Data], at: Origin) -> Value[Data]:
    """The ARN that is given, or that of the table of this name in the account."""
    given, name, region = (member(source, word) for word in ("TableArn", "TableName", "Region"))
    here: Value[Data] = Known(Text((at_deployment("AWS::Region"),)))
    parts: list[Value[Data]] = [
        Known(Text.of("arn:", at_deployment("AWS::Partition"), ":dynamodb:")),
        bind(lambda data: here if data is None else region, region),
        Known(Text.of(":", at_deployment("AWS::AccountId"), ":table/")),
        name,
    ]
    composed = join(parts, origin=name.origin or at)
    return bind(lambda data: composed if data is None else given, given)
