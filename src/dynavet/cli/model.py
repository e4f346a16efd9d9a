"""``dynavet model``: what the rules see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dynavet.cli.configuring import configurable, with_configuration
from dynavet.cli.errors import CannotBeDone, usage_errors
from dynavet.cli.options import InOrder, inputs, paths
from dynavet.cli.output import echo


@click.command(cls=InOrder, short_help="Print what the rules see, as JSON.")
@paths
@inputs
@configurable
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], config: Path | None, **given: Any) -> None:
    """Print the normalised model of what is in PATH as JSON.

    A value is {"known": ...}, {"unknown": REASON} or {"one_of": ...} with a branch per answer to a condition.
    """
    from dynavet.engine import Options, model
    from dynavet.model_json import render

    options = with_configuration(ctx, Options(**given), paths, config, known_failures=False)
    with usage_errors(ctx):
        projects, errors = model(paths or (Path(),), options)
    echo(render(projects))
    if errors:
        raise CannotBeDone("; ".join(errors))
    if any(project.problems for project in projects):
        raise CannotBeDone("not every file could be read; see the problems in the output")
