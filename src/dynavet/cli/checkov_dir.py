"""``dynavet checkov-dir``: what to give to checkov."""

from __future__ import annotations

import click


@click.command(short_help="Print the directory for checkov's --external-checks-dir.")
def command() -> None:
    """Print the directory that makes checkov run every rule.

    \b
    checkov -d . --external-checks-dir "$(dynavet checkov-dir)"
    """
    from dynavet.catalogue import directory

    click.echo(directory())
