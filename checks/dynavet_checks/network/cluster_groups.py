"""Which security groups a DAX cluster has, and what the code knows of them."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.model import DaxCluster, IngressRule, Project
from dynavet.text import Text
from dynavet.values import Single, Unknown, Value, single
from dynavet_checks.network.vpc_placement import names

_DEFAULT = "the default security group of "


class Groups:
    """The groups of a cluster, by names of which a default group has one, however it is referred to.

    `keys` are the names of those that are known, `reasons` say why there may be others.
    """

    def __init__(self, cluster: DaxCluster, project: Project) -> None:
        self._project = project
        self.keys: list[str] = []
        self.reasons: list[Unknown] = list(cluster.more_security_groups)
        named = [value for value in map(single, cluster.security_groups) if _is_there(value)]
        self.default = not named and not self.reasons
        for value in named:
            self._add(self._key(value), value)
        if self.default:
            for value in self._vpc(cluster):
                self._add(self._default(value), value)

    def has(self, rule: IngressRule) -> Answer:
        """Whether the rule belongs to one of the groups that are known."""
        if not self.keys:
            return NO
        key = self._key(single(rule.group))
        if isinstance(key, Unknown):
            return undecided(key)
        return YES if key in self.keys else NO

    def _add(self, key: str | Unknown, value: Single[Text | None]) -> None:
        if isinstance(key, Unknown):
            self.reasons.append(key)
            return
        self.keys.append(key)
        own = [each for each in self._project.security_groups if key in (each.address, self._of_default(each.address))]
        self.reasons += [reason for each in own for reason in each.more_ingress]
        vpcs = (_DEFAULT + each.address for each in self._project.vpcs if not each.default)
        if not own and key not in vpcs:
            what = key if key.startswith(_DEFAULT) else f"security group {key}"
            self.reasons.append(Unknown(f"{what} is not in this code", value.origin))

    def _key(self, value: Single[Text | None]) -> str | Unknown:
        """The name of a group that a value means."""
        target = _target(value)
        if isinstance(target, Unknown):
            return target
        if any(each.address == target for each in self._project.vpcs):
            return _DEFAULT + target
        return self._of_default(target) or target

    def _of_default(self, address: str) -> str | None:
        """The name of a default group that the code declares under an address."""
        for each in self._project.security_groups:
            if each.address == address and each.default:
                name = self._default(single(each.vpc))
                return address if isinstance(name, Unknown) else name
        return None

    def _default(self, vpc: Single[Text | None]) -> str | Unknown:
        if not isinstance(vpc, Unknown) and vpc.value is None:
            return _DEFAULT + "the default VPC"
        target = _target(vpc)
        return target if isinstance(target, Unknown) else _DEFAULT + target

    def _vpc(self, cluster: DaxCluster) -> list[Single[Text | None]]:
        """The VPC of the cluster's subnets, which all are in one; the reasons why it is not known, if it is not."""
        found: list[Single[Text | None]] = list(cluster.more_subnets)
        for value in map(single, cluster.subnets):
            subnet = next((each for each in self._project.subnets if names(value, each).truth), None)
            if subnet is not None:
                return [single(subnet.vpc)]
            found.append(value if isinstance(value, Unknown) else _elsewhere(value))
        return found or [Unknown(f"the subnets of {cluster.address} are not in this code", cluster.origin)]


def _is_there(value: Single[Text | None]) -> bool:
    return isinstance(value, Unknown) or value.value is not None


def _elsewhere(value: Value[Text | None]) -> Unknown:
    shown = getattr(value, "value", None)
    return Unknown(f"the VPC of subnet {shown} is not in this code", value.origin)


def _target(value: Single[Text | None]) -> str | Unknown:
    """What a text refers to, or the text itself if it is an id."""
    if isinstance(value, Unknown):
        return value
    text = value.value if value.value is not None else Text(())
    if text.references:
        return text.references[0].target
    if text.holes:
        return Unknown(text.holes[0].reason, value.origin)
    return str(text)


__all__ = ["Groups"]
