"""Write docs/rules and docs/practices.md from the rules: one page per rule, their index, and the practices.

python scripts/generate_docs.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from practices_page import practices_page

from dynavet.catalogue import all_rules, page, summary

COMMAND = "python scripts/generate_docs.py"
DOCS = Path(__file__).resolve().parent.parent / "docs"

GROUPS = {
    "DDB0": "The scan itself",
    "DDB1": "Data protection",
    "DDB2": "Identity and access",
    "DDB3": "Network",
    "DDB4": "Detection",
    "DDB5": "Governance",
}


def pages() -> dict[str, str]:
    """The text of every generated file, by its path in docs."""
    rules = {f"rules/{rule.id}.md": page(rule) for rule in all_rules()}
    return rules | {"rules/README.md": index(), "practices.md": practices_page()}


def index() -> str:
    """All rules in tables, by group."""
    parts = [
        "# Rules\n\nIds are permanent: never reused, never renamed. "
        "`dynavet rules` prints this list, `dynavet explain ID` a page. "
        "[Outcomes](../outcomes.md) says what a rule can answer, [practices](../practices.md) what the rules are for.\n"
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
    """The files that are missing, differ, or belong to no rule, as paths in the directory of the documentation."""
    wanted = pages()
    paths = [*directory.glob("rules/*.md"), *directory.glob("practices.md")]
    present = {path.relative_to(directory).as_posix(): path.read_text("utf-8") for path in paths}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(directory: Path) -> None:
    """Make the directory what it should be."""
    (directory / "rules").mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name in outdated(directory):
        if name in wanted:
            (directory / name).write_text(wanted[name], "utf-8")
        else:
            (directory / name).unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description="Write docs/rules and docs/practices.md from the rules.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something is outdated")
    parser.add_argument("--directory", type=Path, default=DOCS, help="default: docs")
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
