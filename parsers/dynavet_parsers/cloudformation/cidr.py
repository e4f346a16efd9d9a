"""``Fn::Cidr``: address blocks out of a larger one."""

from __future__ import annotations

import itertools
from ipaddress import ip_network

from dynavet.text import as_text
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value, apply, bind

_MAX_BLOCKS = 256


def cidr_blocks(block: Value[Data], count: Value[Data], host_bits: Value[Data], at: Origin | None) -> Value[Data]:
    """The first `count` blocks of `block` that leave `host_bits` bits for addresses; AWS gives at most 256."""

    def blocks(arguments: tuple[Data, Data, Data]) -> Value[Data]:
        words = [None if isinstance(each, (List, Object)) else as_text(each).literal for each in arguments]
        if None in words:
            return Unknown("Fn::Cidr is computed at deployment", at)
        try:
            network = ip_network(str(words[0]))
            wanted, prefix = int(str(words[1])), network.max_prefixlen - int(str(words[2]))
            if not 1 <= wanted <= _MAX_BLOCKS:
                raise ValueError
            found = list(itertools.islice(network.subnets(new_prefix=prefix), wanted))
        except ValueError:
            return Unknown("Fn::Cidr is used with other arguments than it takes", at)
        return Known(List(tuple(Known(str(each), at) for each in found)), at)

    return bind(blocks, apply(lambda *arguments: arguments, block, count, host_bits))
