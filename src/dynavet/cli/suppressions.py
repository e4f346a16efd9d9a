"""``dynavet suppressions``: everything that is put aside, and whether it still should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dynavet.cli.configuring import configurable, with_configuration
from dynavet.cli.errors import CannotBeDone, usage_errors
from dynavet.cli.options import InOrder, inputs, jobs, paths
from dynavet.cli.output import echo
from dynavet.reporters.lines import safe

if TYPE_CHECKING:
    from dynavet.model import Suppression


@click.command(cls=InOrder, short_help="List all suppressions.")
@paths
@configurable
@inputs
@jobs
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], config: Path | None, style: str, **given: Any) -> None:
    """List the suppressions in PATH and in the configuration: place, rules, reason, end and state.

    \b
    active     it hides a finding
    unused     it hides none
    expired    its last day has passed
    invalid    it cannot be understood or granted
    unchecked  it hides none, but not all that it may hide was checked
    """
    from dynavet.engine import Options, survey

    options = with_configuration(ctx, Options(**given, keep_passes=False), paths, config)
    with usage_errors(ctx):
        found = survey(paths or (Path(),), options)
    ordered = sorted(found.suppressions, key=lambda each: (each.origin.path, each.origin.line, each.origin.column))
    echo(_json(ordered) if style == "json" else _text(ordered))
    if found.report.errors:
        raise CannotBeDone("; ".join(found.report.errors))


def _text(suppressions: Sequence[Suppression]) -> str:
    lines = [line for each in suppressions for line in _lines(each)]
    return "".join(f"{safe(line)}\n" for line in lines or ["No suppression was found."])


def _lines(each: Suppression) -> list[str]:
    until = f" until {each.until}" if each.until is not None else ""
    where = f"{each.origin.path}:{each.origin.line}"
    lines = [f"{where}: {each.state.value} {', '.join(each.rules) or '-'}{until}  {each.address}"]
    lines += [f"    {each.reason}"] if each.reason else []
    lines += [f"    only {', '.join(each.evidence)}"] if each.evidence else []
    lines += [f"    {each.problem}"] if each.problem else []
    if each.unused and set(each.unused) != set(each.rules):
        lines.append(f"    nothing to hide of {', '.join(each.unused)}")
    return lines


def _json(suppressions: Sequence[Suppression]) -> str:
    rows = [
        {
            "path": each.origin.path,
            "line": each.origin.line,
            "kind": each.kind,
            "rules": each.rules,
            "on": each.address,
            "reason": each.reason,
            "until": each.until.isoformat() if each.until is not None else None,
            "evidence": each.evidence,
            "state": each.state.value,
            "problem": each.problem,
            "unused": each.unused,
        }
        for each in suppressions
    ]
    return json.dumps(rows, indent=2) + "\n"
