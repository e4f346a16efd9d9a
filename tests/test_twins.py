"""One architecture in Terraform and in CloudFormation: what the model says of access to it is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from dynavet.iam.principals import Attachments, kind_of
from dynavet.model import Policy, PolicyKind, Principal, Project
from dynavet.sources import Sources
from dynavet.text import Hole, Reference, Text
from dynavet.values import Known, Value
from dynavet_parsers.cloudformation import read_template
from dynavet_parsers.terraform import Inputs, read_roots

TWINS = Path(__file__).parent / "fixtures" / "twins"
NAMES = sorted(path.stem for path in TWINS.glob("*.tf"))


def terraform(name: str) -> Project:
    (project,) = read_roots({TWINS: [TWINS / f"{name}.tf"]}, Sources([TWINS], TWINS), Inputs({}))
    assert project.problems == []
    return project


def cloudformation(name: str) -> Project:
    project = read_template(TWINS / f"{name}.yaml", Sources([TWINS], TWINS))
    assert project is not None
    assert project.problems == []
    return project


class Neutral:
    """A project in words that no language owns: identities by name, policies by what they allow."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.attachments = Attachments(project)
        self.identities = {each.address: each for each in project.principals}
        self.documents = {each.address: each for each in project.policies if each.kind is not PolicyKind.TRUST}

    def text(self, value: Value[Text | None]) -> str:
        assert isinstance(value, Known), value
        return "" if value.value is None else "".join(map(self.part, value.value.parts))

    def part(self, part: str | Reference | Hole) -> str:
        if isinstance(part, Hole):
            return "?"
        if isinstance(part, str):
            return part
        if part.target in self.identities:
            return self.text(self.identities[part.target].name)
        if part.target in self.documents:
            return f"policy of {self.actions(self.documents[part.target])}"
        return "something else"

    def actions(self, policy: Policy) -> list[str]:
        statements = [slot.value for slot in policy.statements if isinstance(slot, Known) and slot.value is not None]
        elements = [each.actions.value for each in statements if isinstance(each.actions, Known)]
        return [self.text(item) for element in elements if element is not None for item in element.items]

    def tables(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.tables:
            assert isinstance(each.encryption, Known)
            assert isinstance(each.tags, Known)
            assert each.tags.value is not None
            encryption = each.encryption.value
            texts = tuple(map(self.text, (each.name, each.hash_key, each.range_key, encryption.key)))
            settings = encryption.enabled, each.ttl_enabled, each.point_in_time_recovery, each.deletion_protection
            flags = [setting.value for setting in settings if isinstance(setting, Known)]
            yield texts, flags, {key: self.text(value) for key, value in each.tags.value.entries.items()}

    def keys(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.keys:
            yield [self.actions(policy) for policy in each.policies], [self.text(alias.name) for alias in each.aliases]

    def networks(self) -> Iterator[tuple[Any, ...]]:
        yield len(self.project.vpcs), len(self.project.subnets)
        for each in self.project.endpoints:
            yield self.text(each.vpc), self.text(each.service), self.text(each.kind)

    def principals(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.principals:
            yield self.identity(each), self.text(each.boundary), sorted(use.value for use in kind_of(each).uses)

    def identity(self, principal: Principal) -> str:
        return f"{principal.kind} {self.text(principal.name)}"

    def grants(self) -> Iterator[tuple[Any, ...]]:
        for policy in self.project.policies:
            holders = sorted(self.identity(each) for each in self.attachments.principals_of(policy))
            yield policy.kind.value, self.actions(policy), holders

    def foreign(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.principals:
            yield self.identity(each), sorted(map(self.text, self.attachments.foreign_policies_of(each)))

    def limits(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.attachments:
            if each.acts_as is not PolicyKind.IDENTITY:
                yield each.acts_as.value, self.text(each.policy), each.principal_kind, self.text(each.principal)

    def workloads(self) -> Iterator[tuple[Any, ...]]:
        for each in [*self.project.workloads, *self.project.clients]:
            yield type(each).__name__, each.kind, self.text(each.role), each.exists

    def subnets(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.clients:
            yield each.kind, len(each.subnets), each.more_subnets, each.dynamodb

    def caches(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.dax_clusters:
            texts = tuple(map(self.text, (each.name, each.endpoint_encryption, *each.security_groups)))
            assert isinstance(each.encryption_at_rest, Known)
            yield texts, each.encryption_at_rest.value, len(each.subnets), each.more_subnets, each.more_security_groups

    def ingress(self) -> Iterator[tuple[Any, ...]]:
        for group in self.project.security_groups:
            yield self.text(group.name), group.default, group.more_ingress
        for rule in self.project.ingress_rules:
            assert isinstance(rule.from_port, Known)
            assert isinstance(rule.to_port, Known)
            ports = self.text(rule.protocol), rule.from_port.value, rule.to_port.value
            yield ports, *(tuple(map(self.text, each)) for each in (rule.cidrs, rule.prefix_lists, rule.sources))

    def pool_roles(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.identity_pool_roles:
            if each.exists != Known(False):
                yield self.text(each.role), each.authenticated, each.exists

    def members(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.memberships:
            yield self.text(each.user), self.text(each.group)

    def assignments(self) -> Iterator[tuple[Any, ...]]:
        for each in self.project.assignments:
            yield tuple(map(self.text, (each.permission_set, each.principal, each.kind, each.account)))

    def trails(self) -> Iterator[Any]:
        for each in self.project.trails:
            yield each.kind, self.told((each.logging, each.multi_region, each.log_file_validation, each.selectors))

    def recording(self) -> Iterator[Any]:
        yield from (self.told((each.recording, each.group)) for each in self.project.recorders)
        yield from (self.text(each.topic) for each in self.project.delivery_channels)
        yield from (self.told((each.managed, each.resource_types)) for each in self.project.config_rules)

    def told(self, thing: Any) -> Any:
        """All that is known of something, without where it stands."""
        if isinstance(thing, Known):
            return self.told(thing.value)
        if isinstance(thing, Text):
            return "".join(map(self.part, thing.parts))
        if isinstance(thing, tuple):
            return [self.told(each) for each in thing]
        if isinstance(thing, Mapping):
            return {key: self.told(each) for key, each in thing.items()}
        if is_dataclass(thing):
            names = (each.name for each in fields(thing) if each.name != "origin")
            return {name: self.told(getattr(thing, name)) for name in names}
        return thing


ASPECTS = (
    "tables",
    "keys",
    "networks",
    "principals",
    "grants",
    "foreign",
    "limits",
    "workloads",
    "subnets",
    "caches",
    "ingress",
    "pool_roles",
    "members",
    "assignments",
    "trails",
    "recording",
)


def seen(project: Project, aspect: str) -> Counter[str]:
    return Counter(map(repr, getattr(Neutral(project), aspect)()))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("name", NAMES)
def test_twins_are_alike(name: str, aspect: str) -> None:
    assert seen(cloudformation(name), aspect) == seen(terraform(name), aspect)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_some_twin_has_each_aspect(aspect: str) -> None:
    assert any(seen(cloudformation(name), aspect) for name in NAMES)
