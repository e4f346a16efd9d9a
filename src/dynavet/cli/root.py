"""``dynavet``: subcommands imported when asked for, and ``scan`` when none is named."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from dynavet import __version__

SUBCOMMANDS = {
    "scan": "dynavet.cli.scan",
    "posture": "dynavet.cli.posture",
    "rules": "dynavet.cli.rules",
    "explain": "dynavet.cli.explain",
    "model": "dynavet.cli.model",
    "evaluate": "dynavet.cli.evaluate",
    "checkov-dir": "dynavet.cli.checkov_dir",
    "suppressions": "dynavet.cli.suppressions",
    "baseline": "dynavet.cli.baseline",
}
DEFAULT = "scan"
INTERRUPTED = 130
"""The exit status of what an interrupt ended, as shells have it; 1 would say that something was found."""


class Subcommands(click.Group):
    """Imports a subcommand's module, which has it as `command`, only for that subcommand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in SUBCOMMANDS:
            return None
        found: click.Command = import_module(SUBCOMMANDS[cmd_name]).command
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What does not start with a subcommand or an option of the group is for ``scan``."""
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if not args or (args[0] not in SUBCOMMANDS and args[0] not in own):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[scan] [OPTIONS] [PATH]...")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...", prefix="       ")


@click.group(
    cls=Subcommands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="See `dynavet scan --help` for the options of a scan.",
)
@click.version_option(__version__, package_name="dynavet")
def command() -> None:
    """Check DynamoDB security in Terraform, CloudFormation, SAM and IAM policies.

    Nothing is sent anywhere, and AWS is never called.

    \b
    dynavet                            scan the current directory
    dynavet infra template.yaml        scan a directory and a file
    dynavet --fail-on high --format json --output report.json infra
    dynavet posture infra              which security practices it keeps
    dynavet explain DDB101             what a rule means, and how to fix it
    """
