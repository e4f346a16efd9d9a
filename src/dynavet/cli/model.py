"""``dynavet model``: what the rules see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dynavet.cli.errors import CannotBeDone, usage_errors
from dynavet.cli.options import inputs, paths
from dynavet.cli.output import echo


@click.command(short_help="Print what the rules see, as JSON.")
@paths
@inputs
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], **given: Any) -> None:
    """Print the normalised model of what is in PATH as JSON.

    A value is {"known": ...}, {"unknown": REASON} or {"one_of": ...} with a branch per answer to a condition.
    """
    from dynavet.engine import Options, model
    from dynavet.model_json import render

    with usage_errors(ctx):
        projects, errors = model(paths or (Path(),), Options(**given))
    echo(render(projects))
    if errors:
        raise CannotBeDone("; ".join(errors))
    if any(project.problems for project in projects):
        raise CannotBeDone("not every file could be read; see the problems in the output")
