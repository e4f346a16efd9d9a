"""``dynavet posture``: which security practices the code keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dynavet.cli.configuring import configurable, suppressible, with_configuration
from dynavet.cli.errors import usage_errors
from dynavet.cli.options import InOrder, inputs, jobs, paths
from dynavet.cli.output import echo, terminal, write_file
from dynavet.posture_reports import FORMATS, posture_reporter
from dynavet.reporters.lines import inert, safe

if TYPE_CHECKING:
    from dynavet.engine import Options


@click.command(
    cls=InOrder,
    short_help="Show which security practices are kept.",
    epilog="Exit status: 0 whatever is broken; 2 it could not be done, or a file could not be read.",
)
@paths
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where it goes [standard output].",
)
@inputs
@jobs
@configurable
@suppressible
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    style: str,
    output: Path | None,
    config: Path | None,
    baseline: Path | None,
    **given: Any,
) -> None:
    """Show, for what is in PATH, how it stands to the security practices for DynamoDB.

    Each is held, broken, undecided, or not seen in this code, with what that rests on.
    """
    from dynavet.engine import survey
    from dynavet.posture import posture

    options = with_configuration(ctx, _options(given), paths, config, baseline)
    with usage_errors(ctx):
        seen = survey(paths or (Path(),), options)
    found = posture(seen.report, seen.findings, seen.projects)
    if output is None:
        colour, width = terminal()
        echo(posture_reporter(style).render(found, colour=colour, width=width))
    else:
        write_file(output, posture_reporter(style).render(found))
    if output is not None or style != "text":
        for each in found.problems:
            click.echo(f"error: {inert(safe(each))}", err=True)
    ctx.exit(2 if found.problems else 0)


def _options(given: dict[str, Any]) -> Options:
    from dynavet.engine import Options

    inline = not given.pop("no_inline_suppressions")
    return Options(inline_suppressions=inline, **given)
