"""Address ranges that together are everything."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from hypothesis import given
from hypothesis import strategies as st

from dynavet.model import IngressRule
from dynavet.values import Origin
from dynavet_checks.network.world_access import Network, Opening, everything

AT = Origin("main.tf", 1, 1, 1, 2)
RULE = IngressRule(address="aws_security_group.cache", origin=AT)
WORLDS = [ip_network("0.0.0.0/0"), ip_network("::/0")]


def opening(network: Network) -> Opening:
    return Opening(network, RULE, AT, str(network))


def within(network: Network) -> Network:
    """A part of the range."""
    return ip_network(f"{network.network_address}/{network.prefixlen + 3}")


@st.composite
def partitions(draw: st.DrawFn) -> list[Network]:
    """All addresses of one family in several ranges, none of which holds another."""
    parts: list[Network] = [draw(st.sampled_from(WORLDS))]
    for _ in range(draw(st.integers(0, 12))):
        halved = parts.pop(draw(st.integers(0, len(parts) - 1)))
        parts += halved.subnets(prefixlen_diff=1)
    return parts


@given(partitions(), st.data())
def test_all_parts_together_are_everything_and_each_is_needed(parts: list[Network], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(parts))
    found = everything([*(opening(within(part)) for part in shuffled[:2]), *map(opening, shuffled)])
    assert {each.network for each in found} == set(parts)
    left_out = data.draw(st.integers(0, len(parts) - 1))
    assert everything([opening(each) for number, each in enumerate(parts) if number != left_out]) == []


@given(
    st.lists(st.one_of(st.builds(IPv4Network, st.integers(1, 2**32 - 1)), st.builds(IPv6Network, st.integers(0, 9))))
)
def test_single_addresses_are_not_everything(addresses: list[Network]) -> None:
    assert everything([opening(each) for each in addresses]) == []
