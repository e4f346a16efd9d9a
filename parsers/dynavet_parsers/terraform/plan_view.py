"""What a module is told of the plan that it is read with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dynavet.text import Text
from dynavet.values import Known, Object, Unknown, Value
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.evaluate import Scope
from dynavet_parsers.terraform.expansion import Instance
from dynavet_parsers.terraform.expressions import Block
from dynavet_parsers.terraform.plan import Plan
from dynavet_parsers.terraform.plan_blocks import planned_block
from dynavet_parsers.terraform.plan_settle import is_sensitive
from dynavet_parsers.terraform.plan_values import Attributes, Secrets, value_of
from dynavet_parsers.terraform.planned_body import PlannedBody

_LOOKED_UP = {"aws_caller_identity", "aws_region", "aws_partition"}
"""Data sources whose results are facts about where Terraform runs, and nothing to link by."""


class PlanView:
    """A plan beside the configuration that it was made from.

    The configuration says where things are and what refers to what; the plan adds what it leaves open.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._secrets = Secrets(plan)
        self._attributes: dict[str, Attributes | None] = {}

    def variable(self, name: str) -> Value[Any] | None:
        """The value of a root variable, `None` if the plan does not name it."""
        if name not in self.plan.variables:
            return None
        sensitive = name in self.plan.sensitive_variables
        return value_of(
            self.plan.variables[name], None, sensitive, f"var.{name}", self._secrets, self.plan.at("variables")
        )

    def attributes(self, address: str) -> Attributes | None:
        """What is planned of one instance."""
        if address not in self._attributes:
            instance = self.plan.instances.get(address)
            at = self.plan.at(address)
            self._attributes[address] = Attributes(instance, self._secrets, at) if instance else None
        return self._attributes[address]

    def instances(self, block: Block, address: str, scope: Scope, own: tuple[Instance, ...]) -> tuple[Instance, ...]:
        """The instances of a resource, data source or module call: the plan's, where the code leaves them open."""
        decided = all(instance.suffix and isinstance(instance.exists, Known) for instance in own)
        return own if decided or not _repeated(block) else self._planned(block, address, scope, own)

    def _planned(self, block: Block, address: str, scope: Scope, own: Sequence[Instance]) -> tuple[Instance, ...]:
        """The instances that the plan has; of what the code says, the scope of those that it names."""
        keys = self.plan.indices.get(address)
        if keys is None:
            absent = block.type != "module" and self.plan.whole and address not in self.plan.declared
            return () if absent else tuple(own)
        named = {instance.suffix: instance.scope for instance in own if instance.suffix}
        found = []
        for key in keys:
            suffix = f"[{key}]" if isinstance(key, int) else f'["{key}"]'
            iterated = named.get(suffix) or _iterated(block, address, scope, key)
            found.append(Instance(suffix, iterated, Known(True)))
        return tuple(found)

    def body(self, block: Block, scope: Scope, address: str) -> Body:
        """One instance of a resource or data block, to be read."""
        attributes = self.attributes(address)
        return Body(block, scope) if attributes is None else PlannedBody(block, scope, attributes)

    def data(self, kind: str, address: str, name: str, own: Value[Any]) -> Value[Any]:
        """A property of a data source, which the plan knows if it was read."""
        attributes = self.attributes(address)
        if attributes is None or not (isinstance(own, Unknown) or kind in _LOOKED_UP):
            return own
        read = attributes.get(name)
        return read if is_sensitive(read) or (isinstance(read, Known) and read.value is not None) else own

    def is_now(self, text: Text, literal: str) -> bool:
        """Whether what a text refers to is known, and is this."""
        target = self.plan.instances.get(text.reference.target) if text.reference is not None else None
        return (
            target is not None and text.reference is not None and target.values.get(text.reference.attribute) == literal
        )


class PlanAlone(PlanView):
    """A plan without the configuration that it was made from: what is planned is what there is."""

    def instances(self, block: Block, address: str, scope: Scope, own: tuple[Instance, ...]) -> tuple[Instance, ...]:
        if _repeated(block):
            own = PlanView.instances(self, block, address, scope, own)
        if block.type == "module" or not self.plan.whole:
            return own
        there = [each for each in own if address + each.suffix in self.plan.instances]
        if there or _repeated(block):
            return tuple(there)
        return tuple(Instance(each.suffix, each.scope, Known(False)) for each in own)

    def body(self, block: Block, scope: Scope, address: str) -> Body:
        attributes, at = self.attributes(address), self.plan.at(address)
        return Body(block if attributes is None else planned_block(block, attributes, at), scope)


def _repeated(block: Block) -> bool:
    return bool({"count", "for_each"} & set(block.arguments))


def _iterated(block: Block, address: str, scope: Scope, key: str | int) -> Scope:
    if isinstance(key, int):
        return scope.bind(count=Known(Object({"index": Known(key, block.at)})))
    value = Unknown(f"each.value of {address} is undecided", block.at)
    return scope.bind(each=Known(Object({"key": Known(key, block.at), "value": value})))
