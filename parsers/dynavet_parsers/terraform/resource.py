"""The resource instances of a root and its modules, and what all readers need of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any, TypedDict

from dynavet.model import Project
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Known, List, OneOf, Origin, Unknown, Value, bind
from dynavet_parsers.iam_json.alignment import aligned
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.data import Handle, located, text_or_none
from dynavet_parsers.terraform.lifecycle import ignored_changes, prevent_destroy
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.sharing import further_addresses, times


class EntityFields(TypedDict):
    """The fields that every entity has."""

    address: str
    origin: Origin
    calls: tuple[Origin, ...]
    exists: Value[bool]
    also: tuple[str, ...]
    times: int


def fields_of(module: Module, address: str, origin: Origin, exists: Value[bool]) -> EntityFields:
    """The fields of an entity that a module declares."""
    return EntityFields(
        address=address,
        origin=origin,
        calls=module.calls,
        exists=exists,
        also=further_addresses(module, address.removeprefix(module.prefix)),
        times=times(module),
    )


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance of a managed resource."""

    kind: str
    address: str
    body: Body
    module: Module
    exists: Value[bool]

    @property
    def entity(self) -> EntityFields:
        return fields_of(self.module, self.address, self.body.at, self.exists)

    @property
    def prevent_destroy(self) -> Value[bool | None]:
        return prevent_destroy(self.body.block, self.body.scope)

    @property
    def ignored_changes(self) -> tuple[str, ...]:
        """The arguments that say nothing of a resource that is there already; ``*`` for all."""
        return ignored_changes(self.body.block)


@dataclass(slots=True)
class Reading:
    """A root being read: its resources by type and address, and the project they go into."""

    project: Project
    resources: dict[str, list[Resource]] = field(default_factory=dict)
    by_address: dict[str, Resource] = field(default_factory=dict)

    def of(self, *kinds: str) -> Iterator[Resource]:
        for kind in kinds:
            yield from self.resources.get(kind, ())

    def add(self, resource: Resource) -> None:
        self.resources.setdefault(resource.kind, []).append(resource)
        self.by_address[resource.address] = resource

    def find(self, kind: str, text: Text | None) -> Resource | None:
        """The resource of a type that a reference or a literal name means."""
        if text is None:
            return None
        if text.reference is not None:
            return self.by_address.get(text.reference.target)
        for resource in self.of(kind):
            name = resource.body.text("name")
            if isinstance(name, Known) and name.value == text and text.literal is not None:
                return resource
        return None


def walk(module: Module, walked: set[Module] | None = None) -> Iterator[Resource]:
    """The resources of a module and of all modules it calls; of instances that are the same, those of the first."""
    walked = set() if walked is None else walked
    walked.add(module)
    for (kind, name), block in module.configuration.resources.items():
        for instance in module.instances(block):
            exists = module.there(instance.exists)
            if isinstance(exists, Known) and not exists.value:
                continue
            address = f"{module.prefix}{kind}.{name}{instance.suffix}"
            yield Resource(kind, address, module.body(block, instance.scope, address), module, exists)
    for name in module.configuration.modules:
        found = module.children(name)
        for _, child in () if isinstance(found, Unknown) else found:
            if child not in walked and not (isinstance(child.exists, Known) and not child.exists.value):
                yield from walk(child, walked)


def texts(body: Body, name: str) -> tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]:
    """A list argument as texts, and what else it may hold."""
    value = body.raw(name)
    at = body.block.arguments[name].at if name in body.block.arguments else body.at
    return list_of_texts(value, at)


def list_of_texts(value: Value[Any], at: Origin) -> tuple[tuple[Value[Text | None], ...], tuple[Unknown, ...]]:
    if isinstance(value, Unknown):
        return (), (Unknown(value.reason, at.through(value.origin)),)
    if isinstance(value, OneOf):
        branches = [(label, list_of_texts(branch, at)) for label, branch in value.branches]
        return tuple(aligned(value, [(label, [*found, *more]) for label, (found, more) in branches], at)), ()
    data = value.value
    if data is None:
        return (), ()
    if not isinstance(data, List):
        return (_text(value, at),), ()
    return tuple(_text(item, at) for item in data.items), data.more


def _text(value: Value[Any], at: Origin) -> Value[Text | None]:
    def read(data: Any) -> Value[Text | None]:
        if isinstance(data, (List, Handle)):
            return Unknown("a compound value stands where text belongs")
        return Known(text_or_none(data))

    origin = value.origin if value.origin is not None and at.contains(value.origin) else None
    return located(bind(read, value), origin or at)
