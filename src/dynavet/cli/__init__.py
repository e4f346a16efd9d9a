"""The command; each module here is one of its parts."""

from __future__ import annotations


def main() -> None:
    """Run the command with the arguments of this process, and exit."""
    from dynavet.cli.root import command

    command(prog_name="dynavet")
