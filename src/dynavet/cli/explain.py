"""``dynavet explain``: the page of one rule."""

from __future__ import annotations

import click

from dynavet.cli.errors import usage_errors
from dynavet.cli.output import echo


@click.command(short_help="Show the page of one rule.")
@click.argument("rule", metavar="ID")
@click.pass_context
def command(ctx: click.Context, rule: str) -> None:
    """Show what a rule means, why it matters, and how to fix what it finds."""
    from dynavet.catalogue import find, page

    with usage_errors(ctx):
        echo(page(find(rule)))
