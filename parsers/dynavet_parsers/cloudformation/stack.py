"""One template being read: its resources with evaluated properties, and the project they go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from dynavet.model import Project
from dynavet.records import dataclass
from dynavet.text import Reference, Text
from dynavet.values import Data, Known, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.intrinsics import INTRINSICS, Evaluator, expansions
from dynavet_parsers.cloudformation.readers import member
from dynavet_parsers.cloudformation.sam_globals import with_globals
from dynavet_parsers.cloudformation.template import Declaration, Template, literal, mapping


@dataclass(frozen=True, slots=True)
class Resource:
    """A declared resource; properties are evaluated when they are asked for."""

    logical_id: str
    type: str
    origin: Origin
    body: Object
    properties: Value[Data]
    evaluator: Evaluator

    def get(self, name: str, *path: str) -> Value[Data]:
        """The evaluated property, or what stands under `path` in it."""
        if not isinstance(self.properties, Known):
            return self.properties
        data = self.properties.value
        if not isinstance(data, Object):
            return Known(None)
        raw = data.entries.get(name)
        if raw is None:
            inserted = expansions(data)
            return inserted[0] if inserted else Known(None)
        return member(self.evaluator.evaluate(raw), *path)

    def sets(self, name: str) -> Known[bool]:
        """Whether the property is written at all, be it as `AWS::NoValue`."""
        data = self.properties.value if isinstance(self.properties, Known) else None
        raw = data.entries.get(name) if isinstance(data, Object) else None
        return Known(raw is not None and raw != Known(None), raw.origin if raw is not None else None)

    @property
    def exists(self) -> Value[bool]:
        """What the resource's `Condition` decides."""
        name = self.body.entries.get("Condition")
        if name is None:
            return Known(True)
        return self.evaluator.conditions.named(literal(name) or "")

    def ref(self, attribute: str = "id") -> Known[Text]:
        """A reference to this resource."""
        return reference(self.logical_id, attribute, self.origin)


def reference(target: str, attribute: str, origin: Origin | None) -> Known[Text]:
    return Known(Text((Reference(target, attribute),)), origin)


@dataclass(slots=True)
class Stack:
    """The template, what evaluates its values, and the project that is built of it.

    `family` are the stacks that nest one another, this one among them, by the address of the
    resource that creates each.
    """

    template: Template
    evaluator: Evaluator
    project: Project
    family: dict[str, Stack] = field(default_factory=dict)
    _resources: dict[str, Resource] = field(default_factory=dict)
    _names: dict[tuple[str, str], dict[str, Resource]] = field(default_factory=dict)

    def resources(self) -> Iterator[Resource]:
        for logical_id in self.template.resources:
            yield self._resource(logical_id)

    def declared(self, logical_id: str) -> Resource | None:
        """The resource that the template declares under this logical id."""
        return self._resource(logical_id) if logical_id in self.template.resources else None

    def target(self, value: Value[Text | None], *types: str) -> Resource | None:
        """The declared resource of one of `types` that a text refers to, if it does nothing else.

        Parameters and outputs of nested stacks carry references from one stack to another.
        """
        found = value.value.reference if isinstance(value, Known) and value.value is not None else None
        if found is None:
            return None
        owner = self.family.get(found.target.rpartition("/")[0], self)
        declared = owner.declared(found.target)
        return declared if declared is not None and declared.type in types else None

    def named(self, resource_type: str, name_property: str, name: str) -> Resource | None:
        """The first declared resource of a type to which a property gives this name, in so many words."""
        known = self._names.get((resource_type, name_property))
        if known is None:
            known = self._names[resource_type, name_property] = {}
            for declared in self.template.resources.values():
                if declared.type == resource_type:
                    resource = self._resource(declared.logical_id)
                    known.setdefault(literal(resource.get(name_property)) or "", resource)
        return known.get(name)

    def _resource(self, logical_id: str) -> Resource:
        if logical_id not in self._resources:
            self._resources[logical_id] = self._read(self.template.resources[logical_id])
        return self._resources[logical_id]

    def _read(self, declared: Declaration) -> Resource:
        raw = declared.body.get("Properties")
        content = mapping(raw)
        if content is not None and INTRINSICS.intersection(content.entries) and len(content.entries) == 1:
            properties = self.evaluator.evaluate(raw)
            if not isinstance(properties, Known):
                properties = Unknown(f"the properties of {declared.logical_id} are decided at deployment", raw.origin)
        else:
            properties = with_globals(self.template, declared, raw)
        return Resource(declared.logical_id, declared.type, declared.origin, declared.body, properties, self.evaluator)
