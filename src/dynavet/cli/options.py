"""Options that several subcommands take."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

F = TypeVar("F", bound=Callable[..., Any])
_ORDER = "dynavet.order"

paths = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))


class InOrder(click.Command):
    """Notes the order of the options, of which click itself gives all values of one together."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[_ORDER] = [parameter.name for parameter in order]
        return super().parse_args(ctx, args)


def order_of(ctx: click.Context, *names: str) -> list[str]:
    """Which of these parameters of an `InOrder` command came when."""
    return [name for name in ctx.meta[_ORDER] if name in names]


def inputs(function: F) -> F:
    """``--var`` and ``--var-file`` as one argument `inputs`, with ``--tf-env``, ``--workspace`` and ``--parameters``.

    The command must be an `InOrder`.
    """
    file = click.option(
        "--var-file",
        "var_files",
        multiple=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
        help="Values of Terraform variables, as a .tfvars or .tfvars.json file.",
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
        help="Value of a Terraform variable. Of these and files the last one wins.",
    )
    environment = click.option(
        "--tf-env", is_flag=True, help="Use the environment variables TF_VAR_NAME and TF_WORKSPACE."
    )
    workspace = click.option("--workspace", metavar="NAME", help="The Terraform workspace [undecided].")

    @wraps(function)
    def ordered(*args: Any, variables: list[dict[str, str]], var_files: tuple[Path, ...], **given: Any) -> Any:
        came = order_of(click.get_current_context(), "variables", "var_files")
        values, files = iter(variables), iter(var_files)
        return function(*args, inputs=[next(values if name == "variables" else files) for name in came], **given)

    return variable(file(environment(workspace(parameters(cast("F", ordered))))))


def jobs(function: F) -> F:
    """``--jobs`` as the number of processes."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        callback=_jobs,
        help="How many processes may share the work, where there is enough [one for each processor, 4 at most].",
    )(function)


def _jobs(_: click.Context, __: click.Parameter, given: int | None) -> int:
    if given is not None:
        return given
    from dynavet.workers import available

    return available()


def _variables(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> list[dict[str, str]]:
    values = []
    for each in given:
        name, separator, value = each.partition("=")
        if not separator or not name.strip():
            raise click.BadParameter(f"{each!r} is not of the form NAME=VALUE.", ctx, parameter)
        values.append({name.strip(): value})
    return values


def comma_separated(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The items of all occurrences of an option."""
    items = tuple(item.strip() for each in given for item in each.split(","))
    if not all(items):
        raise click.BadParameter("an item of the list is empty.", ctx, parameter)
    return items
