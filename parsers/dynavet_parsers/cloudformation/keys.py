"""Keys of KMS, with their policies and aliases."""

from __future__ import annotations

from dynavet.model import Key, KeyAlias, PolicyKind
from dynavet_parsers.cloudformation.readers import boolean, text
from dynavet_parsers.cloudformation.stack import Resource, Stack


def read_key(stack: Stack, resource: Resource) -> None:
    """``AWS::KMS::Key`` and ``AWS::KMS::ReplicaKey``, whose policies have been read already."""
    own = (policy for policy in stack.project.policies if policy.address == resource.logical_id)
    stack.project.keys.append(
        Key(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            policies=tuple(policy for policy in own if policy.kind is PolicyKind.KEY),
            aliases=tuple(_aliases(stack, resource)),
            spec=text(resource.get("KeySpec")),
            material=text(resource.get("Origin")),
            rotates=boolean(resource.get("EnableKeyRotation")),
            replica=resource.type == "AWS::KMS::ReplicaKey",
        )
    )


def _aliases(stack: Stack, key: Resource) -> list[KeyAlias]:
    """The aliases that the template gives the key."""
    named = [name for name, declared in stack.template.resources.items() if declared.type == "AWS::KMS::Alias"]
    aliases = [alias for alias in map(stack.declared, named) if alias is not None]
    targets = [(alias, stack.target(text(alias.get("TargetKeyId")), key.type)) for alias in aliases]
    return [
        KeyAlias(address=alias.logical_id, name=text(alias.get("AliasName")))
        for alias, target in targets
        if target is not None and target.logical_id == key.logical_id
    ]
