"""``dynavet baseline``: note the failures there are, so that only new ones count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from dynavet.cli.configuring import configurable, with_configuration
from dynavet.cli.errors import CannotBeDone, usage_errors
from dynavet.cli.options import InOrder, comma_separated, inputs, jobs, paths
from dynavet.cli.output import write_file

F = TypeVar("F", bound=Callable[..., Any])
FILE = "dynavet-baseline.txt"


@click.group(short_help="Note the failures there are, so that only new ones count.")
def command() -> None:
    """Write the file that `dynavet scan --baseline FILE` reads."""


def _options(function: F) -> F:
    output = click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        default=FILE,
        show_default=True,
        metavar="FILE",
        help="The baseline.",
    )
    select = click.option("--select", multiple=True, metavar="IDS", callback=comma_separated, help="These rules only.")
    ignore = click.option(
        "--ignore", multiple=True, metavar="IDS", callback=comma_separated, help="Leave these rules out."
    )
    return paths(output(select(ignore(configurable(inputs(jobs(function)))))))


@command.command(cls=InOrder)
@_options
@click.pass_context
def create(ctx: click.Context, /, paths: tuple[Path, ...], output: Path, **given: Any) -> None:
    """Write a baseline of all failures in PATH that are not suppressed."""
    from dynavet.baseline import render_baseline

    if output.exists():
        raise CannotBeDone(f"{output} is there already; see `dynavet baseline update`")
    found = _failures(ctx, paths, given)
    write_file(output, render_baseline(found))
    click.echo(f"{output}: {_counted(len(found))}")


@command.command(cls=InOrder)
@_options
@click.option("--accept-new", is_flag=True, help="Add the failures that are not in the baseline.")
@click.pass_context
def update(ctx: click.Context, /, paths: tuple[Path, ...], output: Path, accept_new: bool, **given: Any) -> None:
    """Drop from a baseline what is gone. PATH and the rules must be those that it was created for."""
    from dynavet.baseline import BadBaseline, read_baseline, render_baseline

    try:
        known = read_baseline(output, str(output))
    except BadBaseline as error:
        raise CannotBeDone(str(error)) from error
    found = _failures(ctx, paths, given)
    kept = {fingerprint: words for fingerprint, words in found.items() if accept_new or fingerprint in known}
    write_file(output, render_baseline(kept))
    dropped, added, new = len(known - kept.keys()), len(kept.keys() - known), len(found.keys() - kept.keys())
    click.echo(f"{output}: {_counted(len(kept))}; {dropped} dropped, {added} added, {new} new and not in it")


def _failures(ctx: click.Context, paths: Sequence[Path], given: Mapping[str, Any]) -> dict[str, str]:
    from dynavet.baseline import entries
    from dynavet.engine import Options, survey

    asked = {name: value for name, value in given.items() if name != "config"}
    options = with_configuration(ctx, Options(**asked, keep_passes=False), paths, given["config"], known_failures=False)
    with usage_errors(ctx):
        found = survey(paths or (Path(),), options)
    if found.report.incomplete:
        raise CannotBeDone("not everything could be read and judged; see `dynavet scan`")
    return {
        fingerprint: words
        for fingerprint, words in entries(found.findings).items()
        if words.partition(" ")[0] not in options.never_suppress
    }


def _counted(count: int) -> str:
    return f"{count} known failure{'' if count == 1 else 's'}"
