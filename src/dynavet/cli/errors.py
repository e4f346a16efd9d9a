"""What ends the command with status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click


class CannotBeDone(click.ClickException):
    exit_code = 2


@contextmanager
def usage_errors(ctx: click.Context) -> Iterator[None]:
    """Turns what is wrong with the given paths, rule ids and input files into a usage error, which is status 2."""
    from dynavet.catalogue import UnknownRule
    from dynavet.discovery import NothingThere
    from dynavet.engine import BadInput

    try:
        yield
    except (UnknownRule, NothingThere, BadInput) as error:
        raise click.UsageError(str(error), ctx) from error
