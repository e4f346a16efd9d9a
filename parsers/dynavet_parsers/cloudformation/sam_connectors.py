"""Connectors of the serverless transform that have to do with DynamoDB, as resources and inside of others.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
"""

from __future__ import annotations

from collections.abc import Mapping

from dynavet.model import PolicyKind
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.attachments import attach
from dynavet_parsers.cloudformation.generated import document, statement
from dynavet_parsers.cloudformation.policies import add_policy
from dynavet_parsers.cloudformation.readers import both, member, over, present, slots, text
from dynavet_parsers.cloudformation.sam import role_of
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.template import GENERATED_ROLES, literal
from dynavet_parsers.cloudformation.texts import join


@dataclass(frozen=True, slots=True)
class Profile:
    """What each permission allows on the ARN of the table with each suffix, and to which end's role."""

    actions: Mapping[str, str]
    suffixes: tuple[str, ...]
    for_source: bool


TO_TABLE = Profile(
    {
        "Read": "GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect",
        "Write": "PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate",
    },
    ("", "/index/*"),
    for_source=True,
)
_FROM_STREAM = Profile(
    {"Read": "DescribeStream GetRecords GetShardIterator ListStreams"}, ("/stream/*",), for_source=False
)
_FUNCTION, _STATE_MACHINE, _TABLE = "AWS::Lambda::Function", "AWS::StepFunctions::StateMachine", "AWS::DynamoDB::Table"
_DATA_SOURCE = "AWS::AppSync::DataSource"
_PROFILES = {
    (_FUNCTION, _TABLE): TO_TABLE,
    (_STATE_MACHINE, _TABLE): TO_TABLE,
    (_DATA_SOURCE, _TABLE): TO_TABLE,
    (_TABLE, _FUNCTION): _FROM_STREAM,
}
_GENERATES = {
    "AWS::Serverless::Function": _FUNCTION,
    "AWS::Serverless::SimpleTable": _TABLE,
    "AWS::Serverless::StateMachine": _STATE_MACHINE,
}
_ROLE_PROPERTIES = {_FUNCTION: "Role", _STATE_MACHINE: "RoleArn", _DATA_SOURCE: "ServiceRoleArn"}


@dataclass(frozen=True, slots=True)
class _End:
    """The source or destination of a connector; `type` is that of CloudFormation."""

    type: str
    arn: Value[Data]
    role: Value[Text | None]


def read_connector(stack: Stack, resource: Resource) -> None:
    """``AWS::Serverless::Connector``."""
    permissions = resource.get("Permissions")
    _connect(stack, resource, resource.get("Source"), resource.get("Destination"), permissions, resource.origin)


def read_embedded_connectors(stack: Stack, resource: Resource) -> None:
    """The `Connectors` attribute of a resource, which is the source of them."""
    raw = resource.body.entries.get("Connectors")
    connectors = resource.evaluator.evaluate(raw) if raw is not None else Known(None)
    data = connectors.value if isinstance(connectors, Known) else None
    for name, connector in data.entries.items() if isinstance(data, Object) else ():
        at = data.keys.get(name) if isinstance(data, Object) else None
        condition = literal(member(connector, "Condition"))
        exists = resource.evaluator.conditions.named(condition) if condition is not None else Known(True)
        source: Value[Data] = Known(Object({"Id": Known(resource.logical_id)}), resource.origin)
        properties = member(connector, "Properties")
        destination, permissions = member(properties, "Destination"), member(properties, "Permissions")
        label = f"Connectors.{name}"
        _connect(stack, resource, source, destination, permissions, at or resource.origin, label, exists)


def _connect(
    stack: Stack,
    resource: Resource,
    source: Value[Data],
    destination: Value[Data],
    permissions: Value[Data],
    at: Origin,
    label: str = "",
    exists: Value[bool] = Known(True),  # noqa: B008
) -> None:
    """Add the policy for each destination, attached to the role of the end that uses the other."""
    one = _end(stack, source)
    is_list = isinstance(destination, Known) and isinstance(destination.value, List)
    for index, place in enumerate(slots(destination)[0]):
        other = _end(stack, place)
        profile = _PROFILES.get((one.type, other.type)) if one is not None and other is not None else None
        if one is None or other is None or profile is None:
            continue
        acting, table = (one, other) if profile.for_source else (other, one)
        name = ".".join(part for part in (label, f"Destination[{index}]" if is_list else "") if part)
        granted = granting(profile, permissions, table.arn, at)
        there = both(resource.exists, exists)
        add_policy(stack, resource, PolicyKind.IDENTITY, granted, name, exists=there)
        attach(stack, resource, resource.ref(), acting.role, both(exists, present(granted)), name, "role")


def granting(profile: Profile, permissions: Value[Data], arn: Value[Data], at: Origin) -> Value[Data]:
    """The document that a profile gives for the permissions, which are one or several of `profile.actions`."""
    origin = arn.origin or at
    arns = tuple(join([arn, Known(suffix)] if suffix else [arn], origin=origin) for suffix in profile.suffixes)
    resource: Value[Data] = Known(List(arns), origin)

    def read(data: Data, place: Origin | None) -> Value[Data]:
        if not isinstance(data, List):
            return Unknown("the permissions of the connector are not a list", place or at)
        asked = {name: item.origin or at for item in data.items if (name := literal(item)) is not None}
        if data.more or any(literal(item) is None for item in data.items):
            return Unknown("a permission of the connector is undecided", place or at)
        return document(
            [
                statement([(f"dynamodb:{action}", asked[name]) for action in actions.split()], resource, asked[name])
                for name, actions in profile.actions.items()
                if name in asked
            ],
            at,
        )

    return over(read, permissions)


def _end(stack: Stack, reference: Value[Data]) -> _End | None:
    """What a source or destination refers to: a declared resource by `Id`, or something by its own properties.

    `None` where that is not written out; the transform takes nothing else.
    """
    data = reference.value if isinstance(reference, Known) else None
    if not isinstance(data, Object):
        return None
    logical_id = literal(data.entries.get("Id"))
    target = stack.declared(logical_id) if logical_id is not None else None
    if target is not None and logical_id is not None:
        at = data.entries["Id"].origin or reference.origin
        arn = target.evaluator.attribute(logical_id, "Arn", at)
        return _End(_GENERATES.get(target.type, target.type), arn, _role(target))
    kind = literal(data.entries.get("Type"))
    if logical_id is not None or kind is None:
        return None
    return _End(_GENERATES.get(kind, kind), data.get("Arn"), text(data.get("RoleName")))


def _role(resource: Resource) -> Value[Text | None]:
    if resource.type in GENERATED_ROLES:
        return role_of(resource)
    return text(resource.get(_ROLE_PROPERTIES.get(resource.type, "Role")))
