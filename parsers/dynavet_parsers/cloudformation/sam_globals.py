"""The `Globals` section of the serverless transform.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from __future__ import annotations

from dynavet.values import Data, Known, List, Object, Value
from dynavet_parsers.cloudformation.intrinsics import INTRINSICS
from dynavet_parsers.cloudformation.template import Declaration, Template, literal, mapping

_PREFIX = "AWS::Serverless::"
_FUNCTION = """
Architectures AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties CapacityProviderConfig
CodeSigningConfigArn CodeUri DeadLetterQueue DeploymentPreference Description DurableConfig Environment
EphemeralStorage EventInvokeConfig FileSystemConfigs FunctionScalingConfig FunctionUrlConfig Handler KmsKeyArn
Layers LoggingConfig MemorySize PermissionsBoundary PropagateTags ProvisionedConcurrencyConfig
PublishToLatestPublished RecursiveLoop ReservedConcurrentExecutions RolePath Runtime RuntimeManagementConfig
SnapStart SourceKMSKeyArn Tags TenancyConfig Timeout Tracing VersionDeletionPolicy VpcConfig
"""
_SUPPORTED = {
    "Function": frozenset(_FUNCTION.split()),
    "SimpleTable": frozenset(("SSESpecification",)),
    "StateMachine": frozenset(("PropagateTags",)),
}
"""What may be global, of the types whose properties are read. Roles and policies are always a resource's own."""


def with_globals(template: Template, declared: Declaration, properties: Value[Data]) -> Value[Data]:
    """The unevaluated properties of a resource with the globals for its type.

    The resource's own scalars win, mappings merge, lists are appended to the global ones. A
    function such as ``Ref`` counts as a scalar; where the kinds differ, the own one wins.
    """
    kind = declared.type.removeprefix(_PREFIX)
    names = _SUPPORTED.get(kind, frozenset()) if declared.type.startswith(_PREFIX) else frozenset()
    section = mapping(template.sections.entries.get("Globals")) or Object()
    common = mapping(section.entries.get(kind))
    own = mapping(properties) or Object()
    ignored = _ignored(declared)
    if common is None or "*" in ignored:
        return properties
    shared = {n: v for n, v in common.entries.items() if n in names and n not in ignored}
    if not shared:
        return properties
    keys = {name: common.keys[name] for name in shared if name in common.keys}
    return Known(_merge(Object(shared, (), keys), own), properties.origin)


def _ignored(declared: Declaration) -> set[str]:
    value = declared.body.entries.get("IgnoreGlobals")
    content = value.value if isinstance(value, Known) else None
    items = content.items if isinstance(content, List) else (value,)
    return {name for item in items if (name := literal(item)) is not None}


def _merge(common: Object, own: Object) -> Object:
    entries = dict(common.entries)
    for name, value in own.entries.items():
        entries[name] = _merged(entries[name], value) if name in entries else value
    return Object(entries, own.more, {**common.keys, **own.keys})


def _merged(common: Value[Data], own: Value[Data]) -> Value[Data]:
    one = common.value if isinstance(common, Known) else None
    other = own.value if isinstance(own, Known) else None
    if isinstance(one, Object) and isinstance(other, Object) and not (_intrinsic(one) or _intrinsic(other)):
        return Known(_merge(one, other), own.origin)
    if isinstance(one, List) and isinstance(other, List):
        return Known(List(one.items + other.items), own.origin)
    return own


def _intrinsic(data: Object) -> bool:
    return len(data.entries) == 1 and not INTRINSICS.isdisjoint(data.entries)
