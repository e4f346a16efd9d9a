"""Functions of IP network addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dynavet.regexes import regex
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import NUMBER, STRING, TEXTS, Function, integer
from dynavet_parsers.terraform.numeric import undecided

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

_LEADING_ZEROS = regex(r"(?<![0-9])0+(?=[0-9])")
MAX_SUBNETS = 1_000


def _network(prefix: str) -> IPv4Network | IPv6Network:
    import ipaddress

    address, _, bits = prefix.partition("/")
    if not bits.isdigit() or not bits.isascii() or "%" in prefix:
        raise EvaluationError(f"{prefix[:60]!r} is no network address with a prefix length")
    if ":" not in address:
        address = _LEADING_ZEROS.sub("", address)
    try:
        network = ipaddress.ip_network(f"{address}/{bits}", strict=False)
    except ValueError as error:
        raise EvaluationError(f"{prefix[:60]!r} is no network address: {error}") from error
    if network.version == 6 and network.network_address.ipv4_mapped is not None:
        raise undecided("a network of mapped IPv4 addresses is not computed")
    return network


def _host(prefix: str, number: Any) -> str:
    network = _network(prefix)
    offset = integer(number, bits=200)
    if not -network.num_addresses <= offset < network.num_addresses:
        if network.version == 6 and offset.bit_length() >= 63:
            raise undecided("cidrhost() with a number of more than 63 bits is not computed")
        raise EvaluationError(f"{prefix} has no host {offset}")
    return _shown(network, network.network_address + offset % network.num_addresses)


def _shown(network: IPv4Network | IPv6Network, address: Any) -> str:
    if network.version == 6 and address.ipv4_mapped is not None:
        raise undecided("a mapped IPv4 address is not computed")
    return str(address)


def _netmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version == 6:
        raise EvaluationError("IPv6 has no netmask")
    return str(network.netmask)


def _subnet(prefix: str, new_bits: Any, number: Any) -> str:
    network = _network(prefix)
    bits, index = integer(new_bits), integer(number)
    if bits < 0 or index < 0:
        raise undecided("cidrsubnet() with a negative number is not computed")
    length = network.prefixlen + bits
    if length > network.max_prefixlen or index >> bits:
        raise EvaluationError(f"{prefix} has no subnet {index} of {bits} more bits")
    address = network.network_address + (index << (network.max_prefixlen - length))
    return f"{_shown(network, address)}/{length}"


def _subnets(prefix: str, *new_bits: Any) -> list[str]:
    network = _network(prefix)
    if len(new_bits) > MAX_SUBNETS:
        raise undecided(f"cidrsubnets() of more than {MAX_SUBNETS} subnets is not computed")
    start, found = int(network.network_address), []
    for each in new_bits:
        bits = integer(each)
        length = network.prefixlen + bits
        size = 1 << max(0, network.max_prefixlen - length)
        if bits < 1 or length > network.max_prefixlen or bits > 32:
            raise EvaluationError(f"{prefix} has no subnet of {bits} more bits")
        start = -(-start // size) * size
        if start + size > int(network.broadcast_address) + 1:
            raise EvaluationError(f"{prefix} is too small for so many subnets")
        found.append(f"{_shown(network, type(network.network_address)(start))}/{length}")
        start += size
    return found


def _contains(prefix: str, inner: str) -> bool:
    """OpenTofu's ``cidrcontains``: an address or the whole of a network in another."""
    outer = _network(prefix)
    other = _network(inner if "/" in inner else f"{inner}/{128 if ':' in inner else 32}")
    if outer.version != other.version:
        raise EvaluationError("networks of different address families")
    first, last = int(other.network_address), int(other.broadcast_address)
    return int(outer.network_address) <= first and last <= int(outer.broadcast_address)


FUNCTIONS: dict[str, Function] = {
    "cidrcontains": Function(_contains, (STRING, STRING)),
    "cidrhost": Function(_host, (STRING, NUMBER)),
    "cidrnetmask": Function(_netmask, (STRING,)),
    "cidrsubnet": Function(_subnet, (STRING, NUMBER, NUMBER)),
    "cidrsubnets": Function(_subnets, (STRING,), rest=NUMBER, gives=TEXTS),
}
