"""``dynavet rules``: the catalogue."""

from __future__ import annotations

import json

import click

from dynavet.cli.output import echo


@click.command()
@click.option("--format", "style", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True)
def command(style: str) -> None:
    """List the rules."""
    from dynavet.catalogue import all_rules, opt_in, summary

    if style == "json":
        rows = [
            {
                "id": rule.id,
                "name": rule.name,
                "severity": rule.severity.label,
                "summary": summary(rule),
                "practices": rule.practices,
                "peer_ids": rule.peer_ids,
                "security_hub": rule.security_hub,
                "config_rules": rule.config_rules,
                "default": rule.default,
            }
            for rule in all_rules()
        ]
        echo(json.dumps(rows, indent=2) + "\n")
        return
    if style == "markdown":
        echo(_markdown())
        return
    width = max(len(rule.name) for rule in all_rules())
    for rule in all_rules():
        runs = f" ({opt_in(rule)})" if opt_in(rule) else ""
        echo(f"{rule.id}  {rule.severity.label:8}  {rule.name:{width}}  {summary(rule)}{runs}\n")


def _markdown() -> str:
    """One table, for a wiki."""
    from dynavet.catalogue import all_rules, opt_in, summary

    head = "| id | name | severity | practices | finds | elsewhere |\n|---|---|---|---|---|---|\n"
    rows = []
    for rule in all_rules():
        elsewhere = (*rule.security_hub, *rule.config_rules, *rule.peer_ids)
        runs = opt_in(rule)
        finds = f"{summary(rule)} Runs {runs}." if runs else summary(rule)
        cells = (rule.id, rule.name, rule.severity.label, ", ".join(rule.practices), finds, ", ".join(elsewhere))
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n")
    return head + "".join(rows)
