"""The catalogue of rules: choosing from it, and the page of each rule."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from dynavet.findings import UNREADABLE, Later, RuleCard
from dynavet.model import Settings
from dynavet.remedy import Language, edit, edits
from dynavet.rule import Rule

ALWAYS = UNREADABLE
"""A file that cannot be read is reported whatever rules are chosen."""


FIX = "## How to fix\n"
"""The heading under which a page shows the edits."""

LANGUAGES = {
    Language.TERRAFORM: "In Terraform",
    Language.YAML: "In a template in YAML",
    Language.JSON: "In a template in JSON",
    Language.POLICY: "In a policy in JSON",
    Language.CONFIGURATION: "In the configuration of dynavet",
}


class UnknownRule(Exception):
    """No rule has this id or name; the message names the nearest."""


def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    from dynavet_checks import RULES

    return tuple(sorted(RULES, key=lambda rule: rule.id))


def directory() -> Path:
    """Where the files of the rules are."""
    import dynavet_checks

    return Path(dynavet_checks.__file__).resolve().parent


def find(asked: str) -> Rule:
    """The rule with that id or name, in any letter case. Raises `UnknownRule`."""
    by_key = _by_key()
    key = asked.strip().casefold()
    if key in by_key:
        return by_key[key]
    longer = [each for each in by_key if key and each.startswith(key)]
    nearest = by_key[longer[0] if longer else max(by_key, key=lambda each: _likeness(key, each))]
    raise UnknownRule(f"unknown rule {asked!r}; did you mean {nearest.id} ({nearest.name})?")


@cache
def _by_key() -> dict[str, Rule]:
    return {key.casefold(): rule for rule in all_rules() for key in (rule.id, rule.name)}


def _likeness(asked: str, name: str) -> tuple[float, int]:
    """How alike two names are; of ids, which all look alike, the one with most letters in place is nearest."""
    from difflib import SequenceMatcher

    in_place = sum(a == b for a, b in zip(asked, name, strict=False))
    return SequenceMatcher(None, name, asked).ratio(), in_place


def choose(
    select: Iterable[str] = (), ignore: Iterable[str] = (), settings: Settings | None = None
) -> tuple[Rule, ...]:
    """The rules to run: the selected ones, by default those not opt-in or asked for by `settings`, less the ignored.

    Raises `UnknownRule`.
    """
    selected = {find(each).id for each in select} or _unasked(settings or Settings())
    ignored = {find(each).id for each in ignore}
    return tuple(rule for rule in all_rules() if rule.id == ALWAYS or (rule.id in selected and rule.id not in ignored))


def _unasked(settings: Settings) -> set[str]:
    return {
        rule.id for rule in all_rules() if rule.default or (rule.asked_for_by and getattr(settings, rule.asked_for_by))
    }


def opt_in(rule: Rule) -> str:
    """When a rule runs that not everybody gets; empty for all others."""
    if rule.default:
        return ""
    key = rule.asked_for_by.replace("_", "-")
    return f"only when selected, or with `{key}` in the configuration" if key else "only when selected"


def page(rule: Rule) -> str:
    """The documentation page of a rule, in Markdown."""
    summary, _, rest = rule.doc.strip().partition("\n\n")
    facts = [("severity", rule.severity.label)]
    facts += [("practices", ", ".join(rule.practices))] if rule.practices else []
    facts += [("Security Hub", ", ".join(rule.security_hub))] if rule.security_hub else []
    facts += [("AWS Config", ", ".join(rule.config_rules))] if rule.config_rules else []
    facts += [("elsewhere", ", ".join(rule.peer_ids))] if rule.peer_ids else []
    facts += [("runs", opt_in(rule))] if opt_in(rule) else []
    table = "\n".join(f"| {name} | {value} |" for name, value in facts)
    before, heading, after = rest.strip().partition(FIX)
    prose, following, references = after.partition("\n## ")
    fix = f"{heading}{prose.rstrip()}\n\n{fixes(rule)}\n" if heading else ""
    body = f"{before}{fix}{following}{references}"
    return f"# {rule.id} {rule.name}\n\n{summary}\n\n| | |\n|---|---|\n{table}\n\n{body}\n"


def fixes(rule: Rule) -> str:
    """The edits of a rule in Markdown, one for each language; or why there is none."""
    if rule.no_edit:
        return f"No edit can be shown here: {rule.no_edit}."
    shown = (f"{LANGUAGES[language]}:\n\n```diff\n{edit}\n```" for language, edit in edits(rule).items())
    return "\n\n".join(shown)


def remediation(rule_id: str, language: Language) -> str | None:
    """The edit for what a rule finds in a file of a language; what has none for a policy has one where it is used."""
    rule = find(rule_id)
    found = edit(rule, language)
    return edit(rule, Language.TERRAFORM) if found is None and language is Language.POLICY else found


def summary(rule: Rule) -> str:
    """What the rule is about, in one line."""
    return " ".join(rule.doc.strip().partition("\n\n")[0].split())


def card(rule: Rule) -> RuleCard:
    """The rule as reports tell of it."""
    return RuleCard(
        id=rule.id,
        name=rule.name,
        severity=rule.severity,
        summary=summary(rule),
        written=Later(page, (rule,)),
        practices=rule.practices,
        peer_ids=rule.peer_ids,
        security_hub=rule.security_hub,
        config_rules=rule.config_rules,
    )
