"""What security groups let in from everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from dynavet.answers import NO, YES, Answer, ask, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.model import IngressRule
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Known, Origin, Unknown, Value, single

Network = IPv4Network | IPv6Network

_ALL = ("-1", "all")
_TCP = ("tcp", "6")
_NARROW = regex(r"/0*[1-9]\d*$")
_OF_NETWORKS = {"cidr_block", "ipv6_cidr_block", "CidrBlock"}
"""What holds the address range of a VPC or subnet, which is never everything."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An address range that a rule lets in, and where that is `written` and how."""

    network: Network
    rule: IngressRule
    at: Origin
    written: str

    def __str__(self) -> str:
        """The range; ``192.168.1.0/0`` is everything, which those who write it seldom know."""
        plain = str(self.network)
        return plain if self.written == plain else f"{plain} (written {self.written})"


@dataclass(slots=True)
class Access:
    """What is let in at one port: for sure, perhaps, and why nothing more can be said."""

    sure: list[Opening] = field(default_factory=list)
    perhaps: list[Opening] = field(default_factory=list)
    doubts: list[Unknown] = field(default_factory=list)
    reasons: list[Unknown] = field(default_factory=list)

    def add(self, rule: IngressRule, admits: Answer) -> None:
        """Take in a rule, of which `admits` says whether it counts at this port."""
        if admits.truth is False:
            return
        self.doubts += admits.reasons
        into = self.sure if admits.truth else self.perhaps
        for value in rule.cidrs:
            found = _network(value)
            if isinstance(found, Unknown):
                self.reasons.append(found)
            elif found is not None:
                written = str(value.value) if isinstance(value, Known) else ""
                into.append(Opening(found, rule, value.origin or rule.origin, written))
        self.reasons += _prefix_lists(rule)

    @property
    def undecided(self) -> tuple[Unknown, ...]:
        """Why everything may be let in, if it may."""
        doubts = self.doubts if everything((*self.sure, *self.perhaps)) else []
        return (*self.reasons, *doubts)


def everything(openings: Sequence[Opening]) -> list[Opening]:
    """The openings that together let in all of IPv4 or all of IPv6; empty if they do not."""
    for family in (IPv4Network, IPv6Network):
        own = [each for each in openings if isinstance(each.network, family)]
        if any(network.prefixlen == 0 for network in _collapsed(own)):
            whole = [each for each in own if each.network.prefixlen == 0]
            return whole or [each for each in own if not _is_inside_another(each, own)]
    return []


def _collapsed(openings: Iterable[Opening]) -> Iterator[Network]:
    """Adjacent ranges as one; they are of one family."""
    networks: list[Network] = [each.network for each in openings]
    yield from collapse_addresses(networks)  # type: ignore[type-var]


def _is_inside_another(opening: Opening, others: Iterable[Opening]) -> bool:
    return any(
        other.network != opening.network and opening.network.subnet_of(other.network)  # type: ignore[arg-type]
        for other in others
    )


def _network(value: Value[Text | None]) -> Network | Unknown | None:
    """The range, `None` for one that is not everything whatever is undecided in it."""
    text = single(value)
    if isinstance(text, Unknown) or text.value is None:
        return text if isinstance(text, Unknown) else None
    literal = text.value.literal
    if literal is None:
        last = text.value.parts[-1]
        reference = text.value.reference
        narrow = isinstance(last, str) and _NARROW.search(last)
        if narrow or (reference is not None and reference.attribute in _OF_NETWORKS):
            return None
        return next(iter(undecided_parts(text.value, text.origin)), Unknown(f"{text.value} is not known", text.origin))
    try:
        return ip_network(literal.strip(), strict=False)
    except ValueError:
        return Unknown(f"{literal!r} is no address range", text.origin)


def _prefix_lists(rule: IngressRule) -> Iterator[Unknown]:
    for value in rule.prefix_lists:
        text = single(value)
        if isinstance(text, Unknown):
            yield text
        elif text.value is not None:
            yield Unknown(f"what prefix list {text.value} holds is not known", text.origin)


def admits(rule: IngressRule, port: int) -> Answer:
    """Whether the rule is about TCP connections to the port. The one for all protocols is about all ports."""
    protocol = single(rule.protocol)
    if isinstance(protocol, Unknown):
        return undecided(protocol)
    if protocol.value is None:
        return undecided(Unknown("the protocol of the rule is not named", rule.origin))
    literal = protocol.value.literal
    if literal is None:
        return undecided(*undecided_parts(protocol.value, protocol.origin))
    if literal.lower() in _ALL:
        return YES
    return _in_range(rule, port) if literal.lower() in _TCP else NO


def _in_range(rule: IngressRule, port: int) -> Answer:
    first, last = single(rule.from_port), single(rule.to_port)
    reaches = ask(lambda number: number is None or number == -1 or number >= port, last)
    return ask(lambda number: number is None or number <= port, first) & reaches
