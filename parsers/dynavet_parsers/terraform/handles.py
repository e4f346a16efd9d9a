"""Named things whose parts are looked up on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dynavet.records import dataclass
from dynavet.values import Known, List, Object, Unknown, Value, bind
from dynavet_parsers.terraform import policy_document, references
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.data import EvaluationError, Handle
from dynavet_parsers.terraform.expansion import Instance
from dynavet_parsers.terraform.expressions import Block

if TYPE_CHECKING:
    from dynavet_parsers.terraform.module import Module

_IDENTITIES = {"aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_iam_policy", "aws_iam_instance_profile"}
"""Their names stay references, so that an attachment leads to the resource it means."""

_IDENTITY = ("name", "cluster_name", "function_name", "key_id", "service")
"""Arguments that tell which thing is meant, or how it is called."""

_STREAM_OF_REPLICA = ("aws_dynamodb_table", "replica", "stream_arn")
"""What AWS computes of a nested block and others refer to: the stream of the table, in another Region."""


@dataclass(frozen=True, slots=True)
class Named(Handle):
    """``var``, ``local``, ``module.x``, a resource type: parts by name."""

    name: str
    look_up: Callable[[str], Value[Any]]
    multiple: bool = False

    def attribute(self, name: str) -> Value[Any]:
        return self.look_up(str(name))

    def index(self, key: str | int) -> Value[Any]:
        return self.look_up(str(key))

    def members(self) -> Value[Any]:
        return Unknown(f"{self.name} is not a collection")

    def __str__(self) -> str:
        return self.name


class ResourceHandle(Handle):
    """A resource or data source with all its instances.

    No dataclass, because what looks through values must not look through the module.
    """

    __slots__ = ("address", "block", "module")

    def __init__(self, module: Module, block: Block, address: str) -> None:
        self.module, self.block, self.address = module, block, address

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResourceHandle) and (self.module, self.address) == (other.module, other.address)

    def __hash__(self) -> int:
        return hash((self.module, self.address))

    @property
    def multiple(self) -> bool:
        """Whether it stands for a list or map of instances."""
        return bool({"count", "for_each"} & set(self.block.arguments))

    def attribute(self, name: str) -> Value[Any]:
        instances = self.module.instances(self.block)
        if not self.multiple or any(not i.suffix for i in instances):
            return instance_attribute(self.block, self.address, instances[0], name)
        raise EvaluationError(f"{self.address} has instances, and none is chosen")

    def index(self, key: str | int) -> Value[Any]:
        if not self.multiple:
            return self.attribute(str(key))
        instances = self.module.instances(self.block)
        wanted = f'["{key}"]' if "for_each" in self.block.arguments else f"[{key}]"
        for instance in instances:
            if instance.suffix == wanted:
                return self._instance(instance)
        for instance in instances:
            if not instance.suffix:
                return self._instance(instance)
        raise EvaluationError(f"{self.address} has no instance {wanted}")

    def members(self) -> Value[Any]:
        """All instances: a list for count, a map for for_each, a list of one for a single resource."""
        instances = self.module.instances(self.block)
        symbolic = [i for i in instances if not i.suffix]
        if self.multiple and symbolic:
            return Unknown(f"the instances of {self.address} are not decided", self.block.at)
        if "for_each" in self.block.arguments:
            return Known(Object({i.suffix[2:-2]: self._instance(i) for i in instances}))
        return Known(List(tuple(self._present(i) for i in instances)))

    def _present(self, instance: Instance) -> Value[Any]:
        return bind(
            lambda there: self._instance(instance) if there else Unknown(f"{self.address} may not exist"),
            instance.exists,
        )

    def _instance(self, instance: Instance) -> Value[Any]:
        address = self.address + instance.suffix
        return Known(Named(address, lambda name: instance_attribute(self.block, address, instance, name)))

    def __str__(self) -> str:
        return self.address


def instance_attribute(block: Block, address: str, instance: Instance, name: str) -> Value[Any]:
    """One property of one instance: what the configuration sets, else what AWS will compute."""
    module = instance.scope.module
    body = module.body(block, instance.scope, address)
    block, kind = body.block, block.labels[0]
    if block.type == "data" and kind == "aws_iam_policy_document" and name in ("json", "minified_json"):
        return policy_document.json_of(body, address)
    if name in block.arguments:
        value = body.value(name)
        if name == "name" and (kind in _IDENTITIES or not isinstance(value, Known)):
            return references.named(address, value, linked=kind in _IDENTITIES)
        if not (isinstance(value, Known) and value.value is None):
            return value
    nested = body.blocks(name)
    if nested.slots or nested.more:
        items = tuple(bind(lambda b: _block_object(b, address, name, kind), slot) for slot in nested.slots)
        return Known(List(items, nested.more))
    if name == "tags_all":
        return Unknown(f"{address}.tags_all is known only after deployment", block.at)
    identity = {argument: body.value(argument) for argument in _IDENTITY if argument in block.arguments}
    if block.type == "data":
        value = references.data_source(kind, address, name, identity)
        return value if module.plan is None else module.plan.data(kind, address, name, value)
    return references.computed(kind, address, name, identity)


def _block_object(body: Body | None, address: str, path: str, kind: str) -> Value[Any]:
    if body is None:
        return Known(None)

    def look_up(name: str) -> Value[Any]:
        if name in body.block.arguments:
            return body.value(name)
        if (kind, path, name) == _STREAM_OF_REPLICA:
            return references.computed(kind, address, name, {})
        return Unknown(f"{address}.{path}.{name} is not set here", body.at)

    return Known(Named(f"{address}.{path}", look_up), body.at)
