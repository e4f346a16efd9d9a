"""Write docs/rules from the rules themselves: one page per rule, and their index.

python scripts/generate_docs.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dynavet.catalogue import all_rules, page, summary

COMMAND = "python scripts/generate_docs.py"
RULES = Path(__file__).resolve().parent.parent / "docs" / "rules"

GROUPS = {
    "DDB0": "The scan itself",
    "DDB1": "Data protection",
    "DDB2": "Identity and access",
    "DDB3": "Network",
    "DDB4": "Detection",
    "DDB5": "Governance",
}


def pages() -> dict[str, str]:
    """The text of every file of docs/rules, by name."""
    return {f"{rule.id}.md": page(rule) for rule in all_rules()} | {"README.md": index()}


def index() -> str:
    """All rules in tables, by group."""
    parts = [
        "# Rules\n\nIds are permanent: never reused, never renamed. "
        "`dynavet rules` prints this list, `dynavet explain ID` a page. "
        "[Outcomes](../outcomes.md) says what a rule can answer.\n"
    ]
    for prefix, title in GROUPS.items():
        rows = [
            f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.severity.label} | {summary(rule)} |"
            for rule in all_rules()
            if rule.id.startswith(prefix)
        ]
        if rows:
            parts.append(
                "\n".join([f"## {title}\n", "| id | name | severity | finds |", "|---|---|---|---|", *rows, ""])
            )
    return "\n".join(parts)


def outdated(directory: Path) -> list[str]:
    """Names of the files that are missing, differ, or belong to no rule."""
    wanted = pages()
    present = {path.name: path.read_text("utf-8") for path in directory.glob("*.md")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(directory: Path) -> None:
    """Make the directory what it should be."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name in outdated(directory):
        if name in wanted:
            (directory / name).write_text(wanted[name], "utf-8")
        else:
            (directory / name).unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description="Write docs/rules from the rules.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something is outdated")
    parser.add_argument("--directory", type=Path, default=RULES, help="default: docs/rules")
    arguments = parser.parse_args()
    if not arguments.check:
        write(arguments.directory)
        return 0
    names = outdated(arguments.directory)
    if names:
        print(f"outdated in {arguments.directory}: {', '.join(names)}\nrun: {COMMAND}", file=sys.stderr)
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
