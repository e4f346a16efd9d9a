"""``dynavet scan``: the main job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dynavet.cli.configuring import configurable, suppressible, with_configuration
from dynavet.cli.errors import CannotBeDone, usage_errors
from dynavet.cli.options import InOrder, comma_separated, inputs, jobs, order_of, paths
from dynavet.cli.output import deliver, destinations
from dynavet.reporters import FORMATS
from dynavet.reporters.lines import inert, safe

if TYPE_CHECKING:
    from dynavet.engine import Options

SEVERITIES = ("critical", "high", "medium", "low", "info")
NEVER = "never"
OUTCOMES = ("fail", "unknown", "pass", "suppressed")
ALL = "all"


def _outcomes(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    items = comma_separated(ctx, parameter, given)
    for item in items:
        if item not in (*OUTCOMES, ALL):
            raise click.BadParameter(f"{item!r} is not one of {', '.join((*OUTCOMES, ALL))}.", ctx, parameter)
    return OUTCOMES if ALL in items else items


@click.command(
    cls=InOrder,
    short_help="Check files and directories; what is done without a command.",
    epilog="Exit status: 0 nothing failed; 1 something failed; 2 it could not be done.",
)
@paths
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Format of a report [text].")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the report of the --format before it goes [standard output].",
)
@click.option("--select", multiple=True, metavar="IDS", callback=comma_separated, help="Run these rules only.")
@click.option("--ignore", multiple=True, metavar="IDS", callback=comma_separated, help="Leave these rules out.")
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, NEVER)),
    default="low",
    show_default=True,
    help="From which severity on a failure makes the exit status 1.",
)
@click.option("--fail-on-unknown", is_flag=True, help="What is undecided makes the exit status 1 as well.")
@click.option(
    "--show",
    multiple=True,
    metavar="OUTCOMES",
    default=("fail,unknown",),
    callback=_outcomes,
    help="What to list: fail, unknown, pass, suppressed or all [fail,unknown].",
)
@inputs
@configurable
@suppressible
@click.option("--require-files", is_flag=True, help="Exit with 2 if there is nothing to scan.")
@click.option("--fixes", is_flag=True, help="Show in the text report the edit that each failure asks for.")
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="After this time start no further file or rule, say what was left out, and exit with 2.",
)
@jobs
@click.option("--quiet", is_flag=True, help="Say nothing if there is nothing to list.")
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], **given: Any) -> None:
    """Check the files and directories in PATH, the current directory by default.

    Identifiers of rules (DDB101) and names (table-customer-managed-key) go together, separated by commas.
    """
    from dynavet.engine import exit_status, scan
    from dynavet.rule import Outcome

    targets = destinations(order_of(ctx, "formats", "outputs"), given["formats"], given["outputs"])
    options = with_configuration(ctx, _options(given), paths, given["config"], given["baseline"])
    options = replace(options, keep_passes=Outcome.PASS in options.show)
    with usage_errors(ctx):
        report = scan(paths or (Path(),), options)
    for name, output in targets:
        deliver(report, name, output, options.show, quiet=given["quiet"], fixes=given["fixes"])
    if all(output is not None or name != "text" for name, output in targets):
        for error in report.errors:
            click.echo(f"error: {inert(safe(error))}", err=True)
    if given["require_files"] and not report.files:
        raise CannotBeDone("nothing was found to scan")
    ctx.exit(exit_status(report, options))


def _options(given: dict[str, Any]) -> Options:
    from dynavet.engine import Options
    from dynavet.rule import Outcome, Severity

    fail_on = given["fail_on"]
    return Options(
        select=given["select"],
        ignore=given["ignore"],
        fail_on=None if fail_on == NEVER else Severity[fail_on.upper()],
        fail_on_unknown=given["fail_on_unknown"],
        show=frozenset(map(Outcome, given["show"])),
        inputs=given["inputs"],
        tf_env=given["tf_env"],
        workspace=given["workspace"],
        parameter_files=given["parameter_files"],
        max_seconds=given["max_seconds"],
        jobs=given["jobs"],
        inline_suppressions=not given["no_inline_suppressions"],
    )
