"""Whether a resource pattern is about a key, whichever way it names it."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer
from dynavet.iam.globs import intersects
from dynavet.iam.text_matching import matches
from dynavet.model import Key, Project
from dynavet.text import Part, Reference, Text
from dynavet.values import Origin
from dynavet_checks.access.table_keys import addresses, all_addresses
from dynavet_checks.access.table_resources import after_colons


def names_key(pattern: Text, key: Key, project: Project, origin: Origin | None = None) -> Answer:
    """Whether the pattern matches the key's ARN, of which Region and account are taken for right.

    The ARN of an alias does not: it stands for the alias alone.
    """
    itself = Reference(key.address, "id")
    first = pattern.parts[0] if pattern.parts else ""
    if isinstance(first, Reference):
        if _is_arn(first, key):
            return matches(Text.of("key/", itself, *pattern.parts[1:]), Text.of("key/", itself), origin)
        known = first.target in all_addresses(project)
        return NO if known or not may_be_of("kms", first.shape) else matches(pattern, _whole(itself), origin)
    if not isinstance(first, str) or not first.startswith("arn:"):
        return matches(pattern, _whole(itself), origin)
    if not may_be_of("kms", first):
        return NO
    rest = after_colons(pattern.parts)
    if rest is None:
        return YES if str(pattern).endswith("*") else matches(pattern, _whole(itself), origin)
    named = (itself if _is_id(part, key) else part for part in rest)
    return matches(Text.of(*named), Text.of("key/", itself), origin)


def may_be_of(service: str, arn: str) -> bool:
    """Whether an ARN, or the start of a pattern for some, can be of a service."""
    _, _, rest = arn.partition(":")[2].partition(":")
    name, colon, _ = rest.partition(":")
    return intersects(name if colon else f"{name}*", service)


def _whole(itself: Reference) -> Text:
    return Text((Reference(itself.target, "arn", "arn:*:kms:*:*:key/*"),))


def _is_arn(part: Reference, key: Key) -> bool:
    if part.target in (key.address, *key.also):
        return part.attribute == "arn"
    return part.target in addresses(key) and part.attribute == "target_key_arn"


def _is_id(part: Part, key: Key) -> bool:
    if not isinstance(part, Reference):
        return False
    return part.target in (key.address, *key.also) and part.attribute in ("id", "key_id")
