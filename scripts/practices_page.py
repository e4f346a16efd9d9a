"""The page docs/practices.md: practices, their rules, what asks the same elsewhere, and what no rule asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dynavet.catalogue import all_rules, summary
from dynavet.practices import KINDS, PRACTICES, Practice
from dynavet.rule import Rule

PROSE = Path(__file__).resolve().parent / "practices"
"""What is written by hand: the beginning and the end of the page."""


def practices_page() -> str:
    parts = [(PROSE / "introduction.md").read_text("utf-8")]
    kind = ""
    for practice in PRACTICES:
        if practice.id[0] != kind:
            kind = practice.id[0]
            parts.append(f"## {KINDS[kind]}\n")
        parts.append("\n".join(_practice(practice)))
    parts.append("\n".join(_without_practice()))
    parts.append("\n".join(_elsewhere()))
    parts.append((PROSE / "absent.md").read_text("utf-8"))
    return "\n".join(parts)


def _practice(practice: Practice) -> Iterator[str]:
    yield from (f"### {practice.id} {practice.title}", "")
    serving = [rule for rule in all_rules() if practice.id in rule.practices]
    yield from _table(serving) if serving else ("No rule yet.", "")
    yield from (f"**Held**: {practice.held} ({_needs(practice)})", "")
    yield from (f"**Not seen**: {practice.silent}.", "")
    yield from (f"**What code cannot tell**: {practice.unseen}", "")


def _needs(practice: Practice) -> str:
    there = {rule.id for rule in all_rules()}
    groups = [" or ".join(_link(each, there) for each in group) for group in practice.needs]
    return f"{' and '.join(groups)} must have passed on something."


def _link(rule: str, there: set[str]) -> str:
    return f"[{rule}](rules/{rule}.md)" if rule in there else rule


def _table(rules: list[Rule]) -> Iterator[str]:
    yield from ("| rule | severity | finds |", "|---|---|---|")
    for rule in rules:
        opt_in = "" if rule.default else " Only when selected."
        yield f"| [{rule.id} {rule.name}](rules/{rule.id}.md) | {rule.severity.label} | {summary(rule)}{opt_in} |"
    yield ""


def _without_practice() -> Iterator[str]:
    yield from ("## Rules beside the practices", "")
    yield from ("Loss of data, access that fails, capacity, and the scan itself are in no row.", "")
    yield from _table([rule for rule in all_rules() if not rule.practices])


def _elsewhere() -> Iterator[str]:
    yield from ("## The same question elsewhere", "")
    yield (
        "The nearest control of AWS Security Hub, managed rule of AWS Config and checks of other tools. They ask the "
        "same or nearly the same; what they look at, and what they make of values that are not known, may differ."
    )
    yield from ("", "| rule | Security Hub | AWS Config | other tools |", "|---|---|---|---|")
    for rule in all_rules():
        if rule.security_hub or rule.config_rules or rule.peer_ids:
            cells = (rule.security_hub, rule.config_rules, rule.peer_ids)
            shown = " | ".join(", ".join(cell) or "—" for cell in cells)
            yield f"| [{rule.id}](rules/{rule.id}.md) | {shown} |"
    yield ""
