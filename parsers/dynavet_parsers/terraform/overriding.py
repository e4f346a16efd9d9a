"""What a block of an override file makes of the block that it overrides.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dynavet_parsers.terraform.expressions import Block

PER_ARGUMENT = "lifecycle"
"""The nested block of which single arguments are overridden; of others all of a type are."""


def overridden(base: Block, over: Block) -> Block:
    """`base` with the arguments and the nested blocks of `over` in place of its own.

    A nested block that the JSON syntax writes as an argument takes the place of blocks of
    that type, and the other way round; so does a ``dynamic`` block.
    """
    replaced = {name for block in over.blocks if (name := _produced(block)) != PER_ARGUMENT}
    kept = {name: argument for name, argument in base.arguments.items() if name not in replaced}
    blocks = _without(base.blocks, {*replaced, *over.arguments})
    return replace(base, arguments={**kept, **over.arguments}, blocks=_with_lifecycle(blocks, over.blocks))


def _produced(block: Block) -> str:
    """The type of the nested blocks that a block is or makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _without(blocks: tuple[Block, ...], names: Collection[str]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if _produced(block) not in names)


def _with_lifecycle(base: tuple[Block, ...], over: tuple[Block, ...]) -> tuple[Block, ...]:
    found: Block | None = None
    for block in (*base, *over):
        if block.type == PER_ARGUMENT:
            found = block if found is None else overridden(found, block)
    others = tuple(block for block in (*base, *over) if block.type != PER_ARGUMENT)
    return others if found is None else (*others, found)
