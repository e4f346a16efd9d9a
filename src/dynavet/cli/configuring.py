"""Options that a configuration file can set as well; the command line wins."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from dynavet.cli.errors import CannotBeDone

if TYPE_CHECKING:
    from dynavet.engine import Options

F = TypeVar("F", bound=Callable[..., Any])

OWN = {
    "select": "select",
    "ignore": "ignore",
    "fail_on": "fail_on",
    "fail_on_unknown": "fail_on_unknown",
    "show": "show",
    "parameter_files": "parameter_files",
    "no_inline_suppressions": "inline_suppressions",
    "tf_env": "tf_env",
    "workspace": "workspace",
}
"""Parameters of the command, and the fields of `Options` that they set."""


def configurable(function: F) -> F:
    """``--config``."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option(
        "--config",
        type=file,
        metavar="FILE",
        help="The configuration [dynavet.toml, or tool.dynavet in pyproject.toml, of the scanned directory or above].",
    )(function)


def suppressible(function: F) -> F:
    """``--baseline`` and ``--no-inline-suppressions``."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    known = click.option("--baseline", type=file, metavar="FILE", help="Suppress the failures that FILE lists.")
    inline = click.option(
        "--no-inline-suppressions", is_flag=True, help="Do as if no comment and no metadata suppressed anything."
    )
    return known(inline(function))


def with_configuration(
    ctx: click.Context,
    options: Options,
    paths: Sequence[Path],
    config: Path | None,
    baseline: Path | None = None,
    *,
    known_failures: bool = True,
) -> Options:
    """`options` from the command line, over those of the configuration. Raises `CannotBeDone`.

    Without `known_failures` no baseline is read.
    """
    from dynavet.baseline import BadBaseline, read_baseline
    from dynavet.config import BadConfiguration, configured

    asked = {name for parameter, name in OWN.items() if _asked(ctx, parameter)}
    try:
        found = configured(paths, Path.cwd(), config)
        changes = {name: value for name, value in found.options.items() if name not in asked}
        known = (Path.cwd() / baseline) if baseline is not None else found.baseline
        if known is not None and known_failures:
            changes["baseline"] = read_baseline(known, os.path.relpath(known).replace(os.sep, "/"))
    except (BadConfiguration, BadBaseline) as error:
        raise CannotBeDone(str(error)) from error
    return replace(options, **changes)


def _asked(ctx: click.Context, parameter: str) -> bool:
    return ctx.get_parameter_source(parameter) not in (None, ParameterSource.DEFAULT)
