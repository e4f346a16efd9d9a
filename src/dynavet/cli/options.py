"""Options that several subcommands take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

paths = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))


def inputs(function: F) -> F:
    """``--var``, ``--var-file`` and ``--parameters``."""
    file = click.option(
        "--var-file",
        "var_files",
        multiple=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
        help="Values of Terraform variables, as a .tfvars file.",
    )
    parameters = click.option(
        "--parameters",
        "parameter_files",
        multiple=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
        help="Values of template parameters, as JSON or YAML for the AWS CLI, or as samconfig.toml.",
    )
    variable = click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_variables,
        help="Value of a Terraform variable.",
    )
    return variable(file(parameters(function)))


def _variables(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for each in given:
        name, separator, value = each.partition("=")
        if not separator or not name.strip():
            raise click.BadParameter(f"{each!r} is not of the form NAME=VALUE.", ctx, parameter)
        values[name.strip()] = value
    return values


def comma_separated(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The items of all occurrences of an option."""
    items = tuple(item.strip() for each in given for item in each.split(","))
    if not all(items):
        raise click.BadParameter("an item of the list is empty.", ctx, parameter)
    return items
